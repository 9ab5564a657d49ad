package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// draws measures the draw: people from a file that does not fit into memory,
// beside encoding/csv reading the same file; villages by size beside R.
func (o options) draws(ctx context.Context, folder string) error {
	if err := o.peopleDraws(ctx, folder); err != nil {
		return err
	}
	return o.villageDraws(ctx, folder)
}

// writePeople writes a public frame of people, 500 a village.
func writePeople(path string, people int) error {
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(out, 1<<20)
	fmt.Fprintln(w, "key,village,order,seal")
	for i := range people {
		sum := sha256.Sum256(fmt.Append(nil, i))
		seal := hex.EncodeToString(sum[:])
		fmt.Fprintf(w, "%s,%05d-%02d,%d,%s\n", seal[:16], i/10_000, i/500%20, i%500+1, seal)
	}
	return errors.Join(w.Flush(), out.Close())
}

// plainRead is the yardstick: encoding/csv, which keeps nothing.
func plainRead(path string) (time.Duration, error) {
	began := time.Now()
	in, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer in.Close()
	rows := csv.NewReader(in)
	rows.ReuseRecord = true
	for {
		if _, err := rows.Read(); err == io.EOF {
			return time.Since(began), nil
		} else if err != nil {
			return 0, err
		}
	}
}

func (o options) peopleDraws(ctx context.Context, folder string) error {
	frame := filepath.Join(folder, "people.csv")
	if err := writePeople(frame, o.people); err != nil {
		return err
	}
	defer os.Remove(frame)
	out := filepath.Join(folder, "people")
	plan, sorted := filepath.Join(folder, "people.json"), filepath.Join(folder, "sorted.json")
	for path, order := range map[string]string{plan: "order", sorted: "seal"} {
		text := fmt.Sprintf(`{"id":"p","key":"key","parent_key":"village","method":"systematic","order":[%q],"n":1}`, order)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	fmt.Printf("\n%d of %d people, one a village, from their file (bounds: 2 times encoding/csv a pass, 256 MB)\n", o.people/500, o.people)
	fmt.Printf("  %-38s %10s %10s %10s %10s\n", "", "seconds", "a pass", "times csv", "peak MB")
	for _, step := range []struct {
		name   string
		passes int
		args   []string
	}{
		{"commit", 1, []string{"draw", "commit", "--frame", frame, "--plan", plan, "--source", "dice:a:b", "--out", out}},
		{"draw", 2, []string{"draw", "--frame", frame, "--plan", plan, "--beacon", "b", "--out", out}},
		{"verify", 2, []string{"verify", "--frame", frame, "--receipt", filepath.Join(out, "receipt.json"), "--sample", filepath.Join(out, "sample.csv")}},
		{"draw out of order, sorted on disk", 3, []string{"draw", "--frame", frame, "--plan", sorted, "--beacon", "b", "--out", out + "2"}},
	} {
		bare, err := plainRead(frame)
		if err != nil {
			return err
		}
		took, peak, err := o.child(ctx, step.args)
		if err != nil {
			return err
		}
		pass := took.Seconds() / float64(step.passes)
		fmt.Printf("  %-38s %10.1f %10.1f %10.2f %10.0f\n", step.name, took.Seconds(), pass, pass/bare.Seconds(), peak/1e6)
	}
	return nil
}

// child runs the product and returns how long it took and its peak memory.
func (o options) child(ctx context.Context, args []string) (took time.Duration, peak float64, err error) {
	cmd := exec.CommandContext(ctx, o.binary, args...)
	cmd.Env = append(os.Environ(), "TMPDIR="+o.folder)
	var said bytes.Buffer
	cmd.Stderr = &said
	began := time.Now()
	if err := cmd.Run(); err != nil {
		return 0, 0, fmt.Errorf("hailong %s: %w: %s", args[0], err, said.String())
	}
	took = time.Since(began)
	if used, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		peak = float64(used.Maxrss) * 1024
	}
	return took, peak, nil
}

// Villages, and how many of each province are drawn: 63 provinces, 5,000 villages
// as nearly as equal numbers allow.
const (
	frameVillages = 100_000
	provinces     = 63
	drawnVillages = 79
)

func (o options) villageDraws(ctx context.Context, folder string) error {
	frame := filepath.Join(folder, "villages.csv")
	r := rand.New(rand.NewPCG(1, 2))
	var text bytes.Buffer
	text.WriteString("code,province,population\n")
	for i := range frameVillages {
		fmt.Fprintf(&text, "%06d,%02d,%d\n", i, i*provinces/frameVillages+1, 100+r.IntN(1900))
	}
	if err := os.WriteFile(frame, text.Bytes(), 0o644); err != nil {
		return err
	}
	fmt.Printf("\n%d of %d villages by size in %d provinces (whole process)\n", drawnVillages*provinces, frameVillages, provinces)
	theirs, err := drawByR(ctx, frame)
	if err != nil {
		return err
	}
	fmt.Printf("  %-38s %10s %10s %10s %10s\n", "", "hailong, s", "R, s", "times", "R drawing")
	for method, function := range map[string]string{"pps_systematic": "UPsystematic", "pps_sampford": "UPsampford", "pps_pareto": ""} {
		plan := filepath.Join(folder, method+".json")
		design := fmt.Sprintf(`{"key":"code","strata":["province"],"method":%q,"size":"population","n":%d}`, method, drawnVillages)
		if err := os.WriteFile(plan, []byte(design), 0o644); err != nil {
			return err
		}
		took, _, err := o.child(ctx, []string{"draw", "--frame", frame, "--plan", plan, "--beacon", "b", "--out", filepath.Join(folder, method)})
		if err != nil {
			return err
		}
		if r, ok := theirs[function]; ok {
			fmt.Printf("  %-38s %10.2f %10.2f %10.2f %10.2f\n", method, took.Seconds(), r[0], took.Seconds()/r[0], r[1])
		} else {
			fmt.Printf("  %-38s %10.2f %10s %10s %10s\n", method, took.Seconds(), "–", "–", "–")
		}
	}
	return nil
}

// drawByR returns R's seconds by function: reading and drawing, and drawing
// alone; nothing where R or its package sampling is missing.
func drawByR(ctx context.Context, frame string) (map[string][2]float64, error) {
	if err := exec.CommandContext(ctx, "Rscript", "-e", "library(sampling)").Run(); err != nil {
		fmt.Println("  without R and its package sampling (r-cran-sampling), to compare with")
		return nil, nil
	}
	out, err := exec.CommandContext(ctx, "Rscript", "bench/draw.R", frame, fmt.Sprint(drawnVillages)).Output()
	if err != nil {
		return nil, fmt.Errorf("bench/draw.R: %w", err)
	}
	seconds := map[string][2]float64{}
	for line := range strings.Lines(string(out)) {
		var name string
		var whole, drawing float64
		if _, err := fmt.Sscan(line, &name, &whole, &drawing); err != nil {
			return nil, fmt.Errorf("bench/draw.R: %q: %w", line, err)
		}
		seconds[name] = [2]float64{whole, drawing}
	}
	return seconds, nil
}
