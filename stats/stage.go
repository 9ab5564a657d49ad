package stats

import "hailong/fault"

// stage is one stage of selection: units, each in a stratum; the strata of a later
// stage lie within a unit of the stage before.
type stage struct {
	unit     []int32   // of each row
	stratum  []int32   // of each unit
	parent   []int32   // of each unit: the unit of the stage before (0 in the first)
	size     []int     // units drawn in each stratum
	drawn    int       // units of the stage, in all strata
	fraction []float64 // of each unit: share drawn of its stratum n/N, or its inclusion probability
	factor   []float64 // of each unit: product of the fractions of the units that contain it
	keep     []float64 // of each unit: 1-fraction, or 1 without finite population correction
	kept     []float64 // of each stratum: sum of keep over its units
	first    []int     // of each stratum: its first row, for messages
	names    []string  // of each stratum of the first stage: its label
}

// census is the finite population correction below which R takes a stratum to be
// fully enumerated, whose stage then adds no variance.
const census = 1e-7

type stageBuilder struct {
	spec   DesignSpec
	sizes  bool // FPC holds sizes, not fractions
	stages []stage
}

func (b *stageBuilder) build() error {
	if err := b.readFPC(); err != nil {
		return err
	}
	ids, err := b.unitLabels()
	if err != nil {
		return err
	}
	outer := make([]int32, b.spec.Rows)
	for s, id := range ids {
		st, err := b.stage(s, outer, id)
		if err != nil {
			return err
		}
		b.stages = append(b.stages, st)
		outer = st.unit
	}
	if len(b.stages[0].stratum) < 2 && !b.spec.onePSU {
		return fault.New(fault.Invalid, "stats.one_psu")
	}
	return nil
}

// unitLabels returns the codes of the units of each stage: the given labels, or
// the row's own number. Without Nest a PSU's label belongs to one stratum.
func (b *stageBuilder) unitLabels() ([][]int32, error) {
	if len(b.spec.IDs) == 0 {
		own := make([]int32, b.spec.Rows)
		for i := range own {
			own[i] = int32(i)
		}
		return [][]int32{own}, nil
	}
	ids := make([][]int32, len(b.spec.IDs))
	for s, l := range b.spec.IDs {
		ids[s] = l.Codes
	}
	if b.spec.Nest || len(b.spec.Strata) == 0 {
		return ids, nil
	}
	psu, strata := b.spec.IDs[0], b.spec.Strata[0]
	seen := make(map[int32]int32, len(psu.Levels))
	for i, code := range psu.Codes {
		if first, ok := seen[code]; ok && first != strata.Codes[i] {
			return nil, &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{fault.P("stats.psu_in_two_strata",
				"psu", psu.Levels[code], "first", strata.Levels[first], "second", strata.Levels[strata.Codes[i]]).
				AtRow(i+1, psu.Name)}}
		}
		seen[code] = strata.Codes[i]
	}
	return ids, nil
}

// stage numbers the strata within the units of the stage before and the units
// within the strata, and reads the fractions.
func (b *stageBuilder) stage(s int, outer, id []int32) (stage, error) {
	within := make([]int32, b.spec.Rows)
	if s < len(b.spec.Strata) {
		within = b.spec.Strata[s].Codes
	}
	rowStratum, firstOfStratum := nestedCodes(outer, within)
	unit, firstOfUnit := nestedCodes(rowStratum, id)
	st := stage{unit: unit, size: make([]int, len(firstOfStratum)), first: firstOfStratum}
	for _, row := range firstOfUnit {
		st.stratum = append(st.stratum, rowStratum[row])
		st.parent = append(st.parent, outer[row])
		st.size[rowStratum[row]]++
	}
	if s == 0 {
		for _, row := range firstOfStratum {
			st.names = append(st.names, b.stratumName(0, row))
		}
	}
	st.drawn = len(st.stratum)
	factor := make([]float64, len(firstOfUnit))
	for u, row := range firstOfUnit {
		factor[u] = 1
		if s > 0 {
			before := b.stages[s-1]
			factor[u] = before.factor[outer[row]] * before.fraction[outer[row]]
		}
	}
	st.factor = factor
	err := b.fractions(s, &st, firstOfUnit)
	st.kept = make([]float64, len(firstOfStratum))
	for u, h := range st.stratum {
		st.kept[h] += st.keep[u]
	}
	return st, err
}

// failLonely reports every stratum of one unit that is not fully enumerated.
// Stages after the first count only where they enter the variance.
func (b *stageBuilder) failLonely() error {
	var problems []fault.Problem
	for s, st := range b.stages {
		if s > 0 && len(b.spec.FPC) == 0 {
			break
		}
		for u, h := range st.stratum {
			if st.size[h] == 1 && st.keep[u] >= census && st.factor[u] > 0 {
				problems = append(problems, fault.P("stats.lonely_psu", "stage", s+1,
					"stratum", b.stratumName(s, st.first[h])).AtRow(st.first[h]+1, ""))
			}
		}
	}
	return fault.Of(fault.Invalid, problems)
}

func (b *stageBuilder) stratumName(s, row int) string {
	name := ""
	for t := 0; t <= s; t++ {
		if t < len(b.spec.Strata) {
			name = join(name, b.spec.Strata[t].Levels[b.spec.Strata[t].Codes[row]])
		}
		if t < s {
			name = join(name, b.spec.IDs[t].Levels[b.spec.IDs[t].Codes[row]])
		}
	}
	return name
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + " / " + b
}
