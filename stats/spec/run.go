package spec

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"

	"hailong/fault"
	"hailong/stats"
)

// Open opens a file that a specification names.
type Open func(name string) (io.ReadCloser, error)

// Run reads the data and computes everything that the specification asks for.
func Run(s Spec, open Open) (Output, error) {
	in, err := open(s.Data)
	if err != nil {
		return Output{}, err
	}
	defer in.Close()
	t, err := readTable(in, s.Data, s.columns())
	if err != nil {
		return Output{}, err
	}
	r := runner{table: t}
	if r.design, err = s.design(t); err != nil {
		return Output{}, t.placed(err)
	}
	out := Output{Weights: r.design.Weights(), Warnings: []fault.Problem{}}
	out.WeightsDigest = digest(out.Weights)
	for _, e := range s.Estimates {
		result, warnings, err := r.estimate(e)
		if err != nil {
			return Output{}, t.placed(err)
		}
		out.Results = append(out.Results, result)
		out.Warnings = append(out.Warnings, warnings...)
	}
	return out, nil
}

// WriteWeights writes the final weights as CSV, one a data row in the data's order.
func (o Output) WriteWeights(w io.Writer) error {
	_, err := w.Write(encodeWeights(o.Weights))
	return err
}

func encodeWeights(weights []float64) []byte {
	var b bytes.Buffer
	b.WriteString("weight\n")
	for _, w := range weights {
		b.Write(append(strconv.AppendFloat(b.AvailableBuffer(), w, 'g', -1, 64), '\n'))
	}
	return b.Bytes()
}

