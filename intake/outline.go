package intake

import "slices"

// Outline is a file as far as it can be described before it is understood: what
// the user needs to see to say which sheet, row and columns are meant.
type Outline struct {
	Sheet     string // the sheet that was or would be read
	HeaderRow int    // number of the header's first row, 0 if none was found
	Columns   []OutlineColumn
}

// OutlineColumn is one column of a sheet.
type OutlineColumn struct {
	Index    int
	Letters  string // "A"
	Header   string
	Field    string   // that it was taken for, "" for none
	Samples  []string // its first texts
	Encoding Encoding // in which most of its old letters were read; "" if it has none
	Foreign  bool     // letters of old fonts are left in it
}

// sampled is how many texts of a column an outline shows.
const sampled = 3

// Outline describes the sheet that Find would choose or, where it chooses none,
// the one that comes nearest.
func (b *Book) Outline(want Want) Outline {
	f, ok := b.nearest(want)
	if !ok {
		return Outline{}
	}
	o := Outline{Sheet: f.name}
	if f.height == 0 {
		f.mapping.Header = make([]string, widest(f.rows[:min(len(f.rows), headerRoom)]))
	} else {
		o.HeaderRow = f.rows[f.first].Number
	}
	fields := map[int]string{}
	for field, col := range f.mapping.Fields {
		fields[col] = field
	}
	encodings := map[int]Encoding{}
	for _, c := range f.recoded(f.first, len(f.mapping.Header)) {
		encodings[c.Column] = c.Encoding
	}
	for i, header := range f.mapping.Header {
		c := OutlineColumn{Index: i, Letters: columnLetters(i), Header: header, Field: fields[i], Encoding: encodings[i]}
		c.sample(f.rows[f.first+f.height:], i)
		if !slices.Contains(AddedColumns, header) && (header != "" || len(c.Samples) > 0) {
			o.Columns = append(o.Columns, c)
		}
	}
	return o
}

// sample fills in what the column holds.
func (c *OutlineColumn) sample(rows []Row, col int) {
	for _, row := range rows {
		if col >= len(row.Cells) || row.Cells[col] == "" {
			continue
		}
		if len(c.Samples) < sampled {
			c.Samples = append(c.Samples, row.Cells[col])
		}
		if !isASCII(row.Cells[col]) && oldFont(row.Cells[col]) {
			c.Foreign = true
		}
	}
}

// nearest is the grid that comes nearest to what is wanted; ok is false if no
// sheet can be chosen at all.
func (b *Book) nearest(want Want) (best fit, ok bool) {
	for _, g := range b.eligible(want.Sheet) {
		g = g.force(want.Encodings)
		l := g.layout(want.Columns, want.HeaderRow)
		l.mapping = l.mapping.override(want.Override, want.Columns)
		filled, before := l.first+l.height < len(g.rows), ok && best.first+best.height < len(best.rows)
		if !ok || l.better(best.layout) || filled && !before && !best.better(l) {
			best, ok = fit{g, l}, true
		}
	}
	return best, ok
}

func widest(rows []Row) int {
	width := 0
	for _, row := range rows {
		width = max(width, len(row.Cells))
	}
	return width
}
