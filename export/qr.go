package export

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/skip2/go-qrcode"

	"hailong/fault"
)

// symbol is a QR code as rows of modules, true for dark, without quiet zone.
type symbol [][]bool

// encodeQR makes the symbol of an address at an error correction level.
func encodeQR(link string, level qrcode.RecoveryLevel) (symbol, error) {
	code, err := qrcode.New(link, level)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "export.qr", "length", len(link))
	}
	code.DisableBorder = true
	return code.Bitmap(), nil
}

// dark reports whether a module is dark; everything around the symbol is light.
func (s symbol) dark(row, column int) bool {
	return row >= 0 && row < len(s) && column >= 0 && column < len(s[row]) && s[row][column]
}

// qr draws a symbol as filled vector runs, the modules' edge being side/len(s).
// The caller leaves the quiet zone of four modules free.
func (p *paper) qr(s symbol, x, y, side float64) {
	const unit = 1 / pointMM
	module := side / float64(len(s)) * unit
	_, high := p.pdf.GetPageSize()
	var b strings.Builder
	fmt.Fprintf(&b, "q 0 g %.5f 0 0 %.5f %.3f %.3f cm", module, -module, x*unit, (high-y)*unit)
	for r, row := range s {
		for c := 0; c < len(row); c++ {
			from := c
			for c < len(row) && row[c] {
				c++
			}
			if c > from {
				fmt.Fprintf(&b, "\n%d %d %d 1 re", from, r, c-from)
			}
		}
	}
	b.WriteString("\nf Q")
	p.pdf.RawWriteStr(b.String())
}

// TerminalQR writes the QR code of an address for a terminal: half blocks, two
// modules a character, black on white by explicit colours, so that it scans on
// dark and on light backgrounds.
func TerminalQR(w io.Writer, link string) error {
	const quiet = 4 // modules, as the standard asks
	s, err := encodeQR(link, qrcode.Low)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	for row := -quiet; row < len(s)+quiet; row += 2 {
		out.WriteString("\x1b[38;5;16;48;5;231m")
		for column := -quiet; column < len(s)+quiet; column++ {
			out.WriteRune(halfBlock(s.dark(row, column), s.dark(row+1, column)))
		}
		out.WriteString("\x1b[0m\n")
	}
	if err := out.Flush(); err != nil {
		return fault.Wrap(err, fault.Internal, "export.write")
	}
	return nil
}

func halfBlock(upper, lower bool) rune {
	switch {
	case upper && lower:
		return '█'
	case upper:
		return '▀'
	case lower:
		return '▄'
	default:
		return ' '
	}
}
