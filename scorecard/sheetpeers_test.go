package scorecard_test

import (
	"fmt"
	"slices"
	"testing"

	"hailong/fault"
	"hailong/scorecard"
)

// unit is a sheet of one unit and year with two criteria of 50 points each.
func unit(t *testing.T, code string, year int, a, b string) scorecard.Sheet {
	t.Helper()
	s := sheetOf(t, fmt.Sprintf(`{"unit": {"code": %q}, "period": {"year": %d, "kind": "annual"}, "criteria": [
		{"id": "a", "parts": [{"method": "appraisal", "max": 50, "score": %s}]},
		{"id": "b", "parts": [{"method": "appraisal", "max": 50, "score": %s}]}]}`, code, year, a, b))
	s.File = fmt.Sprintf("%s-%d.json", code, year)
	return s
}

func TestTiesShareTheBetterRank(t *testing.T) {
	sheets := []scorecard.Sheet{
		unit(t, "1", 2021, "40", "40.3"), unit(t, "2", 2021, "40.1", "40.2"), unit(t, "3", 2021, "45", "45"), unit(t, "4", 2021, "10", "10"),
	}
	for i, want := range []string{`{"rank":2,"of":4,"average":67.65}`, `{"rank":2,"of":4,"average":67.65}`, `{"rank":1,"of":4,"average":67.65}`, `{"rank":4,"of":4,"average":67.65}`} {
		result := scoreOf(t, sheets[i], scorecard.Comparison{Peers: sheets})
		if got := printed(t, result.Overall.Standing); got != want {
			t.Errorf("unit %d: %s, want %s", i+1, got, want)
		}
	}
	result := scoreOf(t, sheets[0], scorecard.Comparison{Peers: sheets[1:]})
	if result.Overall.Rank != 2 || result.Overall.Of != 4 {
		t.Errorf("whether the unit's own sheet is among the peers changed its rank: %+v", result.Overall.Standing)
	}
	alone := scoreOf(t, sheets[0], scorecard.Comparison{Peers: sheets[:1]})
	if got := printed(t, alone.Overall.Standing); got != `{"rank":1,"of":1,"average":80.3}` {
		t.Errorf("a unit that is its only peer: %s", got)
	}
	if got := printed(t, result.BelowAverage); got != "[]" || result.Criteria[0].Rank != 3 {
		t.Errorf("below average %s, rank of a %d", got, result.Criteria[0].Rank)
	}
	if got := printed(t, scoreOf(t, sheets[3], scorecard.Comparison{Peers: sheets}).BelowAverage); got != `["a","b"]` {
		t.Errorf("below average %s", got)
	}
}

// Phan Thiết 2016 ranked 4 of 10 with 50.50 points; Nông Sơn 2021 climbed from
// rank 9 to 7 of 18. The points of the other units are invented around them.
func TestRanksAmongTheUnitsOfTheSamePeriod(t *testing.T) {
	var peers []scorecard.Sheet
	for i := range 17 {
		code := fmt.Sprint("p", i)
		now, before := fmt.Sprint(30+i%6), fmt.Sprint(30+i%8)
		if i < 6 {
			now = "45"
		}
		if i < 8 {
			before = "45"
		}
		peers = append(peers, unit(t, code, 2021, now, "40"), unit(t, code, 2020, before, "40"))
	}
	own, previous := unit(t, "519", 2021, "40.28", "40"), unit(t, "519", 2020, "37.98", "40")
	result := scoreOf(t, own, scorecard.Comparison{Previous: &previous, Peers: peers})
	if o := result.Overall; o.Rank != 7 || o.Of != 18 || *o.Change.Rank != 2 || printed(t, o.Change.Points) != "2.3" {
		t.Errorf("standing %+v, change %s; want rank 7 of 18, +2 ranks, +2.3 points", *o.Standing, printed(t, o.Change))
	}
	if *result.Criteria[0].Change.Rank != 2 || *result.Criteria[1].Change.Rank != 0 {
		t.Errorf("ranks of the criteria changed by %s", printed(t, []any{result.Criteria[0].Change, result.Criteria[1].Change}))
	}
	alone := scoreOf(t, own, scorecard.Comparison{Peers: peers})
	if alone.Overall.Of != 18 || len(alone.Problems) != 17 || alone.Problems[0].Code != "sheet.peer_period" || alone.Problems[0].Place.File != "p0-2020.json" {
		t.Errorf("sheets of another year: of %d, %v", alone.Overall.Of, alone.Problems)
	}
}

