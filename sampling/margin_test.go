package sampling_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"hailong/sampling"
)

// unitsOf is a frame of communes A0, A1, … and B0, … with the sizes given.
func unitsOf(t *testing.T, sizes map[string][]int) sampling.Frame {
	t.Helper()
	var out strings.Builder
	out.WriteString("code,kind,population\n")
	for _, kind := range []string{"A", "B"} {
		for i, x := range sizes[kind] {
			fmt.Fprintf(&out, "%s%d,%s,%d\n", kind, i, kind, x)
		}
	}
	return mustFrame(t, out.String())
}

// same are n communes of the same size.
func same(n, size int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = size
	}
	return out
}

// threeStages is 10 of 100 communes, 3 villages in each, 20 people in each.
func threeStages(t *testing.T) sampling.MarginInput {
	return sampling.MarginInput{
		Frame:  unitsOf(t, map[string][]int{"A": same(100, 5000)}),
		Plan:   mustPlan(t, `{"key":"code","method":"pps_systematic","size":"population","n":10}`),
		Stages: []sampling.NextStage{{N: 3, Rho: 0.02}, {N: 20, Rho: 0.06}}, Response: 1, P: 0.8, DEff: 1, Confidence: 0.95,
	}
}

func expect(t *testing.T, in sampling.MarginInput) sampling.Margins {
	t.Helper()
	m, err := sampling.ExpectMargins(in)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-9*math.Abs(want)) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// p(1−p) = 0.16; between communes 0.02·(1 − 10/100)/10, between villages
// 0.04/30, between people 0.94/600. Of one commune the first goes and the divisors
// are 3 and 60. t(9) = 2.262157163.
func TestMarginsOfThreeStagesByHand(t *testing.T) {
	m := expect(t, threeStages(t))
	if len(m.Rows) != 101 {
		t.Fatalf("%d rows", len(m.Rows))
	}
	all, unit := m.Rows[0], m.Rows[1]
	near(t, "SE", all.SE, 100*math.Sqrt(0.16*(0.02*0.9/10+0.04/30+0.94/600)))
	near(t, "margin/SE", math.Round(all.Margin/all.SE*1e8)/1e8, 2.26215716)
	near(t, "SE of a commune", unit.SE, 100*math.Sqrt(0.16*(0.04/3+0.94/60)))
	if all.Answers != 600 || all.PSUs != 10 || all.DF != 9 || unit.Answers != 60 || unit.PSUs != 3 || unit.DF != 2 || unit.Chance != 0.1 {
		t.Errorf("%+v\n%+v", all, unit)
	}
	if m.Drawn[0] != 10 || m.Drawn[1] != 30 || m.Drawn[2] != 600 {
		t.Errorf("drawn %v", m.Drawn)
	}
}

// Where few of many are drawn, the design effect is 1 + (b−1)ρ2 + b(m−1)ρ1 (Kish
// 1965, §5.4 and §5.6): 1 + 19·0.06 + 20·2·0.02 = 2.94.
func TestMarginsOfAManyUnitsFrameHaveKishsDesignEffect(t *testing.T) {
	in := threeStages(t)
	in.Frame = unitsOf(t, map[string][]int{"A": same(20_000, 5)})
	near(t, "deff", math.Round(expect(t, in).Rows[0].DEff*1e2)/1e2, 2.94)
}

