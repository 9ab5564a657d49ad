package ready_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hailong/fault"
	"hailong/sampling"
	"hailong/sampling/ready"
)

var placeholder = regexp.MustCompile(`"\{([a-z_]+)\}"`)

// Every ready plan is whole: both languages everywhere, every parameter used
// and every place of one known, every column of the defaults documented.
func TestEveryReadyPlanIsWhole(t *testing.T) {
	all := ready.All()
	if len(all) != 7 {
		t.Errorf("%d ready plans", len(all))
	}
	for _, c := range all {
		both := func(what string, text ready.Text) {
			if text["vi"] == "" || text["en"] == "" || len(text) != 2 {
				t.Errorf("%s: %s: %v, want vi and en", c.ID, what, text)
			}
		}
		both("title", c.Title)
		both("about", c.About)
		both("source", c.Source)
		both("example", c.Example.Text)
		whole, err := json.Marshal(c.Stages)
		if err != nil {
			t.Fatal(err)
		}
		var names, used []string
		for _, found := range placeholder.FindAllSubmatch(whole, -1) {
			used = append(used, string(found[1]))
		}
		for _, p := range c.Parameters {
			names = append(names, p.Name)
			both(p.Name, p.Title)
			if p.Basis != nil {
				both(p.Name+" basis", p.Basis)
			}
			if !slices.Contains(used, p.Name) {
				t.Errorf("%s: parameter %s is not used", c.ID, p.Name)
			}
		}
		for _, name := range used {
			if !slices.Contains(names, name) {
				t.Errorf("%s: {%s} is no parameter", c.ID, name)
			}
		}
		for _, s := range c.Stages {
			both(s.Name, s.Title)
			columnsAreDocumented(t, c, s)
		}
	}
}

// columnsAreDocumented fills a stage in with its defaults on a frame that has
// the documented columns and no more.
func columnsAreDocumented(t *testing.T, c ready.Chain, s ready.Stage) {
	t.Helper()
	var columns, row []string
	for _, column := range s.Columns {
		if column.About["vi"] == "" || column.About["en"] == "" {
			t.Errorf("%s %s: column %s is not described", c.ID, s.Name, column.Name)
		}
		columns, row = append(columns, column.Name), append(row, "1")
	}
	frame, err := sampling.NewFrame(columns, [][]string{row})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Fill(s.Name, nil, ready.Drawing{Frame: frame}); strings.Contains(codes(err), "column") {
		t.Errorf("%s %s: %v", c.ID, s.Name, err)
	}
}

func codes(err error) string {
	if err == nil {
		return ""
	}
	var all []string
	for _, p := range fault.ProblemsOf(err) {
		all = append(all, p.Code)
	}
	return strings.Join(all, " ")
}

