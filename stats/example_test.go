package stats_test

import (
	"fmt"
	"log"
	"math"

	"hailong/stats"
)

// Four villages of two strata, two people each; a domain keeps all of them in the
// design. R's survey 4.1.1 gives the same figures.
func Example() {
	village := stats.NewLabels("village", []string{"A", "A", "B", "B", "C", "C", "D", "D"})
	stratum := stats.NewLabels("stratum", []string{"plain", "plain", "plain", "plain", "hill", "hill", "hill", "hill"})
	sex := stats.NewLabels("sex", []string{"f", "m", "f", "m", "f", "m", "f", "f"})
	satisfied := stats.Numbers{Name: "satisfied", Values: []float64{1, 0, 1, 1, 0, 1, 0, math.NaN()}}

	d, err := stats.NewDesign(stats.DesignSpec{
		Rows: 8, IDs: []stats.Labels{village}, Strata: []stats.Labels{stratum},
		Weights: []float64{20, 20, 20, 20, 30, 30, 30, 30},
	})
	if err != nil {
		log.Fatal(err)
	}
	all, _ := d.Estimate(d.Proportion(satisfied, d.All()))
	fmt.Printf("everybody %.3f (%.3f), df %d, n %d\n", all.Value, all.SE, all.DF, all.N)
	logit := all.ShareInterval(stats.IntervalLogit, 0.95)
	fmt.Printf("95 %% between %.2f and %.2f\n", logit.Low, logit.High)

	bySex := d.All().Split(sex)
	women, men := d.Proportion(satisfied, bySex[0]), d.Proportion(satisfied, bySex[1])
	gap, _ := d.Estimate(d.Contrast("women - men", []float64{1, -1}, []stats.Linear{women, men}))
	fmt.Printf("women %.3f, men %.3f, difference %.3f (%.3f)\n", women.Value, men.Value, gap.Value, gap.SE)
	// Output:
	// everybody 0.529 (0.144), df 2, n 7
	// 95 % between 0.09 and 0.93
	// women 0.400, men 0.714, difference -0.314 (0.311)
}

// A tally is filled in one pass and gives an index with its errors, those of R's
// svycontrast of the totals.
func ExampleTally() {
	x := stats.Index{
		Items:   []string{"polite", "on_time"},
		Groups:  []stats.Composite{{ID: "service", Of: []string{"polite", "on_time"}}},
		Overall: stats.MeanOfItems,
		Share:   true,
	}
	tally, err := stats.NewTally(x.Items, x.Sets())
	if err != nil {
		log.Fatal(err)
	}
	for i, scores := range [][]float64{{1, 1}, {1, 0}, {0, 1}, {1, math.NaN()}, {1, 1}, {0, 0}} {
		village := string(rune('A' + i/2))
		cell, err := tally.Cell(stats.Key{Stratum: "province", PSU: village, StratumSize: 30})
		if err != nil {
			log.Fatal(err)
		}
		if err := tally.Observe(cell, 100, scores); err != nil {
			log.Fatal(err)
		}
	}
	estimator, err := tally.Estimator(stats.LonelyFail)
	if err != nil {
		log.Fatal(err)
	}
	result, err := estimator.Index(x, estimator.All())
	if err != nil {
		log.Fatal(err)
	}
	for _, row := range result.Rows {
		fmt.Printf("%s %s %.1f (%.1f), n %d\n", row.Level, row.Label, row.Value, row.SE, row.N)
	}
	// Output:
	// item polite 66.7 (15.8), n 6
	// item on_time 60.0 (11.4), n 5
	// group service 63.3 (7.1), n 6
	// overall overall 63.3 (7.1), n 6
}