// People drawn directly: p(1−p)(1 − n/N)/n in each stratum (Cochran 1977, §3.2 and
// §5.10), weighted by the strata's people. Those who do not answer are not drawn.
func TestMarginsOfPeopleDrawnDirectly(t *testing.T) {
	m := expect(t, sampling.MarginInput{
		Frame: unitsOf(t, map[string][]int{"A": same(900, 1), "B": same(100, 1)}), Response: 0.8, P: 0.5, DEff: 1.2, Confidence: 0.95,
		Plan: mustPlan(t, `{"key":"code","strata":["kind"],"method":"srs","n":{"A":100,"B":50}}`)})
	a, b := 0.25*(1-80.0/900)/80, 0.25*(1-40.0/100)/40
	near(t, "A", m.Rows[1].SE, 100*math.Sqrt(1.2*a))
	near(t, "B", m.Rows[2].SE, 100*math.Sqrt(1.2*b))
	near(t, "all", m.Rows[0].SE, 100*math.Sqrt(1.2*(0.81*a+0.01*b)))
	if len(m.Rows) != 3 || m.Rows[0].DF != 118 || m.Rows[1].PSUs != 80 {
		t.Errorf("%+v", m.Rows)
	}
}

// A commune taken with certainty adds nothing between communes, and its villages
// are primary units: 1 certain of 3 villages, 2 of 9 others.
func TestMarginsKnowCertaintyUnits(t *testing.T) {
	in := threeStages(t)
	in.Frame = unitsOf(t, map[string][]int{"A": append(same(9, 1000), 9000)})
	in.Plan = mustPlan(t, `{"key":"code","strata":["kind"],"method":"pps_systematic","size":"population","n":3,"certainty":["A9"]}`)
	m := expect(t, in)
	within := 0.04/3 + 0.94/60
	between := 9 * 1e6 * (0.02*(9.0/2-1) + within*9/2) // π = 2/9
	near(t, "SE", m.Rows[0].SE, 100*math.Sqrt(0.16*(between+81e6*within)/(18000*18000)))
	if m.Rows[0].PSUs != 2+3 || m.Rows[0].DF != 3 {
		t.Errorf("%+v", m.Rows[0])
	}
}

// A reserve fills up to the number drawn; without one the response thins it.
func TestMarginsCountTheReserve(t *testing.T) {
	for _, c := range []struct {
		reserve  int
		response float64
		want     float64 // answers a village
	}{{0, 0.7, 14}, {10, 0.7, 20}, {5, 0.7, 17.5}, {10, 0.5, 15}} {
		in := threeStages(t)
		in.Response, in.Stages[1].Reserve = c.response, c.reserve
		if got := expect(t, in).Rows[1].Answers / 3; math.Abs(got-c.want) > 1e-9 {
			t.Errorf("reserve %d, response %v: %v answers a village, want %v", c.reserve, c.response, got, c.want)
		}
	}
}

// Half of the villages drawn halves what they add; all people asked leaves
// nothing between people.
func TestMarginsCorrectForFewVillages(t *testing.T) {
	in := threeStages(t)
	in.Stages[0].Of, in.Stages[1].Of = 6, 20
	near(t, "SE of a commune", expect(t, in).Rows[1].SE, 100*math.Sqrt(0.16*0.04/3*0.5))
}

func TestMarginsAddUpTheCosts(t *testing.T) {
	in := threeStages(t)
	in.Costs = []float64{500, 200, 30}
	near(t, "cost", expect(t, in).Cost, 10*500+30*200+600*30)
}

// The variance is the one that draws have: communes of unequal size, drawn by
// size and by chance, whose people vary as the correlations say. 6,000 draws make the
// variance known to 2 %; four times that is allowed.
func TestMarginsAreTheVarianceOfManyDraws(t *testing.T) {
	sizes := []int{900, 300, 500, 1200, 700, 100, 400, 800, 4000, 600, 250, 350}
	in := threeStages(t)
	in.Frame = unitsOf(t, map[string][]int{"A": sizes})
	in.Stages = []sampling.NextStage{{N: 2, Rho: 0.2}, {N: 4, Rho: 0.3}}
	for method, plan := range map[string]string{
		"by size":   `{"key":"code","method":"pps_systematic","size":"population","n":5}`,
		"by chance": `{"key":"code","method":"srs","n":5}`,
	} {
		in.Plan, in.People = mustPlan(t, plan), "population"
		want := expect(t, in).Rows[0].SE / 100 / math.Sqrt(0.16) // of a variable with variance 1
		if got := empirical(t, in, sizes); math.Abs(got/want-1) > 0.04 {
			t.Errorf("%s: standard error %v, expected %v", method, got, want)
		}
	}
}

