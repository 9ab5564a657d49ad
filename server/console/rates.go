package console

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/gofiber/fiber/v2"

	"hailong/account"
	"hailong/conduct"
	"hailong/export"
	"hailong/fault"
	"hailong/server/page"
	"hailong/territory"
)

// ratesView is the page of the outcome rates of a round, unit by unit.
type ratesView struct {
	roundFrame
	Headings []heading
	Rows     []rateRow
	Pager    pager
	Total    rateRow
	Ways     []menuItem // by commune, by village
	All      []ratePair // every rate of the total
	CSV      string
}

// rateRow is what became of the drawn people of a unit. Rates are percentages,
// NaN where undefined.
type rateRow struct {
	Unit, Parent                   string
	Drawn, Substitutes             int
	I, P, R, NC, O, U, NE          int
	RR2, RR4, COOP2, REF1, CON1, E float64
	order                          int
}

// ratePair is one rate counted in people and in base weights.
type ratePair struct {
	Name             string
	People, Weighted float64
}

var ratesTemplate = page.New[ratesView](roundSource("rates"))

func byCount(of func(rateRow) int) func(a, b rateRow) int {
	return func(a, b rateRow) int { return cmp.Compare(of(a), of(b)) }
}

func byRate(of func(rateRow) float64) func(a, b rateRow) int {
	return func(a, b rateRow) int { return cmp.Compare(of(a), of(b)) }
}

var rateColumns = []column[rateRow]{
	{"unit", "console.unit.title", false, byCount(func(r rateRow) int { return r.order })},
	{"drawn", "fieldwork.places", true, byCount(func(r rateRow) int { return r.Drawn })},
	{"rr2", "fieldwork.rates.head.rr2", true, byRate(func(r rateRow) float64 { return r.RR2 })},
	{"rr4", "fieldwork.rates.head.rr4", true, byRate(func(r rateRow) float64 { return r.RR4 })},
	{"coop2", "fieldwork.rates.head.coop2", true, byRate(func(r rateRow) float64 { return r.COOP2 })},
	{"ref1", "fieldwork.rates.head.ref1", true, byRate(func(r rateRow) float64 { return r.REF1 })},
	{"con1", "fieldwork.rates.head.con1", true, byRate(func(r rateRow) float64 { return r.CON1 })},
	{"I", "fieldwork.rates.I", true, byCount(func(r rateRow) int { return r.I })},
	{"P", "fieldwork.rates.P", true, byCount(func(r rateRow) int { return r.P })},
	{"R", "fieldwork.rates.R", true, byCount(func(r rateRow) int { return r.R })},
	{"NC", "fieldwork.rates.NC", true, byCount(func(r rateRow) int { return r.NC })},
	{"O", "fieldwork.rates.O", true, byCount(func(r rateRow) int { return r.O })},
	{"U", "fieldwork.rates.U", true, byCount(func(r rateRow) int { return r.U })},
	{"NE", "fieldwork.rates.NE", true, byCount(func(r rateRow) int { return r.NE })},
	{"replaced", "fieldwork.replaced", true, byCount(func(r rateRow) int { return r.Substitutes })},
}

func newRateRow(u conduct.UnitOutcomes, name string) rateRow {
	o := u.People
	r := o.Rates(o.Eligibility())
	return rateRow{
		Unit: name, Drawn: u.Drawn, Substitutes: u.Substitutes,
		I: int(o.I), P: int(o.P), R: int(o.R), NC: int(o.NC), O: int(o.O), U: int(o.UH + o.UO), NE: int(o.NE),
		RR2: 100 * r.RR[1], RR4: 100 * r.RR[3], COOP2: 100 * r.COOP[1], REF1: 100 * r.REF[0], CON1: 100 * r.CON[0], E: 100 * r.E,
	}
}

