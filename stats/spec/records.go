package spec

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"io"
)

// records reads CSV as encoding/csv does, with the fields as bytes that are valid
// until the next record. Lines without a quote, nearly all of them in survey data,
// are split in place, at a fraction of the time; the others go through
// encoding/csv.
type records struct {
	in     *bufio.Reader
	line   int    // last line read, from 1
	buffer []byte // the current record where it is not in the reader's own buffer
	fields [][]byte
	width  int // fields of the first record; 0 before it
}

func newRecords(in io.Reader) *records {
	r := &records{in: bufio.NewReaderSize(in, 1<<16)}
	if bom, err := r.in.Peek(3); err == nil && string(bom) == "\ufeff" {
		r.in.Discard(3) // three bytes are at hand
	}
	return r
}

// read returns the next record, or io.EOF. Empty lines are passed over.
func (r *records) read() ([][]byte, error) {
	for {
		line, err := r.readLine()
		if err != nil {
			return nil, err
		}
		if len(line) == 0 {
			continue
		}
		first := r.line
		if bytes.IndexByte(line, '"') < 0 {
			r.split(line)
		} else if err := r.quoted(line); err != nil {
			return nil, err
		}
		if r.width == 0 {
			r.width = len(r.fields)
		}
		if len(r.fields) != r.width {
			return nil, &csv.ParseError{StartLine: first, Line: first, Column: 1, Err: csv.ErrFieldCount}
		}
		return r.fields, nil
	}
}

// readLine returns a line without its end.
func (r *records) readLine() ([]byte, error) {
	line, err := r.in.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		r.buffer = append(r.buffer[:0], line...)
		for err == bufio.ErrBufferFull {
			line, err = r.in.ReadSlice('\n')
			r.buffer = append(r.buffer, line...)
		}
		line = r.buffer
	}
	if err == io.EOF && len(line) > 0 {
		err = nil
	}
	if err != nil {
		return nil, err
	}
	r.line++
	line = bytes.TrimSuffix(line, []byte{'\n'})
	return bytes.TrimSuffix(line, []byte{'\r'}), nil
}

func (r *records) split(line []byte) {
	r.fields = r.fields[:0]
	for {
		comma := bytes.IndexByte(line, ',')
		if comma < 0 {
			r.fields = append(r.fields, line)
			return
		}
		r.fields = append(r.fields, line[:comma])
		line = line[comma+1:]
	}
}

// quoted reads a record with quotes; while their number is odd, it goes on in the
// next line. Lines are put together with CR LF, which encoding/csv reads as LF, so
// that a CR of their own stays.
func (r *records) quoted(line []byte) error {
	first := r.line
	record := bytes.Clone(line)
	for bytes.Count(record, []byte{'"'})%2 == 1 {
		more, err := r.readLine()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		record = append(append(record, '\r', '\n'), more...)
	}
	texts, err := csv.NewReader(bytes.NewReader(append(record, '\r', '\n'))).Read()
	if err != nil {
		if parse, ok := err.(*csv.ParseError); ok {
			parse.StartLine += first - 1
			parse.Line += first - 1
		}
		return err
	}
	r.fields = r.fields[:0]
	for _, text := range texts {
		r.fields = append(r.fields, []byte(text))
	}
	return nil
}
