package console

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"hailong/conduct"
	"hailong/sampling"
	"hailong/survey"
	"hailong/territory"
)

// planForm is the form of a plan as it was filled in. What a plan can be beyond
// it is written as JSON.
type planForm struct {
	Method              sampling.Method
	Strata              string // column, "" for none
	Cells               []cellField
	Reserve             string
	Certainty, Order    string // codes and columns, with commas between
	Methods             []sampling.Method
	Stratified, Certain bool // whether the stage has strata and certainty units
}

// cellField is one number of the plan: how many units of a kind, or of every
// parent.
type cellField struct {
	Name, Kind string // Kind is empty where one number stands for all
	Units      int
	Value      string
}

// kindColumn is the column of the frame of communes by which they are
// stratified: wards, rural communes, islands.
const kindColumn = "kind"

// readPlanForm reads the form of a stage from the address; what is not there has
// its usual value.
func readPlanForm(get func(string) string, stage conduct.Stage, kinds []kindCount) planForm {
	f := planForm{
		Method: sampling.PPSSystematic, Strata: get("strata"), Reserve: get("reserve"), Certainty: get("certainty"), Order: get("order"),
		Methods:    []sampling.Method{sampling.PPSSystematic, sampling.SRS, sampling.Systematic, sampling.All},
		Stratified: stage == conduct.Communes, Certain: stage != conduct.People,
	}
	if stage == conduct.People {
		f.Method, f.Methods = sampling.SRS, []sampling.Method{sampling.SRS, sampling.Systematic}
	}
	if method := sampling.Method(get("method")); method != "" {
		f.Method = method
	} else if f.Strata, f.Order = "", ""; stage != conduct.People {
		f.Order = "code"
	}
	if get("method") == "" && f.Stratified {
		f.Strata = kindColumn
	}
	if !f.Stratified || f.Strata == "" {
		f.Cells = []cellField{{Name: "n", Value: get("n")}}
		return f
	}
	for i, k := range kinds {
		name := "n" + strconv.Itoa(i+1)
		f.Cells = append(f.Cells, cellField{Name: name, Kind: string(k.kind), Units: k.units, Value: get(name)})
	}
	return f
}

// blankPlan is what every plan of a stage has: what its rows are.
func blankPlan(r survey.Round, stage conduct.Stage) sampling.Plan {
	plan := sampling.Plan{ID: sampling.PlanID(string(r.ID) + "-" + strconv.Itoa(int(stage))), Key: "code"}
	switch {
	case stage == conduct.Communes:
		plan.Unit = "commune"
	case stage == conduct.Villages:
		plan.Unit, plan.ParentKey = "village", "commune"
	case r.Transactions != nil:
		plan.Unit, plan.Key, plan.ParentKey, plan.Strata = "person", "key", "unit", []string{"field"}
	default:
		plan.Unit, plan.Key, plan.ParentKey = "person", "key", "village"
	}
	return plan
}

// plan makes the plan of a stage. What is wrong with the numbers is in the
// errors; what the frame says of the plan comes from trying it.
func (f planForm) plan(r survey.Round, stage conduct.Stage, errs *fieldErrors) sampling.Plan {
	plan := blankPlan(r, stage)
	plan.Method, plan.Order = f.Method, separated(f.Order)
	if f.Stratified && f.Strata != "" {
		plan.Strata = []string{f.Strata}
	}
	if f.Method == sampling.PPSSystematic {
		plan.Size = "population"
	}
	if f.Method != sampling.All {
		plan.N = f.counts(errs)
	}
	if f.Reserve != "" {
		plan.Reserve = sampling.Counts{Each: numberIn("reserve", f.Reserve, errs)}
	}
	for _, code := range separated(f.Certainty) {
		plan.Certainty = append(plan.Certainty, sampling.Key(code))
	}
	return plan
}

