package stats

import (
	"math"
	"slices"

	"hailong/fault"
)

// DesignSpec describes how a sample was drawn, in columns of one value a row.
type DesignSpec struct {
	Rows    int       // number of rows of every column
	IDs     []Labels  // sampling units, a column a stage; none means that every row is its own PSU
	Strata  []Labels  // a column a stage, usually the first stage alone; none is one stratum
	Nest    bool      // labels of PSUs repeat across strata
	Weights []float64 // people a row stands for; nil computes them from FPC as the product of N/n
	FPC     []Numbers // population sizes, or sampling fractions if none is above 1, a column a stage; none: with replacement
	PPS     PPS       // unequal probabilities without replacement; FPC then holds inclusion probabilities
	// Joint are the joint probabilities that PPSHorvitzThompson and PPSYatesGrundy need.
	Joint  []JointProbability
	Lonely LonelyPSU // what to do with a stratum of one unit
	// AdjustDomainLonely applies Lonely (adjust, average) also where a domain
	// leaves one unit of a stratum that has more.
	AdjustDomainLonely bool
	// onePSU lets a design of one PSU pass: its figures have no standard error. A
	// commune in which a single village answered is such a design.
	onePSU bool
}

// LonelyPSU is the rule for a stratum in which a single unit was drawn, whose
// variance cannot be estimated from it.
type LonelyPSU uint8

// The rules, as R's options(survey.lonely.psu) names them.
const (
	LonelyFail      LonelyPSU = iota // refuse the design
	LonelyRemove                     // the stratum adds nothing
	LonelyCertainty                  // the unit was taken with certainty: its stage adds nothing
	LonelyAdjust                     // measure from the grand mean of the units instead of the stratum's
	LonelyAverage                    // the stratum adds the average of the others
)

var lonelyNames = [...]string{"fail", "remove", "certainty", "adjust", "average"}

// String returns the rule's name.
func (l LonelyPSU) String() string { return lonelyNames[l] }

// ParseLonelyPSU reads a rule's name; the empty string is LonelyFail.
func ParseLonelyPSU(name string) (LonelyPSU, error) {
	for i, n := range lonelyNames {
		if n == name {
			return LonelyPSU(i), nil
		}
	}
	if name == "" {
		return LonelyFail, nil
	}
	return LonelyFail, fault.New(fault.Invalid, "stats.lonely_unknown", "rule", name)
}

// Design is a sample with the way it was drawn. It is immutable.
type Design struct {
	rows    int
	weights []float64
	stages  []stage
	order   []int32 // rows sorted so that units of every stage are contiguous
	rank    []int32 // position of each row in order
	lonely  LonelyPSU
	domains bool // AdjustDomainLonely
	pps     PPS
	joint   block // 1-π_iπ_j/π_ij of PSUs, where the variance needs it
	// adjustments are the calibrations, in order, that the weights went through.
	adjustments []adjustment
	residual    *residualTotals // under adjustments, of these weights
	scratch     bool            // weights may be overwritten: see Replicates.DesignIn
}

// NewDesign checks the description and builds the design. Problems name the
// column and the row, counted from 1.
func NewDesign(spec DesignSpec) (*Design, error) {
	if err := spec.check(); err != nil {
		return nil, err
	}
	d := &Design{rows: spec.Rows, lonely: spec.Lonely, domains: spec.AdjustDomainLonely, pps: spec.PPS}
	b := stageBuilder{spec: spec}
	if err := b.build(); err != nil {
		return nil, err
	}
	d.stages = b.stages
	if err := d.setWeights(spec); err != nil {
		return nil, err
	}
	if spec.PPS.NeedsJoint() {
		if err := d.jointChecks(spec.Joint); err != nil {
			return nil, err
		}
	} else if d.lonely == LonelyFail {
		if err := b.failLonely(); err != nil {
			return nil, err
		}
	}
	d.sortRows()
	return d, nil
}

// Rows returns the number of rows of the sample.
func (d *Design) Rows() int { return d.rows }

