package territory_test

import (
	"slices"
	"testing"

	"hailong/fault"
	"hailong/territory"
)

var sampleUnits = []territory.Unit{
	{Code: "22", Name: "Quảng Ninh", Level: territory.Province},
	{Code: "06994", Name: "Vân Đồn", Kind: "Đặc khu", Level: territory.Commune, Parent: "22"},
	{Code: "06652", Name: "Hà Lầm", Kind: "Phường", Level: territory.Commune, Parent: "22"},
	{Code: "06994-01", Name: "Đông Xá", Kind: "Thôn", Level: territory.Village, Parent: "06994"},
	{Code: "31", Name: "Hải Phòng", Level: territory.Province},
}

func sampleTree(t *testing.T) *territory.Tree {
	t.Helper()
	tree, err := territory.NewTree(sampleUnits)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestWithinIsTheScopeAndAllBelowIt(t *testing.T) {
	tree := sampleTree(t)
	for _, c := range []struct {
		scope, code territory.Code
		want        bool
	}{
		{"22", "22", true}, {"22", "06994", true}, {"22", "06994-01", true}, {"06994", "06994-01", true},
		{"06994", "22", false}, {"06994", "06652", false}, {"31", "06994", false},
		{"", "22", false}, {"", "", false}, {"22", "nowhere", false}, {"nowhere", "nowhere", false},
	} {
		if got := tree.Within(c.scope, c.code); got != c.want {
			t.Errorf("Within(%q, %q) = %v", c.scope, c.code, got)
		}
	}
}

func TestTreeWalksUpAndDown(t *testing.T) {
	tree := sampleTree(t)
	check := func(what string, units []territory.Unit, want ...territory.Code) {
		t.Helper()
		var got []territory.Code
		for _, u := range units {
			got = append(got, u.Code)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	check("children by name", tree.Children("22"), "06652", "06994")
	check("roots", tree.Children(""), "31", "22")
	check("ancestors, nearest first", tree.Ancestors("06994-01"), "06994", "22")
	check("descendants", tree.Descendants("22"), "06652", "06994", "06994-01")
	check("found without marks", tree.Find("van don"), "06994")
	check("found by code", tree.Find("06994"), "06994-01", "06994")
}

func TestTreeRefusesWhatIsNoHierarchy(t *testing.T) {
	for name, c := range map[string]struct {
		units []territory.Unit
		code  string
	}{
		"a code twice":     {[]territory.Unit{{Code: "1", Level: territory.Province}, {Code: "1", Level: territory.Province}}, "units.duplicate_code"},
		"no such parent":   {[]territory.Unit{{Code: "1", Level: territory.Commune, Parent: "9"}}, "units.unknown_parent"},
		"its own parent":   {[]territory.Unit{{Code: "1", Level: territory.Commune, Parent: "1"}}, "units.parent_not_above"},
		"parent not above": {[]territory.Unit{{Code: "1", Level: territory.Village}, {Code: "2", Level: territory.Commune, Parent: "1"}}, "units.parent_not_above"},
	} {
		_, err := territory.NewTree(c.units)
		if !fault.Is(err, fault.Invalid) || fault.ProblemsOf(err)[0].Code != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
}

func TestAUnitIsValidFromItsFirstDayToBeforeItsEnd(t *testing.T) {
	old := territory.Unit{Code: "00004", Name: "Trúc Bạch", To: "2025-07-01"}
	young := territory.Unit{Code: "00004", Name: "Ba Đình", From: "2025-07-01"}
	for day, want := range map[territory.Day]string{"2025-06-30": "Trúc Bạch", "2025-07-01": "Ba Đình", "2026-01-01": "Ba Đình"} {
		valid := territory.On([]territory.Unit{old, young}, day)
		if len(valid) != 1 || valid[0].Name != want {
			t.Errorf("on %s: %v, want %s alone", day, valid, want)
		}
	}
	if n := len(territory.On([]territory.Unit{old, young}, "")); n != 2 {
		t.Errorf("on no day: %d units, want both", n)
	}
}

func TestASizeIsConfirmedOrCorrectedOnlyWithASource(t *testing.T) {
	islet := territory.Unit{Code: "19742", Name: "Cồn Cỏ", Population: 139, AreaKm2: 2.3, Size: territory.SizeDoubtful}
	confirmed, err := islet.Confirm(" đảo thật ")
	if err != nil || confirmed.Size != territory.SizeConfirmed || confirmed.SizeSource != "đảo thật" {
		t.Errorf("confirmed: %+v, %v", confirmed, err)
	}
	corrected, err := islet.Correct(150, "niên giám 2025")
	if err != nil || corrected.Population != 150 || corrected.Size != territory.SizeCorrected {
		t.Errorf("corrected: %+v, %v", corrected, err)
	}
	for what, try := range map[string]func() (territory.Unit, error){
		"no source":             func() (territory.Unit, error) { return islet.Confirm(" ") },
		"no source to correct":  func() (territory.Unit, error) { return islet.Correct(150, "") },
		"no people":             func() (territory.Unit, error) { return islet.Correct(0, "x") },
		"nothing to be in fact": func() (territory.Unit, error) { return territory.Unit{}.Confirm("x") },
	} {
		if unit, err := try(); !fault.Is(err, fault.Invalid) || unit.Size.Usable() {
			t.Errorf("%s: %+v, %v", what, unit, err)
		}
	}
	if n := len(territory.Unusable([]territory.Unit{islet, confirmed, corrected})); n != 1 {
		t.Errorf("%d unusable, want the one in doubt", n)
	}
}

func TestImportingAgainKeepsDecisionsAboutUnchangedFigures(t *testing.T) {
	confirmed := territory.Unit{Code: "1", Population: 139, AreaKm2: 2, Size: territory.SizeConfirmed, SizeSource: "s"}
	corrected := territory.Unit{Code: "2", Population: 5000, Size: territory.SizeCorrected, SizeSource: "s"}
	stored := []territory.Unit{confirmed, corrected}
	got := territory.KeepDecisions([]territory.Unit{
		{Code: "1", Population: 139, AreaKm2: 2, Size: territory.SizeDoubtful},
		{Code: "2", Size: territory.SizeMissing},
	}, stored)
	if got[0] != confirmed || got[1] != corrected {
		t.Errorf("unchanged figures: %+v", got)
	}
	got = territory.KeepDecisions([]territory.Unit{
		{Code: "1", Population: 140, AreaKm2: 2, Size: territory.SizeDoubtful},
		{Code: "2", Population: 5100, Size: territory.SizePlausible},
	}, stored)
	if got[0].Size != territory.SizeDoubtful || got[1].Population != 5100 {
		t.Errorf("new figures: %+v", got)
	}
}
