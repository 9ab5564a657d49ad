package territory

import (
	"iter"

	"hailong/fault"
)

// Succession is one link from an old unit to a new one that took over all or,
// if Divided, a part of it. An old unit may have several, and a new one too.
// Codes are reused, so an old and a new unit may bear the same.
type Succession struct {
	Old     Code `json:"old"`
	New     Code `json:"new"`
	Divided bool `json:"divided,omitempty"`
}

// Reform is a change of the territory on one day: the units that ended and who
// succeeded them.
type Reform struct {
	Day   Day
	Old   []Unit // communes, districts and provinces named in the file; To is Day
	Links []Succession
}

// ReadReform reads the reform of a day from records with the fields old_code,
// new_code and divided and, where given, old_name, old_district_code,
// old_district, old_province_code and old_province. A row without an old code is
// about its district: some islands had no communes.
//
// A row is reported and makes no link if its new code is not among the units,
// it repeats another, or it calls divided an old unit that another row calls
// whole. The old unit is kept all the same.
func ReadReform(records iter.Seq2[int, map[string]string], units []Unit, day Day) (Reform, []fault.Problem) {
	r := reformReader{
		Reform: Reform{Day: day}, known: make(map[Code]bool, len(units)),
		old: map[levelCode]bool{}, linked: map[Succession]int{}, first: map[Code]firstRow{},
	}
	for _, u := range units {
		r.known[u.Code] = true
	}
	for row, fields := range records {
		r.read(row, fields)
	}
	return r.Reform, r.problems
}

type reformReader struct {
	Reform
	known    map[Code]bool
	old      map[levelCode]bool
	linked   map[Succession]int // without Divided → row
	first    map[Code]firstRow
	problems []fault.Problem
}

type levelCode struct {
	level Level
	code  Code
}

type firstRow struct {
	row     int
	divided bool
}

func (r *reformReader) report(row int, column, code string, pairs ...any) {
	r.problems = append(r.problems, fault.P(code, pairs...).AtRow(row, column))
}

func (r *reformReader) read(row int, fields map[string]string) {
	old := r.addOld(fields)
	if old == "" {
		r.report(row, "old_code", "units.code_missing")
		return
	}
	divided, ok := truth(fields["divided"])
	if !ok {
		r.report(row, "divided", "units.not_yes_or_no", "value", fields["divided"])
		return
	}
	if _, seen := r.first[old]; !seen {
		r.first[old] = firstRow{row, divided}
	}
	link := Succession{Old: old, New: Code(fields["new_code"])}
	switch first := r.first[old]; {
	case !r.known[link.New]:
		r.report(row, "new_code", "units.unknown_successor", "name", fields["old_name"], "old_code", old, "code", link.New)
	case r.linked[link] != 0:
		r.report(row, "old_code", "units.link_repeated", "old_code", old, "code", link.New, "first", r.linked[link])
	case first.divided != divided:
		r.report(row, "divided", "units.divided_contradicts", "old_code", old, "first", first.row)
	default:
		r.linked[link] = row
		link.Divided = divided
		r.Links = append(r.Links, link)
	}
}

// addOld keeps the old units of a row, the highest first, and returns the code
// of the lowest, which is the one succeeded.
func (r *reformReader) addOld(fields map[string]string) Code {
	var above Code
	for _, at := range []struct {
		level      Level
		code, name string
	}{
		{Province, "old_province_code", "old_province"},
		{District, "old_district_code", "old_district"},
		{Commune, "old_code", "old_name"},
	} {
		code := Code(fields[at.code])
		if code == "" {
			continue
		}
		if key := (levelCode{at.level, code}); !r.old[key] {
			r.old[key] = true
			kind, name := SplitKind(fields[at.name])
			r.Old = append(r.Old, Unit{Code: code, Name: name, Kind: kind, Level: at.level, Parent: above, To: r.Day})
		}
		above = code
	}
	return above
}

// Successors returns the new units of an old one; whole is true if it went into
// one of them undivided.
func (r Reform) Successors(old Code) (codes []Code, whole bool) {
	divided := false
	for _, l := range r.Links {
		if l.Old == old {
			codes = append(codes, l.New)
			divided = divided || l.Divided
		}
	}
	return codes, len(codes) == 1 && !divided
}

// Predecessors returns the old units that went into a new one, wholly or in
// part.
func (r Reform) Predecessors(code Code) []Code {
	var codes []Code
	for _, l := range r.Links {
		if l.New == code {
			codes = append(codes, l.Old)
		}
	}
	return codes
}