func digest(weights []float64) string {
	sum := sha256.Sum256(encodeWeights(weights))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// columns lists every column that the specification names, each once.
func (s Spec) columns() []string {
	names := slices.Concat(s.Design.IDs, s.Design.Strata, s.Design.FPC)
	if s.Design.Weights != nil {
		names = append(names, *s.Design.Weights)
	}
	if s.Nonresponse != nil {
		names = append(append(names, s.Nonresponse.Responded), s.Nonresponse.Cells...)
	}
	for _, c := range s.Calibrate {
		names = append(names, c.columns()...)
	}
	for _, e := range s.Estimates {
		names = slices.Concat(names, e.Vars, e.By, e.Items, vars(e.Where), vars(e.Indicator))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// design builds the design of the data.
func (s Spec) design(t *table) (*stats.Design, error) {
	spec, err := s.designSpec(t)
	if err != nil {
		return nil, err
	}
	d, err := stats.NewDesign(spec)
	if err != nil {
		return nil, s.nameWeights(err)
	}
	if s.Nonresponse != nil {
		if d, err = s.Nonresponse.apply(t, d); err != nil {
			return nil, err
		}
	}
	for i, c := range s.Calibrate {
		if d, err = c.apply(t, d, i); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// apply shifts the weight of those who did not answer to those who did.
func (n Nonresponse) apply(t *table, d *stats.Design) (*stats.Design, error) {
	responded, err := t.numbers(n.Responded)
	if err != nil {
		return nil, err
	}
	cells, _ := t.labels(n.Cells)
	weights, err := stats.AdjustNonresponse(d.Weights(), responded.Values, cells)
	if err != nil {
		return nil, err
	}
	return d.Reweighted(weights)
}

func (s Spec) designSpec(t *table) (stats.DesignSpec, error) {
	spec := stats.DesignSpec{Rows: t.rows, Nest: s.Design.Nest, AdjustDomainLonely: s.Design.AdjustDomainLonely}
	var err error
	if spec.Lonely, err = stats.ParseLonelyPSU(s.Design.LonelyPSU); err != nil {
		return spec, err
	}
	if pps := s.Design.PPS; pps != nil {
		if *pps != "brewer" {
			return spec, fault.New(fault.Invalid, "stats.spec_unsupported", "key", "design.pps", "value", *pps)
		}
		spec.PPS = stats.PPSBrewer
	}
	for _, name := range s.Design.IDs {
		spec.IDs = append(spec.IDs, t.columns[name])
	}
	for _, name := range s.Design.Strata {
		spec.Strata = append(spec.Strata, t.columns[name])
	}
	for _, name := range s.Design.FPC {
		column, err := t.numbers(name)
		if err != nil {
			return spec, err
		}
		spec.FPC = append(spec.FPC, column)
	}
	if name := s.Design.Weights; name != nil {
		column, err := t.numbers(*name)
		if err != nil {
			return spec, err
		}
		spec.Weights = column.Values
	}
	return spec, nil
}

// nameWeights names the weights' column in problems of weights.
func (s Spec) nameWeights(err error) error {
	var known *fault.Error
	if s.Design.Weights == nil || !errors.As(err, &known) {
		return err
	}
	named := &fault.Error{Kind: known.Kind, Cause: known.Cause, Problems: slices.Clone(known.Problems)}
	for i, p := range named.Problems {
		if p.Code == "stats.weight_invalid" {
			named.Problems[i].Place.Column = *s.Design.Weights
		}
	}
	return named
}

// runner computes statistics from a table and its design.
type runner struct {
	table  *table
	design *stats.Design
}

// wanted is one row to come: its form, whose label is for messages, and how the
// row is named.
type wanted struct {
	form  stats.Linear
	label string
	group map[string]string
	minus map[string]string
}

// domain is a group of rows named by the values of the by columns.
type domain struct {
	group map[string]string
	rows  stats.Domain
}

// name describes the group in a message.
func (d domain) name(label string) string {
	for _, by := range slices.Sorted(maps.Keys(d.group)) {
		label += fmt.Sprintf(" [%s=%s]", by, d.group[by])
	}
	return label
}

// domains returns the groups of the estimate, ordered by their values.
func (r runner) domains(e Estimate) ([]domain, error) {
	meets := r.table.evaluate(e.Where)
	all := r.design.Where(func(row int) bool { return meets[row] == yes })
	if all.Empty() {
		return nil, fault.New(fault.Invalid, "stats.empty_domain", "id", e.ID)
	}
	if len(e.By) == 0 {
		return []domain{{map[string]string{}, all}}, nil
	}
	labels, values := r.table.labels(e.By)
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return slices.CompareFunc(values[a], values[b], compareLevels) })
	parts := all.Split(labels)
	var out []domain
	for _, i := range order {
		if parts[i].Empty() {
			continue
		}
		group := map[string]string{}
		for j, by := range e.By {
			group[by] = values[i][j]
		}
		out = append(out, domain{group, parts[i]})
	}
	return out, nil
}

// covarianceLimit bounds the values held at once for a joint covariance, as
// sampling units × rows of the result.
const covarianceLimit = 50_000_000

// finish estimates the wanted rows.
func (r runner) finish(e Estimate, rows []wanted) (Result, []fault.Problem) {
	forms := make([]stats.Linear, len(rows))
	for i, w := range rows {
		forms[i] = w.form
	}
	var estimated stats.Result
	var warnings []fault.Problem
	if r.design.Rows()*len(forms) <= covarianceLimit {
		estimated = r.design.Joint(forms)
	} else {
		estimated = r.design.Each(forms)
		warnings = append(warnings, fault.P("stats.cov_too_large", "id", e.ID, "rows", len(forms)).Warn())
	}
	out := Result{ID: e.ID, Stat: e.Stat, Cov: matrix(estimated.Cov), Rows: []Row{}}
	methods := append([]stats.IntervalMethod{stats.IntervalLogit}, e.CI...)
	for i, w := range rows {
		row := rowOf(estimated.Rows[i], e.level(), methods)
		row.Label, row.Group, row.Minus = w.label, w.group, w.minus
		out.Rows = append(out.Rows, row)
	}
	return out, append(warnings, withID(estimated.Warnings, e)...)
}

func (r runner) estimate(e Estimate) (Result, []fault.Problem, error) {
	groups, err := r.domains(e)
	if err != nil {
		return Result{}, nil, err
	}
	return statistics[e.Stat].run(r, e, groups)
}
