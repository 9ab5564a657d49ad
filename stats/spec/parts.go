package spec

import (
	"bytes"
	"encoding/csv"
	"io"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"hailong/fault"
	"hailong/stats"
)

// wanted columns of a file: their labels, and one as numbers.
type wantedColumns struct {
	labels  []string
	numbers string // "" for none
}

// part is what a piece of the file holds of the wanted columns.
type part struct {
	rows    int
	columns []stats.Labels    // in the order of wantedColumns.labels; codes are the part's own
	build   []*stats.Interner // of the columns
	numbers []float64
	text    []byte // the numbers as lines of the shortest decimals
	// notNumber is the first cell of the numbers that is none, in a row counted from 1.
	notNumber struct {
		row  int
		text string
	}
	made any // what the reading's prepare has made of it
}

// reading reads the parts of a file on all processors and takes them in their order.
// What is taken does not depend on the number of processors.
type reading struct {
	file    string
	header  []string
	wanted  wantedColumns
	labels  []int // of each field: its place among the labels, or -1
	number  int   // field of the numbers, or -1
	last    int   // the last field that is wanted, or -1
	pieces  pieces
	prepare func(*part) // runs on any processor; nil: nothing
}

// newReading reads the header.
func newReading(in io.Reader, file string, wanted wantedColumns) (*reading, piece, error) {
	r := &reading{file: file, wanted: wanted, number: -1, pieces: pieces{in: in, size: pieceSize}}
	first, err := r.pieces.next(nil)
	if err != nil {
		return nil, first, unreadable(err, file)
	}
	head := records{data: bytes.TrimPrefix(first.data, []byte("\ufeff"))}
	header, err := head.read()
	if err != nil {
		return nil, first, unreadable(err, file)
	}
	names := wanted.labels
	if wanted.numbers != "" {
		names = append(names[:len(names):len(names)], wanted.numbers)
	}
	r.header = texts(header)
	if !utf8.ValidString(strings.Join(r.header, "")) {
		return nil, first, notUTF8(file, 1, "")
	}
	places, err := findColumns(r.header, file, names)
	if err != nil {
		return nil, first, err
	}
	r.labels = make([]int, len(header))
	for i := range r.labels {
		r.labels[i] = -1
	}
	for i := range wanted.labels {
		r.labels[places[i]] = i
	}
	if wanted.numbers != "" {
		r.number = places[len(places)-1]
	}
	r.last = slices.Max(append(places, -1))
	return r, piece{head.data, head.line, first.lines}, nil
}

// job is a piece on its way to a part.
type job struct {
	piece piece
	done  chan parsed
}

type parsed struct {
	part *part
	err  error
}

// each reads the parts and takes them one after the other, until take or the file is
// at fault.
func (r *reading) each(first piece, take func(*part) error) error {
	workers := runtime.GOMAXPROCS(0)
	jobs, inOrder, quit := make(chan job), make(chan job, workers), make(chan struct{})
	buffers := make(chan []byte, 2*workers+2)
	parts := make(chan *part, 2*workers+2)
	defer close(quit)
	go r.send(first, jobs, inOrder, buffers, quit)
	for range workers {
		go r.work(jobs, buffers, parts)
	}
	for j := range inOrder {
		p := <-j.done
		if p.err != nil {
			return unreadable(p.err, r.file)
		}
		if err := take(p.part); err != nil {
			return err
		}
		recycle(parts, p.part)
	}
	return nil
}

// recycle keeps a value for use again, if there is room.
func recycle[T any](pool chan T, value T) {
	select {
	case pool <- value:
	default:
	}
}

// reuse takes a value from the pool, or the zero value.
func reuse[T any](pool chan T) (value T) {
	select {
	case value = <-pool:
	default:
	}
	return value
}

// send cuts the file into jobs.
func (r *reading) send(first piece, jobs, inOrder chan<- job, buffers chan []byte, quit <-chan struct{}) {
	defer close(inOrder)
	defer close(jobs)
	for p, err := first, error(nil); ; p, err = r.pieces.next(reuse(buffers)) {
		if err == io.EOF {
			return
		}
		j := job{p, make(chan parsed, 1)}
		select {
		case inOrder <- j:
		case <-quit:
			return
		}
		if err != nil {
			j.done <- parsed{nil, err}
			return
		}
		select {
		case jobs <- j:
		case <-quit:
			return
		}
	}
}

func (r *reading) work(jobs <-chan job, buffers chan []byte, parts chan *part) {
	for j := range jobs {
		p := reuse(parts)
		if p == nil {
			p = &part{}
		}
		err := r.parse(j.piece, p)
		recycle(buffers, j.piece.data)
		if err == nil && r.prepare != nil {
			r.prepare(p)
		}
		j.done <- parsed{p, err}
	}
}

// parse reads the records of a piece.
func (r *reading) parse(from piece, p *part) error {
	for _, name := range r.wanted.labels[len(p.build):] {
		p.build = append(p.build, stats.NewInterner(name))
	}
	for _, in := range p.build {
		in.Reset(from.lines + 1)
	}
	if !utf8.Valid(from.data) {
		return r.badText(from)
	}
	p.rows, p.numbers, p.text, p.notNumber.row, p.made = 0, p.numbers[:0], p.text[:0], 0, nil
	if err := r.rows(from, p.build, p); err != nil {
		return err
	}
	p.columns = p.columns[:0]
	for _, in := range p.build {
		p.columns = append(p.columns, in.Labels())
	}
	return nil
}

