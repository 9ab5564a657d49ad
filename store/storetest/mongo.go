package storetest

import (
	"bufio"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// MongoURI returns the address of a new, empty database: on the server that
// HAILONG_TEST_MONGODB_URI names (an address without a database), else on a wire
// server started once for the test binary. Without either it skips the test; with
// HAILONG_CI=1 it fails.
func MongoURI(t testing.TB) string {
	t.Helper()
	server := os.Getenv("HAILONG_TEST_MONGODB_URI")
	if server == "" {
		server = sharedWire(t)
	}
	base, query, _ := strings.Cut(server, "?")
	uri := strings.TrimSuffix(base, "/") + "/hailong_test_" + strings.ToLower(rand.Text())
	if query != "" {
		uri += "?" + query
	}
	return uri
}

// Wire is a running wire server, store/mongostore/wire.
type Wire struct {
	URI     string
	process *exec.Cmd
	stdin   io.Closer // the server ends when it is closed, at the latest with this process
}

var shared = sync.OnceValues(func() (*Wire, error) { return startWire() })

func sharedWire(t testing.TB) string {
	t.Helper()
	wireBinary(t)
	wire, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return wire.URI
}

// StartWire starts a wire server with its data in the folder, at the loopback
// address, or at a free port if that is empty. The caller stops it.
func StartWire(t testing.TB, data, address string) *Wire {
	t.Helper()
	wireBinary(t)
	arguments := []string{"-data", data}
	if address != "" {
		arguments = append(arguments, "-listen", address)
	}
	wire, err := startWire(arguments...)
	if err != nil {
		t.Fatal(err)
	}
	return wire
}

func startWire(arguments ...string) (*Wire, error) {
	w := &Wire{process: exec.Command(wirePath(), arguments...)}
	w.process.Stderr = os.Stderr
	stdin, err := w.process.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := w.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := w.process.Start(); err != nil {
		return nil, err
	}
	w.stdin = stdin
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("the wire server did not start: %w", err)
	}
	w.URI = strings.TrimSpace(line)
	return w, nil
}

// Address returns host and port, for starting again at the same place.
func (w *Wire) Address() string {
	return strings.Trim(strings.TrimPrefix(w.URI, "mongodb://"), "/")
}

// Stop ends the server and waits until it is gone.
func (w *Wire) Stop() error {
	if err := w.stdin.Close(); err != nil {
		return err
	}
	return w.process.Wait()
}

// wireBinary skips or fails the test if the server was not built.
func wireBinary(t testing.TB) {
	t.Helper()
	if _, err := os.Stat(wirePath()); err == nil {
		return
	}
	const how = "no MongoDB to test with: set HAILONG_TEST_MONGODB_URI, or build the wire server with make test"
	if os.Getenv("HAILONG_CI") == "1" {
		t.Fatal(how)
	}
	t.Skip(how)
}

// wirePath is where make test puts the wire server, or HAILONG_MONGO_WIRE.
func wirePath() string {
	if path := os.Getenv("HAILONG_MONGO_WIRE"); path != "" {
		return path
	}
	_, here, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(here), "..", "..", "bin", "mongowire")
}

// OnWire reports whether MongoURI names a wire server rather than a MongoDB.
func OnWire() bool { return os.Getenv("HAILONG_TEST_MONGODB_URI") == "" }
