package stats_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"hailong/stats"
)

func TestLongestRunOfEqualAnswers(t *testing.T) {
	for _, test := range []struct {
		answers []uint8
		want    int
	}{
		{nil, 0}, {[]uint8{0, 0, 0}, 0}, {[]uint8{4}, 1}, {[]uint8{4, 4, 5, 5, 5, 1}, 3}, {[]uint8{4, 0, 4}, 1}, {[]uint8{4, 4, 4, 4}, 4},
	} {
		if got := stats.LongestRun(test.answers); got != test.want {
			t.Errorf("%v: %d, want %d", test.answers, got, test.want)
		}
	}
}

// Of 20 sheets 5 are marked, 4 of them among A's 5. P(X ≥ 4), X hypergeometric:
// (C(5,4)·C(15,1) + C(5,5))/C(20,5) = 76/15504 (1 - phyper(3, 5, 15, 5) in R).
func TestConcentrationIsHypergeometric(t *testing.T) {
	marked, unit := make([]bool, 20), make([]string, 20)
	for i := range unit {
		unit[i] = "B"
		if i < 5 {
			unit[i] = "A"
		}
		marked[i] = i < 4 || i == 10
	}
	got, err := stats.Concentration(marked, stats.NewLabels("unit", unit), 0.05)
	if err != nil {
		t.Fatal(err)
	}
	a, b := got[0], got[1]
	if a.Unit != "A" || a.N != 5 || a.Observed != 4 || a.Expected != 1.25 || math.Abs(a.P-76.0/15504) > 1e-12 || !a.Flagged {
		t.Errorf("A: %+v", a)
	}
	if b.Flagged || b.P < 0.99 {
		t.Errorf("B: %+v", b)
	}
}

// Of log seconds 1…9 and 100 the median is 5.5 and the median absolute deviation 2.5: the
// limit for one in 1,000 is exp(5.5 - 3.0902·1.4826·2.5). One wild value does not move it.
func TestFastLimitIsRobust(t *testing.T) {
	var seconds []int
	for i := 1; i <= 9; i++ {
		seconds = append(seconds, int(math.Round(math.Exp(float64(i)))))
	}
	seconds = append(seconds, math.MaxInt32, 0)
	want := math.Exp(5.5 - 3.090232306167813*1.482602218505602*2.5)
	if got := stats.FastLimit(seconds, 1000); math.Abs(got/want-1) > 0.05 {
		t.Errorf("limit %v, want about %v", got, want)
	}
	if got := stats.FastLimit(seconds[:5], 1000); !math.IsNaN(got) {
		t.Errorf("limit of five sheets: %v", got)
	}
}

// answerSheets invents honest sheets: items in blocks of five, villages and people that
// differ in how satisfied they are, and most answers 4 or 5.
func answerSheets(rng *rand.Rand, villages, people, items int) (stats.AnswerSheets, stats.Labels) {
	in := stats.AnswerSheets{}
	for i := range items {
		in.Block = append(in.Block, i/5)
	}
	difficulty := make([]float64, items)
	for i := range difficulty {
		difficulty[i] = 0.5 * rng.NormFloat64()
	}
	var scope, village []string
	for v := range villages {
		level := 0.3 * rng.NormFloat64()
		for range people {
			person := level + rng.NormFloat64()
			block := map[int]float64{}
			answers := make([]uint8, items)
			for i := range answers {
				if _, ok := block[in.Block[i]]; !ok {
					block[in.Block[i]] = 0.6 * rng.NormFloat64()
				}
				x := person + block[in.Block[i]] + difficulty[i] + 0.8*rng.NormFloat64()
				answers[i] = uint8(min(max(math.Round(4.2+0.7*x), 1), 5))
			}
			in.Answers = append(in.Answers, answers)
			scope, village = append(scope, fmt.Sprint("commune", v/4)), append(village, fmt.Sprint("village", v))
		}
	}
	in.Scope = stats.NewLabels("commune", scope)
	return in, stats.NewLabels("village", village)
}

