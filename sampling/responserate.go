package sampling

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"

	"hailong/fault"
)

// Outcomes counts final dispositions by category, or adds up weights.
type Outcomes struct{ I, P, R, NC, O, UH, UO, NE float64 }

// Categories lists the categories in AAPOR's order.
var Categories = []Category{Interview, Partial, Refusal, NonContact, OtherNonresponse, UnknownHousehold, UnknownOther, Ineligible}

// at is the place of a category's sum; that of an unknown one is UO's.
func (o *Outcomes) at(c Category) *float64 {
	switch c {
	case Interview:
		return &o.I
	case Partial:
		return &o.P
	case Refusal:
		return &o.R
	case NonContact:
		return &o.NC
	case OtherNonresponse:
		return &o.O
	case UnknownHousehold:
		return &o.UH
	case Ineligible:
		return &o.NE
	}
	return &o.UO
}

// Add counts one person, with weight 1 or the base weight.
func (o *Outcomes) Add(d Disposition, weight float64) { *o.at(d.Category()) += weight }

// Of is the sum of a category.
func (o Outcomes) Of(c Category) float64 { return *o.at(c) }

// Set gives a category its sum; NaN for one that is not told.
func (o *Outcomes) Set(c Category, sum float64) { *o.at(c) = sum }

// MarshalJSON writes the sums by category, null for one that is not told.
func (o Outcomes) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	for i, c := range Categories {
		value := []byte("null")
		if sum := o.Of(c); !math.IsNaN(sum) {
			var err error
			if value, err = json.Marshal(sum); err != nil {
				return nil, err
			}
		}
		fmt.Fprintf(&out, "%c%q:%s", "{,"[min(i, 1)], c, value)
	}
	return append(out.Bytes(), '}'), nil
}

// UnmarshalJSON reads sums by category: 0 for one that is not there, NaN for null.
func (o *Outcomes) UnmarshalJSON(raw []byte) error {
	sums := make(map[Category]*float64)
	if err := json.Unmarshal(raw, &sums); err != nil {
		return err
	}
	for _, c := range Categories {
		sum, there := sums[c]
		switch {
		case !there:
			o.Set(c, 0)
		case sum == nil:
			o.Set(c, math.NaN())
		default:
			o.Set(c, *sum)
		}
	}
	return nil
}

// Plus adds the outcomes of another unit.
func (o Outcomes) Plus(other Outcomes) Outcomes {
	for _, c := range Categories {
		*o.at(c) += other.Of(c)
	}
	return o
}

// Sum is everybody: those who are eligible, may be, and are not.
func (o Outcomes) Sum() float64 { return o.known() + o.unknown() + o.NE }

// Respondents are complete and partial answers: I + P.
func (o Outcomes) Respondents() float64 { return o.I + o.P }

// known are those known to be eligible, unknown those of whom nobody knows.
func (o Outcomes) known() float64   { return o.I + o.P + o.R + o.NC + o.O }
func (o Outcomes) unknown() float64 { return o.UH + o.UO }

// Eligibility is e, the share of eligible people among those of unknown
// eligibility, estimated by proportional allocation (CASRO 1982; AAPOR):
// the share among those who are known, (I+P+R+NC+O) / (I+P+R+NC+O+NE). NaN if of
// nobody is known.
func (o Outcomes) Eligibility() float64 { return o.known() / (o.known() + o.NE) }

// Eligible is the estimated number of eligible people: the known ones and e of
// the unknown.
func (o Outcomes) Eligible(e float64) float64 {
	if o.unknown() == 0 {
		return o.known()
	}
	return o.known() + e*o.unknown()
}

// Rates are the outcome rates of AAPOR's Standard Definitions, as shares from 0
// to 1; NaN where the denominator is 0.
type Rates struct {
	E    float64    // the share of eligible people among the unknown that RR3, RR4, REF2 and CON2 use
	RR   [6]float64 // response rates 1 to 6
	COOP [4]float64 // cooperation rates
	REF  [3]float64 // refusal rates
	CON  [3]float64 // contact rates
}

// Rates computes, with A = I+P+R+NC+O and U = UH+UO:
//
//	RR1   I / (A+U)           RR2   (I+P) / (A+U)
//	RR3   I / (A+eU)          RR4   (I+P) / (A+eU)
//	RR5   I / A               RR6   (I+P) / A
//	COOP1 I / (I+P+R+O)       COOP2 (I+P) / (I+P+R+O)
//	COOP3 I / (I+P+R)         COOP4 (I+P) / (I+P+R)
//	REF1  R / (A+U)           REF2  R / (A+eU)         REF3 R / A
//	CON1  C / (A+U)           CON2  C / (A+eU)         CON3 C / A    with C = I+P+R+O
//
// e is taken as given; Eligibility estimates it. Source: AAPOR, Standard
// Definitions, 10th edition (2023), "Calculating Outcome Rates".
func (o Outcomes) Rates(e float64) Rates {
	all, estimated, known := o.known()+o.unknown(), o.Eligible(e), o.known()
	full, any := o.I, o.Respondents()
	reached := any + o.R + o.O
	return Rates{
		E:    e,
		RR:   [6]float64{full / all, any / all, full / estimated, any / estimated, full / known, any / known},
		COOP: [4]float64{full / reached, any / reached, full / (any + o.R), any / (any + o.R)},
		REF:  [3]float64{o.R / all, o.R / estimated, o.R / known},
		CON:  [3]float64{reached / all, reached / estimated, reached / known},
	}
}

// Rate is one rate by its name, such as RR2.
type Rate struct {
	Name  string
	Value float64
}

// List names the rates in the standard's order.
func (r Rates) List() []Rate {
	return []Rate{
		{"RR1", r.RR[0]}, {"RR2", r.RR[1]}, {"RR3", r.RR[2]}, {"RR4", r.RR[3]}, {"RR5", r.RR[4]}, {"RR6", r.RR[5]},
		{"COOP1", r.COOP[0]}, {"COOP2", r.COOP[1]}, {"COOP3", r.COOP[2]}, {"COOP4", r.COOP[3]},
		{"REF1", r.REF[0]}, {"REF2", r.REF[1]}, {"REF3", r.REF[2]},
		{"CON1", r.CON[0]}, {"CON2", r.CON[1]}, {"CON3", r.CON[2]},
	}
}

// MarshalJSON writes e and the rates by their names, null where undefined.
func (r Rates) MarshalJSON() ([]byte, error) {
	out := make(map[string]*float64)
	for _, rate := range append(r.List(), Rate{"e", r.E}) {
		out[rate.Name] = nil
		if !math.IsNaN(rate.Value) {
			out[rate.Name] = &rate.Value
		}
	}
	return json.Marshal(out)
}

// ParseOutcomes makes outcomes of counts by category. The error is
// fieldwork.unknown_category or fieldwork.negative_count.
func ParseOutcomes(counts map[string]float64) (Outcomes, error) {
	var o Outcomes
	for _, name := range sortedKeys(counts) {
		c, n := Category(name), counts[name]
		switch {
		case c != UnknownOther && o.at(c) == &o.UO:
			return Outcomes{}, fault.New(fault.Invalid, "fieldwork.unknown_category", "value", name)
		case !(n >= 0) || math.IsInf(n, 1):
			return Outcomes{}, fault.New(fault.Invalid, "fieldwork.negative_count", "category", name)
		}
		*o.at(c) = n
	}
	return o, nil
}
