package scorecard

// Expect says how the figure of a domain would be published, by what a design
// lets expect of it before anything is drawn: n answers, primary units, standard
// error in points and degrees of freedom. The rule is that of editions.
func (l Limits) Expect(n, psus, df int, se float64) (Publication, []string) {
	return l.judge(Figure{N: n, PSUs: psus, DF: df, SE: Float(se)})
}
