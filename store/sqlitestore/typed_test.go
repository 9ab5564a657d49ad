package sqlitestore

import (
	"path/filepath"
	"testing"

	"hailong/store"
	"hailong/store/storetest"
)

func TestTypedContract(t *testing.T) {
	storetest.RunTyped(t, func(t *testing.T) store.Engine { return open(t, filepath.Join(t.TempDir(), "hailong.db")) })
}
