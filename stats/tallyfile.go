package stats

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"hailong/fault"
)

// The columns of a tally's file. Crossings follow the key, each with the prefix
// "by:". A row is of kind cell (all respondents), item, or set (people with a valid
// answer to any of the items named, separated by spaces); numbers are exact.
var (
	tallyKey  = []string{"variance_stratum", "stratum_size", "psu", "psu_size", "ssu"}
	tallySums = []string{"kind", "items", "n", "w", "w_score", "w_score2"}
)

const crossingPrefix = "by:"

// WriteCSV writes the tally as RFC 4180 with the shortest decimals that read back
// to the same numbers: ReadTally gives a tally with the very same figures. Cells
// without respondents are written too; items and sets without answers are not.
func (t *Tally) WriteCSV(w io.Writer) error {
	for _, id := range t.items {
		if id == "" || strings.ContainsAny(id, " \n\r\t") {
			return fault.New(fault.Invalid, "stats.tally_item_name", "item", id)
		}
	}
	out := csv.NewWriter(w)
	header := append([]string(nil), tallyKey...)
	for _, c := range t.crossings {
		header = append(header, crossingPrefix+c)
	}
	if err := out.Write(append(header, tallySums...)); err != nil {
		return writeFailed(err)
	}
	// The first rows name every item and set, so that the file says what was counted.
	for _, record := range t.shape() {
		if err := out.Write(record); err != nil {
			return writeFailed(err)
		}
	}
	for _, c := range t.Cells() {
		for _, record := range t.records(c) {
			if err := out.Write(record); err != nil {
				return writeFailed(err)
			}
		}
	}
	out.Flush()
	return writeFailed(out.Error())
}

func writeFailed(err error) error {
	if err == nil {
		return nil
	}
	return fault.Wrap(err, fault.Unavailable, "stats.tally_write")
}

// shape lists items and sets with no sums, on rows of no cell.
func (t *Tally) shape() [][]string {
	blank := make([]string, len(tallyKey)+len(t.crossings))
	var records [][]string
	for _, id := range t.items {
		records = append(records, append(append([]string(nil), blank...), "counted_item", id, "", "", "", ""))
	}
	for _, set := range t.sets {
		records = append(records, append(append([]string(nil), blank...), "counted_set", strings.Join(set, " "), "", "", "", ""))
	}
	return records
}

func (t *Tally) records(c Cell) [][]string {
	key := append([]string{c.Key.Stratum, exact(c.Key.StratumSize), c.Key.PSU, exact(c.Key.PSUSize), c.Key.SSU}, c.Key.Levels...)
	row := func(sums ...string) []string { return append(append([]string(nil), key...), sums...) }
	records := [][]string{row("cell", "", whole(c.All.N), exact(c.All.W), "", "")}
	for i, s := range c.Items {
		if s.N > 0 {
			records = append(records, row("item", t.items[i], whole(s.N), exact(s.W), exact(s.WY), exact(s.WYY)))
		}
	}
	for j, s := range c.Sets {
		if s.N > 0 {
			records = append(records, row("set", strings.Join(t.sets[j], " "), whole(s.N), exact(s.W), "", ""))
		}
	}
	return records
}