// Copies with two changed answers are found and nothing else is.
func TestDuplicatesFindsCopies(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	in, _ := answerSheets(rng, 8, 12, 33)
	for k := range 3 {
		from, to := 5+k, 20+k
		copy(in.Answers[to], in.Answers[from])
		in.Answers[to][3] = 6 - in.Answers[to][3]
	}
	twins, limit, err := stats.Duplicates(in, stats.DuplicateOptions{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	found := map[int]bool{}
	for _, w := range twins {
		found[w.Sheet] = true
		if !(w.Excess > limit) || w.Equal < 31 {
			t.Errorf("twin %+v with limit %v", w, limit)
		}
		if d := max(w.Sheet, w.Other) - min(w.Sheet, w.Other); d != 15 {
			t.Errorf("sheet %d is said to be like %d", w.Sheet, w.Other)
		}
	}
	if len(found) != 6 {
		t.Errorf("found %v, want sheets 5 to 7 and 20 to 22", found)
	}
}

// People who are satisfied with everything alike are no copies of each other.
func TestDuplicatesLeavesSheetsOfOneAnswerAlone(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	in, _ := answerSheets(rng, 4, 12, 33)
	for i := range 15 {
		for j := range in.Answers[i] {
			in.Answers[i][j] = 4
		}
	}
	twins, _, err := stats.Duplicates(in, stats.DuplicateOptions{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range twins {
		if w.Sheet < 15 {
			t.Errorf("a sheet of one answer was flagged: %+v", w)
		}
	}
}

// The honest sheets come from another model than the null, so the rate is kept nearly:
// 200 surveys each of 40, 96 and 100 sheets had 8.5, 6.5 and 5 % false alarms at a rate
// of 5 %. In 100 surveys at most 13 have one, which a true 7 % exceeds once in 100 times.
func TestDuplicatesKeepsItsFalseAlarmRate(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	alarms := 0
	for round := range 100 {
		in, _ := answerSheets(rng, 4, 10, 20)
		twins, _, err := stats.Duplicates(in, stats.DuplicateOptions{Seed: uint64(round), Draws: 100})
		if err != nil {
			t.Fatal(err)
		}
		if len(twins) > 0 {
			alarms++
		}
	}
	if alarms > 13 {
		t.Errorf("%d of 100 honest surveys had a false flag", alarms)
	}
}

// A counter whose sheets all end in 0 stands out against the others, who round as
// well but less; in 200 surveys in which all round alike at most 20 have a false flag at
// 5 %, which a true 5 % exceeds once in 700 times.
func TestPatternsComparesUnitsWithEachOther(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	survey := func(heaping float64) (value, unit, scope stats.Labels) {
		var values, units []string
		for i := range 200 {
			digit, share := rng.IntN(10), 0.3
			if i < 20 {
				share = heaping
			}
			if rng.Float64() < share {
				digit = 0
			}
			values, units = append(values, fmt.Sprint(digit)), append(units, fmt.Sprint("counter", i/20))
		}
		return stats.NewLabels("digit", values), stats.NewLabels("counter", units), stats.NewLabels("all", make([]string, 200))
	}
	none := func(l stats.Labels) stats.Labels { // one scope for all
		l.Levels, l.Codes = []string{"all"}, make([]int32, len(l.Codes))
		return l
	}
	value, unit, scope := survey(1)
	got, err := stats.Patterns(value, unit, none(scope), stats.PatternOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range got {
		if s.Flagged != (s.Unit == "counter0") || s.N != 20 {
			t.Errorf("%+v", s)
		}
	}
	alarms := 0
	for round := range 200 {
		value, unit, scope := survey(0.3)
		got, err := stats.Patterns(value, unit, none(scope), stats.PatternOptions{Seed: uint64(round)})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range got {
			if s.Flagged {
				alarms++
				break
			}
		}
	}
	if alarms > 20 {
		t.Errorf("%d of 200 surveys had a false flag", alarms)
	}
}
