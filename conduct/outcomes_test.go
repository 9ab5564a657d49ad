package conduct_test

import (
	"testing"

	"hailong/conduct"
	"hailong/sampling"
	"hailong/territory"
)

// Villages of one commune need not follow each other in the sample.
func TestOutcomesAreAddedUpByCommune(t *testing.T) {
	villages := []conduct.UnitOutcomes{
		{Unit: "a1", Drawn: 2, People: sampling.Outcomes{I: 1, R: 1}}, {Unit: "b1", Drawn: 5}, {Unit: "a2", Drawn: 3, Substitutes: 1, People: sampling.Outcomes{I: 3, NE: 1}},
	}
	sums := conduct.OutcomesBy(villages, func(village territory.Code) territory.Code { return village[:1] })
	if len(sums) != 2 || sums[0].Unit != "a" || sums[1].Unit != "b" || sums[1].Drawn != 5 {
		t.Fatalf("%+v", sums)
	}
	if a := sums[0]; a.Drawn != 5 || a.Substitutes != 1 || a.People != (sampling.Outcomes{I: 4, R: 1, NE: 1}) {
		t.Errorf("%+v", a)
	}
	if villages[0].Drawn != 2 {
		t.Error("the villages were changed")
	}
}
