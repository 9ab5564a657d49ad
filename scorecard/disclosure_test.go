package scorecard_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"hailong/sampling"
	"hailong/scorecard"
)

// fieldworkOf gives the province and its communes the outcomes of the communes.
func fieldworkOf(communes ...sampling.Outcomes) []scorecard.Fieldwork {
	work := make([]scorecard.Fieldwork, 1, 1+len(communes))
	var all sampling.Outcomes
	for _, o := range communes {
		all = all.Plus(o)
		work = append(work, scorecard.Fieldwork{Sampled: int(o.Sum()), Answered: int(o.Respondents()), Outcomes: &scorecard.Outcomes{People: o, Weighted: o}})
	}
	work[0] = scorecard.Fieldwork{Sampled: int(all.Sum()), Answered: int(all.Respondents()), Outcomes: &scorecard.Outcomes{People: all, Weighted: all}}
	return work
}

// The officer of a commune has written down one refusal; that person answered
// afterwards, so no refusal is left: neither in the commune nor in the province.
func TestAnOfficerWithOneRefusalOnRecordDoesNotLearnThatTheRefuserAnswered(t *testing.T) {
	answered := scorecard.Disclose(fieldworkOf(sampling.Outcomes{I: 7, UH: 4}, sampling.Outcomes{I: 9, NC: 6, UH: 5}), 5)
	refused := scorecard.Disclose(fieldworkOf(sampling.Outcomes{I: 6, R: 1, UH: 4}, sampling.Outcomes{I: 10, NC: 6, UH: 5}), 5)
	for _, work := range [][]scorecard.Fieldwork{answered, refused} {
		for _, commune := range work[1:] {
			if commune.Outcomes != nil {
				t.Errorf("a commune's outcomes are told: %+v", commune.Outcomes)
			}
		}
		if r := work[0].Outcomes.People.R; !math.IsNaN(r) {
			t.Errorf("%v refusals are told of the province", r)
		}
	}
}

// Everybody but one refused: the one who did not is on record as met, and nobody else
// is. Only drawn and answered are told, as the n of the figures tells them.
func TestOfACommuneWhereAllButOneRefusedNothingIsToldButDrawnAndAnswered(t *testing.T) {
	work := scorecard.Disclose(fieldworkOf(sampling.Outcomes{I: 1, R: 11}, sampling.Outcomes{I: 20, R: 5, NC: 9, O: 6, UH: 5, UO: 5, NE: 7}), 5)
	if tiny := work[1]; tiny.Outcomes != nil || tiny.Sampled != 12 || tiny.Answered != 1 {
		t.Errorf("%+v", tiny)
	}
	if province := work[0].Outcomes; province.Joined != nil || province.People.R != 16 {
		t.Errorf("of a province whose outcomes are all large %+v is told", province)
	}
}

func TestSmallOutcomesAreToldAsOneSumThatSubtractionDoesNotSplit(t *testing.T) {
	for name, c := range map[string]struct {
		people sampling.Outcomes
		of     []sampling.Category // joined
		sum    float64
	}{
		"all large":                    {sampling.Outcomes{I: 90, R: 5, NC: 5, O: 5, UH: 5, UO: 5, NE: 5}, nil, 0},
		"one alone takes the smallest": {sampling.Outcomes{I: 90, R: 4, NC: 9, O: 7, UH: 8, UO: 7, NE: 9}, []sampling.Category{"R", "O"}, 11},
		"two that add up to few":       {sampling.Outcomes{I: 90, R: 1, NC: 9, O: 2, UH: 6, UO: 7, NE: 9}, []sampling.Category{"R", "O", "UH"}, 9},
		"two that add up to enough":    {sampling.Outcomes{I: 90, R: 3, NC: 9, O: 2, UH: 6, UO: 7, NE: 9}, []sampling.Category{"R", "O"}, 5},
		"none are hidden among many":   {sampling.Outcomes{I: 90, NC: 40, UH: 30}, []sampling.Category{"R", "O", "UH", "UO", "NE"}, 30},
		"nearly everybody answered":    {sampling.Outcomes{I: 90, NC: 2}, []sampling.Category{"R", "NC", "O", "UH", "UO", "NE"}, 2},
	} {
		told := scorecard.Disclose(fieldworkOf(c.people), 5)[0].Outcomes
		if c.of == nil {
			if told.Joined != nil {
				t.Errorf("%s: joined %+v", name, told.Joined)
			}
			continue
		}
		if told.Joined == nil || !slices.Equal(told.Joined.Of, c.of) || told.Joined.People != c.sum || told.Sum() != c.people.Sum() {
			t.Errorf("%s: joined %+v, want %v of %v", name, told.Joined, c.sum, c.of)
		}
	}
}

