package sampling

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"hailong/fault"
)

const (
	blockSize = 256 << 10 // bytes read at a time
	maxRow    = 1 << 20   // bytes of a row; a longer one has an open quote
)

var mark = []byte("\ufeff") // that spreadsheets put before UTF-8

// rowReader reads a frame file block by block. Lines without quotes are split
// here, which is most of the work of a large frame; rows with quotes are left
// to encoding/csv. A row ends at the first line end with an even number of
// quotes before it, in every file that encoding/csv accepts.
type rowReader struct {
	in    io.Reader
	carry []byte // read already: the beginning of the next row
	ended bool
	began bool
	lines int // text lines before the row at hand
	row   int // number of the row at hand, the header's being 1

	head   header
	values []string
	quoted *csv.Reader // reads one row from text
	text   *bytes.Reader
}

func newRowReader(r io.Reader) *rowReader {
	text := bytes.NewReader(nil)
	quoted := csv.NewReader(text)
	quoted.FieldsPerRecord = -1 // the header counts them, and says how many
	return &rowReader{in: r, quoted: quoted, text: text}
}

// Visit takes one row of a frame, counted from 0. The slice is used again for
// the next row; the values may be kept, but a long-lived one should be cloned,
// as it keeps its neighbours in memory.
type Visit func(row int, values []string) error

// pass gives the header and every row of the file to the visitors, and the
// canonical rows to the hash. Errors: those of ReadFrame, and the visitors'.
func (r *rowReader) pass(begin func(header) error, visit Visit, lines *lineHash) error {
	hashed := lines.start()
	defer hashed.wait()
	for !r.ended {
		b := <-hashed.free
		if err := r.fill(b); err != nil {
			return err
		}
		if err := r.parse(b, begin, visit); err != nil {
			return err
		}
		hashed.full <- b
	}
	if r.row == 0 {
		return fault.New(fault.Unreadable, "frame.empty")
	}
	return nil
}

// fill reads whole rows into the batch: at least one, unless the file ends.
func (r *rowReader) fill(b *batch) error {
	b.raw = append(b.raw[:0], r.carry...)
	for room := blockSize; ; {
		start := len(b.raw)
		b.raw = append(b.raw, make([]byte, room)...)
		n, err := io.ReadFull(r.in, b.raw[start:])
		b.raw = b.raw[:start+n]
		if !r.began && n > 0 {
			b.raw, r.began = bytes.TrimPrefix(b.raw, mark), true
		}
		switch {
		case err == io.EOF || err == io.ErrUnexpectedEOF:
			r.ended = true
			return nil
		case err != nil:
			return fault.Wrap(err, fault.Unreadable, "frame.unreadable")
		}
		if end := lastRowEnd(b.raw); end > 0 {
			r.carry = append(r.carry[:0], b.raw[end:]...)
			b.raw = b.raw[:end]
			return nil
		}
		if len(b.raw) > maxRow {
			return r.malformed(r.lines + 1)
		}
	}
}

func (r *rowReader) malformed(line int) error {
	p := fault.P("frame.malformed", "line", line).AtRow(r.row+1, "")
	return fault.Of(fault.Unreadable, []fault.Problem{p})
}

// lastRowEnd returns where the last whole row ends, 0 if there is none.
func lastRowEnd(raw []byte) int {
	if bytes.IndexByte(raw, '"') < 0 {
		return bytes.LastIndexByte(raw, '\n') + 1
	}
	last, open := 0, false
	for start := 0; ; {
		length := bytes.IndexByte(raw[start:], '\n') + 1
		if length == 0 {
			return last
		}
		open = open != (bytes.Count(raw[start:start+length], []byte{'"'})%2 == 1)
		if start += length; !open {
			last = start
		}
	}
}

