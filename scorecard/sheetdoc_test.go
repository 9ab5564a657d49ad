package scorecard_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"hailong/scorecard"
)

// The worked example of the documentation gives what it says.
func TestTheDocumentedExampleIsTrue(t *testing.T) {
	page, err := os.ReadFile("../docs/score-sheet.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(page), "```json\n")
	if len(blocks) != 3 {
		t.Fatalf("%d JSON examples, want the sheet and its result", len(blocks)-1)
	}
	sheet, _, _ := strings.Cut(blocks[1], "```")
	want, _, _ := strings.Cut(blocks[2], "```")
	result := scoreOf(t, sheetOf(t, sheet), scorecard.Comparison{})
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(want)); err != nil {
		t.Fatal(err)
	}
	if got := printed(t, result.Overall); got != compact.String() {
		t.Errorf("got  %s\nwant %s", got, compact.String())
	}
	if len(result.Problems) != 1 || result.Problems[0].Place.Row != 2 || !strings.Contains(string(page), "row 2, column forecast") {
		t.Errorf("problems %v", result.Problems)
	}
}
