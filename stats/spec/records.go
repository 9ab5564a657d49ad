package spec

import (
	"bytes"
	"encoding/csv"
	"io"
	"slices"
)

// records reads the CSV records of a piece of a file as encoding/csv does, with the
// fields as bytes that are valid until the next record. Lines without a quote,
// nearly all of them in survey data, are split in place, at a fraction of the time;
// the others go through encoding/csv.
type records struct {
	data   []byte // what is left
	line   int    // last line read, from 1
	width  int    // fields of every record; 0: as many as the first has
	fields [][]byte
}

// next returns the next line that is not empty, without its end; ok is false at the end.
func (r *records) next() (line []byte, ok bool) {
	for {
		if line, ok = r.readLine(); !ok || len(line) > 0 {
			return line, ok
		}
	}
}

// read returns the next record, or io.EOF. Empty lines are passed over.
func (r *records) read() ([][]byte, error) {
	line, ok := r.next()
	if !ok {
		return nil, io.EOF
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
		return nil, wrongCount(first)
	}
	return r.fields, nil
}

func wrongCount(line int) error {
	return &csv.ParseError{StartLine: line, Line: line, Column: 1, Err: csv.ErrFieldCount}
}

// readLine returns a line without its end.
func (r *records) readLine() ([]byte, bool) {
	if len(r.data) == 0 {
		return nil, false
	}
	r.line++
	line := r.data
	if end := bytes.IndexByte(r.data, '\n'); end < 0 {
		r.data = nil
	} else {
		line, r.data = r.data[:end], r.data[end+1:]
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line, true
}

// split cuts a line at its commas.
func (r *records) split(line []byte) {
	fields := r.fields[:0]
	for {
		end := 1
		if !(len(line) > 1 && line[1] == ',' && line[0] != ',') { // as most answers are
			if end = bytes.IndexByte(line, ','); end < 0 {
				break
			}
		}
		fields = append(fields, line[:end])
		line = line[end+1:]
	}
	r.fields = append(fields, line)
}

// quoted reads a record with quotes; while their number is odd, it goes on in the
// next line. Lines are put together with CR LF, which encoding/csv reads as LF, so
// that a CR of their own stays.
func (r *records) quoted(line []byte) error {
	first := r.line
	record := bytes.Clone(line)
	for more, open := line, false; ; { // each line is counted once: an open quote takes the whole file
		if open = open != (bytes.Count(more, []byte{'"'})%2 == 1); !open {
			break
		}
		var ok bool
		if more, ok = r.readLine(); !ok {
			break
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

// piece is a run of whole records of a file.
type piece struct {
	data  []byte
	line  int // lines before it
	lines int // that it has
}

// pieceSize is how much is read at a time. It is fixed, so that what is made of the
// pieces does not depend on how many processors work on them.
const pieceSize = 1 << 18

// pieces cuts a file into runs of whole records.
type pieces struct {
	in   io.Reader
	size int
	rest []byte // the beginning of a record whose end has not been read
	line int
	err  error
}

// next returns the next piece in the buffer, or in a larger one; io.EOF at the end.
func (p *pieces) next(buffer []byte) (piece, error) {
	buffer = append(buffer[:0], p.rest...)
	for p.err == nil {
		from := len(buffer)
		buffer = slices.Grow(buffer, p.size)[:from+p.size]
		n, err := io.ReadFull(p.in, buffer[from:])
		buffer = buffer[:from+n]
		if err == io.ErrUnexpectedEOF {
			err = io.EOF
		}
		p.err = err
		if end := lastEnd(buffer); end > 0 && err == nil {
			p.rest = append(p.rest[:0], buffer[end:]...)
			return p.cut(buffer[:end]), nil
		}
	}
	if p.err != io.EOF || len(buffer) == 0 {
		return piece{}, p.err
	}
	p.rest = nil
	return p.cut(buffer), nil
}

func (p *pieces) cut(data []byte) piece {
	out := piece{data: data, line: p.line, lines: bytes.Count(data, []byte{'\n'})}
	p.line += out.lines
	return out
}

// eachRecord goes through the records of a file, the header first, a byte order mark
// left out. Fields are valid until the next record.
func eachRecord(in io.Reader, file string, take func(fields [][]byte) error) error {
	from, width, buffer := pieces{in: in, size: pieceSize}, 0, []byte(nil)
	for {
		p, err := from.next(buffer)
		if err == io.EOF && width > 0 {
			return nil
		}
		if err != nil {
			return unreadable(err, file)
		}
		buffer = p.data
		if p.line == 0 {
			p.data = bytes.TrimPrefix(p.data, []byte("\ufeff"))
		}
		some := records{data: p.data, line: p.line, width: width}
		for {
			fields, err := some.read()
			if err == io.EOF {
				break
			}
			if err != nil {
				return unreadable(err, file)
			}
			if err := take(fields); err != nil {
				return err
			}
		}
		width = some.width
	}
}

// lastEnd is the place behind the last line that ends a record: one with an even
// number of quotes before it. 0 if there is none.
func lastEnd(data []byte) int {
	odd := bytes.Count(data, []byte{'"'})%2 == 1
	for to := len(data); ; {
		end := bytes.LastIndexByte(data[:to], '\n')
		if end < 0 {
			return 0
		}
		if bytes.Count(data[end:to], []byte{'"'})%2 == 1 {
			odd = !odd
		}
		if !odd {
			return end + 1
		}
		to = end
	}
}
