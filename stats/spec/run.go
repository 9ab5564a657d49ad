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
	out, err := s.run(t, open)
	if err != nil {
		return Output{}, t.placed(err)
	}
	return out, nil
}

// run computes everything from the table.
func (s Spec) run(t *table, open Open) (Output, error) {
	base, err := s.base(t, open)
	if err != nil {
		return Output{}, err
	}
	r := runner{table: t}
	if r.design, err = s.weighted(t, base); err != nil {
		return Output{}, err
	}
	out := Output{Weights: r.design.Weights(), Warnings: []fault.Problem{}}
	out.WeightsDigest = digest(out.Weights)
	if s.Replicates != nil {
		replicates, err := s.Replicates.make(t, base, open)
		if err != nil {
			return Output{}, err
		}
		r.replicates = &replicated{replicates, s, base}
	}
	for _, e := range s.Estimates {
		result, warnings, err := r.estimate(e)
		if err != nil {
			return Output{}, err
		}
		out.Results = append(out.Results, result)
		out.Warnings = append(out.Warnings, warnings...)
	}
	return out, nil
}

// replicated is what a figure is computed again from.
type replicated struct {
	stats.Replicates
	spec Spec
	base *stats.Design // before nonresponse and calibration, which every replicate goes through
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
	if s.Replicates != nil {
		names = append(names, s.Replicates.Key...)
	}
	if s.Nonresponse != nil {
		names = append(append(names, s.Nonresponse.Responded), s.Nonresponse.Cells...)
	}
	for _, c := range s.Calibrate {
		names = append(names, c.columns()...)
	}
	for _, e := range s.Estimates {
		names = slices.Concat(names, e.Vars, e.By, e.Items, vars(e.Where), vars(e.Indicator), e.areaColumns())
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// base builds the design of the data with its base weights.
func (s Spec) base(t *table, open Open) (*stats.Design, error) {
	spec, err := s.designSpec(t, open)
	if err != nil {
		return nil, err
	}
	d, err := stats.NewDesign(spec)
	return d, s.nameWeights(err)
}

// weighted takes a design through nonresponse and calibration.
func (s Spec) weighted(t *table, d *stats.Design) (*stats.Design, error) {
	var err error
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

func (s Spec) designSpec(t *table, open Open) (stats.DesignSpec, error) {
	spec := stats.DesignSpec{Rows: t.rows, Nest: s.Design.Nest, AdjustDomainLonely: s.Design.AdjustDomainLonely}
	var err error
	if spec.Lonely, err = stats.ParseLonelyPSU(s.Design.LonelyPSU); err != nil {
		return spec, err
	}
	if s.Replicates != nil && s.Replicates.File != "" && s.Design.LonelyPSU == "" {
		spec.Lonely = stats.LonelyCertainty // the variance comes from the file, not from the strata
	}
	if pps := s.Design.PPS; pps != nil {
		if spec.PPS, err = stats.ParsePPS(*pps); err != nil {
			return spec, err
		}
	}
	if s.Design.Joint != nil {
		if spec.Joint, err = s.readJoint(t, open); err != nil {
			return spec, err
		}
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
	table      *table
	design     *stats.Design
	replicates *replicated // nil: linearised variance
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

// The limits of a joint covariance: values held at once, and products formed, of
// sampling units and rows of the result. Together some seconds and 400 MB.
const (
	covarianceValues   = 50_000_000
	covarianceProducts = 5_000_000_000
)

// linear computes a statistic made of linear forms.
func (r runner) linear(e Estimate, groups []domain) (Result, []fault.Problem, error) {
	rows, err := statistics[e.Stat].forms(r, e, groups)
	if err != nil {
		return Result{}, nil, err
	}
	again := func(r runner) ([]wanted, error) { return statistics[e.Stat].forms(r, e, groups) }
	estimated, err := r.joint(again, rows)
	if err != nil {
		return Result{}, nil, err
	}
	out := Result{ID: e.ID, Stat: e.Stat, Cov: matrix(estimated.Cov), Rows: []Row{}}
	methods := append([]stats.IntervalMethod{stats.IntervalLogit}, e.CI...)
	for i, w := range rows {
		row := rowOf(estimated.Rows[i], e.level(), methods)
		row.Label, row.Group, row.Minus = w.label, w.group, w.minus
		out.Rows = append(out.Rows, row)
	}
	warnings := withID(estimated.Warnings, e)
	if estimated.Cov == nil {
		warnings = append(warnings, fault.P("stats.cov_too_large", "id", e.ID, "rows", len(rows)).Warn())
	}
	return out, warnings, nil
}

// joint estimates the rows with their covariance, linearised or, from what again gives
// under every replicate, replicated.
func (r runner) joint(again func(runner) ([]wanted, error), rows []wanted) (stats.Result, error) {
	forms := make([]stats.Linear, len(rows))
	for i, w := range rows {
		forms[i] = w.form
	}
	if r.replicates != nil {
		values, err := r.replicates.values(r.table, func(d *stats.Design) ([]float64, error) {
			rows, err := again(runner{table: r.table, design: d})
			values := make([]float64, len(rows))
			for i, w := range rows {
				values[i] = w.form.Value
			}
			return values, err
		})
		if err != nil {
			return stats.Result{}, err
		}
		return r.design.JointReplicated(forms, values, r.replicates.Replicates), nil
	}
	if values := r.design.Units() * len(forms); values <= covarianceValues && values*len(forms) <= covarianceProducts {
		return r.design.Joint(forms), nil
	}
	return r.design.Each(forms), nil
}

// one estimates a single form, linearised or replicated.
func (r runner) one(form func(*stats.Design) (stats.Linear, error)) (stats.Row, []fault.Problem, error) {
	f, err := form(r.design)
	if err != nil {
		return stats.Row{}, nil, err
	}
	if r.replicates == nil {
		result := r.design.Each([]stats.Linear{f})
		return result.Rows[0], result.Warnings, nil
	}
	values, err := r.replicates.values(r.table, func(d *stats.Design) ([]float64, error) {
		again, err := form(d)
		return []float64{again.Value}, err
	})
	if err != nil {
		return stats.Row{}, nil, err
	}
	result := r.design.JointReplicated([]stats.Linear{f}, values, r.replicates.Replicates)
	return result.Rows[0], result.Warnings, nil
}

// values computes figures under every replicate.
func (r *replicated) values(t *table, figures func(*stats.Design) ([]float64, error)) ([][]float64, error) {
	values := make([][]float64, len(r.Factors))
	for i := range values {
		d, err := r.Design(r.base, i)
		if err != nil {
			return nil, err
		}
		if d, err = r.spec.weighted(t, d); err != nil {
			return nil, err
		}
		if values[i], err = figures(d); err != nil {
			return nil, err
		}
	}
	return values, nil
}

func (r runner) estimate(e Estimate) (Result, []fault.Problem, error) {
	groups, err := r.domains(e)
	if err != nil {
		return Result{}, nil, err
	}
	if r.sweeps(e, groups) {
		return r.sweep(e, groups)
	}
	if kind := statistics[e.Stat]; kind.forms == nil {
		return kind.run(r, e, groups)
	}
	return r.linear(e, groups)
}
