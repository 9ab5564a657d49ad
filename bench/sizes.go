package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// sizes measures what has a bound of its own: start, memory at rest, the import
// of all communes, the first view of the form, the edition page of the demo.
func (o options) sizes(ctx context.Context, folder string) error {
	fmt.Printf("\nbounds of their own\n")
	if err := o.rest(ctx, filepath.Join(folder, "rest")); err != nil {
		return err
	}
	if err := o.importing(ctx, folder); err != nil {
		return err
	}
	return o.demo(ctx, filepath.Join(folder, "demo"))
}

func row(name, value, bound string) { fmt.Printf("  %-38s %10s   (bound: %s)\n", name, value, bound) }

// rest starts a server on an empty store and lets it be.
func (o options) rest(ctx context.Context, data string) error {
	began := time.Now()
	p, err := start(ctx, func(public, metrics string) []string {
		return []string{o.binary, "serve", "--data", data, "--addr", public, "--metrics-addr", metrics}
	})
	if err != nil {
		return err
	}
	row("start without demo", time.Since(began).Round(time.Millisecond).String(), "1s")
	select {
	case <-ctx.Done():
	case <-time.After(2 * time.Second):
	}
	f, err := p.figures()
	row("memory at rest, MB", fmt.Sprintf("%.1f", f.resident/1e6), "60")
	return errors.Join(err, p.stop())
}

// communes is how many communes the country has.
const communes = 3321

// importing imports as many invented communes as the country has.
func (o options) importing(ctx context.Context, folder string) error {
	var file bytes.Buffer
	fmt.Fprintln(&file, "code,name,kind,province_code,province,area_km2,population")
	for i := range communes {
		province := 1 + i/98
		fmt.Fprintf(&file, "%05d,Xã Số %d,Xã,%02d,Tỉnh %d,%d.%d,%d\n", i+1, i+1, province, province, 20+i%60, i%10, 9000+37*(i%500))
	}
	path := filepath.Join(folder, "communes.csv")
	if err := os.WriteFile(path, file.Bytes(), 0o644); err != nil {
		return err
	}
	began := time.Now()
	out, err := exec.CommandContext(ctx, o.binary, "units", "import", "--data", filepath.Join(folder, "units"), path).CombinedOutput()
	if err != nil {
		return fmt.Errorf("importing: %w: %s", err, out)
	}
	row("import of 3,321 communes", time.Since(began).Round(time.Millisecond).String(), "2s")
	return nil
}

// demo starts the demo, signs in and asks for its pages.
func (o options) demo(ctx context.Context, data string) error {
	var ways lockedBuffer
	p, err := startWith(ctx, &ways, func(public, metrics string) []string {
		return []string{o.binary, "serve", "--demo", "--data", data, "--addr", public, "--metrics-addr", metrics}
	})
	if err != nil {
		return err
	}
	return errors.Join(visitDemo(ways.String()), p.stop())
}

var (
	signInLink = regexp.MustCompile(`http://\S+/console/link/\S+`)
	formLink   = regexp.MustCompile(`http://\S+/q/\S+`)
	hidden     = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)
)

// visitDemo measures the form and the edition page by the addresses printed.
func visitDemo(printed string) error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	client := &http.Client{Jar: jar}
	form, _, err := get(client, formLink.FindString(printed))
	if err != nil {
		return err
	}
	packed, err := gzipped(form)
	if err != nil {
		return err
	}
	row("first view of the form, bytes", fmt.Sprint(packed), "20000 with gzip -6")
	link := signInLink.FindString(printed)
	page, _, err := get(client, link)
	if err != nil {
		return err
	}
	fields := url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(string(page), -1) {
		fields.Set(m[1], m[2])
	}
	root := link[:strings.Index(link, "/console")]
	response, err := client.PostForm(root+"/console/link", fields)
	if err != nil {
		return err
	}
	if err := response.Body.Close(); err != nil {
		return err
	}
	return editionPage(client, root+"/console/rounds/hai-long-2026/editions/1")
}

// editionPage takes the slowest of some visits after the first.
func editionPage(client *http.Client, address string) error {
	var slowest time.Duration
	for i := range 6 {
		_, took, err := get(client, address)
		if err != nil {
			return err
		}
		if i > 0 {
			slowest = max(slowest, took)
		}
	}
	row("edition page of the demo, slowest of 5", slowest.Round(100*time.Microsecond).String(), "100ms")
	return nil
}

func get(client *http.Client, address string) ([]byte, time.Duration, error) {
	began := time.Now()
	response, err := client.Get(address)
	if err != nil {
		return nil, 0, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", address, response.Status)
	}
	return body, time.Since(began), err
}

// gzipped is the size with gzip level 6.
func gzipped(page []byte) (int, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, 6)
	if err != nil {
		return 0, err
	}
	_, err = w.Write(page)
	err = errors.Join(err, w.Close())
	return out.Len(), err
}