func TestAStatedRankIsComparedAndServesWhereThereAreNoPeers(t *testing.T) {
	ranked := func(rank string) scorecard.Sheet {
		return sheetOf(t, `{"unit": {"code": "1"}, "rank": `+rank+`, "criteria": [{"id": "1", "parts": [{"method": "appraisal", "max": 9, "score": 5}]}]}`)
	}
	previous := ranked("9")
	result := scoreOf(t, ranked("7"), scorecard.Comparison{Previous: &previous})
	if *result.Overall.Change.Rank != 2 || result.Overall.Standing != nil {
		t.Errorf("overall %s", printed(t, result.Overall))
	}
	peers := []scorecard.Sheet{sheetOf(t, `{"unit": {"code": "2"}, "criteria": [{"id": "1", "parts": [{"method": "appraisal", "max": 10, "score": 6}]}]}`)}
	result = scoreOf(t, ranked("1"), scorecard.Comparison{Peers: peers})
	if got := codes(result.Problems); result.Overall.Rank != 2 || !slices.Equal(got, []string{"sheet.peer_max", "sheet.stated_rank"}) {
		t.Errorf("rank %d, problems %v", result.Overall.Rank, got)
	}
}

func TestPeersThatCannotBeRankedAreErrors(t *testing.T) {
	own := unit(t, "1", 2021, "1", "1")
	nameless := unit(t, "", 2021, "1", "1")
	for name, c := range map[string]struct {
		sheet scorecard.Sheet
		peers []scorecard.Sheet
		code  string
	}{
		"a unit with two sheets":    {own, []scorecard.Sheet{unit(t, "2", 2021, "1", "1"), unit(t, "2", 2021, "2", "1")}, "sheet.peer_twice"},
		"a peer without a unit":     {own, []scorecard.Sheet{nameless}, "sheet.no_unit"},
		"a sheet without a unit":    {nameless, []scorecard.Sheet{own}, "sheet.no_unit"},
		"own sheet twice in folder": {own, []scorecard.Sheet{own, own}, "sheet.peer_twice"},
	} {
		_, err := scorecard.Score(c.sheet, scorecard.Comparison{Peers: c.peers})
		if !fault.Is(err, fault.Invalid) || fault.ProblemsOf(err)[0].Code != c.code || fault.ProblemsOf(err)[0].Place.File == "" {
			t.Errorf("%s: %v, want %s with its file", name, err, c.code)
		}
	}
}

func TestTheSheetBeforeMayBeShorterOrAnotherUnits(t *testing.T) {
	previous := sheetOf(t, `{"unit": {"code": "9", "name": "Old"}, "criteria": [{"id": "a", "parts": [{"method": "appraisal", "max": 40, "score": 20}]}]}`)
	previous.File = "old.json"
	result := scoreOf(t, unit(t, "1", 2021, "30", "10"), scorecard.Comparison{Previous: &previous})
	if got := printed(t, result.Criteria[0].Change); got != `{"points":10,"percent":10,"max":10,"rank":null}` {
		t.Errorf("change of a: %s", got)
	}
	if result.Criteria[1].Change != nil {
		t.Errorf("a new criterion changed by %s", printed(t, result.Criteria[1].Change))
	}
	if got := codes(result.Problems); !slices.Equal(got, []string{"sheet.previous_unit"}) || result.Problems[0].Place.File != "old.json" {
		t.Errorf("problems %v", result.Problems)
	}
}
