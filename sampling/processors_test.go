package sampling_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hailong/sampling"
)

// processor is a family that the program is built for, and what emulates it here.
type processor struct {
	arch, runner string
	why          string
}

var processors = []processor{
	{"arm", "qemu-arm-static", "32-bit integers"},
	{"arm64", "qemu-aarch64-static", "fuses products and sums"},
	{"s390x", "qemu-s390x-static", "big-endian, fuses products and sums"},
}

// Another family of processors verifies the receipts of this one, and draws the
// same bytes, for every method and over two stages.
func TestOtherProcessorsDrawTheSameBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("builds for other processors")
	}
	folder := t.TempDir()
	runs := referenceDraws(t, folder)
	for _, p := range processors {
		t.Run(p.arch, func(t *testing.T) {
			binary := filepath.Join(folder, p.arch)
			runner, err := exec.LookPath(p.runner)
			if err != nil && os.Getenv("HAILONG_CI") == "1" {
				t.Fatalf("%s is required here (%s: %s)", p.runner, p.arch, p.why)
			} else if err != nil {
				t.Skipf("without %s (qemu-user-static)", p.runner)
			}
			build := exec.Command("go", "build", "-o", binary, "./testdata/processors")
			build.Env = append(os.Environ(), "GOARCH="+p.arch, "GOOS=linux", "CGO_ENABLED=0")
			if out, err := build.CombinedOutput(); err != nil {
				t.Fatalf("go build: %v\n%s", err, out)
			}
			for _, r := range runs {
				r.repeat(t, []string{runner, binary}, filepath.Join(folder, p.arch+"-"+r.name))
			}
		})
	}
}

// referenceRun is a draw made here, in a folder.
type referenceRun struct {
	name, frame, plan string
	parent            []string // folder
	out               string
}

// referenceDraws draws by every method, and a stage below the first.
func referenceDraws(t *testing.T, folder string) (runs []referenceRun) {
	r := rand.New(rand.NewPCG(386, 390))
	write := func(name, content string) string {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	draw := func(run referenceRun, parent *sampling.Parent, frame, plan string) (sampling.Sample, *sampling.Parent) {
		in := sampling.DrawInput{Beacon: "other processors", Source: "dice:Bình Liêu:2026-03-01T09:00:00+07:00", Parent: parent}
		s, receipt := mustDraw(t, mustFrame(t, frame), mustPlan(t, plan), in)
		run.frame, run.plan = write(run.name+".csv", frame), write(run.name+".json", plan)
		run.out = filepath.Join(folder, run.name)
		write(run.name+"/receipt.json", string(receipt.Encode()))
		write(run.name+"/sample.csv", string(s.CSV()))
		runs = append(runs, run)
		drawn, err := sampling.ReadParent(receipt.Encode(), s.CSV())
		if err != nil {
			t.Fatal(err)
		}
		return s, drawn
	}
	for _, method := range []string{"srs", "systematic", "pps_systematic", "pps_sampford", "pps_pareto", "poisson", "all"} {
		count := `"n":7,"reserve":2`
		if method == "all" {
			count = `"n":null`
		}
		frame := randomFrame(r, 100, nil)
		plan := fmt.Sprintf(`{"id":%q,"key":"code","method":%q,"size":"size",%s,"certainty":["003"],"order":["order","name"]}`, method, method, count)
		s, parent := draw(referenceRun{name: method}, nil, frame, plan)
		var parents []string
		for _, u := range s.Units {
			if u.Role != sampling.RoleReserve {
				parents = append(parents, string(u.Key))
			}
		}
		next := strings.Replace(plan, `"key"`, fmt.Sprintf(`"parent_key":"province","parent":%q,"key"`, parent.Digest()), 1)
		next = strings.ReplaceAll(next, `"n":7`, `"allocation":{"total":40,"rule":"proportional","min":1}`)
		draw(referenceRun{name: method + "-below", parent: []string{filepath.Join(folder, method)}}, parent, randomFrame(r, 300, parents), next)
	}
	return runs
}

// repeat verifies the draw and makes it again with another binary.
func (r referenceRun) repeat(t *testing.T, command []string, out string) {
	t.Helper()
	run := func(args ...string) {
		t.Helper()
		args = append(append(append([]string{}, command...), args...), r.parent...)
		if text, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", r.name, err, text)
		}
	}
	run("verify", r.frame, r.out)
	run("draw", r.frame, r.plan, "other processors", out)
	for _, name := range []string{"sample.csv", "receipt.json"} {
		want, err := os.ReadFile(filepath.Join(r.out, name))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(filepath.Join(out, name)); err != nil || string(got) != string(want) {
			t.Errorf("%s: another %s (%v)\n%s\nhere\n%s", r.name, name, err, got, want)
		}
	}
}
