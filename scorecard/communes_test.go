package scorecard_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"hailong/scorecard"
	"hailong/stats"
	"hailong/territory"
)

// tenCommunes have four villages of 20 people each; in commune c a person is satisfied
// with an item with the probability given. The last commune has a single village.
func tenCommunes(t *testing.T, share func(commune int) float64) scorecard.Input {
	t.Helper()
	in := scorecard.Input{Definition: definition(t, "sipas-items@1"), Questionnaire: form(), Province: scorecard.Domain{Unit: "98", Level: territory.Province}}
	tally, err := in.Definition.NewTally(in.Questionnaire)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(9, 9))
	for commune := range 10 {
		code := fmt.Sprintf("980%02d", commune)
		in.Communes = append(in.Communes, scorecard.Domain{Unit: territory.Code(code), Level: territory.Commune, Strata: []string{"s"}, PSU: code})
		villages := 4
		if commune == 9 {
			villages = 1
		}
		for v := range villages {
			cell, err := tally.Cell(stats.Key{Stratum: "s", PSU: code, SSU: fmt.Sprintf("%s-%02d", code, v+1)})
			if err != nil {
				t.Fatal(err)
			}
			for range 20 {
				person := share(commune) + 0.1*rng.NormFloat64()
				observe(t, tally, cell, func(int) bool { return rng.Float64() < person })
			}
		}
	}
	if in.Tally, err = scorecard.PublicTally(tally, in.Definition.MinCell); err != nil {
		t.Fatal(err)
	}
	return in
}

func standings(t *testing.T, in scorecard.Input) ([]scorecard.CommuneStanding, []scorecard.Figure) {
	t.Helper()
	figures, err := scorecard.Figures(in)
	if err != nil {
		t.Fatal(err)
	}
	got, err := scorecard.CommuneStandings(in, figures)
	if err != nil {
		t.Fatal(err)
	}
	return got, figures
}

func TestAWithheldCommuneHasNoRankButIsModelled(t *testing.T) {
	got, _ := standings(t, tenCommunes(t, func(c int) float64 { return 0.5 + 0.04*float64(c) }))
	for i, s := range got {
		if (s.Place == nil) != (i == 9) {
			t.Errorf("commune %d of the ten: place %v", i, s.Place)
		}
		if s.Modelled == nil {
			t.Fatalf("commune %d has no modelled figure", i)
		}
		if (s.Modelled.Direct == 0) != (i == 9) {
			t.Errorf("commune %d: weight of the direct figure %v", i, s.Modelled.Direct)
		}
	}
	if p := got[8].Place; p.Rank > 3 || p.Of != 9 || p.Marginal.Best > p.Rank || p.Marginal.Worst < p.Rank || p.Joint.Best > p.Marginal.Best || p.Joint.Worst < p.Marginal.Worst {
		t.Errorf("the best commune: %+v", p)
	}
}

// With the weights of their people the modelled figures give the province's.
func TestModelledFiguresAreBenchmarkedToTheProvince(t *testing.T) {
	in := tenCommunes(t, func(c int) float64 { return 0.6 + 0.03*float64(c%5) })
	got, figures := standings(t, in)
	sum, people := 0.0, 0.0
	for i, s := range got {
		n := 80.0
		if i == 9 {
			n = 20
		}
		sum, people = sum+n*float64(s.Modelled.Benchmarked), people+n
		if s.Modelled.Value < s.Modelled.CI.Low || s.Modelled.Value > s.Modelled.CI.High || !(s.Modelled.RMSE > 0) {
			t.Errorf("commune %d: %+v", i, s.Modelled)
		}
	}
	province := find(t, figures, "98", "overall")
	if math.Abs(sum/people-float64(province.Value)) > 1e-9 {
		t.Errorf("the communes' mean is %v, the province's figure %v", sum/people, province.Value)
	}
}

// Communes that differ by chance alone share one band, and each could have any rank.
func TestEqualCommunesCannotBeToldApart(t *testing.T) {
	got, _ := standings(t, tenCommunes(t, func(int) float64 { return 0.7 }))
	for i, s := range got[:9] {
		if s.Place.Band != 1 || s.Place.Joint != (scorecard.Ranks{Best: 1, Worst: 9}) {
			t.Errorf("commune %d: %+v", i, s.Place)
		}
	}
}

func TestTooFewCommunesHaveNoModel(t *testing.T) {
	got, _ := standings(t, input(t, "sipas-items@1", func(village, person, item int) bool { return (village+person+item)%3 > 0 }))
	for _, s := range got {
		if s.Modelled != nil || s.Place == nil {
			t.Errorf("%+v", s)
		}
	}
}

// A province's figure that no shift of the communes' reaches leaves them without a model,
// and the edition with its figures.
func TestAModelThatCannotBeFittedLeavesTheFigures(t *testing.T) {
	in := tenCommunes(t, func(int) float64 { return 0.7 })
	figures, err := scorecard.Figures(in)
	if err != nil {
		t.Fatal(err)
	}
	figures[0].Value = 100
	got, err := scorecard.CommuneStandings(in, figures)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range got {
		if s.Modelled != nil || s.NoModel != "area.benchmark" {
			t.Errorf("%+v", s)
		}
	}
	if got[0].Place == nil {
		t.Error("the ranks are gone as well")
	}
}

func TestARoundWithoutCommunesHasNoStandings(t *testing.T) {
	in := tenCommunes(t, func(int) float64 { return 0.7 })
	in.Communes = nil
	if got, _ := standings(t, in); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestAPolishedRankIsNamed(t *testing.T) {
	in := tenCommunes(t, func(c int) float64 { return 0.5 + 0.04*float64(c) })
	got, figures := standings(t, in)
	var file bytes.Buffer
	if err := in.Tally.WriteCSV(&file); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(file.Bytes())
	e := scorecard.Edition{Formula: in.Definition.Ref(), FormulaDigest: in.Definition.Digest(), Questionnaire: in.Questionnaire.Ref(),
		InputDigest: "sha256:" + hex.EncodeToString(sum[:]), Figures: figures, Communes: got, Fieldwork: []scorecard.Fieldwork{{Domain: in.Province}}}
	for _, c := range in.Communes {
		e.Fieldwork = append(e.Fieldwork, scorecard.Fieldwork{Domain: c})
	}
	check := func(want int) {
		t.Helper()
		problems, err := scorecard.Recompute(e, in.Questionnaire, scorecard.Shipped(), file.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if len(problems) != want || want == 1 && problems[0].Code != "edition.standing_differs" {
			t.Errorf("problems %v, want %d", problems, want)
		}
	}
	check(0)
	got[4].Place.Joint.Best--
	check(1)
}
