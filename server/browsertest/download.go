package browsertest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
)

// Download clicks on the first element that the CSS selector finds, and returns
// the path of the file that comes of it.
func (b *Browser) Download(selector string) string {
	b.t.Helper()
	folder := b.t.TempDir()
	b.do("download by "+selector, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, browser.SetDownloadBehavior,
			browser.SetDownloadBehaviorParams{Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: folder})
		return err
	}), chromedp.Click(chromedp.CSS(selector)))
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		files, err := os.ReadDir(folder)
		if err != nil {
			b.t.Fatal(err)
		}
		if len(files) == 1 && !strings.HasSuffix(files[0].Name(), ".crdownload") && !strings.HasPrefix(files[0].Name(), ".") {
			return filepath.Join(folder, files[0].Name())
		}
	}
	b.Shot("failed-" + b.t.Name())
	b.t.Fatalf("nothing was downloaded by %s", selector)
	return ""
}
