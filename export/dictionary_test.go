package export

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// The columns that scripts rely on are the documented ones, in that order.
func TestDataDictionaryNamesTheColumnsOfTheMachineCSV(t *testing.T) {
	raw, err := os.ReadFile("../docs/data-dictionary.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(raw), "## Edition, for programs (CSV)")
	section, _, _ = strings.Cut(section, "\n## ")
	var documented []string
	for line := range strings.SplitSeq(section, "\n") {
		if cells := strings.Split(line, "|"); len(cells) > 3 {
			if name := strings.TrimSpace(cells[1]); name != "column" && !strings.HasPrefix(name, "---") {
				documented = append(documented, name)
			}
		}
	}
	if !slices.Equal(documented, machineColumns) {
		t.Errorf("documented %v\nwritten    %v", documented, machineColumns)
	}
}