func find(t *testing.T, id ready.ID) ready.Chain {
	t.Helper()
	c, err := ready.Find(id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func frameOf(t *testing.T, csv string) sampling.Frame {
	t.Helper()
	f, err := sampling.ReadFrame(strings.NewReader(csv))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// An empty parameter takes along what it stands in: the condition on the
// province, the list of certainty units.
func TestAnEmptyParameterLeavesOutWhatItStandsIn(t *testing.T) {
	c := find(t, "sipas-two-tier")
	plan, _, err := c.Fill("communes", ready.Values{"id": "qn", "communes": "8", "rule": "equal", "power": ""}, ready.Drawing{})
	const want = `{"allocation":{"min":2,"rule":"equal","total":8},"id":"qn-communes","key":"code","method":"pps_systematic",` +
		`"order":["code"],"size":"population","strata":["kind"],"unit":"commune"}`
	if got := string(plan.Canonical()); err != nil || got != want {
		t.Errorf("%s (%v), want\n%s", got, err, want)
	}
	plan, _, err = c.Fill("communes", ready.Values{"province": "22", "certainty": "06994, 06967", "strata": ""}, ready.Drawing{})
	if err != nil || len(plan.Where) != 1 || len(plan.Certainty) != 2 || plan.Strata != nil {
		t.Errorf("%s (%v)", plan.Canonical(), err)
	}
}

// Seats are listed by key from their column, conditions applied; a stratum with
// fewer units than asked is taken whole and said so; exceptions apply.
func TestTheFrameSettlesSeatsExceptionsAndSmallStrata(t *testing.T) {
	frame := frameOf(t, "code,province_code,population,seat\na,01,9,1\nb,01,5,\nc,01,4,0\nd,02,7,\ne,02,7,1\nf,03,8,1\ng,03,1,\nh,03,2,NA\n")
	c := find(t, "papi")
	plan, warnings, err := c.Fill("districts", ready.Values{"districts": "3, 03=2"}, ready.Drawing{Frame: frame})
	if err != nil || !slices.Equal(plan.Certainty, []sampling.Key{"a", "e", "f"}) {
		t.Fatalf("%s (%v)", plan.Canonical(), err)
	}
	if n := plan.N.By; len(n) != 3 || n["01"] != 3 || n["02"] != 2 || n["03"] != 2 {
		t.Errorf("n %v", plan.N)
	}
	if len(warnings) != 1 || warnings[0].Code != "ready.taken_whole" || warnings[0].Stops() {
		t.Errorf("warnings %v", warnings)
	}
	plan, _, err = c.Fill("districts", ready.Values{"province": "01", "seat": ""}, ready.Drawing{Frame: frame})
	if err != nil || plan.Certainty != nil || plan.N.Each != 3 {
		t.Errorf("%s (%v)", plan.Canonical(), err)
	}
}

func TestFillingsThatCannotBeAreRefused(t *testing.T) {
	frame := frameOf(t, "code,province_code,population\na,01,9\nb,01,5\nc,01,4\n")
	marked := frameOf(t, "code,province_code,population,seat\na,01,9,yes\nb,01,5,\n")
	for _, c := range []struct {
		id, stage string
		set       ready.Values
		drawing   ready.Drawing
		want      string
	}{
		{"papi", "towns", nil, ready.Drawing{}, "ready.stage"},
		{"papi", "districts", ready.Values{"x": "1"}, ready.Drawing{}, "ready.parameter"},
		{"papi", "districts", ready.Values{"districts": "3, 01"}, ready.Drawing{}, "ready.value_counts"},
		{"papi", "districts", ready.Values{"districts": "01=3"}, ready.Drawing{}, "ready.value_counts"},
		{"papi", "districts", ready.Values{"districts": "-3"}, ready.Drawing{}, "ready.value_counts"},
		{"papi", "districts", ready.Values{"districts": ""}, ready.Drawing{}, "ready.required"},
		{"papi", "people", ready.Values{"youngest": "eighteen"}, ready.Drawing{}, "ready.value_number"},
		{"papi", "districts", nil, ready.Drawing{}, "ready.frame_for_seats"},
		{"papi", "districts", nil, ready.Drawing{Frame: frame}, "ready.no_seat_column"},
		{"papi", "districts", nil, ready.Drawing{Frame: marked}, "ready.seat_value"},
		{"papi", "districts", ready.Values{"seat": "", "districts": "3, 99=6"}, ready.Drawing{Frame: frame}, "ready.no_such_stratum"},
		{"papi", "districts", ready.Values{"seat": "", "districts": "3, 01=2"}, ready.Drawing{}, "ready.frame_for_counts"},
		{"papi", "districts", ready.Values{"seat": "", "size": "people"}, ready.Drawing{Frame: frame}, "plan.no_column"},
		{"papi", "districts", ready.Values{"seat": "", "districts": "3"}, ready.Drawing{Frame: frame}, ""},
		{"sipas-two-tier", "communes", ready.Values{"rule": "best"}, ready.Drawing{}, "ready.value_choice"},
		{"sipas-two-tier", "communes", ready.Values{"communes": "2.5"}, ready.Drawing{}, "ready.value_number"},
		{"sipas-two-tier", "communes", ready.Values{"communes": "012"}, ready.Drawing{}, "ready.value_number"},
		{"sipas-two-tier", "communes", ready.Values{"power": "0,5"}, ready.Drawing{}, "ready.value_decimal"},
	} {
		if _, _, err := find(t, ready.ID(c.id)).Fill(c.stage, c.set, c.drawing); codes(err) != c.want {
			t.Errorf("%s %s %v: %v, want %q", c.id, c.stage, c.set, err, c.want)
		}
	}
	if _, err := ready.Find("nothing"); codes(err) != "ready.unknown" {
		t.Errorf("an unknown plan: %v", err)
	}
}

// A stage is offered where its units, their parents and the columns that are no
// parameters are those of the frame; it shows what it uses, and a column that the frame
// has not only where one is required.
func TestAStageFitsFramesWithItsUnitsAndColumns(t *testing.T) {
	for _, c := range []struct {
		unit, parent, columns string
		want                  string
	}{
		{"commune", "", "code,name,kind,province_code,population", "sipas-two-tier"},
		{"commune", "district", "code,district,population", "papi sipas-2024"},
		{"village", "commune", "code,name,kind,commune,population", "papi sipas-2024 sipas-two-tier"},
		{"person", "village", "key,village,order,seal", "papi sipas-2024 sipas-two-tier"},
		{"person", "village", "key", ""},
		{"person", "unit", "key,unit,field,order,seal", "transactions-offices"},
		{"person", "", "key,field,unit", "officials-census officials-sample transactions"},
	} {
		var fits []string
		for _, chain := range ready.All() {
			if slices.ContainsFunc(chain.Stages, func(s ready.Stage) bool { return s.Fits(c.unit, c.parent, strings.Split(c.columns, ",")) }) {
				fits = append(fits, string(chain.ID))
			}
		}
		if got := strings.Join(fits, " "); got != c.want {
			t.Errorf("%s in %q: %s, want %s", c.unit, c.parent, got, c.want)
		}
	}
	papi := find(t, "papi")
	var got []string
	villages, err := papi.Stage("villages")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range papi.ParametersOf(villages, []string{"code", "commune", "people"}) {
		got = append(got, p.Name+"="+p.Default)
	}
	if want := []string{"villages=2", "seat=", "size=population"}; !slices.Equal(got, want) {
		t.Errorf("parameters %v, want %v", got, want)
	}
	if villages.ParameterAt("n") != "villages" || villages.ParameterAt("allocation.total") != "" {
		t.Error("the parameters of members")
	}
}
