package territory_test

import (
	"math"
	"slices"
	"testing"

	"hailong/territory"
)

// village n people on one km², all of one commune and kind.
func villages(populations ...int64) []territory.Unit {
	units := []territory.Unit{{Code: "00001", Name: "Xã", Level: territory.Commune}}
	for i, n := range populations {
		units = append(units, territory.Unit{Code: territory.Code("00001-" + string(rune('A'+i))), Kind: "Thôn",
			Level: territory.Village, Parent: "00001", Population: n, AreaKm2: 1 + float64(i)/1e6})
	}
	return units
}

func reasons(doubts []territory.Doubt, code territory.Code) []territory.Reason {
	for _, d := range doubts {
		if d.Unit.Code == code {
			return d.Reasons
		}
	}
	return nil
}

func TestALostDigitIsDoubtedAndUsualSizesAreNot(t *testing.T) {
	doubts := territory.Doubts(villages(300, 320, 310, 290, 280, 330, 305, 295, 31))
	if len(doubts) != 1 || !slices.Equal(reasons(doubts, "00001-I"), []territory.Reason{territory.TooThin}) {
		t.Fatalf("%+v, want village I alone as too thin", doubts)
	}
	d := doubts[0]
	if d.Parent != "Xã" || d.Peers != 9 || math.Abs(d.Usual-300) > 1 {
		t.Errorf("figures %+v", d)
	}
	if got := reasons(territory.Doubts(villages(300, 320, 310, 290, 280, 330, 305, 295, 29)), "00001-I"); !slices.Contains(got, territory.Tiny) {
		t.Errorf("under a tenth of the median: %v, want tiny too", got)
	}
}

// ln(300/x) = 3.5 × 0.3 at x = 105: peers all alike are judged with the least
// scale, not with their own of nearly nothing.
func TestPeersThatAreAllAlikeDoNotMakeSmallDifferencesDoubtful(t *testing.T) {
	same := []int64{300, 300, 300, 300, 300, 300, 300, 300}
	if d := territory.Doubts(villages(append(same, 106)...)); len(d) != 0 {
		t.Errorf("106 of 300: %+v", d)
	}
	if d := territory.Doubts(villages(append(same, 104)...)); len(d) != 1 {
		t.Errorf("104 of 300: %d doubts", len(d))
	}
}

func TestFewerThanEightPeersAreNoGroundForDoubt(t *testing.T) {
	if d := territory.Doubts(villages(300, 320, 310, 290, 280, 330, 3)); len(d) != 0 {
		t.Errorf("%+v", d)
	}
}

func TestFiguresOfAnotherUnitAreDoubtedOnBothSides(t *testing.T) {
	units := villages(300, 320)
	units[2].Population, units[2].AreaKm2 = units[1].Population, units[1].AreaKm2
	doubts := territory.Doubts(units)
	if len(doubts) != 2 || doubts[0].Twins[0].Code != "00001-B" || doubts[0].Twins[0].Parent != "Xã" || doubts[1].Twins[0].Code != "00001-A" {
		t.Errorf("%+v", doubts)
	}
	units[2].AreaKm2++
	if d := territory.Doubts(units); len(d) != 0 {
		t.Errorf("the population alone may repeat: %+v", d)
	}
}

func TestAMissingPopulationIsReportedOnlyWhereTheLevelHasAny(t *testing.T) {
	doubts := territory.Doubts(villages(300, 0))
	if len(doubts) != 1 || !slices.Equal(doubts[0].Reasons, []territory.Reason{territory.NoPopulation}) {
		t.Errorf("%+v, want village B alone; the commune's level has no populations", doubts)
	}
}

func TestAssessmentKeepsWhatAPersonDecided(t *testing.T) {
	units := villages(300, 320, 0, 310)
	units[3].Size = territory.SizeCorrected
	units[1].Size = territory.SizeConfirmed
	units[4].Population = 0
	got := territory.Assess(units, territory.Doubts(units))
	want := []territory.SizeStatus{territory.SizeMissing, territory.SizeConfirmed, territory.SizePlausible, territory.SizeCorrected, territory.SizeMissing}
	for i := range want {
		if got[i].Size != want[i] {
			t.Errorf("%s: %s, want %s", got[i].Code, got[i].Size, want[i])
		}
	}
	if units[2].Size != "" {
		t.Errorf("the units given were changed")
	}
}
