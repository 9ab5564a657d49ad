package spec

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"hailong/fault"
	"hailong/stats"
)

// Open opens a file that a specification names.
type Open func(name string) (io.ReadCloser, error)

// Run reads the data and computes everything that the specification asks for: from
// sums in cells, made as the data pass by, if they suffice for all of it, else from
// the rows.
func Run(s Spec, open Open) (Output, error) {
	if !s.Diagnostics {
		if out, err := s.runByCells(open); err == nil {
			return out, nil
		}
	}
	// Also if the data are at fault: the rows can tell where.
	return s.runByRows(open)
}

// runByCells computes from cells, or fails if they do not suffice.
func (s Spec) runByCells(open Open) (Output, error) {
	p, ok := s.plan(s.Estimates)
	if !ok || s.Design.Weights == nil {
		return Output{}, errNotInCells
	}
	c, digest, err := s.readCells(p, open)
	if err != nil {
		return Output{}, err
	}
	r, err := s.runner(c.table(s.Data), open)
	if err != nil {
		return Output{}, err
	}
	factors := c.factors(r.design.Weights())
	out := Output{WeightsDigest: digest, weights: func(w io.Writer) error { return s.rewriteWeights(c, factors, open, w) }}
	if s.Nonresponse != nil || len(s.Calibrate) > 0 {
		if out.WeightsDigest, err = digestOf(out.weights); err != nil {
			return Output{}, err
		}
	}
	return out, out.compute(s.Estimates, func(e Estimate) (Result, []fault.Problem, error) { return r.estimate(e) })
}

// runByRows computes from the rows; what cells of them suffice for, from cells.
func (s Spec) runByRows(open Open) (Output, error) {
	in, err := open(s.Data)
	if err != nil {
		return Output{}, err
	}
	defer in.Close()
	t, err := readTable(in, s.Data, s.columns())
	if err != nil {
		return Output{}, err
	}
	r, err := s.runner(t, open)
	if err != nil {
		return Output{}, t.placed(err)
	}
	weights := encodeWeights(r.design.Weights())
	out := Output{weights: func(w io.Writer) error { _, err := w.Write(weights); return err }}
	if out.WeightsDigest, err = digestOf(out.weights); err != nil {
		return Output{}, err
	}
	if s.Diagnostics {
		if out.Diagnostics, err = r.diagnose(); err != nil {
			return Output{}, err
		}
	}
	err = out.compute(s.Estimates, func(e Estimate) (Result, []fault.Problem, error) {
		if cells, err := r.inCells(e, open); err == nil {
			if result, warnings, err := cells.estimate(e); err == nil {
				return result, warnings, nil
			}
		}
		return r.estimate(e)
	})
	if err != nil {
		return Output{}, t.placed(err)
	}
	for _, cell := range r.joined {
		out.Warnings = append(out.Warnings, fault.P("stats.cells_joined", "cells", cell).Warn())
	}
	return out, nil
}

// compute adds every estimate to the output.
func (o *Output) compute(estimates []Estimate, estimate func(Estimate) (Result, []fault.Problem, error)) error {
	o.Warnings = []fault.Problem{}
	for _, e := range estimates {
		result, warnings, err := estimate(e)
		if err != nil {
			return fault.InEntry(err, e.ID)
		}
		o.Results = append(o.Results, result)
		o.Warnings = append(o.Warnings, warnings...)
	}
	return nil
}

// runner takes a table through weighting.
func (s Spec) runner(t *table, open Open) (runner, error) {
	r := runner{spec: s, table: t}
	var err error
	if r.base, err = s.base(t, open); err != nil {
		return r, err
	}
	steps, joined, err := s.weighting(t, r.base)
	if err != nil {
		return r, err
	}
	r.joined = joined
	if r.design, err = steps.apply(r.base); err != nil {
		return r, err
	}
	if s.Replicates != nil {
		replicates, err := s.Replicates.make(t, r.base, open)
		if err != nil {
			return r, err
		}
		r.replicates = &replicated{replicates, steps, r.base}
	}
	return r, nil
}

// inCells sums the rows up in cells for one estimate, if they suffice for it.
func (r runner) inCells(e Estimate, open Open) (runner, error) {
	s := r.spec
	weights := r.base.Weights()
	p, ok := s.plan([]Estimate{e})
	if !ok && s.Replicates == nil && !r.design.Calibrated() {
		// The final weights are simply weights: they were trimmed, or nothing was done.
		s.Nonresponse, s.Calibrate = nil, nil
		weights = r.design.Weights()
		p, ok = s.plan([]Estimate{e})
	}
	if !ok {
		return runner{}, errNotInCells
	}
	c := newCells(p)
	if err := c.addTable(r.table, weights); err != nil {
		return runner{}, err
	}
	return s.runner(c.table(s.Data), open)
}

