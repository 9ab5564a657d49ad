package stats_test

import (
	"testing"

	"hailong/stats"
)

// A domain's standard error is its own: it does not change with the other domains that are
// estimated beside it, whatever the rule for lonely PSUs. R's figures, where group g is 1:
//
//	options(survey.lonely.psu = rule, survey.adjust.domain.lonely = TRUE)
//	SE(svymean(~y, subset(svydesign(~psu, strata = ~stratum, weights = ~w, data = lonely), g == 1)))
func TestADomainsErrorDoesNotDependOnTheDomainsBesideIt(t *testing.T) {
	want := readExpected(t)
	data := readTable(t, "lonely.csv")
	y, g := data.numbers("y"), data.number("g")
	for _, rule := range []stats.LonelyPSU{stats.LonelyRemove, stats.LonelyCertainty, stats.LonelyAdjust, stats.LonelyAverage} {
		for domains, name := range map[bool]string{false: "plain", true: "domains"} {
			d := mustDesign(t, stats.DesignSpec{Rows: len(data.rows), IDs: []stats.Labels{data.labels("psu")},
				Strata: []stats.Labels{data.labels("stratum")}, Weights: data.number("w"), Lonely: rule, AdjustDomainLonely: domains})
			part := d.Mean(y, d.Where(func(row int) bool { return g[row] == 1 }))
			rest := d.Mean(y, d.Where(func(row int) bool { return g[row] == 0 }))
			joint := d.Joint([]stats.Linear{part, rest, d.Mean(y, d.All())})
			want.agree(joint.Rows[0].SE, "lonely.%s.%s.wr.g.se", rule, name)
			want.agree(joint.Rows[2].SE, "lonely.%s.%s.wr.all.se", rule, name)
		}
	}
}
