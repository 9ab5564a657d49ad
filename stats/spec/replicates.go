package spec

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"hailong/fault"
	"hailong/stats"
)

// Replicates asks for replicate variance: weights from a file, or made from the
// design.
type Replicates struct {
	File     string   `json:"file"` // CSV: the key columns, then a column a replicate
	Key      []string `json:"key"`
	Type     string   `json:"type"` // JK1, JKn, BRR, Fay, bootstrap, subbootstrap, mrbbootstrap, other
	Scale    *float64 `json:"scale"`
	RScales  RScales  `json:"rscales"`
	MSE      bool     `json:"mse"`
	Combined *bool    `json:"combined"` // of a file: weights, not factors of the weights
	Rho      *float64 `json:"rho"`      // Fay's
	Count    int      `json:"count"`    // of made bootstrap replicates
	Seed     uint64   `json:"seed"`
}

// RScales is a number for each replicate, or one for all.
type RScales []float64

// UnmarshalJSON reads a list or a number.
func (r *RScales) UnmarshalJSON(raw []byte) error {
	var one float64
	if json.Unmarshal(raw, &one) == nil {
		*r = RScales{one}
		return nil
	}
	return json.Unmarshal(raw, (*[]float64)(r))
}

// check refuses what the type needs and lacks, and what would be ignored.
func (r Replicates) check() []fault.Problem {
	var problems []fault.Problem
	fromFile := r.File != ""
	known := []string{"JK1", "JKn", "BRR", "Fay", "bootstrap", "subbootstrap", "mrbbootstrap", "other"}
	if !slices.Contains(known, r.Type) || (!fromFile && r.Type == "other") {
		problems = append(problems, unsupported("replicates.type", r.Type))
	}
	for _, rule := range []struct {
		key               string
		given, need, used bool
	}{
		{"key", len(r.Key) > 0, fromFile, fromFile},
		{"combined", r.Combined != nil, fromFile, fromFile},
		{"scale", r.Scale != nil, fromFile && r.Type == "other" && len(r.RScales) == 0, fromFile},
		{"rscales", len(r.RScales) > 0, fromFile && r.Type == "JKn", fromFile},
		{"rho", r.Rho != nil, r.Type == "Fay" && r.Scale == nil, r.Type == "Fay"},
		{"count", r.Count > 0, !fromFile && strings.HasSuffix(r.Type, "bootstrap"), !fromFile && strings.HasSuffix(r.Type, "bootstrap")},
	} {
		if rule.need && !rule.given {
			problems = append(problems, missing("replicates."+rule.key))
		}
		if rule.given && !rule.used {
			problems = append(problems, fault.P("stats.spec_unused", "key", "replicates."+rule.key, "stat", r.Type))
		}
	}
	return problems
}

// make returns the replicates for the rows of the data.
func (r Replicates) make(t *table, d *stats.Design, open Open) (stats.Replicates, error) {
	if r.File != "" {
		return r.read(t, open)
	}
	var out stats.Replicates
	var err error
	switch r.Type {
	case "JK1":
		if d.Strata() > 1 {
			return out, fault.New(fault.Invalid, "stats.replicate_strata")
		}
		out, err = d.JackknifeReplicates()
	case "JKn":
		out, err = d.JackknifeReplicates()
	case "BRR":
		out, err = d.BRRReplicates(0)
	case "Fay":
		out, err = d.BRRReplicates(*r.Rho)
	case "mrbbootstrap":
		out, err = d.RescaledReplicates(r.Count, r.Seed)
	default:
		out, err = d.BootstrapReplicates(r.Count, r.Seed)
	}
	out.MSE = r.MSE
	return out, err
}

// read takes the replicates from the file and finds each data row's unit by key.
func (r Replicates) read(t *table, open Open) (stats.Replicates, error) {
	in, err := open(r.File)
	if err != nil {
		return stats.Replicates{}, err
	}
	defer in.Close()
	f := factorFile{name: r.File, key: r.Key, units: map[string]int32{}, room: 1}
	for _, name := range r.Key {
		f.room = max(f.room, len(t.columns[name].Levels)) // mostly all there are
	}
	if err := eachRecord(in, r.File, f.take); err != nil {
		return stats.Replicates{}, fault.InFile(err, r.File)
	}
	out := stats.Replicates{Factors: f.factors(), Combined: *r.Combined, MSE: r.MSE}
	if out.Unit, err = f.find(t); err != nil {
		return out, err
	}
	r.scales(&out)
	return out, out.Check()
}

