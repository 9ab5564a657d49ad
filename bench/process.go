package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"
)

// process is a server that was started as a child, to be measured from outside.
type process struct {
	cmd             *exec.Cmd
	public, metrics string
}

// startPatience is how long a server may take until it answers.
const startPatience = 20 * time.Second

// start starts the command made for two free loopback addresses, and waits
// until it answers.
func start(ctx context.Context, command func(public, metrics string) []string) (*process, error) {
	return startWith(ctx, io.Discard, command)
}

// lockedBuffer takes what a child prints while it is read.
type lockedBuffer struct {
	lock sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.lock.Lock()
	defer b.lock.Unlock()
	return b.text.Write(p)
}

// String returns what was printed so far.
func (b *lockedBuffer) String() string {
	b.lock.Lock()
	defer b.lock.Unlock()
	return b.text.String()
}

// startWith is start with the child's standard output kept.
func startWith(ctx context.Context, out io.Writer, command func(public, metrics string) []string) (*process, error) {
	p := &process{}
	for _, address := range []*string{&p.public, &p.metrics} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		*address = l.Addr().String()
		if err := l.Close(); err != nil {
			return nil, err
		}
	}
	args := command(p.public, p.metrics)
	p.cmd = exec.CommandContext(ctx, args[0], args[1:]...)
	p.cmd.Stdout = out
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(startPatience); ; time.Sleep(20 * time.Millisecond) {
		if _, err := p.figures(); err == nil {
			return p, nil
		} else if time.Now().After(deadline) {
			return nil, fmt.Errorf("%s does not answer: %w", args[0], err)
		}
	}
}

// stop asks the process to end and waits for it.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	return p.cmd.Wait()
}

// figures are what a server says of itself.
type figures struct {
	cpu      float64 // seconds, user and system, of the process
	resident float64 // bytes
	commits  float64 // each is one fsync
	answers  float64
}

// plus adds sign times another set of figures.
func (f figures) plus(o figures, sign float64) figures {
	return figures{f.cpu + sign*o.cpu, f.resident + sign*o.resident, f.commits + sign*o.commits, f.answers + sign*o.answers}
}

// figures reads the server's metrics.
func (p *process) figures() (figures, error) {
	response, err := http.Get("http://" + p.metrics + "/metrics")
	if err != nil {
		return figures{}, err
	}
	defer response.Body.Close()
	var f figures
	wanted := map[string]*float64{
		"process_cpu_seconds_total": &f.cpu, "process_resident_memory_bytes": &f.resident,
		"hailong_store_commits_total": &f.commits, "hailong_store_responses_total": &f.answers,
	}
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), " ")
		if into := wanted[name]; into != nil {
			if *into, err = strconv.ParseFloat(value, 64); err != nil {
				return f, err
			}
		}
	}
	return f, lines.Err()
}
