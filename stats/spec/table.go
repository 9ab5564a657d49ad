package spec

import (
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"hailong/fault"
	"hailong/stats"
)

// table is the part of a CSV file that a specification uses, in columns. Values
// are interned: what a condition or a number is, is decided once a distinct value.
// Its rows are those of the file, or cells in which those are summed up.
type table struct {
	file    string
	rows    int
	columns map[string]stats.Labels
	lock    sync.Mutex
	parsed  map[string]stats.Numbers // columns read as numbers so far
	cells   *cells                   // nil: the rows are those of the file
}

func newTable(file string) *table {
	return &table{file: file, columns: map[string]stats.Labels{}, parsed: map[string]stats.Numbers{}}
}

// readTable reads the named columns. Empty cells and NA are missing. Rows are
// counted as a spreadsheet does: the header is row 1.
func readTable(in io.Reader, file string, wanted wantedColumns) (*table, error) {
	r, first, err := newReading(in, file, wanted)
	if err != nil {
		return nil, err
	}
	interners := make([]*stats.Interner, len(wanted.labels))
	for i, name := range wanted.labels {
		interners[i] = stats.NewInterner(name)
	}
	t := newTable(file)
	var numbers []float64
	err = r.each(first, func(p *part) error {
		if err := p.bad(wanted.numbers, t.rows); err != nil {
			return t.placed(err)
		}
		for i, column := range p.columns {
			interners[i].Append(column)
		}
		numbers = append(numbers, p.numbers...)
		t.rows += p.rows
		return nil
	})
	for i, name := range wanted.labels {
		t.columns[name] = interners[i].Labels()
	}
	if wanted.numbers != "" {
		t.parsed[wanted.numbers] = stats.Numbers{Name: wanted.numbers, Values: numbers}
	}
	return t, err
}

func texts(fields [][]byte) []string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = string(f)
	}
	return out
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
	t.lock.Lock() // replicates are computed in parallel
	defer t.lock.Unlock()
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
	t.parsed[name] = decoded(name, column.Codes, byLevel)
	return t.parsed[name], nil
}

// decoded is a column of numbers by their codes; NaN where there is none.
func decoded(name string, codes []int32, of []float64) stats.Numbers {
	out := stats.Numbers{Name: name, Values: make([]float64, len(codes))}
	for i, c := range codes {
		out.Values[i] = math.NaN()
		if c != stats.Missing {
			out.Values[i] = of[c]
		}
	}
	return out
}

// missingNumber stands for a missing cell.
var missingNumber = math.NaN()

// number reads a decimal number, with an exponent or not, as programs write it; spaces
// around it do not count. Words such as Inf, other bases and digits in groups are text.
func number(text string) (float64, bool) {
	text = strings.Trim(text, " ")
	for _, b := range []byte(text) {
		if (b < '0' || b > '9') && b != '.' && b|0x20 != 'e' && b != '-' && b != '+' {
			return 0, false
		}
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil
}

// numberCache remembers the values of texts, a few of which repeat again and again.
type numberCache [256]struct {
	text  string
	value float64
}

// number is the number that a text stands for.
func (c *numberCache) number(text []byte) (float64, bool) {
	n := len(text)
	if n == 0 {
		return 0, false
	}
	at := &c[text[0]^text[n-1]<<3^text[n/2]<<5^byte(n)]
	if at.text == string(text) {
		return at.value, true
	}
	v, ok := number(string(text))
	if ok {
		at.text, at.value = string(text), v
	}
	return v, ok
}

// levels are the distinct values of a variable.
func (t *table) levels(name string) []string {
	if t.cells != nil {
		_, levels := t.cells.measure(name)
		return levels
	}
	return t.columns[name].Levels
}

// variable is a column of what the value function gives for each distinct value.
func (t *table) variable(name string, of []float64) stats.Numbers {
	if t.cells != nil {
		counted, _ := t.cells.measure(name)
		return t.cells.columns([]string{name}, func(cell int32, _ int) []sum { return counted(cell) }, of)[0]
	}
	return decoded(name, t.columns[name].Codes, of)
}

// values reads a variable as numbers.
func (t *table) values(name string) (stats.Numbers, error) {
	if t.cells == nil {
		return t.numbers(name)
	}
	levels := t.levels(name)
	of := make([]float64, len(levels))
	for c, text := range levels {
		var ok bool
		if of[c], ok = number(text); !ok {
			return stats.Numbers{}, errNotInCells // the rows tell where
		}
	}
	return t.variable(name, of), nil
}

// numeric reports whether the distinct values are numbers, rather than those of a
// category. Infinite numbers, NaN, numbers with a comma, and single texts among many numbers
// are mistakes: who then reads the numbers is told where.
func numeric(values []string) bool {
	texts := 0
	for _, text := range values {
		if _, err := strconv.ParseFloat(strings.Replace(strings.Trim(text, " "), ",", ".", 1), 64); err != nil {
			texts++
		}
	}
	return numbersPerText*texts <= len(values)-texts
}

// numbersPerText is how many different numbers stand beside a text that is a mistake.
const numbersPerText = 9

// placed moves the rows of an error from those of the data, counted from 1, to
// those of the file.
func (t *table) placed(err error) error {
	out := &fault.Error{Kind: fault.KindOf(err), Cause: err}
	for _, p := range fault.ProblemsOf(err) {
		if p.Place.Row > 0 && p.Place.File == "" {
			p.Place.Row++
			p.Place.File = t.file
			p.Args = slices.Clone(p.Args)
			for i, arg := range p.Args {
				if row, ok := arg.Value.(int); ok && strings.HasSuffix(arg.Name, "_row") {
					p.Args[i].Value = row + 1
				}
			}
		}
		out.Problems = append(out.Problems, p)
	}
	return out
}

// run is a part of the rows.
func (t *table) run(from, to int) *table {
	out := newTable(t.file)
	out.rows = to - from
	for name, column := range t.columns {
		column.Codes = column.Codes[from:to]
		out.columns[name] = column
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
