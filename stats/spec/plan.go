package spec

import (
	"fmt"
	"reflect"
	"slices"

	"hailong/stats"
)

// plan says how rows are summed up in cells that suffice for some estimates: a
// linearised variance depends on the rows only through sums over the units of the
// design, crossed with whatever tells domains, margins and adjustment cells apart.
type plan struct {
	design  []string // columns that are constant in a cell: those of the design
	rest    []string // and those of weighting and domains
	present []string // columns that need a label in every row, though no cell depends on them
	// conditions are those of the columns that are made of others.
	conditions map[string][]Condition
	measures   []string // columns whose values are counted
	indices    []*indexPlan
}

// indexPlan is an index whose answers are counted.
type indexPlan struct {
	estimate Estimate // any with this index
	index    stats.Index
	scores   []float64 // of the states of an answer but 0, which is none that is valid
	sets     [][]int   // composites of several items, by their places
}

// maxItems is the number of items of an index whose answers fit the bits of a word.
const maxItems = 64

// plan returns the plan for the estimates, or false if they need the rows.
func (s Spec) plan(estimates []Estimate) (*plan, bool) {
	p := &plan{conditions: map[string][]Condition{}}
	if !p.addDesign(s.Design) || !p.addWeighting(s) {
		return nil, false
	}
	for _, e := range estimates {
		if !p.addEstimate(e) {
			return nil, false
		}
	}
	for _, names := range []*[]string{&p.design, &p.rest, &p.measures} {
		slices.Sort(*names)
		*names = slices.Compact(*names)
	}
	return p, true
}

// addDesign takes the columns of the stages that enter the variance.
func (p *plan) addDesign(d Design) bool {
	if len(d.IDs) == 0 || len(d.Strata) > len(d.IDs) || d.Joint != nil || (len(d.FPC) > 0 && len(d.FPC) != len(d.IDs)) {
		return false
	}
	stages := d.stages()
	ids, strata := min(stages, len(d.IDs)), min(stages, len(d.Strata))
	p.design = slices.Concat(d.IDs[:ids], d.Strata[:strata], d.FPC)
	p.present = slices.Concat(d.IDs[ids:], d.Strata[strata:])
	return true
}

// stages is the number of stages that enter the variance, at most.
func (d Design) stages() int {
	if len(d.FPC) == 0 {
		return 1
	}
	return len(d.IDs)
}

// addWeighting takes the columns on which the factor of a weight depends. It is not
// constant in a cell where weights are trimmed, or averaged over the rows of a unit.
func (p *plan) addWeighting(s Spec) bool {
	if n := s.Nonresponse; n != nil && n.merges() {
		return false // respondents are counted, who are no longer seen in a cell
	} else if n != nil {
		p.rest = append(append(p.rest, n.Responded), n.Cells...)
	}
	for _, c := range s.Calibrate {
		if c.Method == "trim" || c.Cluster {
			return false
		}
		p.rest = append(p.rest, c.columns()...)
	}
	if s.Replicates != nil {
		p.design = append(p.design, s.Replicates.Key...)
	}
	return true
}

// addEstimate takes the columns of domains, and what is counted.
func (p *plan) addEstimate(e Estimate) bool {
	if e.ConditionalOn != "" {
		return false // it needs the later stages
	}
	p.rest = append(p.rest, e.By...)
	if len(e.Where) > 0 {
		p.rest = append(p.rest, p.condition(e.Where))
	}
	switch e.Stat {
	case "mean", "total", "difference":
		p.measures = append(p.measures, e.Vars...)
	case "proportion":
		p.measures = append(p.measures, p.condition(e.Indicator))
	case "rank":
		p.measures = append(p.measures, e.Vars...)
		return len(e.Items) == 0 || p.addIndex(e)
	case "index":
		return p.addIndex(e)
	default:
		return false
	}
	return true
}

// condition names the column of whether conditions are met.
func (p *plan) condition(conditions []Condition) string {
	name := conditionColumn(conditions)
	p.conditions[name] = conditions
	return name
}

// conditionColumn is a name that no column of a file has.
func conditionColumn(conditions []Condition) string {
	return fmt.Sprintf("\x00%q", conditions)
}

func (p *plan) addIndex(e Estimate) bool {
	if p.find(e) >= 0 {
		return true
	}
	x, err := e.index()
	if err != nil || x.Check() != nil || len(x.Items) > maxItems {
		return false
	}
	made := &indexPlan{estimate: e, index: x}
	if made.scores, err = e.possibleScores(); err != nil || len(made.scores) > 250 {
		return false
	}
	for _, set := range x.Sets() {
		var places []int
		for _, id := range set {
			places = append(places, slices.Index(x.Items, id))
		}
		made.sets = append(made.sets, places)
	}
	p.indices = append(p.indices, made)
	return true
}

// find returns the place of the index of an estimate, or -1.
func (p *plan) find(e Estimate) int {
	return slices.IndexFunc(p.indices, func(i *indexPlan) bool { return reflect.DeepEqual(i.estimate.indexFields, e.indexFields) })
}

// keys are the columns whose crossing makes the cells.
func (p *plan) keys() []string {
	names := slices.Clone(p.design)
	for _, name := range p.rest {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// columns are those of the file that the plan needs as labels.
func (p *plan) columns() []string {
	var names []string
	for _, name := range slices.Concat(p.design, p.rest, p.present, p.measures) {
		if made, ok := p.conditions[name]; ok {
			names = append(names, vars(made)...)
		} else {
			names = append(names, name)
		}
	}
	for _, i := range p.indices {
		names = append(names, i.index.Items...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