func (c *Console) rates(v *visit) error {
	f, err := c.roundFrame(v, "fieldwork.rates.title")
	if err != nil {
		return err
	}
	units, tree, err := c.outcomes(v, v.view().get("by") == byVillages)
	if err != nil {
		return err
	}
	w := v.view()
	view := ratesView{roundFrame: f, CSV: Root + v.roundPath("/rates.csv") + "?" + w.query.Encode()}
	for i, u := range units {
		unit, _ := tree.Unit(u.Unit)
		row := newRateRow(u, unit.FullName())
		row.order = i
		if unit.Level == territory.Village {
			row.Parent = unitName(tree, unit.Parent)
		}
		view.Rows = append(view.Rows, row)
	}
	total := conduct.OutcomesOf(v.reach(), units)
	view.Total = newRateRow(total, unitName(tree, v.reach()))
	view.All = ratePairs(total)
	if may, err := c.mayByVillage(v); err != nil {
		return err
	} else if may {
		view.Ways = []menuItem{
			{"rounds.answers.by_commune", w.with("by", "", "sort", ""), w.get("by") != byVillages},
			{"rounds.answers.by_village", w.with("by", byVillages, "sort", ""), w.get("by") == byVillages},
		}
	}
	view.Headings = arrange(w, view.Rows, rateColumns)
	view.Rows, view.Pager = paginate(w, view.Rows)
	return ratesTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, view)
}

func ratePairs(u conduct.UnitOutcomes) []ratePair {
	people, weighted := u.People.Rates(u.People.Eligibility()).List(), u.Weighted.Rates(u.Weighted.Eligibility()).List()
	pairs := make([]ratePair, len(people))
	for i := range people {
		pairs[i] = ratePair{people[i].Name, 100 * people[i].Value, 100 * weighted[i].Value}
	}
	return pairs
}

// mayByVillage reports whether the reader may look at single villages: that asks who
// answered.
func (c *Console) mayByVillage(v *visit) (bool, error) {
	return c.may(v, account.FollowUp, v.reach())
}

// outcomes are those of the villages or communes that the reader may see, in the
// order of the sample.
func (c *Console) outcomes(v *visit, byVillage bool) ([]conduct.UnitOutcomes, *territory.Tree, error) {
	if byVillage {
		if may, err := c.mayByVillage(v); err != nil {
			return nil, nil, err
		} else if !may {
			return nil, nil, fault.New(fault.Denied, "fieldwork.rates.by_village")
		}
	}
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return nil, nil, err
	}
	within := v.unit()
	var villages []conduct.UnitOutcomes
	if byVillage || v.round.Transactions != nil { // an office's list is a commune's
		villages, err = c.Desk.VillageOutcomes(v.ctx(), v.user, v.round.ID, v.reach())
	} else {
		villages, err = c.Desk.Outcomes(v.ctx(), v.round.ID)
	}
	if err != nil {
		return nil, nil, err
	}
	villages = slices.DeleteFunc(villages, func(village conduct.UnitOutcomes) bool {
		return within != account.Everywhere && !tree.Within(within, village.Unit)
	})
	if byVillage {
		return villages, tree, nil
	}
	communes := conduct.OutcomesBy(villages, func(village territory.Code) territory.Code {
		u, _ := tree.Unit(village)
		return u.Commune()
	})
	return communes, tree, nil
}

// ratesCSV sends all rates of the units, for programs.
func (c *Console) ratesCSV(v *visit) error {
	if err := c.loadRound(v); err != nil {
		return err
	}
	units, tree, err := c.outcomes(v, v.view().get("by") == byVillages)
	if err != nil {
		return err
	}
	var rows []export.RateRow
	for _, u := range append(units, conduct.OutcomesOf(v.reach(), units)) {
		rows = append(rows, export.RateRow{
			Unit: string(u.Unit), Name: unitName(tree, u.Unit), Drawn: u.Drawn, Substitutes: u.Substitutes, People: u.People, Weighted: u.Weighted,
		})
	}
	var out bytes.Buffer
	if err := export.RatesCSV(&out, v.round.Simulated, rows); err != nil {
		return err
	}
	return v.file(string(v.round.ID)+"-rates.csv", out.Bytes())
}
