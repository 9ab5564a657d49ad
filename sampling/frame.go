package sampling

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"hailong/fault"
	"hailong/territory"
)

// Frame is the list that is drawn from, in canonical form: UTF-8 in NFC, LF,
// minimal quoting, columns and rows in the order given. It is immutable.
type Frame struct {
	columns []string
	index   map[string]int // column name → position
	rows    [][]string
	sums    [][sha256.Size]byte // of every canonical row, the header first
	digest  Digest
}

// ReadFrame reads a frame from RFC 4180 CSV in UTF-8, with or without a byte
// order mark, whose first row names the columns. Values are brought to NFC and
// CR LF within a value becomes LF. Errors: frame.empty, frame.malformed,
// frame.ragged, frame.not_utf8, and those of NewFrame.
func ReadFrame(r io.Reader) (Frame, error) {
	in := newRecordReader(r)
	header, err := in.header()
	if err != nil {
		return Frame{}, err
	}
	b, err := newFrameBuilder(header)
	if err != nil {
		return Frame{}, err
	}
	for {
		switch err := in.next(b); err {
		case nil:
		case io.EOF:
			return b.frame(), nil
		default:
			return Frame{}, err
		}
	}
}

// NewFrame makes a frame of rows held in memory, as ReadFrame would from a
// file. It keeps the rows and may normalise their values in place. Errors:
// frame.unnamed_column, frame.repeated_column, frame.reserved_column,
// frame.ragged, frame.not_utf8.
func NewFrame(columns []string, rows [][]string) (Frame, error) {
	b, err := newFrameBuilder(columns)
	if err != nil {
		return Frame{}, err
	}
	for _, row := range rows {
		if err := b.add(row); err != nil {
			return Frame{}, err
		}
	}
	return b.frame(), nil
}

// Columns returns the names of the columns in order.
func (f Frame) Columns() []string { return slices.Clone(f.columns) }

// Len returns the number of units, the header not counted.
func (f Frame) Len() int { return len(f.rows) }

// Row returns the values of unit i, counted from 0. The caller must not change them.
func (f Frame) Row(i int) []string { return f.rows[i] }

// Has reports whether the frame has the column.
func (f Frame) Has(column string) bool {
	_, ok := f.index[column]
	return ok
}

// Value returns the value of unit i in a column that the frame must have.
func (f Frame) Value(i int, column string) string { return f.rows[i][f.index[column]] }

// Digest returns the SHA-256 of Lines.
func (f Frame) Digest() Digest { return f.digest }

// Lines returns the content of frame.lines: the SHA-256 of every canonical row
// (without its LF), the header first, as 64 hexadecimal digits and LF. It
// gives nothing away of the frame's rows to someone who has not got them, save
// rows short enough to be guessed.
func (f Frame) Lines() []byte {
	return appendLines(nil, f.sums)
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

// frameBuilder takes the rows of a frame one by one and hashes them as they come.
type frameBuilder struct {
	f     Frame
	line  []byte
	spare []string
}

func newFrameBuilder(columns []string) (*frameBuilder, error) {
	b := &frameBuilder{f: Frame{columns: slices.Clone(columns), index: make(map[string]int, len(columns))}}
	if err := normalise(b.f.columns, 1, b.f.columns); err != nil {
		return nil, err
	}
	for i, name := range b.f.columns {
		b.f.columns[i] = strings.TrimSpace(name)
	}
	if err := b.indexColumns(); err != nil {
		return nil, err
	}
	b.hash(b.f.columns)
	return b, nil
}

func (b *frameBuilder) indexColumns() error {
	var problems []fault.Problem
	for i, name := range b.f.columns {
		switch _, repeated := b.f.index[name]; {
		case name == "":
			problems = append(problems, fault.P("frame.unnamed_column", "position", i+1).AtRow(1, ""))
		case repeated:
			problems = append(problems, fault.P("frame.repeated_column", "name", name).AtRow(1, name))
		case slices.Contains(sampleColumns, name):
			problems = append(problems, fault.P("frame.reserved_column", "name", name).AtRow(1, name))
		}
		b.f.index[name] = i
	}
	return fault.Of(fault.Invalid, problems)
}

// add takes the next row.
func (b *frameBuilder) add(row []string) error {
	number := len(b.f.rows) + 2
	if len(row) != len(b.f.columns) {
		p := fault.P("frame.ragged", "values", len(row), "columns", len(b.f.columns)).AtRow(number, "")
		return fault.Of(fault.Invalid, []fault.Problem{p})
	}
	if err := normalise(row, number, b.f.columns); err != nil {
		return err
	}
	b.f.rows = append(b.f.rows, row)
	b.hash(row)
	return nil
}

// addPlain takes the next row as a line that is in canonical form already:
// without quotes and CR, and in NFC. It comes as text and as bytes, which are
// not kept.
func (b *frameBuilder) addPlain(text string, line []byte) error {
	row := b.room(strings.Count(text, ",") + 1)
	for i := range row {
		row[i], text, _ = strings.Cut(text, ",")
	}
	if len(row) != len(b.f.columns) {
		return b.add(row)
	}
	b.f.rows = append(b.f.rows, row)
	b.f.sums = append(b.f.sums, sha256.Sum256(line))
	return nil
}

// room returns space for the values of one row, made for many rows at once.
func (b *frameBuilder) room(values int) []string {
	if len(b.spare) < values {
		b.spare = make([]string, 1024*values)
	}
	row := b.spare[:values:values]
	b.spare = b.spare[values:]
	return row
}

func (b *frameBuilder) hash(row []string) {
	b.line = appendRecord(b.line[:0], row)
	b.f.sums = append(b.f.sums, sha256.Sum256(b.line))
}

func (b *frameBuilder) frame() Frame {
	all := sha256.New()
	var lines []byte
	for sums := range slices.Chunk(b.f.sums, 1024) {
		lines = appendLines(lines[:0], sums)
		all.Write(lines)
	}
	b.f.digest = digestFrom(all.Sum(nil))
	return b.f
}

// appendLines appends lines of frame.lines.
func appendLines(dst []byte, sums [][sha256.Size]byte) []byte {
	dst = slices.Grow(dst, len(sums)*(hex.EncodedLen(sha256.Size)+1))
	for _, sum := range sums {
		dst = append(hex.AppendEncode(dst, sum[:]), '\n')
	}
	return dst
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
	for _, r := range text {
		if r == '\r' || r >= 0x300 && (r < 0x1EA0 || r > 0x1EF9) {
			return false
		}
	}
	return true
}