// empirical is the standard error over many draws of Σ(x/π)ȳ / X as an estimate of
// the mean, with effects of communes, villages and people of variances ρ1, ρ2 − ρ1, 1 − ρ2.
func empirical(t *testing.T, in sampling.MarginInput, sizes []int) float64 {
	t.Helper()
	r := rand.New(rand.NewPCG(7, 11))
	total, square := 0.0, 0.0
	for _, x := range sizes {
		total += float64(x)
	}
	villages, people, commune := in.Stages[0], in.Stages[1], map[string]float64{}
	const draws = 6000
	for i := range draws {
		truth := 0.0
		for j, x := range sizes {
			effect := r.NormFloat64() * math.Sqrt(villages.Rho)
			commune[fmt.Sprint("A", j)] = effect
			truth += float64(x) * effect / total
		}
		s, _ := mustDraw(t, in.Frame.(sampling.Frame), in.Plan, sampling.DrawInput{Beacon: fmt.Sprint(i)})
		estimate := 0.0
		for _, u := range s.Units {
			spread := (people.Rho-villages.Rho)/float64(villages.N) + (1-people.Rho)/float64(villages.N*people.N)
			estimate += size(t, s, u) * u.Weight * (commune[string(u.Key)] + r.NormFloat64()*math.Sqrt(spread)) / total
		}
		square += (estimate - truth) * (estimate - truth) / draws
	}
	return math.Sqrt(square)
}

func TestMarginsOfImpossibleDesignsAreRefused(t *testing.T) {
	for want, change := range map[string]func(*sampling.MarginInput){
		"size.range":       func(in *sampling.MarginInput) { in.Stages[1].Rho = 0.01 }, // below that of the commune
		"size.costs":       func(in *sampling.MarginInput) { in.Costs = []float64{1} },
		"plan.no_column":   func(in *sampling.MarginInput) { in.People = "adults" },
		"draw.n_too_large": func(in *sampling.MarginInput) { in.Plan.N.Each = 101 },
		"size.people": func(in *sampling.MarginInput) {
			in.Frame, in.People = mustFrame(t, "code,population,adults\na,5,4\nb,5,\n"), "adults"
			in.Plan.N.Each = 1
		},
		"plan.parent_digest": func(in *sampling.MarginInput) { in.Plan.Parent, in.Plan.ParentKey = "x", "kind" },
	} {
		in := threeStages(t)
		change(&in)
		if _, err := sampling.ExpectMargins(in); codes(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// Ten communes of Quảng Ninh by population: the margins of the province and the
// communes hold together on the real frame.
func TestMarginsOfRealCommunes(t *testing.T) {
	m := expect(t, sampling.MarginInput{
		Frame: communes(t), Name: "name", Response: 0.8, P: 0.8, DEff: 1, Confidence: 0.95,
		Plan: mustPlan(t, `{"key":"code","strata":["kind"],"method":"pps_systematic","size":"population","certainty":["06994"],
			"allocation":{"total":12,"rule":"power","power":0.5,"min":2},"where":[{"var":"province_code","op":"==","value":"22"}]}`),
		Stages: []sampling.NextStage{{N: 3, Rho: 0.02}, {N: 20, Reserve: 10, Rho: 0.06}}})
	all := m.Rows[0]
	if all.Units != 54 || math.Abs(all.Drawn-12) > 1e-9 || math.Abs(all.Answers-720) > 1e-6 || len(m.Rows) != 1+3+54 {
		t.Errorf("%+v, %d rows", all, len(m.Rows))
	}
	for _, row := range m.Rows[4:] {
		if row.Name == "" || row.SE < all.SE || row.DF != 2 {
			t.Errorf("%+v", row)
		}
	}
}