func whole(n int64) string   { return strconv.FormatInt(n, 10) }
func exact(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// ReadTally reads what WriteCSV wrote. Problems name the row, counted from 1 with
// the header.
func ReadTally(r io.Reader) (*Tally, error) {
	in := csv.NewReader(r)
	header, err := in.Read()
	if err != nil {
		return nil, fault.Wrap(err, fault.Unreadable, "stats.tally_unreadable")
	}
	crossings, err := tallyHeader(header)
	if err != nil {
		return nil, err
	}
	reader := tallyReader{crossings: crossings}
	for row := 2; ; row++ {
		record, err := in.Read()
		if err == io.EOF {
			return reader.finish()
		}
		if err != nil {
			return nil, fault.Wrap(err, fault.Unreadable, "stats.tally_unreadable")
		}
		if err := reader.row(record); err != nil {
			return nil, atRow(err, row)
		}
	}
}

// atRow places an error's problems at a row.
func atRow(err error, row int) error {
	placed := &fault.Error{Kind: fault.KindOf(err), Cause: err}
	for _, p := range fault.ProblemsOf(err) {
		placed.Problems = append(placed.Problems, p.AtRow(row, p.Place.Column))
	}
	return placed
}

func tallyHeader(header []string) (crossings []string, err error) {
	n := len(header) - len(tallyKey) - len(tallySums)
	bad := fault.New(fault.Invalid, "stats.tally_header", "header", strings.Join(header, ","))
	if n < 0 {
		return nil, bad
	}
	for i, name := range header {
		switch crossing, ok := strings.CutPrefix(name, crossingPrefix); {
		case i >= len(tallyKey) && i < len(tallyKey)+n:
			if !ok {
				return nil, bad
			}
			crossings = append(crossings, crossing)
		case i < len(tallyKey) && name != tallyKey[i], i >= len(tallyKey)+n && name != tallySums[i-len(tallyKey)-n]:
			return nil, bad
		}
	}
	return crossings, nil
}

// tallyReader gathers what is counted from the first rows and then fills cells.
type tallyReader struct {
	crossings []string
	items     []string
	sets      [][]string
	tally     *Tally
}

func (r *tallyReader) row(record []string) error {
	sums := record[len(tallyKey)+len(r.crossings):]
	kind, names := sums[0], sums[1]
	switch {
	case kind == "counted_item" && r.tally == nil:
		r.items = append(r.items, names)
		return nil
	case kind == "counted_set" && r.tally == nil:
		r.sets = append(r.sets, strings.Fields(names))
		return nil
	}
	if _, err := r.finish(); err != nil {
		return err
	}
	p := parser{}
	key := Key{Stratum: record[0], StratumSize: p.number(record[1]), PSU: record[2], PSUSize: p.number(record[3]),
		SSU: record[4], Levels: record[len(tallyKey) : len(tallyKey)+len(r.crossings)]}
	s := ItemSums{N: p.whole(sums[2]), W: p.number(sums[3])}
	if kind == "item" {
		s.WY, s.WYY = p.number(sums[4]), p.number(sums[5])
	}
	if p.bad != "" {
		return fault.New(fault.Invalid, "stats.tally_number", "value", p.bad)
	}
	id, err := r.tally.Cell(key)
	if err != nil {
		return err
	}
	return r.tally.fill(id, kind, names, s)
}

// finish makes the tally once everything that is counted has been named.
func (r *tallyReader) finish() (*Tally, error) {
	if r.tally != nil {
		return r.tally, nil
	}
	var err error
	r.tally, err = NewTally(r.items, r.sets, r.crossings...)
	return r.tally, err
}

// fill adds a file row's sums to a cell.
func (t *Tally) fill(id CellID, kind, names string, s ItemSums) error {
	c := &t.cells[id]
	switch kind {
	case "cell":
		c.All.add(Count{s.N, s.W})
		return nil
	case "item":
		for i, item := range t.items {
			if item == names {
				c.Items[i].add(s)
				return nil
			}
		}
	case "set":
		for j, set := range t.sets {
			if strings.Join(set, " ") == names {
				c.Sets[j].add(Count{s.N, s.W})
				return nil
			}
		}
	}
	return fault.New(fault.Invalid, "stats.tally_row", "kind", kind, "items", names)
}

// parser reads numbers and remembers the first that is none.
type parser struct{ bad string }

func (p *parser) number(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if (err != nil || v < 0 || v != v || v-v != 0) && p.bad == "" {
		p.bad = s
	}
	return v
}

func (p *parser) whole(s string) int64 {
	v, err := strconv.ParseInt(s, 10, 64)
	if (err != nil || v < 0) && p.bad == "" {
		p.bad = s
	}
	return v
}
