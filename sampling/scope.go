package sampling

import (
	"slices"
	"strings"
)

// scope finds the cell of a row: the rows drawn from are those that fulfil
// `where` and, in a later stage, belong to a parent drawn before.
type scope struct {
	columns []string
	plan    Plan
	parent  *Parent
	key     int   // positions of the plan's columns
	where   []int // of each condition
	names   []int // of the columns that name the cell: parent_key, then strata
	size    int   // -1 without
	sd      int   // -1 without
	cost    int   // -1 without
	cells   []*cell
	byName  map[string]*cell
	name    []byte
	last    *cell // of the row before, which mostly has the same
	values  []string
}

func newScope(h Rows, p Plan, parent *Parent) *scope {
	columns := h.Columns()
	at := func(name string) int { return slices.Index(columns, name) }
	s := &scope{columns: columns, plan: p, parent: parent, key: at(p.Key), size: at(p.Size), sd: -1, cost: -1, byName: make(map[string]*cell)}
	for _, c := range p.Where {
		s.where = append(s.where, at(c.Var))
	}
	if p.ParentKey != "" {
		s.names = append(s.names, at(p.ParentKey))
	}
	for _, name := range p.Strata {
		s.names = append(s.names, at(name))
	}
	if a := p.Allocation; a != nil && (a.Rule == Neyman || a.Rule == Optimal) {
		s.sd = at(a.SD)
		if a.Rule == Optimal {
			s.cost = at(a.Cost)
		}
	}
	s.values = make([]string, len(s.names))
	return s
}

// fulfils reports whether a row fulfils the conditions; wrong is the first that
// cannot be evaluated on it, or -1.
func (s *scope) fulfils(values []string) (yes bool, wrong int) {
	for i, c := range s.plan.Where {
		holds, ok := c.holds(values[s.where[i]])
		if !ok {
			return false, i
		}
		if !holds {
			return false, -1
		}
	}
	return true, -1
}

// parentDrawn reports whether the row's own parent can be drawn from.
func (s *scope) parentDrawn(values []string) bool {
	return s.parent == nil || s.parent.drawn(Key(values[s.names[0]]))
}

// cell returns the cell of a row, or nil if there is none of that name yet.
func (s *scope) cell(values []string) *cell {
	same := s.last != nil
	for i, at := range s.names {
		same = same && s.values[i] == values[at]
	}
	if same {
		return s.last
	}
	s.name = s.name[:0]
	for i, at := range s.names {
		s.name = append(append(s.name, values[at]...), separator...)
		s.values[i] = values[at]
	}
	s.last = s.byName[string(s.name)]
	return s.last
}

// open makes the cell that was last asked for.
func (s *scope) open(row int) *cell {
	c := &cell{number: len(s.cells), first: row, sized: s.size >= 0}
	labels := strings.Split(strings.TrimSuffix(string(s.name), separator), separator)
	if s.plan.ParentKey != "" {
		c.parent, labels = Key(labels[0]), labels[1:]
	}
	c.stratum = Stratum(joined(labels...))
	s.byName[string(s.name)] = c
	s.cells, s.last = append(s.cells, c), c
	return c
}

// find returns the cell of a row in a later pass, nil if it is not drawn from.
func (s *scope) find(values []string) *cell {
	if yes, _ := s.fulfils(values); !yes || !s.parentDrawn(values) {
		return nil
	}
	return s.cell(values)
}
