package scorecard_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"testing"

	"hailong/fault"
	"hailong/sampling"
	"hailong/scorecard"
	"hailong/stats"
	"hailong/survey"
	"hailong/territory"
)

// form has two parts, three groups and six items.
func form() survey.Questionnaire {
	q := survey.Questionnaire{ID: "q", Version: "1", Groups: []survey.Group{
		{ID: "policy"}, {ID: "a", Parent: "policy"}, {ID: "service"}, {ID: "b", Parent: "service"}, {ID: "c", Parent: "service"},
	}}
	for i, group := range []survey.GroupID{"a", "a", "a", "b", "b", "c"} {
		q.Questions = append(q.Questions, survey.Question{Code: survey.QuestionCode(fmt.Sprint("i", i+1)), Kind: survey.KindRating, Group: group})
	}
	q.Questions = append(q.Questions, survey.Question{Code: "sex", Kind: survey.KindSingle})
	return q
}

func definition(t *testing.T, id scorecard.Ref) scorecard.Definition {
	t.Helper()
	d, err := scorecard.Find(scorecard.Shipped(), id)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTheIndexMirrorsTheGroupsOfTheQuestionnaire(t *testing.T) {
	index := definition(t, "sipas-items@1").Structure(form())
	if !slices.Equal(index.Items, []string{"i1", "i2", "i3", "i4", "i5", "i6"}) {
		t.Errorf("items %v: only ratings are items", index.Items)
	}
	want := []stats.Composite{{ID: "a", Of: []string{"i1", "i2", "i3"}}, {ID: "b", Of: []string{"i4", "i5"}}, {ID: "c", Of: []string{"i6"}}}
	if fmt.Sprint(index.Groups) != fmt.Sprint(want) {
		t.Errorf("groups %v, want %v", index.Groups, want)
	}
	want = []stats.Composite{{ID: "policy", Of: []string{"a"}}, {ID: "service", Of: []string{"b", "c"}}}
	if fmt.Sprint(index.Parts) != fmt.Sprint(want) {
		t.Errorf("parts %v, want %v", index.Parts, want)
	}
}

func TestScoresCountValidAnswersOnly(t *testing.T) {
	answers := survey.NewAnswers(map[survey.QuestionCode][]string{"i1": {"5"}, "i2": {"4"}, "i3": {"3"}, "i4": {"1"}, "i5": {"9"}})
	got := definition(t, "sipas-items@1").Scores([]string{"i1", "i2", "i3", "i4", "i5", "i6"}, answers)
	want := []float64{1, 1, 0, 0, math.NaN(), math.NaN()} // 9 is "no experience", i6 was not answered
	for i := range want {
		if got[i] != want[i] && !(math.IsNaN(got[i]) && math.IsNaN(want[i])) {
			t.Errorf("item %d: %v, want %v", i+1, got[i], want[i])
		}
	}
}

// The shares of these answers are exact by hand: satisfied in i1 … i6 are 100,
// 80, 60, 40, 20 and 0 %. Items: 50; groups a 80, b 30, c 0, their mean 36.67;
// parts policy 80, service 15, their mean 47.5.
func TestTheOverallIndexFollowsItsFormula(t *testing.T) {
	for id, want := range map[scorecard.Ref]float64{
		"sipas-items@1": 50, "sipas-groups@1": (80. + 30 + 0) / 3, "sipas-parts@1": (80 + 15.) / 2,
	} {
		in := input(t, id, func(village, person, item int) bool { return person%5 < 5-item })
		figures, err := scorecard.Figures(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := find(t, figures, "98", "overall").Value; math.Abs(float64(got)-want) > 1e-9 {
			t.Errorf("%s: %v, want %v", id, got, want)
		}
	}
}

// input has a province of two communes with three villages of 20 people each.
func input(t *testing.T, id scorecard.Ref, satisfied func(village, person, item int) bool) scorecard.Input {
	t.Helper()
	in := scorecard.Input{Definition: definition(t, id), Questionnaire: form(), Province: scorecard.Domain{Unit: "98", Level: territory.Province}}
	tally, err := in.Definition.NewTally(in.Questionnaire)
	if err != nil {
		t.Fatal(err)
	}
	for commune := range 2 {
		code := fmt.Sprintf("9800%d", commune+1)
		in.Communes = append(in.Communes, scorecard.Domain{Unit: territory.Code(code), Level: territory.Commune, Strata: []string{"s"}, PSU: code})
		for v := range 3 {
			village := 3*commune + v
			cell, err := tally.Cell(stats.Key{Stratum: "s", PSU: code, SSU: fmt.Sprintf("%s-%02d", code, v+1)})
			if err != nil {
				t.Fatal(err)
			}
			for person := range 20 {
				observe(t, tally, cell, func(item int) bool { return satisfied(village, person, item) })
			}
		}
	}
	if in.Tally, err = scorecard.PublicTally(tally, in.Definition.MinCell); err != nil {
		t.Fatal(err)
	}
	return in
}

func observe(t *testing.T, tally *stats.Tally, cell stats.CellID, satisfied func(item int) bool) {
	t.Helper()
	scores := make([]float64, 6)
	for item := range scores {
		if satisfied(item) {
			scores[item] = 1
		}
	}
	if err := tally.Observe(cell, 10, scores); err != nil {
		t.Fatal(err)
	}
}

func find(t *testing.T, figures []scorecard.Figure, unit territory.Code, code string) scorecard.Figure {
	t.Helper()
	i := slices.IndexFunc(figures, func(f scorecard.Figure) bool { return f.Domain.Unit == unit && f.Code == code })
	if i < 0 {
		t.Fatalf("no figure %s of %s", code, unit)
	}
	return figures[i]
}

// Where all villages of a commune differ, its error is not 0, though the commune
// is a single primary unit of the province's design.
func TestACommunesErrorComesFromItsVillages(t *testing.T) {
	in := input(t, "sipas-items@1", func(village, person, item int) bool { return person < 5+2*village })
	figures, err := scorecard.Figures(in)
	if err != nil {
		t.Fatal(err)
	}
	// Commune 1: shares 25, 35 and 45 % in villages of equal weight. With three
	// villages drawn with replacement the variance of their mean is s²/3 = 100/3.
	f := find(t, figures, "98001", "overall")
	if math.Abs(float64(f.Value)-35) > 1e-9 || math.Abs(float64(f.SE)-math.Sqrt(100./3)) > 1e-9 || f.DF != 2 || f.PSUs != 3 {
		t.Errorf("commune %+v, want 35 with SE %.4f on 2 degrees of freedom", f, math.Sqrt(100./3))
	}
	if f.Publication != scorecard.Warned || !slices.Contains(f.Reasons, "edition.few_degrees") || !slices.Contains(f.Reasons, "edition.imprecise") {
		t.Errorf("publication %v %v, want a warning for the error and its few villages", f.Publication, f.Reasons)
	}
}

// Commune 1 has 35 with standard error 5.77: a coefficient of variation of 16.5 %. A
// definition's limits of 0, as in those shipped, are none.
func TestLimitsOfVariationAndDesignEffectAreData(t *testing.T) {
	for name, c := range map[string]struct {
		set    func(*scorecard.Limits)
		code   string
		want   scorecard.Publication
		reason string
	}{
		"cv warned":   {func(l *scorecard.Limits) { l.MaxSE, l.MinDF, l.MaxCV = 100, 0, 0.16 }, "overall", scorecard.Warned, "edition.imprecise"},
		"cv within":   {func(l *scorecard.Limits) { l.MaxSE, l.MinDF, l.MaxCV = 100, 0, 0.17 }, "overall", scorecard.Published, ""},
		"cv withheld": {func(l *scorecard.Limits) { l.WithholdCV = 0.16 }, "overall", scorecard.Withheld, "edition.unreliable"},
		"deff warned": {func(l *scorecard.Limits) { l.MaxSE, l.MinDF, l.MaxDeff = 100, 0, 0.01 }, "", scorecard.Warned, "edition.clustered"},
	} {
		in := input(t, "sipas-items@1", func(village, person, item int) bool { return person < 5+2*village })
		c.set(&in.Definition.Limits)
		figures, err := scorecard.Figures(in)
		if err != nil {
			t.Fatal(err)
		}
		code := c.code
		for _, f := range figures {
			if code == "" && f.Tier == scorecard.TierItem {
				code = f.Code
			}
		}
		f := find(t, figures, "98001", code)
		if f.Publication != c.want || (c.reason != "" && !slices.Contains(f.Reasons, c.reason)) {
			t.Errorf("%s: %v %v", name, f.Publication, f.Reasons)
		}
		if c.want == scorecard.Withheld && f.Value.Defined() {
			t.Errorf("%s: a withheld figure has the value %v", name, f.Value)
		}
	}
}

func TestTooFewAnswersOrVillagesAreWithheldAndNeverZero(t *testing.T) {
	in := input(t, "sipas-items@1", func(int, int, int) bool { return true })
	one, err := in.Tally.Regroup(func(k stats.Key) (stats.Key, bool) { return k, k.SSU == "98001-01" || k.PSU == "98002" })
	if err != nil {
		t.Fatal(err)
	}
	in.Tally = one
	figures, err := scorecard.Figures(in)
	if err != nil {
		t.Fatal(err)
	}
	f := find(t, figures, "98001", "overall")
	if f.Publication != scorecard.Withheld || f.Value.Defined() || f.SE.Defined() || f.N != 20 {
		t.Errorf("commune of one village: %+v, want withheld without a value", f)
	}
	for _, reason := range []string{"edition.few_answers", "edition.few_villages"} {
		if !slices.Contains(f.Reasons, reason) {
			t.Errorf("reasons %v lack %s", f.Reasons, reason)
		}
	}
	in.Communes = append(in.Communes, scorecard.Domain{Unit: "98003", Strata: []string{"s"}, PSU: "98003"})
	if figures, err = scorecard.Figures(in); err != nil {
		t.Fatal(err)
	}
	if f := find(t, figures, "98003", "overall"); f.Publication != scorecard.Withheld || f.Value.Defined() || f.Reasons[0] != "edition.joined" {
		t.Errorf("commune whose cells were joined to a neighbour's: %+v", f)
	}
}

func TestPublicTallyHasNoSmallCellAndKeepsEveryAnswer(t *testing.T) {
	d := definition(t, "sipas-items@1")
	tally, err := d.NewTally(form())
	if err != nil {
		t.Fatal(err)
	}
	// Strata of 2, 9 and 3 people; within the middle one villages of 1, 4 and 4.
	for _, c := range []struct {
		key stats.Key
		n   int
	}{
		{stats.Key{Stratum: "1", PSU: "a"}, 2},
		{stats.Key{Stratum: "2", PSU: "b", SSU: "b1"}, 1},
		{stats.Key{Stratum: "2", PSU: "b", SSU: "b2"}, 4},
		{stats.Key{Stratum: "2", PSU: "c", SSU: "c1"}, 4},
		{stats.Key{Stratum: "3", PSU: "d"}, 3},
	} {
		cell, err := tally.Cell(c.key)
		if err != nil {
			t.Fatal(err)
		}
		for range c.n {
			observe(t, tally, cell, func(int) bool { return true })
		}
	}
	public, err := scorecard.PublicTally(tally, 5)
	if err != nil {
		t.Fatal(err)
	}
	var n int64
	for _, c := range public.Cells() {
		n += c.All.N
		if c.All.N < 5 {
			t.Errorf("cell %+v holds %d people", c.Key, c.All.N)
		}
	}
	if n != 14 {
		t.Errorf("%d people in the public tally, want 14", n)
	}
	if _, err := scorecard.PublicTally(few(t, d), 5); !fault.Is(err, fault.Conflict) {
		t.Errorf("four answers in all: %v, want a refusal", err)
	}
}

func few(t *testing.T, d scorecard.Definition) *stats.Tally {
	t.Helper()
	tally, err := d.NewTally(form())
	if err != nil {
		t.Fatal(err)
	}
	cell, err := tally.Cell(stats.Key{Stratum: "1", PSU: "a"})
	if err != nil {
		t.Fatal(err)
	}
	for range 4 {
		observe(t, tally, cell, func(int) bool { return false })
	}
	return tally
}

func TestRecomputingNamesEveryFigureThatDiffers(t *testing.T) {
	in := input(t, "sipas-items@1", func(village, person, item int) bool { return (person+village+item)%3 > 0 })
	var file bytes.Buffer
	if err := in.Tally.WriteCSV(&file); err != nil {
		t.Fatal(err)
	}
	figures, err := scorecard.Figures(in)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(file.Bytes())
	e := scorecard.Edition{Formula: "sipas-items@1", FormulaDigest: in.Definition.Digest(), Questionnaire: "q@1",
		InputDigest: "sha256:" + hex.EncodeToString(sum[:]), Figures: figures,
		Fieldwork: []scorecard.Fieldwork{{Domain: in.Province}, {Domain: in.Communes[0]}, {Domain: in.Communes[1]}}}
	if problems, err := scorecard.Recompute(e, form(), scorecard.Shipped(), file.Bytes()); err != nil || len(problems) > 0 {
		t.Fatalf("an honest edition: %v %v", problems, err)
	}
	polished := e
	polished.Figures = slices.Clone(figures)
	polished.Figures[3].Value += 0.01
	problems, err := scorecard.Recompute(polished, form(), scorecard.Shipped(), file.Bytes())
	if err != nil || len(problems) != 1 || problems[0].Code != "edition.figure_differs" {
		t.Errorf("one polished figure: %v %v", problems, err)
	}
	var people int64
	for _, cell := range in.Tally.Cells() {
		people += cell.All.N
	}
	for name, c := range map[string]struct {
		change func(work []scorecard.Fieldwork)
		units  int // whose outcomes are named
	}{
		"outcomes that agree":                {func([]scorecard.Fieldwork) {}, 0},
		"a refusal that disappeared":         {func(w []scorecard.Fieldwork) { w[0].Outcomes.Joined.People-- }, 1},
		"answers that the tally lacks":       {func(w []scorecard.Fieldwork) { answer(&w[0]); answer(&w[1]) }, 1},
		"a province apart from its communes": {func(w []scorecard.Fieldwork) { w[1].Sampled++; w[1].Answered++ }, 1},
	} {
		told := e
		told.Fieldwork = outcomesOf(e.Fieldwork, int(people))
		c.change(told.Fieldwork)
		problems, err := scorecard.Recompute(told, form(), scorecard.Shipped(), file.Bytes())
		if err != nil || len(problems) != c.units || c.units > 0 && problems[0].Code != "edition.outcomes_differ" {
			t.Errorf("%s: %v %v", name, problems, err)
		}
	}
	shorter := e
	shorter.Figures = figures[1:]
	if problems, err = scorecard.Recompute(shorter, form(), scorecard.Shipped(), file.Bytes()); err != nil || len(problems) != 1 {
		t.Errorf("a figure left out: %v %v", problems, err)
	}
	if _, err := scorecard.Recompute(e, form(), scorecard.Shipped(), append(file.Bytes(), '\n')); !fault.Is(err, fault.Invalid) {
		t.Errorf("another tally file: %v", err)
	}
}

func TestAFormulasDigestChangesWithIt(t *testing.T) {
	d := definition(t, "sipas-items@1")
	changed := d
	changed.Satisfied = []string{"5"}
	if d.Digest() == changed.Digest() {
		t.Errorf("two formulas share a digest")
	}
	if problems := d.Validate(); len(problems) > 0 {
		t.Errorf("a shipped formula: %v", problems)
	}
	changed.Satisfied = []string{"6"}
	if problems := changed.Validate(); len(problems) == 0 {
		t.Errorf("a satisfied answer that is not valid was accepted")
	}
}

// outcomesOf gives a province and two communes numbers that agree: all answers are of
// the first commune, with two refusals and a non-contact; the second had one.
func outcomesOf(work []scorecard.Fieldwork, answers int) []scorecard.Fieldwork {
	work = slices.Clone(work)
	for i, people := range []sampling.Outcomes{
		{I: float64(answers), R: 2, NC: 2}, {I: float64(answers), R: 2, NC: 1}, {NC: 1},
	} {
		work[i].Sampled, work[i].Answered, work[i].Outcomes = int(people.Sum()), int(people.I), &scorecard.Outcomes{People: people}
	}
	return scorecard.Disclose(work, 5)
}

// answer adds an answer that nobody gave, in all numbers of a unit.
func answer(f *scorecard.Fieldwork) {
	f.Sampled, f.Answered = f.Sampled+1, f.Answered+1
	if f.Outcomes != nil {
		f.Outcomes.People.I++
	}
}
