package stats

import (
	"math"
	"slices"
	"strings"

	"hailong/fault"
)

// CellRule says when a nonresponse cell is large enough to be adjusted by itself. A
// factor that rests on a handful of respondents adds more variance than the bias that
// it takes away.
type CellRule struct {
	Min       int     // respondents a cell holds at least; 0 for no limit
	MaxFactor float64 // its factor is at most this; 0 for no limit
}

// MergeCells joins cells that are too small, by a fixed rule. The cells, crossings of
// one or more columns whose values are given by level, are taken in the order of their
// values by less; a cell that is too small is joined to the next ones with the same
// values in all columns but the last until they are large enough together, the last of
// these to the ones before; only if all of them together are too small do they go on to
// the next. It returns the labels of the joined cells, whose levels have a plus between
// them, and the levels that were joined from several.
func MergeCells(weights, responded []float64, cells Labels, values [][]string, rule CellRule, less func(a, b string) int) (Labels, []string, error) {
	if len(responded) != len(weights) || len(cells.Codes) != len(weights) {
		return Labels{}, nil, fault.New(fault.Invalid, "stats.length", "rows", min(len(responded), len(cells.Codes)), "want", len(weights))
	}
	sums := make([]cellSums, len(cells.Levels))
	for i, c := range cells.Codes {
		if c != Missing {
			sums[c].add(weights[i], responded[i])
		}
	}
	order := make([]int, len(sums))
	for c := range order {
		order[c] = c
	}
	slices.SortFunc(order, func(a, b int) int { return slices.CompareFunc(values[a], values[b], less) })
	blocks := rule.blocks(order, sums, values)
	out := Labels{Name: cells.Name, Codes: slices.Clone(cells.Codes)}
	place := make([]int32, len(sums))
	var joined []string
	for b, block := range blocks {
		names := make([]string, len(block))
		for i, c := range block {
			names[i], place[c] = cells.Levels[c], int32(b)
		}
		out.Levels = append(out.Levels, strings.Join(names, " + "))
		if len(block) > 1 {
			joined = append(joined, out.Levels[b])
		}
	}
	for i, c := range out.Codes {
		if c != Missing {
			out.Codes[i] = place[c]
		}
	}
	return out, joined, nil
}

// cellSums are a cell's respondents and its weights.
type cellSums struct {
	respondents        int
	eligible, answered float64
}

func (s *cellSums) add(weight, responded float64) {
	if math.IsNaN(responded) {
		return
	}
	s.eligible += weight
	if responded == 1 {
		s.respondents++
		s.answered += weight
	}
}

func (s cellSums) plus(o cellSums) cellSums {
	return cellSums{s.respondents + o.respondents, s.eligible + o.eligible, s.answered + o.answered}
}

// enough reports whether cells can be adjusted; one without eligible people needs nothing.
func (r CellRule) enough(s cellSums) bool {
	if s.eligible == 0 {
		return true
	}
	return s.respondents >= max(r.Min, 1) && (r.MaxFactor == 0 || s.eligible <= r.MaxFactor*s.answered)
}

// blocks joins cells in their order.
func (r CellRule) blocks(order []int, sums []cellSums, values [][]string) [][]int {
	var blocks, inParent [][]int
	var open []int
	var sum cellSums
	parent := func(c int) []string { return values[c][:max(len(values[c])-1, 0)] }
	for i, c := range order {
		open, sum = append(open, c), sum.plus(sums[c])
		if r.enough(sum) {
			inParent, open, sum = append(inParent, open), nil, cellSums{}
		}
		last := i == len(order)-1
		if !last && slices.Equal(parent(c), parent(order[i+1])) {
			continue
		}
		if n := len(inParent); n > 0 && len(open) > 0 {
			inParent[n-1] = append(inParent[n-1], open...)
			open, sum = nil, cellSums{}
		}
		blocks, inParent = append(blocks, inParent...), nil
	}
	if n := len(blocks); n > 0 && len(open) > 0 {
		blocks[n-1] = append(blocks[n-1], open...)
	} else if len(open) > 0 {
		blocks = append(blocks, open) // nobody answered enough anywhere; the adjustment says so
	}
	return blocks
}

// WeightSpread says how uneven weights are, and what that costs.
type WeightSpread struct {
	N        int     // weights above 0
	Sum      float64 // of them
	Min, Max float64
	CV       float64 // standard deviation over mean
	// Deff is Kish's design effect of weighting, n·Σw²/(Σw)² = 1 + CV²: how much larger the
	// variance of a mean is for weights that have nothing to do with it (Kish, Journal of
	// Official Statistics 8, 1992).
	Deff float64
	// Effective is N over Deff.
	Effective float64
}

// SpreadOf describes the weights above 0; with none everything but the counts is NaN.
func SpreadOf(weights []float64) WeightSpread {
	s := WeightSpread{Min: math.NaN(), Max: math.NaN()}
	squares := 0.0
	for _, w := range weights {
		if !(w > 0) {
			continue
		}
		if s.N == 0 {
			s.Min, s.Max = w, w
		}
		s.N++
		s.Sum += w
		squares += w * w
		s.Min, s.Max = min(s.Min, w), max(s.Max, w)
	}
	s.Deff = float64(s.N) * squares / (s.Sum * s.Sum)
	s.CV, s.Effective = math.Sqrt(max(s.Deff-1, 0)), float64(s.N)/s.Deff
	if s.N == 0 {
		s.Deff, s.CV, s.Effective = math.NaN(), math.NaN(), math.NaN()
	}
	return s
}
