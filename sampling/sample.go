package sampling

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"

	"hailong/fault"
)

// Role is why a unit is in the sample.
type Role string

// The roles. Reserve units have no probability; one that replaces a main unit
// takes over that unit's.
const (
	RoleMain      Role = "main"
	RoleCertainty Role = "certainty"
	RoleReserve   Role = "reserve"
)

// sampleColumns are what a sample has after the columns of its frame.
var sampleColumns = []string{"stratum", "draw_order", "role", "stage_prob", "inclusion_prob", "weight",
	"psu", "ssu", "variance_stratum", "fpc"}

// Sample is what was drawn: cell by cell in the order of the cells' first rows
// in the frame, within a cell in drawn order.
type Sample struct {
	columns []string // of the frame
	Units   []Drawn
}

// Drawn is one unit of a sample. Probabilities, weight and FPC are 0 where they
// are not defined.
type Drawn struct {
	Values          []string // as in the frame
	Key             Key
	Stratum         Stratum
	DrawOrder       int // within its cell, from 1
	Role            Role
	StageProb       float64 // in this stage, given its parent
	InclusionProb   float64 // over all stages
	Weight          float64 // 1/InclusionProb
	PSU, SSU        string  // SSU is empty for a unit that is its own PSU
	VarianceStratum string
	FPC             float64 // probability of the PSU in the stage that drew it: n/N, or n·x/X by size
}

// Value returns the unit's value in a column of the frame, "" if there is none.
func (s Sample) Value(u Drawn, column string) string {
	if i := slices.Index(s.columns, column); i >= 0 {
		return u.Values[i]
	}
	return ""
}

// CSV returns the content of sample.csv, in the canonical form of frames.
// Numbers are written with the fewest digits that read back to the same double,
// without exponent.
func (s Sample) CSV() []byte {
	out := append(appendRecord(nil, slices.Concat(s.columns, sampleColumns)), '\n')
	for _, u := range s.Units {
		out = append(appendRecord(out, slices.Concat(u.Values, u.design())), '\n')
	}
	return out
}

// Digest returns the SHA-256 of CSV.
func (s Sample) Digest() Digest { return DigestOf(s.CSV()) }

func (u Drawn) design() []string {
	return []string{string(u.Stratum), strconv.Itoa(u.DrawOrder), string(u.Role), number(u.StageProb), number(u.InclusionProb),
		number(u.Weight), u.PSU, u.SSU, u.VarianceStratum, number(u.FPC)}
}

// number writes a double, or nothing for 0, which stands for undefined.
func number(x float64) string {
	if x == 0 {
		return ""
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

// ReadSample reads a sample.csv whose units are identified by the key column.
// Errors: those of reading a frame, draw.sample_columns, draw.sample_value.
func ReadSample(r io.Reader, key string) (Sample, error) {
	rows, err := csv.NewReader(withoutMark(r)).ReadAll()
	if err != nil {
		return Sample{}, readError(err, 0)
	}
	if len(rows) == 0 {
		return Sample{}, readError(io.EOF, 1)
	}
	own := len(rows[0]) - len(sampleColumns)
	at := slices.Index(rows[0], key)
	if own < 1 || !slices.Equal(rows[0][own:], sampleColumns) || at < 0 || at >= own {
		return Sample{}, fault.New(fault.Invalid, "draw.sample_columns", "key", key)
	}
	s := Sample{columns: rows[0][:own]}
	for i, row := range rows[1:] {
		u := Drawn{Values: row[:own], Key: Key(row[at])}
		if err := u.read(row[own:]); err != nil {
			p := fault.P("draw.sample_value", "key", string(u.Key)).AtRow(i+2, "")
			return Sample{}, fault.Of(fault.Invalid, []fault.Problem{p})
		}
		s.Units = append(s.Units, u)
	}
	return s, nil
}

// read takes the values of the design columns.
func (u *Drawn) read(values []string) (err error) {
	if u.DrawOrder, err = strconv.Atoi(values[1]); err != nil {
		return err
	}
	u.Stratum, u.Role = Stratum(values[0]), Role(values[2])
	u.PSU, u.SSU, u.VarianceStratum = values[6], values[7], values[8]
	for i, x := range map[int]*float64{3: &u.StageProb, 4: &u.InclusionProb, 5: &u.Weight, 9: &u.FPC} {
		if values[i] == "" {
			continue
		}
		if *x, err = strconv.ParseFloat(values[i], 64); err != nil {
			return err
		}
	}
	return nil
}
