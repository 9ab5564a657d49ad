package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hailong/store/storetest"
)

// A province that outgrew the embedded store goes on with MongoDB and its keys.
func TestACopyGoesOnWithMongoAndTheSameKeys(t *testing.T) {
	t.Setenv("HAILONG_LANG", "en")
	mongo, folder := storetest.MongoURI(t), t.TempDir()
	data, units := filepath.Join(folder, "data"), filepath.Join(folder, "units.csv")
	list := "code,name,kind,province_code,province,area_km2,population\n98001,Bến Ngự,Phường,98,Sông Lam Hạ,9.4,20000\n"
	if err := os.WriteFile(units, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		rule, want string
		exit       int
		args       []string
	}{
		{"nothing to copy from", "no data", exitInput, []string{"copy", "--data", data, "--mongo", mongo}},
		{"the embedded store", "", exitDone, []string{"units", "import", "--data", data, units}},
		{"nowhere to copy to", "--mongo", exitInput, []string{"copy", "--data", data}},
		{"the copy", "copied ", exitDone, []string{"copy", "--data", data, "--mongo", mongo}},
		{"the copy has the data and takes the keys", "same 1", exitDone,
			[]string{"units", "import", "--mongo", mongo, "--keys", data + "-keys/keys.json", "--dry-run", units}},
		{"nothing is copied over data", "holds data already", exitInput, []string{"copy", "--data", data, "--mongo", mongo}},
	} {
		var out bytes.Buffer
		if exit := run(context.Background(), c.args, &out, &out); exit != c.exit || !strings.Contains(out.String(), c.want) {
			t.Fatalf("%s: exit %d, want %d, and %q to contain %q", c.rule, exit, c.exit, out.String(), c.want)
		}
	}
}