// columns lists every column that the specification names, each once. The weights
// are read as numbers; their labels are kept if another key names them too.
func (s Spec) columns() wantedColumns {
	var w wantedColumns
	names := slices.Concat(s.Design.IDs, s.Design.Strata, s.Design.FPC)
	if s.Design.Weights != nil {
		w.numbers = *s.Design.Weights
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
		if e.ConditionalOn != "" {
			names = append(names, e.ConditionalOn)
		}
		names = slices.Concat(names, e.Vars, e.By, e.Items, vars(e.Where), vars(e.Indicator), e.areaColumns())
	}
	slices.Sort(names)
	w.labels = slices.Compact(names)
	return w
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

// weighting are the steps from base weights to final ones, prepared for designs of the
// same rows: replicates go through them again and again.
type weighting []func(*stats.Design) (*stats.Design, error)

// weighting prepares nonresponse and calibration, and says which nonresponse cells of
// the base design were joined.
func (s Spec) weighting(t *table, base *stats.Design) (w weighting, joined []string, err error) {
	if s.Nonresponse != nil {
		var step func(*stats.Design) (*stats.Design, error)
		if step, joined, err = s.Nonresponse.prepare(t, base); err != nil {
			return nil, nil, err
		}
		w = append(w, step)
	}
	for i, c := range s.Calibrate {
		step, err := c.prepare(t, i)
		if err != nil {
			return nil, nil, err
		}
		w = append(w, step)
	}
	return w, joined, nil
}

// apply takes a design through the steps.
func (w weighting) apply(d *stats.Design) (*stats.Design, error) {
	var err error
	for _, step := range w {
		if d, err = step(d); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// prepare shifts the weight of those who did not answer to those who did. Cells are
// joined by the base weights, so that they are the same in every replicate.
func (n Nonresponse) prepare(t *table, base *stats.Design) (step func(*stats.Design) (*stats.Design, error), joined []string, err error) {
	responded, err := t.numbers(n.Responded)
	if err != nil {
		return nil, nil, err
	}
	cells, values := t.labels(n.Cells)
	if n.merges() {
		rule := stats.CellRule{Min: n.Min, MaxFactor: n.MaxFactor}
		if cells, joined, err = stats.MergeCells(base.Weights(), responded.Values, cells, values, rule, compareLevels); err != nil {
			return nil, nil, err
		}
	}
	return func(d *stats.Design) (*stats.Design, error) {
		weights, err := stats.AdjustNonresponse(d.Weights(), responded.Values, cells)
		if err != nil {
			return nil, inColumn(err, "stats.responded_invalid", n.Responded)
		}
		return d.Reweighted(weights)
	}, joined, nil
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
	if t.cells != nil {
		// Later stages than these do not enter the variance.
		stages := s.Design.stages()
		spec.IDs, spec.Strata = spec.IDs[:min(stages, len(spec.IDs))], spec.Strata[:min(stages, len(spec.Strata))]
		spec.Weights = t.cells.weights
	} else if name := s.Design.Weights; name != nil {
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
	if s.Design.Weights == nil {
		return err
	}
	return inColumn(err, "stats.weight_invalid", *s.Design.Weights)
}

// inColumn names the column in problems of the code.
func inColumn(err error, code, column string) error {
	var known *fault.Error
	if !errors.As(err, &known) {
		return err
	}
	named := &fault.Error{Kind: known.Kind, Cause: known.Cause, Problems: slices.Clone(known.Problems)}
	for i, p := range named.Problems {
		if p.Code == code {
			named.Problems[i].Place.Column = column
		}
	}
	return named
}

// runner computes statistics from a table and its design.
type runner struct {
	spec       Spec
	table      *table
	base       *stats.Design // before nonresponse and calibration
	design     *stats.Design
	replicates *replicated // nil: linearised variance
	joined     []string    // nonresponse cells
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
		if statistics[e.Stat].tested {
			row = tested(row, estimated.Rows[i].Estimate)
		}
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
		values, err := r.replicates.values(forms, func(d *stats.Design) ([]float64, error) {
			rows, err := again(runner{spec: r.spec, table: r.table, design: d})
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
	values, err := r.replicates.values([]stats.Linear{f}, func(d *stats.Design) ([]float64, error) {
		again, err := form(d)
		return []float64{again.Value}, err
	})
	if err != nil {
		return stats.Row{}, nil, err
	}
	result := r.design.JointReplicated([]stats.Linear{f}, values, r.replicates.Replicates)
	return result.Rows[0], result.Warnings, nil
}

func (r runner) estimate(e Estimate) (Result, []fault.Problem, error) {
	if e.ConditionalOn != "" {
		return r.conditionally(e)
	}
	in := e
	if e.Of != "" {
		var err error
		if in, err = r.spec.other(e); err != nil {
			return Result{}, nil, err
		}
	}
	groups, err := r.domains(in)
	if err != nil {
		return Result{}, nil, err
	}
	return r.among(e, groups)
}

// among computes the statistic in the groups.
func (r runner) among(e Estimate, groups []domain) (Result, []fault.Problem, error) {
	if kind := statistics[e.Stat]; kind.forms == nil {
		return kind.run(r, e, groups)
	}
	return r.linear(e, groups)
}
