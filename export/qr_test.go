package export_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/skip2/go-qrcode"

	"hailong/export"
)

// The half blocks, read back module by module, are the symbol that the library
// makes, within a light margin.
func TestTerminalQRIsTheSymbolInHalfBlocks(t *testing.T) {
	const link = "http://127.0.0.1:8080/p/K7M4TQ9ZX"
	code, err := qrcode.New(link, qrcode.Low)
	if err != nil {
		t.Fatal(err)
	}
	code.DisableBorder = true
	want := code.Bitmap()
	var out bytes.Buffer
	if err := export.TerminalQR(&out, link); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	for i, line := range lines {
		inner, coloured := strings.CutPrefix(line, "\x1b[38;5;16;48;5;231m")
		inner, reset := strings.CutSuffix(inner, "\x1b[0m")
		if !coloured || !reset {
			t.Fatalf("line %d does not set its colours: %q", i, line)
		}
		for column, r := range []rune(inner) {
			for half, dark := range []bool{r == '█' || r == '▀', r == '█' || r == '▄'} {
				row, c := 2*i+half-4, column-4
				expected := row >= 0 && row < len(want) && c >= 0 && c < len(want) && want[row][c]
				if dark != expected {
					t.Fatalf("module %d,%d is dark=%v", row, c, dark)
				}
			}
		}
	}
	if len(lines)*2 < len(want)+8 {
		t.Errorf("%d lines for %d rows", len(lines), len(want))
	}
}