// Whoever has fewer than k people on record in an outcome cannot tell from what is told
// that any of them answered: at least k fit into it.
func FuzzNobodyOnRecordCanBeShownToHaveAnswered(f *testing.F) {
	f.Add(uint64(1), uint8(5))
	f.Fuzz(func(t *testing.T, seed uint64, least uint8) {
		k := 2 + int(least%9)
		rng := rand.New(rand.NewPCG(seed, 9))
		var people sampling.Outcomes
		for _, c := range sampling.Categories {
			people.Set(c, float64(rng.IntN(3*k)))
		}
		told := scorecard.Disclose(fieldworkOf(people), k)[0].Outcomes
		for _, c := range sampling.Categories[2:] {
			if n := told.People.Of(c); n < float64(k) {
				t.Errorf("%v people of %s are told, of %+v", n, c, people)
			}
		}
		if j := told.Joined; j != nil && len(j.Of) < 6 && (j.People < float64(k) || len(j.Of) < 2) {
			t.Errorf("%v of %v are told as a sum, of %+v", j.People, j.Of, people)
		}
	})
}

func TestTheResponseRateHoldsWhereOutcomesAreJoined(t *testing.T) {
	told := scorecard.Disclose(fieldworkOf(sampling.Outcomes{I: 70, P: 5, R: 12, UH: 8, NE: 5}), 5)
	people, _ := told[0].Outcomes.Rates()
	// NC, O and UO are none and join the smallest other, NE: it stays in the denominator.
	if got := fmt.Sprintf("%.3f %.3f", people.RR[0], people.RR[1]); got != "0.700 0.750" {
		t.Errorf("RR1 and RR2 are %s", got)
	}
	if !math.IsNaN(people.RR[2]) || !math.IsNaN(people.REF[0]) || !math.IsNaN(people.CON[0]) || !math.IsNaN(people.E) {
		t.Errorf("a rate that needs the joined outcomes is told: %+v", people)
	}
	if told[0].Rate() != 75 || told[1].Rate() != 75 {
		t.Errorf("rates %v and %v", told[0].Rate(), told[1].Rate())
	}
}

func TestOutcomesThatAreNotToldSurviveTheFile(t *testing.T) {
	told := scorecard.Disclose(fieldworkOf(sampling.Outcomes{I: 70, R: 12, NC: 3, O: 2, UH: 8, UO: 6, NE: 5}), 5)[0].Outcomes
	raw, err := json.Marshal(told)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"people":{"I":70,"P":0,"R":12,"NC":null,"O":null,"UH":8,"UO":6,"NE":5},` +
		`"weighted":{"I":70,"P":0,"R":12,"NC":null,"O":null,"UH":8,"UO":6,"NE":5},"joined":{"of":["NC","O"],"people":5,"weighted":5}}`
	if string(raw) != want {
		t.Errorf("%s", raw)
	}
	var back scorecard.Outcomes
	if err := json.Unmarshal(raw, &back); err != nil || !math.IsNaN(back.People.NC) || back.People.R != 12 || back.Sum() != told.Sum() {
		t.Errorf("read back %+v, %v", back, err)
	}
}