// typed is the form of a plan that was made otherwise, as the address would have
// it: what the form has no field for stays out. Shares are the units of its cells.
func typed(plan sampling.Plan, shares map[string]int, kinds []kindCount) url.Values {
	values := url.Values{"method": {string(plan.Method)}, "order": {strings.Join(plan.Order, ", ")}}
	var certainty []string
	for _, key := range plan.Certainty {
		certainty = append(certainty, string(key))
	}
	values.Set("certainty", strings.Join(certainty, ", "))
	if plan.Reserve.Each > 0 {
		values.Set("reserve", strconv.Itoa(plan.Reserve.Each))
	}
	if slices.Equal(plan.Strata, []string{kindColumn}) {
		values.Set("strata", kindColumn)
	}
	for i, k := range kinds {
		values.Set("n"+strconv.Itoa(i+1), strconv.Itoa(shares[string(k.kind)]))
	}
	if each := slices.Compact(slices.Collect(maps.Values(shares))); len(each) == 1 {
		values.Set("n", strconv.Itoa(each[0]))
	}
	return values
}

// separated splits what was typed with commas, semicolons or spaces between.
func separated(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == ' ' })
}

func (f planForm) counts(errs *fieldErrors) sampling.Counts {
	if len(f.Cells) == 1 && f.Cells[0].Kind == "" {
		return sampling.Counts{Each: numberIn(f.Cells[0].Name, f.Cells[0].Value, errs)}
	}
	by := map[string]int{}
	for _, cell := range f.Cells {
		by[cell.Kind] = numberIn(cell.Name, cell.Value, errs)
	}
	return sampling.Counts{By: by}
}

func numberIn(field, text string, errs *fieldErrors) int {
	n, err := strconv.Atoi(text)
	switch {
	case text == "":
		errs.add(field, "console.draws.no_number")
	case err != nil || n < 0:
		errs.add(field, "console.draws.not_a_number", "typed", text)
	}
	return n
}

// kindCount is how many communes of a kind the province has.
type kindCount struct {
	kind  territory.Kind
	units int
}

func (c *Console) kindsOf(v *visit) ([]kindCount, error) {
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return nil, err
	}
	var kinds []kindCount
	for _, u := range tree.Children(v.round.Unit) {
		i := slices.IndexFunc(kinds, func(k kindCount) bool { return k.kind == u.Kind })
		if i < 0 {
			kinds = append(kinds, kindCount{u.Kind, 0})
			i = len(kinds) - 1
		}
		kinds[i].units++
	}
	slices.SortFunc(kinds, func(a, b kindCount) int { return strings.Compare(string(a.kind), string(b.kind)) })
	return kinds, nil
}

// The public events that a draw can wait for.
const (
	eventDrand   = "drand"
	eventLottery = "lottery"
	eventDice    = "dice"
)

var events = []string{eventDrand, eventLottery, eventDice}

// eventForm is the event as it was chosen.
type eventForm struct{ Kind, Place, When string }

// whenLayout is how browsers send a day and time.
const whenLayout = "2006-01-02T15:04"

func readEvent(f form) eventForm {
	return eventForm{Kind: f.value("event"), Place: f.value("place"), When: f.value("when")}
}

// source names the event; a colon would end its place.
func (f eventForm) source(errs *fieldErrors) sampling.Source {
	at, err := time.ParseInLocation(whenLayout, f.When, vietnam)
	if err != nil {
		errs.add("when", "console.draws.no_time")
	}
	place := strings.ReplaceAll(f.Place, ":", " ")
	if place == "" && f.Kind != eventDrand {
		errs.add("place", "rounds.draw.no_place")
	}
	switch f.Kind {
	case eventDrand:
		return sampling.QuicknetAt(at)
	case eventLottery:
		return sampling.Source("lottery:" + place + ":" + at.Format(time.DateOnly))
	}
	return sampling.Source("dice:" + place + ":" + at.Format(time.RFC3339))
}
