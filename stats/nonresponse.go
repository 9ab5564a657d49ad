package stats

import (
	"math"

	"hailong/fault"
)

// AdjustNonresponse returns the weights after those who answered have taken over,
// within each cell, the weight of those who did not: a respondent's weight is
// multiplied by Σw of the eligible over Σw of the respondents of the cell; everyone
// else's becomes 0. Rows of weight 0 stay in the design. responded is 1 for
// answered, 0 for not, NaN for not eligible, who are in neither sum.
//
// It assumes that within a cell answering does not depend on what is asked
// (Little, International Statistical Review 54, 1986). A cell with eligible people
// of whom nobody answered is an error.
func AdjustNonresponse(weights, responded []float64, cells Labels) ([]float64, error) {
	if len(responded) != len(weights) || len(cells.Codes) != len(weights) {
		return nil, fault.New(fault.Invalid, "stats.length", "rows", min(len(responded), len(cells.Codes)), "want", len(weights))
	}
	eligible, answered := make([]float64, len(cells.Levels)), make([]float64, len(cells.Levels))
	first := make([]int, len(cells.Levels)) // row of each cell, from 1
	for i, w := range weights {
		if math.IsNaN(responded[i]) {
			continue
		}
		c := cells.Codes[i]
		if c == Missing {
			return nil, &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{
				fault.P("stats.label_missing").AtRow(i+1, cells.Name)}}
		}
		switch responded[i] {
		case 1:
			answered[c] += w
		case 0:
		default:
			return nil, &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{
				fault.P("stats.responded_invalid", "value", responded[i]).AtRow(i+1, "")}}
		}
		eligible[c] += w
		if first[c] == 0 {
			first[c] = i + 1
		}
	}
	var problems []fault.Problem
	for c := range cells.Levels {
		if eligible[c] > 0 && answered[c] == 0 {
			problems = append(problems, fault.P("stats.cell_without_answers", "cell", cells.Levels[c]).AtRow(first[c], cells.Name))
		}
	}
	if len(problems) > 0 {
		return nil, fault.Of(fault.Invalid, problems)
	}
	adjusted := make([]float64, len(weights))
	for i, w := range weights {
		if responded[i] == 1 {
			adjusted[i] = w * eligible[cells.Codes[i]] / answered[cells.Codes[i]]
		}
	}
	return adjusted, nil
}
