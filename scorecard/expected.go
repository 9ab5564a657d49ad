package scorecard

import "math"

// Expected is what a design lets expect of a domain's figure before anything is
// drawn. Value and SE are in points.
type Expected struct {
	Answers  float64
	PSUs, DF int
	Value    float64
	SE       float64
}

// Expect says how such a figure would be published. The rule is that of editions,
// the design effect aside, which limits items only. Answers count whole; a billionth
// is there by binary fractions.
func (l Limits) Expect(e Expected) (Publication, []string) {
	n := int(math.Floor(e.Answers * (1 + 1e-9)))
	return l.judge(Figure{N: n, PSUs: e.PSUs, DF: e.DF, Value: Float(e.Value), SE: Float(e.SE)})
}
