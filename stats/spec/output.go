package spec

import (
	"encoding/json"
	"io"
	"math"

	"gonum.org/v1/gonum/mat"

	"hailong/fault"
	"hailong/stats"
)

// Output is the result of a specification.
type Output struct {
	Results []Result `json:"results"`
	// WeightsDigest is the SHA-256 of the final weights as WriteWeights writes them.
	WeightsDigest string          `json:"weights_digest"`
	Warnings      []fault.Problem `json:"warnings"`
	Diagnostics   *Diagnostics    `json:"diagnostics,omitempty"` // of the weights, if asked for
	weights       func(io.Writer) error
}

// WriteWeights writes the final weights as CSV, one a data row in the data's order.
func (o Output) WriteWeights(w io.Writer) error { return o.weights(w) }

// Result is one statistic's rows and their joint covariance.
type Result struct {
	ID   string     `json:"id"`
	Stat string     `json:"stat"`
	Rows []Row      `json:"rows"`
	Cov  [][]Number `json:"cov"` // null where it was not computed
	// Tests are the joint tests of the terms of a regression.
	Tests []modelTest `json:"tests,omitempty"`
	// AreaVariance is the variance between areas of a small area model.
	AreaVariance *Number `json:"area_variance,omitempty"`
}

// Row is one figure. What is undefined is null.
type Row struct {
	Group      map[string]string     `json:"group"`
	Minus      map[string]string     `json:"minus,omitempty"` // of a difference: the domain subtracted
	Label      string                `json:"label"`
	Level      stats.Level           `json:"level,omitempty"` // of an index: item, group, part, overall
	Estimate   Number                `json:"estimate"`
	SE         Number                `json:"se"`
	CV         Number                `json:"cv"` // standard error over the absolute value of the estimate
	DF         Number                `json:"df"`
	CI         *[2]Number            `json:"ci"`
	Deff       Number                `json:"deff"`
	DeffWR     Number                `json:"deff_wr"`
	N          int                   `json:"n"`
	SumWeights Number                `json:"sum_weights"`
	Intervals  map[string]*[2]Number `json:"intervals,omitempty"`
	P          *Number               `json:"p,omitempty"`         // of a quantile
	T          *Number               `json:"t,omitempty"`         // of a test of whether the estimate is 0
	Statistic  *Number               `json:"statistic,omitempty"` // of a chi-square test
	DDF        *Number               `json:"ddf,omitempty"`       // its denominator's degrees of freedom
	PValue     *Number               `json:"p_value,omitempty"`   // of a test
	rankRow
	areaRow
}

// Number is a float64 that is null in JSON where it is undefined.
type Number float64

// MarshalJSON writes the shortest decimal that reads back to the same number.
func (n Number) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(n)) || math.IsInf(float64(n), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

// rowOf converts an estimate at the confidence level, with the share intervals.
func rowOf(e stats.Row, level float64, methods []stats.IntervalMethod) Row {
	r := Row{
		Label: e.Label, Level: e.Level, Estimate: Number(e.Value), SE: Number(e.SE), CV: Number(e.SE / math.Abs(e.Value)), DF: Number(e.DF), CI: pair(e.CI(level)),
		Deff: Number(e.Deff), DeffWR: Number(e.DeffWR), N: e.N, SumWeights: Number(e.SumWeights),
	}
	if e.Unit != 0 {
		r.Intervals = map[string]*[2]Number{}
		for _, m := range methods {
			r.Intervals[string(m)] = pair(e.ShareInterval(m, level))
		}
	}
	return r
}

func number64(x float64) *Number {
	n := Number(x)
	return &n
}

// pair is an interval, null where neither end is defined; a quantile's may have one.
func pair(i stats.Interval) *[2]Number {
	if math.IsNaN(i.Low) && math.IsNaN(i.High) {
		return nil
	}
	return &[2]Number{Number(i.Low), Number(i.High)}
}

func matrix(m *mat.SymDense) [][]Number {
	if m == nil {
		return nil
	}
	rows := make([][]Number, m.SymmetricDim())
	for i := range rows {
		rows[i] = make([]Number, len(rows))
		for j := range rows[i] {
			rows[i][j] = Number(m.At(i, j))
		}
	}
	return rows
}