// parse takes the rows of a batch apart.
func (r *rowReader) parse(b *batch, begin func(header) error, visit Visit) error {
	text := string(b.raw)
	simple := plain(text) && strings.IndexByte(text, '"') < 0
	for start := 0; start < len(text); {
		end, lines := rowEnd(text, start)
		line := strings.TrimSuffix(strings.TrimSuffix(text[start:end], "\n"), "\r")
		if line == "" { // a blank line is no row
			start, r.lines = end, r.lines+1
			continue
		}
		r.row++
		var err error
		switch raw := b.raw[start:end]; {
		case r.row == 1:
			err = r.begin(b, raw, begin)
		case simple || plain(line) && strings.IndexByte(line, '"') < 0:
			err = r.split(b, raw[:len(line)], line)
		default:
			err = r.quotedRow(b, raw)
		}
		if err == nil && r.row > 1 {
			err = visit(r.row-2, r.values)
		}
		if err != nil {
			return err
		}
		start, r.lines = end, r.lines+lines
	}
	return nil
}

// rowEnd returns where the row that begins at start ends, and of how many text
// lines it is; an open quote reaches to the end.
func rowEnd(text string, start int) (end, lines int) {
	quotes := 0
	for end = start; end < len(text); {
		length := strings.IndexByte(text[end:], '\n') + 1
		if length == 0 {
			length = len(text) - end
		}
		quotes += strings.Count(text[end:end+length], `"`)
		end, lines = end+length, lines+1
		if quotes%2 == 0 {
			break
		}
	}
	return end, lines
}

func (r *rowReader) begin(b *batch, raw []byte, begin func(header) error) error {
	names, err := r.byRules(raw)
	if err != nil {
		return err
	}
	if r.head, err = newHeader(names); err != nil {
		return err
	}
	b.add(r.head.columns)
	return begin(r.head)
}

// split takes a row that is in canonical form already: without quotes and CR,
// and in NFC.
func (r *rowReader) split(b *batch, raw []byte, line string) error {
	r.values = r.values[:0]
	for {
		comma := strings.IndexByte(line, ',')
		if comma < 0 {
			break
		}
		r.values = append(r.values, line[:comma])
		line = line[comma+1:]
	}
	r.values = append(r.values, line)
	b.rows = append(b.rows, raw)
	return r.head.checkLength(len(r.values), r.row)
}

// quotedRow takes any other row.
func (r *rowReader) quotedRow(b *batch, raw []byte) (err error) {
	if r.values, err = r.byRules(raw); err != nil {
		return err
	}
	if err := r.head.checkLength(len(r.values), r.row); err != nil {
		return err
	}
	if err := normalise(r.values, r.row, r.head.columns); err != nil {
		return err
	}
	b.add(r.values)
	return nil
}

// byRules reads one row by the rules of encoding/csv.
func (r *rowReader) byRules(raw []byte) ([]string, error) {
	r.text.Reset(raw)
	values, err := r.quoted.Read()
	var malformed *csv.ParseError
	if errors.As(err, &malformed) {
		malformed.Line += r.lines + 1 - malformed.StartLine
	}
	if err != nil {
		return nil, readError(err, r.row)
	}
	return values, nil
}

// add appends the canonical form of a row.
func (b *batch) add(values []string) {
	start := len(b.other)
	b.other = appendRecord(b.other, values)
	b.rows = append(b.rows, b.other[start:len(b.other):len(b.other)])
}

// withoutMark skips the byte order mark.
func withoutMark(r io.Reader) *bufio.Reader {
	in := bufio.NewReaderSize(r, 1<<16)
	if start, _ := in.Peek(len(mark)); bytes.Equal(start, mark) {
		in.Discard(len(mark))
	}
	return in
}

// readError turns an error of encoding/csv at a row into one of ours.
func readError(err error, row int) error {
	var malformed *csv.ParseError
	switch {
	case err == io.EOF:
		return fault.New(fault.Unreadable, "frame.empty")
	case errors.As(err, &malformed):
		p := fault.P("frame.malformed", "line", malformed.Line).AtRow(row, "")
		return fault.Of(fault.Unreadable, []fault.Problem{p})
	default:
		return fault.Wrap(err, fault.Unreadable, "frame.unreadable")
	}
}
