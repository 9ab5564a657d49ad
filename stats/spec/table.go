package spec

import (
	"encoding/csv"
	"io"
	"math"
	"slices"
	"strconv"

	"hailong/fault"
	"hailong/stats"
)

// table is the part of a CSV file that a specification uses, in columns. Values
// are interned: what a condition or a number is, is decided once a distinct value.
type table struct {
	file    string
	rows    int
	columns map[string]stats.Labels
	parsed  map[string]stats.Numbers // columns read as numbers so far
}

// readTable reads the named columns. Empty cells and NA are missing. Rows are
// counted as a spreadsheet does: the header is row 1.
func readTable(in io.Reader, file string, names []string) (*table, error) {
	r := newRecords(in)
	header, err := r.read()
	if err != nil {
		return nil, unreadable(err, file)
	}
	places, err := findColumns(texts(header), file, names)
	if err != nil {
		return nil, err
	}
	interners := make([]*stats.Interner, len(names))
	for i, name := range names {
		interners[i] = stats.NewInterner(name)
	}
	t := &table{file: file, columns: map[string]stats.Labels{}, parsed: map[string]stats.Numbers{}}
	for {
		record, err := r.read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, unreadable(err, file)
		}
		t.rows++
		for i, place := range places {
			value := record[place]
			if len(value) == 2 && value[0] == 'N' && value[1] == 'A' {
				value = nil
			}
			interners[i].AddBytes(value)
		}
	}
	for i, name := range names {
		t.columns[name] = interners[i].Labels()
	}
	return t, nil
}

func texts(fields [][]byte) []string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = string(f)
	}
	return out
}

func unreadable(err error, file string) error {
	if err == io.EOF {
		return fault.InFile(fault.New(fault.Invalid, "stats.no_rows"), file)
	}
	place := fault.Place{File: file}
	if parse, ok := err.(*csv.ParseError); ok {
		place.Row = parse.Line
	}
	return &fault.Error{Kind: fault.Invalid, Cause: err, Problems: []fault.Problem{
		fault.P("stats.csv", "detail", err.Error()).At(place)}}
}

func findColumns(header []string, file string, names []string) ([]int, error) {
	var problems []fault.Problem
	places := make([]int, len(names))
	for i, name := range names {
		places[i] = slices.Index(header, name)
		if places[i] < 0 {
			problems = append(problems, fault.P("stats.column_unknown", "column", name).At(fault.Place{File: file, Row: 1}))
		} else if slices.Contains(header[places[i]+1:], name) {
			problems = append(problems, fault.P("stats.column_twice", "column", name).At(fault.Place{File: file, Row: 1}))
		}
	}
	return places, fault.Of(fault.Invalid, problems)
}

// numbers reads a column as numbers, or reports the first cell that is none.
func (t *table) numbers(name string) (stats.Numbers, error) {
	if known, ok := t.parsed[name]; ok {
		return known, nil
	}
	column := t.columns[name]
	byLevel := make([]float64, len(column.Levels))
	for c, text := range column.Levels {
		v, ok := number(text)
		if !ok {
			return stats.Numbers{}, &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{
				fault.P("stats.not_a_number", "value", text).AtRow(slices.Index(column.Codes, int32(c))+1, name)}}
		}
		byLevel[c] = v
	}
	out := stats.Numbers{Name: name, Values: make([]float64, t.rows)}
	for i, c := range column.Codes {
		out.Values[i] = math.NaN()
		if c != stats.Missing {
			out.Values[i] = byLevel[c]
		}
	}
	t.parsed[name] = out
	return out, nil
}

// number reads a finite or infinite number; NaN, which is not a value, is refused.
func number(text string) (float64, bool) {
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil && !math.IsNaN(v)
}

// numeric reports whether every value of the column is a number.
func (t *table) numeric(name string) bool {
	for _, text := range t.columns[name].Levels {
		if _, ok := number(text); !ok {
			return false
		}
	}
	return true
}

// placed moves the rows of an error from those of the data, counted from 1, to
// those of the file.
func (t *table) placed(err error) error {
	out := &fault.Error{Kind: fault.KindOf(err), Cause: err}
	for _, p := range fault.ProblemsOf(err) {
		if p.Place.Row > 0 && p.Place.File == "" {
			p.Place.Row++
			p.Place.File = t.file
		}
		out.Problems = append(out.Problems, p)
	}
	return out
}

// labels returns the crossing of several columns, with the values of each level.
func (t *table) labels(names []string) (crossed stats.Labels, values [][]string) {
	if len(names) == 0 {
		return stats.Labels{Codes: make([]int32, t.rows), Levels: []string{""}}, [][]string{{}}
	}
	type key struct{ outer, inner int32 }
	first := t.columns[names[0]]
	crossed = stats.Labels{Name: first.Name, Codes: slices.Clone(first.Codes), Levels: first.Levels}
	for _, l := range first.Levels {
		values = append(values, []string{l})
	}
	for _, name := range names[1:] {
		column := t.columns[name]
		codes, levels, next := map[key]int32{}, []string(nil), [][]string(nil)
		for i, outer := range crossed.Codes {
			inner := column.Codes[i]
			if outer == stats.Missing || inner == stats.Missing {
				crossed.Codes[i] = stats.Missing
				continue
			}
			code, ok := codes[key{outer, inner}]
			if !ok {
				code = int32(len(levels))
				codes[key{outer, inner}] = code
				levels = append(levels, crossed.Levels[outer]+", "+column.Levels[inner])
				next = append(next, append(slices.Clone(values[outer]), column.Levels[inner]))
			}
			crossed.Codes[i] = code
		}
		crossed.Levels, crossed.Name, values = levels, crossed.Name+", "+name, next
	}
	return crossed, values
}

// compareLevels orders values as numbers if both are, else as text.
func compareLevels(a, b string) int {
	x, xOK := number(a)
	y, yOK := number(b)
	if xOK && yOK && x != y {
		if x < y {
			return -1
		}
		return 1
	}
	if a < b {
		return -1
	}
	if a > b {
		return 1
	}
	return 0
}