// badText is the problem of the first cell of a piece that is not UTF-8.
func (r *reading) badText(from piece) error {
	in := records{data: from.data, line: from.line, width: len(r.labels)}
	for {
		record, err := in.read()
		if err != nil {
			return err
		}
		for f, cell := range record {
			if !utf8.Valid(cell) {
				return notUTF8(r.file, in.line, r.header[f])
			}
		}
	}
}

func notUTF8(file string, row int, column string) error {
	return &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{
		fault.P("stats.not_utf8").At(fault.Place{File: file, Row: row, Column: column})}}
}

// rows reads the records of a piece. Where there is no quote they need not be cut into
// fields first.
func (r *reading) rows(from piece, into []*stats.Interner, p *part) error {
	in := records{data: from.data, line: from.line, width: len(r.labels)}
	plain := bytes.IndexByte(from.data, '"') < 0
	for {
		if plain {
			line, ok := in.next()
			if !ok {
				return nil
			}
			if p.rows++; !r.plain(line, into, p) {
				return wrongCount(in.line)
			}
			continue
		}
		record, err := in.read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		p.rows++
		for f, cell := range record {
			r.cell(f, cell, into, p)
		}
	}
}

// plain reads a line without quotes, or returns false if its number of fields is wrong.
// Fields behind the last wanted one are only counted.
func (r *reading) plain(line []byte, into []*stats.Interner, p *part) bool {
	start := 0
	for f := range r.last + 1 {
		end := start + 1
		if end < len(line) && line[end] == ',' && line[start] != ',' { // most answers
			if place := r.labels[f]; place >= 0 && f != r.number {
				into[place].AddByte(line[start])
				start += 2
				continue
			}
		} else {
			for end = start; end < len(line) && line[end] != ','; end++ {
			}
		}
		if r.labels[f] >= 0 || f == r.number {
			r.cell(f, line[start:end], into, p)
		}
		if start = end + 1; start > len(line) {
			return f == len(r.labels)-1
		}
	}
	return r.last+1+bytes.Count(line[start:], []byte{','}) == len(r.labels)-1
}

// cell takes the f-th cell of a record.
func (r *reading) cell(f int, cell []byte, into []*stats.Interner, p *part) {
	cell = known(cell)
	if place := r.labels[f]; place >= 0 {
		into[place].AddBytes(cell)
	}
	if f == r.number {
		p.addNumber(cell)
	}
}

// known is the value of a cell, empty if it is missing.
func known(cell []byte) []byte {
	if len(cell) == 2 && cell[0] == 'N' && cell[1] == 'A' {
		return nil
	}
	return cell
}

// addNumber adds a number, NaN where it is missing.
func (p *part) addNumber(cell []byte) {
	x, exact := decimal(cell)
	if exact {
		p.text = append(append(p.text, cell...), '\n')
	} else {
		var ok bool
		if x, ok = number(string(cell)); !ok && len(cell) > 0 && p.notNumber.row == 0 {
			p.notNumber.row, p.notNumber.text = p.rows, string(cell)
		}
		if !ok {
			x = missingNumber
		}
		p.text = append(strconv.AppendFloat(p.text, x, 'g', -1, 64), '\n')
	}
	p.numbers = append(p.numbers, x)
}

// powers of ten that are exact.
var powers = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// decimal reads a number that is written as strconv would write it and has few enough
// digits to be exact by one division: nearly every weight.
func decimal(cell []byte) (x float64, exact bool) {
	whole, point := 0, -1
	if len(cell) == 0 || len(cell) > 16 {
		return 0, false
	}
	for i, b := range cell {
		switch {
		case '0' <= b && b <= '9':
			whole = 10*whole + int(b-'0')
		case b == '.' && point < 0 && i > 0:
			point = i
		default:
			return 0, false
		}
	}
	last := len(cell) - 1
	switch {
	case point < 0 && len(cell) <= 15 && (cell[0] != '0' || last == 0):
		return float64(whole), true
	case point < 0 || point == last || cell[last] == '0' || cell[0] == '0' && point > 1:
		return 0, false
	case cell[0] == '0' && (len(cell) < 3 || cell[2] == '0'):
		return 0, false // might be written with an exponent
	}
	return float64(whole) / powers[last-point], true
}

// bad is the problem of the part's numbers, if there is one, its rows counted from
// those before the part.
func (p *part) bad(column string, before int) error {
	if p.notNumber.row == 0 {
		return nil
	}
	return &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{
		fault.P("stats.not_a_number", "value", p.notNumber.text).AtRow(before+p.notNumber.row, column)}}
}

func unreadable(err error, file string) error {
	if err == io.EOF {
		return fault.InFile(fault.New(fault.Invalid, "stats.no_rows"), file)
	}
	if _, known := err.(*fault.Error); known {
		return err
	}
	place := fault.Place{File: file}
	if parse, ok := err.(*csv.ParseError); ok {
		place.Row = parse.Line
	}
	return &fault.Error{Kind: fault.Invalid, Cause: err, Problems: []fault.Problem{
		fault.P("stats.csv", "detail", err.Error()).At(place)}}
}
