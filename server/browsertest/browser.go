// Package browsertest drives a real Chromium in tests: it opens pages as a phone
// or a desk would, acts on them, photographs them into out/screens, and has
// axe-core judge their accessibility.
//
// Chromium is found by HAILONG_CHROMIUM or on the PATH, axe-core by HAILONG_AXE
// (the path of axe.min.js). What is missing skips the test with a message; with
// HAILONG_CI=1 it fails it.
package browsertest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// View is how a browser looks at pages.
type View struct {
	Width, Height int64
	Dark          bool
	NoScript      bool
}

// The views that pages must look right in.
var (
	Phone     = View{Width: 360, Height: 640}
	PhoneDark = View{Width: 360, Height: 640, Dark: true}
	Desk      = View{Width: 1280, Height: 800}
	DeskDark  = View{Width: 1280, Height: 800, Dark: true}
)

// patience is how long one act may take; a loaded machine is slow.
const patience = 20 * time.Second

// Browser is one Chromium with one tab and a profile of its own.
type Browser struct {
	t   *testing.T
	ctx context.Context
}

// Open starts a Chromium for the test and stops it afterwards.
func Open(t *testing.T, v View) *Browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium(t)), chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			t.Logf("closing the browser: %v", err)
		}
		closeTab()
		stop()
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("starting Chromium: %v", err)
	}
	b := &Browser{t, ctx}
	b.Look(v)
	return b
}

// For makes the browser report to another test: a subtest of the one that
// opened it.
func (b *Browser) For(t *testing.T) { b.t = t }

// chromium finds the browser's program.
func chromium(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("HAILONG_CHROMIUM"); path != "" {
		return path
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	missing(t, "no Chromium on the PATH and HAILONG_CHROMIUM is not set")
	return ""
}

// missing skips the test, or fails it where everything must be tried.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("HAILONG_CI") == "1" {
		t.Fatalf("required with HAILONG_CI=1: %s", what)
	}
	t.Skip(what)
}

// Look sets size, colours and script.
func (b *Browser) Look(v View) {
	b.t.Helper()
	scheme := "light"
	if v.Dark {
		scheme = "dark"
	}
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}
	b.do("set up the view",
		chromedp.EmulateViewport(v.Width, v.Height),
		chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features})
			return err
		}),
		chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: v.NoScript})
			return err
		}))
}

// do runs steps within the patience of one act.
func (b *Browser) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.Shot("failed-" + b.t.Name())
		b.t.Fatalf("%s: %v", what, err)
	}
}

// Visit opens an address.
func (b *Browser) Visit(address string) {
	b.t.Helper()
	b.do("open "+address, chromedp.Navigate(address))
}

// Click clicks on the first element that the CSS selector finds, with the mouse
// and where it stands on the screen.
func (b *Browser) Click(selector string) {
	b.t.Helper()
	b.do("click "+selector, chromedp.Click(chromedp.CSS(selector)))
}

// Type types into the first element that the CSS selector finds.
func (b *Browser) Type(selector, text string) {
	b.t.Helper()
	b.do("type into "+selector, chromedp.SendKeys(chromedp.CSS(selector), text))
}

// Choose chooses a file in the first file input that the CSS selector finds.
func (b *Browser) Choose(selector, path string) {
	b.t.Helper()
	b.do("choose "+path, chromedp.SetUploadFiles(chromedp.CSS(selector), []string{path}))
}

// Reload loads the page again.
func (b *Browser) Reload() {
	b.t.Helper()
	b.do("reload", chromedp.Reload())
}

// Offline cuts the network, or connects it again.
func (b *Browser) Offline(off bool) {
	b.t.Helper()
	b.network(network.Conditions{Offline: off, DownloadThroughput: -1, UploadThroughput: -1})
}

// Slow makes the network one of the second generation: 8 kB a second, and half a
// second until the first byte.
func (b *Browser) Slow() {
	b.t.Helper()
	b.network(network.Conditions{Latency: 500, DownloadThroughput: 8 << 10, UploadThroughput: 4 << 10})
}

func (b *Browser) network(conditions network.Conditions) {
	b.t.Helper()
	off := conditions.Offline
	b.do("change the network",
		chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			_, err := chromedp.Call(ctx, network.EmulateNetworkConditionsByRule,
				network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{&conditions}})
			return err
		}),
		chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			_, err := chromedp.Call(ctx, network.OverrideNetworkState,
				network.OverrideNetworkStateParams{Offline: off, DownloadThroughput: -1, UploadThroughput: -1})
			return err
		}))
}

// Eval evaluates a JavaScript expression and returns its value.
func Eval[T any](b *Browser, expression string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("evaluate %s: %v", expression, err)
	}
	return value
}

// Await waits until a JavaScript expression is true.
func (b *Browser) Await(expression string) {
	b.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(b.ctx, patience)
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression))
		cancel()
		if err == nil && ok {
			return
		}
		if time.Now().After(deadline) {
			b.Shot("failed-" + b.t.Name())
			b.t.Fatalf("still not true: %s (%v)", expression, err)
		}
	}
}

// Shot photographs the screen into out/screens/NAME.png, a build output.
func (b *Browser) Shot(name string) { b.photograph(name, chromedp.CaptureScreenshot()) }

// FullShot photographs the whole length of the page.
func (b *Browser) FullShot(name string) { b.photograph(name, chromedp.FullScreenshot(100)) }

func (b *Browser) photograph(name string, take chromedp.Action[[]byte]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	png, err := chromedp.Run(ctx, take)
	if err != nil {
		b.t.Errorf("screenshot %s: %v", name, err)
		return
	}
	folder := filepath.Join(root(b.t), "out", "screens")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, filepath.Base(name)+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// root is the folder of go.mod, above the folder that a test runs in.
func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
	}
}