// check refuses what is missing or of the wrong length.
func (s DesignSpec) check() error {
	if s.Rows == 0 {
		return fault.New(fault.Invalid, "stats.no_rows")
	}
	var problems []fault.Problem
	stages := max(1, len(s.IDs))
	if len(s.Strata) > stages {
		problems = append(problems, fault.P("stats.strata_stages", "strata", len(s.Strata), "stages", stages))
	}
	if n := len(s.FPC); n > 0 && n != stages {
		problems = append(problems, fault.P("stats.fpc_stages", "fpc", n, "stages", stages))
	}
	if s.Weights == nil && len(s.FPC) == 0 {
		problems = append(problems, fault.P("stats.no_weights"))
	}
	problems = append(problems, s.checkPPS()...)
	for _, l := range append(append([]Labels(nil), s.IDs...), s.Strata...) {
		problems = append(problems, l.check(s.Rows)...)
	}
	return fault.Of(fault.Invalid, problems)
}

func (l Labels) check(rows int) []fault.Problem {
	if len(l.Codes) != rows {
		return []fault.Problem{lengthProblem(l.Name, len(l.Codes), rows)}
	}
	for i, c := range l.Codes {
		if c == Missing {
			return []fault.Problem{fault.P("stats.label_missing").AtRow(i+1, l.Name)}
		}
	}
	return nil
}

func lengthProblem(name string, got, want int) fault.Problem {
	return fault.P("stats.length", "rows", got, "want", want).AtRow(0, name)
}

// setWeights takes the given weights, or the product of N/n over the stages.
func (d *Design) setWeights(spec DesignSpec) error {
	weights := slices.Clone(spec.Weights)
	if weights == nil {
		weights = make([]float64, d.rows)
		for i := range weights {
			weights[i] = 1
			for _, st := range d.stages {
				weights[i] /= st.fraction[st.unit[i]]
			}
		}
	}
	return d.takeWeights(weights)
}

// takeWeights checks the weights, which become the design's own.
func (d *Design) takeWeights(weights []float64) error {
	if len(weights) != d.rows {
		return &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{lengthProblem("", len(weights), d.rows)}}
	}
	for i, w := range weights {
		if !(w >= 0 && w <= math.MaxFloat64) { // or NaN
			return &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{
				fault.P("stats.weight_invalid", "value", w).AtRow(i+1, ""),
			}}
		}
	}
	d.weights, d.residual = weights, &residualTotals{}
	return nil
}

// Units returns the number of units of the last stage that enters the variance, which
// is what estimation costs for each figure.
func (d *Design) Units() int { return len(d.stages[d.lastStage()].stratum) }

// Strata returns the number of strata of the first stage.
func (d *Design) Strata() int { return len(d.stages[0].size) }

// Weights returns the sampling weights, one a row.
func (d *Design) Weights() []float64 { return slices.Clone(d.weights) }

// Calibrated reports whether the weights were calibrated, so that linearised values
// are replaced by residuals.
func (d *Design) Calibrated() bool { return len(d.adjustments) > 0 }

// Reweighted returns the design with other weights, for instance adjusted for
// nonresponse. Rows of weight 0 stay in it.
func (d *Design) Reweighted(weights []float64) (*Design, error) {
	out := *d
	return &out, out.takeWeights(slices.Clone(weights))
}

// sortRows orders the rows by stratum and unit of the first stage, then of the
// second, and so on: a stable counting sort from the last key to the first.
func (d *Design) sortRows() {
	d.order = make([]int32, d.rows)
	for i := range d.order {
		d.order[i] = int32(i)
	}
	for s := len(d.stages) - 1; s >= 0; s-- {
		st := d.stages[s]
		d.order = countingSort(d.order, st.unit, len(st.stratum))
		byStratum := make([]int32, d.rows)
		for i := range byStratum {
			byStratum[i] = st.stratum[st.unit[i]]
		}
		d.order = countingSort(d.order, byStratum, len(st.size))
	}
	d.rank = make([]int32, d.rows)
	for at, row := range d.order {
		d.rank[row] = int32(at)
	}
}

func countingSort(order, key []int32, keys int) []int32 {
	start := make([]int32, keys+1)
	for _, k := range key {
		start[k+1]++
	}
	for k := 0; k < keys; k++ {
		start[k+1] += start[k]
	}
	sorted := make([]int32, len(order))
	for _, row := range order {
		k := key[row]
		sorted[start[k]] = row
		start[k]++
	}
	return sorted
}
