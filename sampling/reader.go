package sampling

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"

	"hailong/fault"
)

// recordReader reads a frame row by row. Lines without quotes are split here,
// which is most of the work of a large frame; rows with quotes are left to
// encoding/csv. A row ends at the first line end with an even number of quotes
// before it, in every file that encoding/csv accepts.
type recordReader struct {
	in     *bufio.Reader
	record []byte // the row at hand with its line ends
	lines  int    // text lines before the row at hand
	inRow  int    // text lines of the row at hand

	quoted *csv.Reader // reads one row from text
	text   *bytes.Reader
}

func newRecordReader(r io.Reader) *recordReader {
	text := bytes.NewReader(nil)
	quoted := csv.NewReader(text)
	quoted.FieldsPerRecord = -1 // the builder counts them, and says how many
	return &recordReader{in: withoutMark(r), quoted: quoted, text: text}
}

// header returns the values of the first row.
func (r *recordReader) header() ([]string, error) {
	_, err := r.read()
	if err == io.EOF {
		return nil, fault.New(fault.Unreadable, "frame.empty")
	}
	if err != nil {
		return nil, err
	}
	return r.parse(1)
}

// next gives the next row to the builder; after the last it returns io.EOF.
func (r *recordReader) next(b *frameBuilder) error {
	quotes, err := r.read()
	if err != nil {
		return err
	}
	if line := withoutEnd(r.record); quotes == 0 {
		if text := string(line); plain(text) {
			return b.addPlain(text, line)
		}
	}
	row, err := r.parse(len(b.f.rows) + 2)
	if err != nil {
		return err
	}
	return b.add(row)
}

// read brings the text of the next row to hand and counts its quotes; blank
// lines are no rows.
func (r *recordReader) read() (quotes int, err error) {
	r.record, r.lines, r.inRow = r.record[:0], r.lines+r.inRow, 0
	for {
		start := len(r.record)
		switch err := r.readLine(); {
		case err == io.EOF && start > 0:
			return quotes, nil // an open quote, which parse reports
		case err != nil:
			return 0, err
		}
		line := r.record[start:]
		quotes += bytes.Count(line, []byte{'"'})
		switch {
		case quotes%2 == 1:
		case start == 0 && len(withoutEnd(line)) == 0:
			r.record, r.lines, r.inRow = r.record[:0], r.lines+1, 0
		default:
			return quotes, nil
		}
	}
}

// readLine appends the next text line; it returns io.EOF if there is none.
func (r *recordReader) readLine() error {
	before := len(r.record)
	for {
		part, err := r.in.ReadSlice('\n')
		r.record = append(r.record, part...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case err == io.EOF && len(r.record) == before:
			return io.EOF
		case err != nil && err != io.EOF:
			return fault.Wrap(err, fault.Unreadable, "frame.unreadable")
		default:
			r.inRow++
			return nil
		}
	}
}

func withoutEnd(line []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte{'\n'}), []byte{'\r'})
}

// parse reads the row at hand by the rules of encoding/csv.
func (r *recordReader) parse(row int) ([]string, error) {
	r.text.Reset(r.record)
	values, err := r.quoted.Read()
	var malformed *csv.ParseError
	if errors.As(err, &malformed) {
		malformed.Line += r.lines + 1 - malformed.StartLine
	}
	if err != nil {
		return nil, readError(err, row)
	}
	return values, nil
}

// withoutMark skips the byte order mark that spreadsheets put before UTF-8.
func withoutMark(r io.Reader) *bufio.Reader {
	in := bufio.NewReaderSize(r, 1<<16)
	if start, _ := in.Peek(3); bytes.Equal(start, []byte("\ufeff")) {
		in.Discard(3)
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