// factorFile is what has been read of a file of replicates.
type factorFile struct {
	name   string
	key    []string
	header []string
	places []int // of the key columns
	units  map[string]int32
	all    []float64 // by replicate, with room for so many units each
	room   int
	known  numberCache
}

// take takes the next record, the header first.
func (f *factorFile) take(record [][]byte) (err error) {
	if f.header == nil {
		f.header = texts(record)
		if f.places, err = findColumns(f.header, f.name, f.key); err != nil {
			return err
		}
		f.all = make([]float64, f.room*(len(f.header)-len(f.places)))
		return nil
	}
	unit, row := len(f.units), len(f.units)+2
	var key []string
	for _, p := range f.places {
		key = append(key, string(record[p]))
	}
	id := fmt.Sprintf("%q", key)
	if _, twice := f.units[id]; twice {
		return &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{
			fault.P("stats.replicate_key_twice", "key", strings.Join(key, ", ")).AtRow(row, f.key[0])}}
	}
	if unit == f.room {
		f.makeRoom(2 * unit)
	}
	f.units[id] = int32(unit)
	at := unit
	for i, text := range record {
		if slices.Contains(f.places, i) {
			continue
		}
		v, ok := f.known.number(text)
		if !ok {
			return &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{
				fault.P("stats.not_a_number", "value", string(text)).AtRow(row, f.header[i])}}
		}
		f.all[at] = v
		at += f.room
	}
	return nil
}

// find finds the unit of each row of the data.
func (f *factorFile) find(t *table) ([]int32, error) {
	var columns []stats.Labels
	for _, name := range f.key {
		columns = append(columns, t.columns[name])
	}
	rows, first := cross(columns, t.rows)
	units := make([]int32, len(first))
	for i, row := range first {
		var key []string
		for _, c := range columns {
			if code := c.Codes[row]; code != stats.Missing {
				key = append(key, c.Levels[code])
			}
		}
		var ok bool
		if units[i], ok = f.units[fmt.Sprintf("%q", key)]; !ok {
			return nil, &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{
				fault.P("stats.replicate_no_key", "key", strings.Join(key, ", "), "file", f.name).AtRow(int(row)+1, f.key[0])}}
		}
	}
	for row, i := range rows {
		rows[row] = units[i]
	}
	return rows, nil
}

// factors are those read, by replicate and unit.
func (f *factorFile) factors() [][]float64 {
	out := make([][]float64, len(f.header)-len(f.places))
	for r := range out {
		out[r] = f.all[r*f.room:][:len(f.units)]
	}
	return out
}

// makeRoom makes room for so many units.
func (f *factorFile) makeRoom(units int) {
	before := f.factors()
	f.room = units
	f.all = make([]float64, units*len(before))
	for r, factors := range before {
		copy(f.all[r*units:], factors)
	}
}

// scales fills in what the type implies where nothing is given.
func (r Replicates) scales(out *stats.Replicates) {
	n := float64(len(out.Factors))
	switch r.Type {
	case "JK1":
		out.Scale = (n - 1) / n
	case "BRR":
		out.Scale = 1 / n
	case "Fay":
		if r.Rho != nil {
			out.Scale = 1 / (n * (1 - *r.Rho) * (1 - *r.Rho))
		}
	case "bootstrap", "subbootstrap", "mrbbootstrap":
		out.Scale = 1 / (n - 1)
	default:
		out.Scale = 1
	}
	if r.Scale != nil {
		out.Scale = *r.Scale
	}
	out.RScales = r.RScales
	for len(out.RScales) < len(out.Factors) && len(r.RScales) <= 1 {
		one := 1.0
		if len(r.RScales) == 1 {
			one = r.RScales[0]
		}
		out.RScales = append(out.RScales, one)
	}
}
