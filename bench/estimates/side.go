package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// side is a program that does a task.
type side struct {
	name    string
	command []string
	env     []string
	read    func(out []byte) (figures, error) // nil: it prints none

	wall, cpu, peak float64 // of the fastest run: seconds, seconds, MB
	compute         string  // what an R script says of the time after loading
	printed         figures
}

// figures are estimate and standard error by group and label.
type figures map[[2]string][2]float64

// sides are hailong on all processors and on one, R, and the reader of the standard
// library.
func (o options) sides(folder string, t task, withR bool) ([]side, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	ours := []string{o.binary, "estimate", "--spec", filepath.Join(folder, t.name+".json")}
	sides := []side{
		{name: "hailong", command: ours, read: readOurs},
		{name: "hailong, one processor", command: ours, env: []string{"GOMAXPROCS=1"}, read: readOurs},
	}
	if withR {
		for _, script := range append([]string{"plain", "survey"}, t.alternatives...) {
			program, variant, name := script, t.name, "R, "+script
			if script == "ipf" {
				program, variant, name = "survey", "ipf", "R, survey's rake"
			}
			s := side{name: name, read: readR,
				command: []string{"Rscript", filepath.Join(folder, program+".R"), variant, folder, strconv.Itoa(t.rows)}}
			if script == "ipf" {
				s.read = nil
			}
			sides = append(sides, s)
		}
	}
	return append(sides, side{name: "encoding/csv, reading alone", command: []string{self, "csv", filepath.Join(folder, dataFile(t.rows))}}), nil
}

// run runs the program once.
func (s *side) run(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, s.command[0], s.command[1:]...)
	cmd.Env = append(os.Environ(), s.env...)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	began := time.Now()
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w: %s", s.name, err, said.String())
	}
	wall := time.Since(began).Seconds()
	state := cmd.ProcessState
	cpu := (state.UserTime() + state.SystemTime()).Seconds()
	if s.cpu == 0 || wall < s.wall {
		s.wall = wall
	}
	if s.cpu == 0 || cpu < s.cpu {
		s.cpu = cpu
	}
	if usage, ok := state.SysUsage().(*syscall.Rusage); ok {
		s.peak = max(s.peak, float64(usage.Maxrss)/1024)
	}
	if _, after, ok := strings.Cut(said.String(), "compute "); ok && strings.HasPrefix(s.name, "R") {
		s.compute = ", " + strings.TrimSpace(after) + " s after loading"
	}
	if s.read == nil {
		return nil
	}
	var err error
	s.printed, err = s.read(out.Bytes())
	return err
}

// print prints the side beside the first.
func (s side) print(first side) {
	agreement := ""
	if s.read != nil && len(first.printed) > 0 {
		agreement = fmt.Sprintf("%d figures within %.0e", len(s.printed), distance(first.printed, s.printed))
	}
	fmt.Printf("  %-30s %9.2f %9.1f %9.2f %9.1f %9.0f  %s%s\n", s.name, s.wall, s.wall/first.wall, s.cpu, s.cpu/first.cpu, s.peak, agreement, s.compute)
}

// distance is the largest relative difference; infinite if a figure is missing.
func distance(a, b figures) float64 {
	worst := 0.0
	for key, x := range a {
		y, ok := b[key]
		if !ok || len(a) != len(b) {
			return math.Inf(1)
		}
		for i := range x {
			worst = max(worst, math.Abs(x[i]-y[i])/math.Abs(y[i]))
		}
	}
	return worst
}

func readOurs(out []byte) (figures, error) {
	var document struct {
		Results []struct {
			Rows []struct {
				Group        map[string]string
				Label        string
				Estimate, SE float64
			}
		}
	}
	read := figures{}
	err := json.Unmarshal(out, &document)
	for _, result := range document.Results {
		for _, r := range result.Rows {
			read[[2]string{r.Group["commune"], r.Label}] = [2]float64{r.Estimate, r.SE}
		}
	}
	return read, err
}

// readR reads lines of group, label, estimate and standard error.
func readR(out []byte) (figures, error) {
	read := figures{}
	for line := range strings.Lines(string(out)) {
		parts := strings.Split(strings.TrimSpace(line), ",")
		if len(parts) != 4 {
			return nil, fmt.Errorf("not a figure: %q", line)
		}
		estimate, err := strconv.ParseFloat(parts[2], 64)
		if err != nil {
			return nil, err
		}
		se, err := strconv.ParseFloat(parts[3], 64)
		if err != nil {
			return nil, err
		}
		read[[2]string{parts[0], parts[1]}] = [2]float64{estimate, se}
	}
	return read, nil
}
