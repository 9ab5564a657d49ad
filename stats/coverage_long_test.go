//go:build long

package stats_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"hailong/stats"
)

// population is an invented province: strata of communes of villages of people, whose
// answers to three items share effects of commune and village.
type population struct {
	strata, communes, villages, people int
	satisfied                          [][3]bool // by stratum, commune, village, person
	value                              float64   // the index of everybody
}

func newPopulation(rng *rand.Rand, centre float64) population {
	p := population{strata: 4, communes: 40, villages: 10, people: 60}
	counts := [3]int{}
	for range p.strata {
		for range p.communes {
			commune := rng.NormFloat64() * 0.3
			for range p.villages {
				village := rng.NormFloat64() * 0.3
				for range p.people {
					person := rng.NormFloat64() * 0.8
					var answer [3]bool
					for i := range answer {
						odds := math.Exp(centre + 0.2*float64(i) + commune + village + person)
						if answer[i] = rng.Float64() < odds/(1+odds); answer[i] {
							counts[i]++
						}
					}
					p.satisfied = append(p.satisfied, answer)
				}
			}
		}
	}
	for _, c := range counts {
		p.value += 100 * float64(c) / float64(len(p.satisfied)) / 3
	}
	return p
}

// draw samples communes, villages and people by simple random sampling at each stage.
func (p population) draw(t *testing.T, rng *rand.Rand, communes int) stats.Row {
	t.Helper()
	const villages, people = 3, 12
	x := stats.Index{Items: []string{"a", "b", "c"}, Overall: stats.MeanOfItems, Share: true}
	tally, err := stats.NewTally(x.Items, x.Sets())
	if err != nil {
		t.Fatal(err)
	}
	weight := float64(p.communes) / float64(communes) * float64(p.villages) / villages * float64(p.people) / people
	for h := range p.strata {
		for _, c := range rng.Perm(p.communes)[:communes] {
			for _, v := range rng.Perm(p.villages)[:villages] {
				cell, err := tally.Cell(stats.Key{Stratum: fmt.Sprint(h), PSU: fmt.Sprint(c), SSU: fmt.Sprint(v),
					StratumSize: float64(p.communes), PSUSize: float64(p.villages)})
				if err != nil {
					t.Fatal(err)
				}
				for _, k := range rng.Perm(p.people)[:people] {
					answer := p.satisfied[((h*p.communes+c)*p.villages+v)*p.people+k]
					var scores [3]float64
					for i, yes := range answer {
						if yes {
							scores[i] = 1
						}
					}
					if err := tally.Observe(cell, weight, scores[:]); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
	r := indexOf(t, tally, x, stats.LonelyFail)
	return r.Rows[len(r.Rows)-1]
}

// TestIntervalsCoverTheProvincesValue draws 2,000 samples of 32 and of 40 communes; the bounds
// lie four standard errors from 0.95. What smaller samples and extreme shares reach
// is logged.
func TestIntervalsCoverTheProvincesValue(t *testing.T) {
	const samples = 2000
	for _, c := range []struct {
		communes int // a stratum
		centre   float64
		bound    bool
	}{{10, 1, true}, {8, 1, true}, {5, 1, false}, {3, 1, false}, {2, 1, false}, {8, 3.5, false}, {3, 3.5, false}, {2, 3.5, false}} {
		rng := rand.New(rand.NewPCG(20, 25))
		p := newPopulation(rng, c.centre)
		var plain, logit int
		for range samples {
			row := p.draw(t, rng, c.communes)
			if i := row.CI(0.95); i.Low <= p.value && p.value <= i.High {
				plain++
			}
			if i := row.ShareInterval(stats.IntervalLogit, 0.95); i.Low <= p.value && p.value <= i.High {
				logit++
			}
		}
		t.Logf("%d communes, index %.1f: t interval covers %.3f, logit %.3f", 4*c.communes, p.value,
			float64(plain)/samples, float64(logit)/samples)
		for name, covered := range map[string]int{"t": plain, "logit": logit} {
			if share := float64(covered) / samples; c.bound && (share < 0.93 || share > 0.97) {
				t.Errorf("%s interval covers %.3f, want 0.93 to 0.97", name, share)
			}
		}
	}
}

// drawCommune samples villages of the first commune, and 12 people of each. As in editions,
// the finite number of villages is not corrected for: (1-f) of the villages' variance
// without that of the people drawn in them would be too little.
func (p population) drawCommune(t *testing.T, rng *rand.Rand, villages int) stats.Row {
	t.Helper()
	const people = 12
	x := stats.Index{Items: []string{"a", "b", "c"}, Overall: stats.MeanOfItems, Share: true}
	tally, err := stats.NewTally(x.Items, x.Sets())
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range rng.Perm(p.villages)[:villages] {
		cell, err := tally.Cell(stats.Key{Stratum: "commune", PSU: fmt.Sprint(v)})
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range rng.Perm(p.people)[:people] {
			var scores [3]float64
			for i, yes := range p.satisfied[v*p.people+k] {
				if yes {
					scores[i] = 1
				}
			}
			if err := tally.Observe(cell, 1, scores[:]); err != nil {
				t.Fatal(err)
			}
		}
	}
	r := indexOf(t, tally, x, stats.LonelyFail)
	return r.Rows[len(r.Rows)-1]
}

// TestIntervalsOfACommuneRestOnItsVillages logs what the intervals of a commune's own
// result reach, and how often its standard error comes out below half of what it is: the
// reason for a warning below 5 degrees of freedom.
func TestIntervalsOfACommuneRestOnItsVillages(t *testing.T) {
	const samples = 4000
	for _, c := range []struct {
		villages int
		centre   float64
	}{{2, 1}, {3, 1}, {4, 1}, {6, 1}, {8, 1}, {3, 3.5}, {6, 3.5}} {
		rng := rand.New(rand.NewPCG(20, 26))
		p := newPopulation(rng, c.centre)
		value, own := 0.0, p.satisfied[:p.villages*p.people]
		for _, answer := range own {
			for _, yes := range answer {
				if yes {
					value += 100 / float64(3*len(own))
				}
			}
		}
		var plain, logit, low int
		var squares float64
		rows := make([]stats.Row, samples)
		for s := range rows {
			rows[s] = p.drawCommune(t, rng, c.villages)
			squares += (rows[s].Value - value) * (rows[s].Value - value) / samples
		}
		for _, row := range rows {
			if i := row.CI(0.95); i.Low <= value && value <= i.High {
				plain++
			}
			if i := row.ShareInterval(stats.IntervalLogit, 0.95); i.Low <= value && value <= i.High {
				logit++
			}
			if row.SE < math.Sqrt(squares)/2 {
				low++
			}
		}
		t.Logf("%d villages, index %.1f: t interval covers %.3f, logit %.3f; error %.1f, below half of it in %.3f",
			c.villages, value, float64(plain)/samples, float64(logit)/samples, math.Sqrt(squares), float64(low)/samples)
		if share := float64(plain) / samples; c.centre == 1 && share < 0.90 {
			t.Errorf("%d villages: t interval covers %.3f", c.villages, share)
		}
	}
}
