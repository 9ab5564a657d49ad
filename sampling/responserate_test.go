package sampling

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

// The example and all its values are published with the R package outcomerate
// (README): 12 people, of whom e = 9/10 of the unknown count as eligible.
func TestRatesOfThePublishedExample(t *testing.T) {
	o := Outcomes{I: 4, P: 2, R: 1, NC: 1, O: 1, UH: 1, UO: 1, NE: 1}
	if e := o.Eligibility(); e != 0.9 {
		t.Fatalf("e = %v, want 9/10", e)
	}
	want := map[string]float64{
		"RR1": .364, "RR2": .545, "RR3": .370, "RR4": .556, "RR5": .444, "RR6": .667,
		"COOP1": .500, "COOP2": .750, "COOP3": .571, "COOP4": .857,
		"REF1": .091, "REF2": .093, "REF3": .111, "CON1": .727, "CON2": .741, "CON3": .889,
	}
	rates := o.Rates(o.Eligibility()).List()
	if len(rates) != len(want) {
		t.Fatalf("%d rates, want %d", len(rates), len(want))
	}
	for _, r := range rates {
		if math.Abs(r.Value-want[r.Name]) > .0005 {
			t.Errorf("%s = %.4f, want %.3f", r.Name, r.Value, want[r.Name])
		}
	}
}

// Weighted example of the same source: eleven people, the first six of weight
// 1.3, the others of 2.5; RR2 0.50, CON1 0.69.
func TestRatesWithWeights(t *testing.T) {
	var o Outcomes
	people := []Disposition{Completed, PartlyDone, Completed, Unknown, Refused, Completed, NotHome, Completed, Met, PartlyDone, NotFound}
	for i, d := range people {
		weight := 2.5
		if i < 6 {
			weight = 1.3
		}
		o.Add(d, weight)
	}
	r := o.Rates(1)
	// by hand: I+P = 4·1.3 + 2·2.5 = 10.2, all = 6·1.3 + 5·2.5 = 20.3; reached = 10.2 + 1.3 + 2.5 = 14
	if want := 10.2 / 20.3; math.Abs(r.RR[1]-want) > 1e-12 {
		t.Errorf("RR2 = %v, want %v", r.RR[1], want)
	}
	if want := 14 / 20.3; math.Abs(r.CON[0]-want) > 1e-12 {
		t.Errorf("CON1 = %v, want %v", r.CON[0], want)
	}
}

func TestRatesThatAreNotDefinedAreNull(t *testing.T) {
	raw, err := json.Marshal(Outcomes{UH: 3}.Rates(Outcomes{UH: 3}.Eligibility()))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"RR1":0`, `"RR3":null`, `"RR5":null`, `"COOP1":null`, `"e":null`} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("%s lacks %s", raw, want)
		}
	}
}

// With nobody of unknown eligibility all kinds of a rate agree, whatever e.
func TestNobodyUnknownMakesTheRatesAgree(t *testing.T) {
	r := Outcomes{I: 7, P: 1, R: 2, NC: 3, O: 1, NE: 4}.Rates(math.NaN())
	if r.RR[0] != .5 || r.RR[2] != .5 || r.RR[4] != .5 || r.REF[0] != r.REF[1] || r.CON[1] != r.CON[2] {
		t.Errorf("rates %+v", r)
	}
}

// More known ineligible people lower e and so raise RR3; RR1 and RR5 do not move.
func TestIneligiblePeopleEnterByEOnly(t *testing.T) {
	few, many := Outcomes{I: 5, NC: 3, UH: 4, NE: 1}, Outcomes{I: 5, NC: 3, UH: 4, NE: 9}
	a, b := few.Rates(few.Eligibility()), many.Rates(many.Eligibility())
	if a.RR[0] != b.RR[0] || a.RR[4] != b.RR[4] || a.RR[2] >= b.RR[2] {
		t.Errorf("few %+v, many %+v", a, b)
	}
}

func TestOutcomesAreParsedByTheirLetters(t *testing.T) {
	o, err := ParseOutcomes(map[string]float64{"I": 4, "UO": 2, "NE": 1})
	if err != nil || o != (Outcomes{I: 4, UO: 2, NE: 1}) {
		t.Errorf("%+v, %v", o, err)
	}
	for _, wrong := range []map[string]float64{{"X": 1}, {"I": -1}, {"I": math.NaN()}, {"I": math.Inf(1)}} {
		if _, err := ParseOutcomes(wrong); err == nil {
			t.Errorf("%v was taken", wrong)
		}
	}
}
