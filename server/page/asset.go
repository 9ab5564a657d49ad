package page

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"

	"hailong/fault"
	"hailong/static"
)

// assetPrefix begins the addresses of scripts and style sheets. An address holds
// the digest of its content, so that it may be cached for ever.
const assetPrefix = "/static/"

// asset is one script or style sheet as it is sent.
type asset struct {
	address string
	kind    string
	plain   []byte
	zipped  []byte
}

// assets are all scripts and style sheets of the program by their names in
// package static.
var assets = sync.OnceValue(func() map[string]asset {
	all := map[string]asset{}
	err := fs.WalkDir(static.Files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		switch path.Ext(name) {
		case ".js":
			all[name] = newAsset(name, "text/javascript; charset=utf-8", squeezeScript)
		case ".css":
			all[name] = newAsset(name, "text/css; charset=utf-8", squeezeStyle)
		}
		return nil
	})
	if err != nil {
		panic(err) // the tree is embedded
	}
	return all
})

// assetsByAddress finds an asset by what comes after the prefix.
var assetsByAddress = sync.OnceValue(func() map[string]asset {
	all := map[string]asset{}
	for _, a := range assets() {
		all[a.address] = a
	}
	return all
})

func newAsset(name, kind string, squeeze func(string) string) asset {
	raw, err := static.Files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	plain := []byte(squeeze(string(raw)))
	sum := sha256.Sum256(plain)
	base, ext := strings.TrimSuffix(path.Base(name), path.Ext(name)), path.Ext(name)
	return asset{
		address: assetPrefix + base + "-" + hex.EncodeToString(sum[:6]) + ext,
		kind:    kind, plain: plain, zipped: zip(plain, gzip.BestCompression),
	}
}

// mustAsset finds an asset that a page names; a missing one is a broken build.
func mustAsset(name string) asset {
	a, ok := assets()[name]
	if !ok {
		panic("page: no script or style sheet " + name)
	}
	return a
}

// Assets answers for the scripts and style sheets.
func Assets(router fiber.Router) {
	router.Get(assetPrefix+"*", func(c *fiber.Ctx) error {
		a, ok := assetsByAddress()[c.Path()]
		if !ok {
			return fault.New(fault.NotFound, "http.no_page")
		}
		c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
		c.Set(fiber.HeaderContentType, a.kind)
		return sendEither(c, a.plain, a.zipped)
	})
}

// inlineStyle makes the style element of a page.
func inlineStyle(names []string) template.HTML {
	if len(names) == 0 {
		return ""
	}
	var css strings.Builder
	for _, name := range names {
		css.Write(mustAsset(name).plain)
	}
	return template.HTML("<style>" + css.String() + "</style>")
}

// styleHash is the source expression that lets one inlined style element pass
// the content security policy.
func styleHash(style template.HTML) string {
	css := strings.TrimSuffix(strings.TrimPrefix(string(style), "<style>"), "</style>")
	sum := sha256.Sum256([]byte(css))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// scriptTags makes the script elements of a page. They are deferred, so that
// the page can be read and answered before they have arrived.
func scriptTags(names []string) template.HTML {
	var tags strings.Builder
	for _, name := range names {
		tags.WriteString(`<script src="` + mustAsset(name).address + `" defer></script>`)
	}
	return template.HTML(tags.String())
}

var (
	styleComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	styleJoint   = regexp.MustCompile(`\s*([{},;>])\s*`)
	styleColon   = regexp.MustCompile(`:\s+`)
	spaces       = regexp.MustCompile(`\s+`)
)

// squeezeStyle takes comments and layout out of a style sheet.
func squeezeStyle(css string) string {
	css = styleComment.ReplaceAllString(css, "")
	css = spaces.ReplaceAllString(css, " ")
	css = styleJoint.ReplaceAllString(css, "$1")
	css = styleColon.ReplaceAllString(css, ":")
	return strings.TrimSpace(strings.ReplaceAll(css, ";}", "}"))
}

// squeezeScript takes indentation, empty lines and whole-line comments out of a
// script. Scripts here keep no text that spans lines.
func squeezeScript(js string) string {
	var out strings.Builder
	for line := range strings.Lines(js) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "//") {
			continue
		}
		out.WriteString(line)
		out.WriteByte('\n')
	}
	return out.String()
}

// zip compresses what is sent again and again.
func zip(plain []byte, level int) []byte {
	var buffer bytes.Buffer
	w, err := gzip.NewWriterLevel(&buffer, level)
	if err != nil {
		panic(err) // the level is a constant
	}
	if _, err := w.Write(plain); err != nil {
		panic(err) // a buffer takes everything
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return buffer.Bytes()
}
