package spec

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"hailong/fault"
	"hailong/stats"
)

// Calibration is one step of the weighting; which fields apply depends on Method:
// poststratify, rake, linear, raking, logit or trim.
type Calibration struct {
	Method   string          `json:"method"`
	By       []string        `json:"by"`
	Margins  []Margin        `json:"margins"`
	Terms    []string        `json:"terms"`
	Totals   json.RawMessage `json:"totals"` // a list for poststratify, an object for terms
	Bounds   *[2]float64     `json:"bounds"`
	Variance string          `json:"variance"`
	Cluster  bool            `json:"cluster"`
	Lower    float64         `json:"lower"`
	Upper    *float64        `json:"upper"`
	Strict   bool            `json:"strict"`
}

// Margin is a known distribution: a total for each crossing of the by columns.
type Margin struct {
	By     []string         `json:"by"`
	Totals []map[string]any `json:"totals"`
}

// columns lists the columns that the step uses.
func (c Calibration) columns() []string {
	names := slices.Concat(c.By, c.Terms)
	for _, m := range c.Margins {
		names = append(names, m.By...)
	}
	if c.Variance != "" {
		names = append(names, c.Variance)
	}
	return names
}

// prepare returns what the step, the i-th, makes of a design.
func (c Calibration) prepare(t *table, i int) (func(*stats.Design) (*stats.Design, error), error) {
	key := fmt.Sprintf("calibrate[%d]", i)
	switch c.Method {
	case "poststratify":
		return c.poststratify(t, key)
	case "rake":
		return c.rake(t, key)
	case "linear", "raking", "logit":
		return c.calibrate(t, key)
	case "trim":
		upper := math.Inf(1)
		if c.Upper != nil {
			upper = *c.Upper
		}
		if !(c.Lower >= 0 && c.Lower < upper) {
			return nil, fault.New(fault.Invalid, "stats.spec_value", "key", key+".lower", "value", c.Lower)
		}
		return func(d *stats.Design) (*stats.Design, error) { return d.Trim(c.Lower, upper, c.Strict) }, nil
	}
	return nil, fault.New(fault.Invalid, "stats.spec_unsupported", "key", key+".method", "value", c.Method)
}

func (c Calibration) poststratify(t *table, key string) (func(*stats.Design) (*stats.Design, error), error) {
	var totals []map[string]any
	if err := json.Unmarshal(c.Totals, &totals); err != nil {
		return nil, fault.New(fault.Invalid, "stats.spec_type", "key", key+".totals", "value", string(c.Totals))
	}
	m, err := Margin{c.By, totals}.read(t, key)
	if err != nil {
		return nil, err
	}
	return func(d *stats.Design) (*stats.Design, error) { return d.PostStratify(m) }, nil
}

func (c Calibration) rake(t *table, key string) (func(*stats.Design) (*stats.Design, error), error) {
	if len(c.Margins) == 0 {
		return nil, &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{missing(key + ".margins")}}
	}
	var margins []stats.Margin
	for j, m := range c.Margins {
		margin, err := m.read(t, fmt.Sprintf("%s.margins[%d]", key, j))
		if err != nil {
			return nil, err
		}
		margins = append(margins, margin)
	}
	return stats.NewRaking(margins).Apply, nil
}

// read finds the level that each total is for.
func (m Margin) read(t *table, key string) (stats.Margin, error) {
	if len(m.By) == 0 || len(m.Totals) == 0 {
		return stats.Margin{}, &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{missing(key + ".by, totals")}}
	}
	labels, values := t.labels(m.By)
	out := stats.Margin{By: labels, Totals: map[string]float64{}}
	for _, entry := range m.Totals {
		total, ok := entry["total"].(float64)
		if !ok || total < 0 || len(entry) != len(m.By)+1 {
			return out, fault.Of(fault.Invalid, []fault.Problem{badValue(key+".totals", entry)})
		}
		level, err := m.level(entry, labels, values, key)
		if err != nil {
			return out, err
		}
		if _, twice := out.Totals[level]; twice {
			return out, fault.New(fault.Invalid, "stats.margin_twice", "margin", labels.Name, "level", level)
		}
		out.Totals[level] = total
	}
	return out, nil
}

// level names the crossing of an entry: a level of the data, or what it would be
// called if the data had it.
func (m Margin) level(entry map[string]any, labels stats.Labels, values [][]string, key string) (string, error) {
	var parts []string
	for _, by := range m.By {
		v, ok := entry[by]
		if !ok {
			return "", fault.New(fault.Invalid, "stats.spec_missing", "key", key+".totals."+by)
		}
		parts = append(parts, fmt.Sprint(v))
	}
	for i, level := range values {
		same := true
		for j, by := range m.By {
			same = same && equal(level[j], entry[by])
		}
		if same {
			return labels.Levels[i], nil
		}
	}
	return strings.Join(parts, ", "), nil
}

func (c Calibration) calibrate(t *table, key string) (func(*stats.Design) (*stats.Design, error), error) {
	spec := stats.Calibration{Distance: stats.Distance(c.Method), Cluster: c.Cluster}
	if err := json.Unmarshal(c.Totals, &spec.Totals); err != nil {
		return nil, fault.New(fault.Invalid, "stats.spec_type", "key", key+".totals", "value", string(c.Totals))
	}
	if len(c.Terms) == 0 && len(spec.Totals) == 0 {
		return nil, &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{missing(key + ".terms")}}
	}
	_, spec.Intercept = spec.Totals[stats.Intercept]
	for _, name := range c.Terms {
		if !numeric(t.columns[name].Levels) {
			labels := t.columns[name]
			spec.Terms = append(spec.Terms, stats.Term{Labels: &labels})
			continue
		}
		numbers, err := t.numbers(name)
		if err != nil {
			return nil, err
		}
		spec.Terms = append(spec.Terms, stats.Term{Numbers: &numbers})
	}
	if c.Bounds != nil {
		spec.Lower, spec.Upper = c.Bounds[0], c.Bounds[1]
	}
	if c.Variance != "" {
		variance, err := t.numbers(c.Variance)
		if err != nil {
			return nil, err
		}
		spec.Variance = variance.Values
	}
	return func(d *stats.Design) (*stats.Design, error) { return d.Calibrate(spec) }, nil
}
