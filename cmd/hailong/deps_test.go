package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// room says what the packages of one folder may import directly: which of our
// own folders, and which outside modules. Sub-folders follow their parent
// unless they have an entry of their own.
type room struct {
	ours    []string
	outside []string
	why     string
}

var pure = []string{"fault", "territory", "survey", "sampling", "stats", "scorecard"}

// house is the table of docs/architecture.md.
var house = map[string]room{
	"fault":     {why: "errors are known by everybody and know nobody"},
	"territory": {ours: []string{"fault"}, outside: []string{"golang.org/x/text"}, why: "units know nothing of surveys"},
	"survey": {ours: []string{"fault", "territory"}, outside: []string{"golang.org/x/text"},
		why: "what is asked and answered is pure"},
	"survey/xlsform": {ours: []string{"fault", "survey"}, outside: []string{"github.com/xuri/excelize", "golang.org/x/text"},
		why: "the one place where a questionnaire meets a spreadsheet"},
	"sampling": {ours: []string{"fault", "territory"}, outside: []string{"gonum.org/v1/gonum", "golang.org/x/text"},
		why: "a draw is a pure function that others re-run"},
	"stats": {ours: []string{"fault"}, outside: []string{"gonum.org/v1/gonum"},
		why: "estimators know designs and numbers, not surveys"},
	"scorecard": {ours: []string{"fault", "territory", "survey", "sampling", "stats"}, why: "an edition is a pure function of its input"},
	"account":   {ours: []string{"fault", "territory"}, outside: []string{"golang.org/x/crypto", "golang.org/x/text"}, why: "who may do what is decided without a server"},
	"intake": {ours: []string{"fault"}, outside: []string{"github.com/xuri/excelize", "golang.org/x/text"},
		why: "what comes in becomes plain rows before anybody interprets it"},
	"export": {ours: append([]string{"static"}, pure...),
		outside: []string{"github.com/xuri/excelize", "github.com/skip2/go-qrcode", "codeberg.org/go-pdf/fpdf", "github.com/go-fonts/liberation", "gonum.org/v1/plot"},
		why:     "what leaves is written from plain values"},
	"store":             {ours: append([]string{"account", "conduct"}, pure...), why: "the typed store knows no database"},
	"store/storetest":   {ours: append([]string{"account", "conduct", "store"}, pure...), why: "one contract for all engines"},
	"store/sqlitestore": {ours: []string{"fault", "store"}, outside: []string{"modernc.org/sqlite"}, why: "SQL stays in its folder"},
	"store/mongostore":  {ours: []string{"fault", "store"}, outside: []string{"go.mongodb.org/mongo-driver/v2"}, why: "bson stays in its folder"},
	"conduct":           {ours: append([]string{"account", "intake", "survey/xlsform"}, pure...), why: "the sequence of a round, for the console and the command line alike"},
	"server": {ours: append([]string{"account", "conduct", "intake", "survey/xlsform", "export", "static", "server"}, pure...),
		outside: []string{"github.com/gofiber/fiber/v2", "github.com/valyala/fasthttp", "github.com/prometheus/client_golang", "golang.org/x/text"},
		why:     "the only Fiber code; it meets no store"},
	"server/browsertest": {outside: []string{"github.com/chromedp"}, why: "tests drive a browser, the program never does"},
	"static":             {ours: []string{"fault"}, why: "texts and templates only"},
}

type goPackage struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

// listPackages asks the go command for our packages and their imports.
func listPackages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,Deps", "hailong/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var packages []goPackage
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

// roomOf returns the closest entry of the house for a folder.
func roomOf(folder string) (string, room, bool) {
	for name := folder; ; {
		if r, ok := house[name]; ok {
			return name, r, true
		}
		slash := strings.LastIndexByte(name, '/')
		if slash < 0 {
			return "", room{}, false
		}
		name = name[:slash]
	}
}

func TestEveryFolderImportsOnlyWhatTheHouseAllows(t *testing.T) {
	for _, p := range listPackages(t) {
		folder := strings.TrimPrefix(p.ImportPath, "hailong/")
		if strings.HasPrefix(folder, "cmd/") || strings.HasPrefix(folder, "bench") {
			continue // wiring and measuring may meet everybody
		}
		name, r, ok := roomOf(folder)
		if !ok {
			t.Errorf("%s: a new folder needs a line in the table and a reason in docs/architecture.md", folder)
			continue
		}
		for _, imported := range p.Imports {
			if !allowed(name, r, imported) {
				t.Errorf("%s imports %s, but %s", folder, imported, r.why)
			}
		}
	}
}

// allowed reports whether a room may import a package directly.
func allowed(name string, r room, imported string) bool {
	if ours, found := strings.CutPrefix(imported, "hailong/"); found {
		own, _, _ := roomOf(ours)
		return own == name || slices.Contains(r.ours, own)
	}
	first, _, _ := strings.Cut(imported, "/")
	if !strings.Contains(first, ".") {
		return true // the standard library
	}
	return slices.ContainsFunc(r.outside, func(module string) bool {
		return imported == module || strings.HasPrefix(imported, module+"/")
	})
}

func TestServerReachesNoDatabase(t *testing.T) {
	for _, p := range listPackages(t) {
		if p.ImportPath != "hailong/server" && !strings.HasPrefix(p.ImportPath, "hailong/server/") {
			continue
		}
		for _, dep := range p.Deps {
			if strings.HasPrefix(dep, "hailong/store") || strings.HasPrefix(dep, "modernc.org/sqlite") || strings.HasPrefix(dep, "go.mongodb.org/") {
				t.Errorf("%s reaches %s: a handler sees only the small interfaces that it declares", p.ImportPath, dep)
			}
		}
	}
}
