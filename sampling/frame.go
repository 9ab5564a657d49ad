package sampling

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"hailong/fault"
	"hailong/territory"
)

// Rows is a frame as a draw uses it: the list that is drawn from, in canonical
// form (UTF-8 in NFC, LF, minimal quoting, columns and rows in the order given),
// whose rows can be gone through as often as needed. Frame holds them in
// memory; FrameFile reads them anew.
type Rows interface {
	// Columns returns the names of the columns in order.
	Columns() []string
	// Has reports whether the frame has the column.
	Has(column string) bool
	// Pass gives every row to the visitor, in order, and returns the digest of
	// the frame: the SHA-256 of its lines, which are also written to lines
	// unless that is nil. It stops at the visitor's first error.
	Pass(visit Visit, lines io.Writer) (Digest, error)
}

// Frame is a frame in memory. It is immutable.
type Frame struct {
	header
	rows   [][]string
	digest Digest
}

// ReadFrame reads a frame from RFC 4180 CSV in UTF-8, with or without a byte
// order mark, whose first row names the columns. Values are brought to NFC and
// CR LF within a value becomes LF; a row has at most 1 MiB. Errors:
// frame.empty, frame.malformed, frame.ragged, frame.not_utf8, and those of
// NewFrame.
func ReadFrame(r io.Reader) (Frame, error) {
	var f Frame
	begin := func(h header) error { f.header = h; return nil }
	var room []string
	lines := newLineHash(nil)
	err := newRowReader(r).pass(begin, func(_ int, values []string) error {
		if len(room) < len(values) {
			room = make([]string, 1024*len(values))
		}
		n := copy(room, values)
		f.rows, room = append(f.rows, room[:n:n]), room[n:]
		return nil
	}, lines)
	if err != nil {
		return Frame{}, err
	}
	f.digest, err = lines.digest()
	return f, err
}

// NewFrame makes a frame of rows held in memory, as ReadFrame would from a
// file. It keeps the rows and may normalise their values in place. Errors:
// frame.unnamed_column, frame.repeated_column, frame.reserved_column,
// frame.ragged, frame.not_utf8.
func NewFrame(columns []string, rows [][]string) (Frame, error) {
	h, err := newHeader(columns)
	if err != nil {
		return Frame{}, err
	}
	for i, row := range rows {
		if err := h.checkLength(len(row), i+2); err != nil {
			return Frame{}, err
		}
		if err := normalise(row, i+2, h.columns); err != nil {
			return Frame{}, err
		}
	}
	f := Frame{header: h, rows: slices.Clone(rows)}
	f.digest, err = f.hash(nil)
	return f, err
}

// Len returns the number of units, the header not counted.
func (f Frame) Len() int { return len(f.rows) }

// Row returns the values of unit i, counted from 0. The caller must not change them.
func (f Frame) Row(i int) []string { return f.rows[i] }

// Value returns the value of unit i in a column that the frame must have.
func (f Frame) Value(i int, column string) string { return f.rows[i][f.index[column]] }

// Digest returns the SHA-256 of Lines.
func (f Frame) Digest() Digest { return f.digest }

// WriteLines writes frame.lines of a canonical frame, row by row. Errors: those of
// reading a frame, and the writer's.
func WriteLines(w io.Writer, frame io.Reader) error {
	rows := csv.NewReader(withoutMark(frame))
	rows.ReuseRecord = true
	lines := newLineHash(w)
	var canonical []byte
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			_, err = lines.digest()
			return err
		} else if err != nil {
			return readError(err, lines.lines)
		}
		canonical = appendRecord(canonical[:0], row)
		lines.add([][]byte{canonical})
	}
}

// Lines returns the content of frame.lines: the SHA-256 of every canonical row
// (without its LF), the header first, as 64 hexadecimal digits and LF. It
// gives nothing away of the frame's rows to someone who has not got them, save
// rows short enough to be guessed.
func (f Frame) Lines() []byte {
	out := bytesWriter(make([]byte, 0, (len(f.rows)+1)*lineLength))
	f.hash(&out) // writing to memory does not fail
	return out
}

// Pass goes through the rows, as Rows says.
func (f Frame) Pass(visit Visit, lines io.Writer) (Digest, error) {
	for i, row := range f.rows {
		if err := visit(i, row); err != nil {
			return "", err
		}
	}
	if lines == nil {
		return f.digest, nil
	}
	return f.hash(lines)
}

// hash returns the digest of the frame and writes its lines, unless out is nil.
func (f Frame) hash(out io.Writer) (Digest, error) {
	lines, b := newLineHash(out), batch{}
	b.add(f.columns)
	for rows := range slices.Chunk(f.rows, 1024) {
		for _, row := range rows {
			b.add(row)
		}
		lines.add(b.rows)
		b.other, b.rows = b.other[:0], b.rows[:0]
	}
	lines.add(b.rows) // the header, of a frame without units
	return lines.digest()
}

// bytesWriter is a list of bytes as an io.Writer.
type bytesWriter []byte

// Write implements io.Writer.
func (w *bytesWriter) Write(p []byte) (int, error) {
	*w = append(*w, p...)
	return len(p), nil
}

// WriteCSV writes the canonical frame.
func (f Frame) WriteCSV(w io.Writer) error {
	out := bufio.NewWriter(w)
	line := append(appendRecord(nil, f.columns), '\n')
	for i := 0; ; i++ {
		if _, err := out.Write(line); err != nil {
			return err
		}
		if i == len(f.rows) {
			return out.Flush()
		}
		line = append(appendRecord(line[:0], f.rows[i]), '\n')
	}
}

// normalise brings values to NFC and LF in place, and refuses what is not UTF-8.
func normalise(values []string, row int, columns []string) error {
	for i, value := range values {
		if plain(value) {
			continue
		}
		if !utf8.ValidString(value) {
			p := fault.P("frame.not_utf8").AtRow(row, columns[i])
			return fault.Of(fault.Unreadable, []fault.Problem{p})
		}
		values[i] = territory.NFC(strings.ReplaceAll(value, "\r\n", "\n"))
	}
	return nil
}

// plain reports whether a text is in NFC beyond doubt and without CR: letters
// below U+0300 and the Vietnamese ones with marks are never composed further.
// Bytes that are not UTF-8 read as U+FFFD, which is not plain.
func plain(text string) bool {
	for i := 0; i < len(text); {
		if b := text[i]; b < utf8.RuneSelf {
			if b == '\r' {
				return false
			}
			i++
			continue
		}
		r, length := utf8.DecodeRuneInString(text[i:])
		if r >= 0x300 && (r < 0x1EA0 || r > 0x1EF9) {
			return false
		}
		i += length
	}
	return true
}
