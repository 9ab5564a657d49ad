package sqlitestore

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"hailong/fault"
)

// asNobody runs do without the rights of root, which may write anywhere. The
// identity for files belongs to the thread, so the thread is not used again.
func asNobody(t *testing.T, do func()) {
	t.Helper()
	done := make(chan error)
	go func() {
		runtime.LockOSThread()
		if err := syscall.Setfsuid(65534); err != nil {
			done <- err
			return
		}
		do()
		done <- nil
	}()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func TestAPlaceThatMayNotBeWrittenIsReadOnly(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "hailong.db")
	if err := open(t, file).Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, 0o444); err != nil {
		t.Fatal(err)
	}
	for path, mode := range map[string]os.FileMode{folder: 0o555, filepath.Dir(folder): 0o755} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { os.Chmod(folder, 0o700) })
	for _, path := range []string{file, filepath.Join(folder, "new.db")} {
		asNobody(t, func() {
			_, err := Open(t.Context(), path)
			wantFault(t, err, fault.Unavailable, "store.read_only")
		})
	}
}
