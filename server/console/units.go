package console

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"hailong/account"
	"hailong/fault"
	"hailong/server/page"
	"hailong/territory"
)

// unitsView is the list of units below one.
type unitsView struct {
	frame
	Search, Level, Size, Under string
	Scope                      string // name of the unit that is listed, "" for the whole country
	Levels                     []territory.Level
	Sizes                      []territory.SizeStatus
	Headings                   []heading
	Rows                       []unitRow
	Pager                      pager
	Stored                     int // units in the scope, however few are shown
	Unsettled                  int // communes among them whose population is missing or in doubt
	UnsettledHref              string
	MayImport                  bool
}

// unitRow is one unit as the list shows it.
type unitRow struct {
	territory.Unit
	ParentName string
	Density    float64 // people per km², 0 if unknown
	Reasons    []territory.Reason
}

var unitsTemplate = page.New[unitsView](source("units"))

var unitColumns = []column[unitRow]{
	{"name", "console.units.name", false, nil}, // as the store sorts them: by name in Vietnamese, each before what lies below
	{"code", "console.units.code", false, func(a, b unitRow) int { return cmp.Compare(a.Code, b.Code) }},
	{"kind", "console.units.kind", false, func(a, b unitRow) int { return cmp.Compare(a.Kind, b.Kind) }},
	{"population", "console.units.population", true, func(a, b unitRow) int { return cmp.Compare(a.Population, b.Population) }},
	{"area", "console.units.area", true, func(a, b unitRow) int { return cmp.Compare(a.AreaKm2, b.AreaKm2) }},
	{"density", "console.units.density", true, func(a, b unitRow) int { return cmp.Compare(a.Density, b.Density) }},
	{"size", "console.units.size", false, func(a, b unitRow) int { return cmp.Compare(a.Size, b.Size) }},
}

var (
	levels = []territory.Level{territory.Province, territory.Commune, territory.Village}
	sizes  = []territory.SizeStatus{
		territory.SizeMissing, territory.SizeDoubtful, territory.SizeConfirmed, territory.SizeCorrected, territory.SizePlausible,
	}
)

// unsettled is the value of ?size= for missing and doubtful together.
const unsettled = "unsettled"

func (c *Console) units(v *visit) error {
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return err
	}
	w := v.view()
	view := unitsView{
		frame: v.frame("console.units.title"), Search: w.get("q"), Level: w.get("level"), Size: w.get("size"),
		Under: w.get("under"), Scope: unitName(tree, v.unit()), Levels: levels, Sizes: sizes,
		UnsettledHref: w.with("size", unsettled, "q", "", "level", ""),
		MayImport:     account.Permits(v.user.Role, account.ImportUnits),
	}
	var rows []unitRow
	for _, u := range inScope(tree, v.unit()) {
		view.Stored++
		if u.Level == territory.Commune && !u.Size.Usable() {
			view.Unsettled++
		}
		if view.shows(u) {
			rows = append(rows, newUnitRow(u, tree))
		}
	}
	view.Headings = arrange(w, rows, unitColumns)
	view.Rows, view.Pager = paginate(w, rows)
	addReasons(view.Rows, tree)
	return unitsTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, view)
}

// shows reports whether the filters let the unit through.
func (w unitsView) shows(u territory.Unit) bool {
	size := w.Size == "" || string(u.Size) == w.Size || w.Size == unsettled && !u.Size.Usable() && u.Level != territory.Province
	return size && (w.Level == "" || string(u.Level) == w.Level) &&
		(w.Search == "" || string(u.Code) == w.Search || territory.Matches(u.FullName(), w.Search))
}

func newUnitRow(u territory.Unit, tree *territory.Tree) unitRow {
	r := unitRow{Unit: u}
	if u.Parent != "" {
		r.ParentName = unitName(tree, u.Parent)
	}
	if u.AreaKm2 > 0 {
		r.Density = float64(u.Population) / u.AreaKm2
	}
	return r
}

// addReasons says of the rows in doubt why they are. A doubt compares a unit
// with all its peers, so that it needs the whole country.
func addReasons(rows []unitRow, tree *territory.Tree) {
	if !slices.ContainsFunc(rows, func(r unitRow) bool { return r.Size == territory.SizeDoubtful }) {
		return
	}
	reasons := map[territory.Code][]territory.Reason{}
	for _, d := range territory.Doubts(tree.Descendants("")) {
		reasons[d.Unit.Code] = d.Reasons
	}
	for i, r := range rows {
		if r.Size == territory.SizeDoubtful {
			rows[i].Reasons = reasons[r.Code]
		}
	}
}

// unitView is the page of one unit.
type unitView struct {
	frame
	Unit       unitRow
	Doubts     []fault.Problem  // why the population needs a look
	Above      []territory.Unit // the ancestors, the highest first
	Below      int              // units directly below
	MaySettle  bool
	Population string // as typed
	Source     string
}

var unitTemplate = page.New[unitView](source("unit"))

func (c *Console) unitView(v *visit) (unitView, error) {
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return unitView{}, err
	}
	u, ok := tree.Unit(v.unit())
	if !ok {
		return unitView{}, fault.New(fault.NotFound, "console.unit.unknown", "code", string(v.unit()))
	}
	view := unitView{
		frame: v.frame("console.unit.title"), Unit: newUnitRow(u, tree), Doubts: doubtsOf(u, tree), Above: tree.Ancestors(u.Code), Below: len(tree.Children(u.Code)),
		MaySettle: account.Permits(v.user.Role, account.SettleSize) && u.Level != territory.Province,
	}
	slices.Reverse(view.Above)
	view.Above = slices.DeleteFunc(view.Above, func(above territory.Unit) bool { // only what the reader may open
		return v.user.Scope != account.Everywhere && !tree.Within(v.user.Scope, above.Code)
	})
	view.About = u.FullName()
	return view, nil
}

// doubtsOf says why the population of a unit needs a look, as long as it does.
func doubtsOf(u territory.Unit, tree *territory.Tree) []fault.Problem {
	if u.Size.Usable() {
		return nil
	}
	for _, d := range territory.Doubts(tree.Descendants("")) {
		if d.Unit.Code == u.Code {
			return d.Problems()
		}
	}
	return nil
}

func (c *Console) unit(v *visit) error {
	view, err := c.unitView(v)
	if err != nil {
		return err
	}
	return unitTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, view)
}

// settleSize confirms the population of a unit, or corrects it if another
// number was typed. Either needs a source.
func (c *Console) settleSize(v *visit) error {
	view, err := c.unitView(v)
	if err != nil {
		return err
	}
	typed, source := v.form.value("population"), v.form.value("source")
	var errs fieldErrors
	settled, how, err := settle(view.Unit.Unit, typed, source)
	if err != nil {
		errs.from(fieldOf(err), err)
		view.Errors, view.Population, view.Source = errs, typed, source
		return unitTemplate.Send(v.Ctx, fiber.StatusUnprocessableEntity, v.lang, view)
	}
	rec := v.record(account.SettleSize, string(settled.Code), "how", how,
		"population", strconv.FormatInt(view.Unit.Population, 10)+" → "+strconv.FormatInt(settled.Population, 10), "source", settled.SizeSource)
	if err := c.Units.PutUnits(v.ctx(), rec, []territory.Unit{settled}); err != nil {
		return err
	}
	return v.done("/units/"+string(settled.Code), "size_settled")
}

// settle confirms or corrects, by what was typed; how says which.
func settle(u territory.Unit, typed, source string) (settled territory.Unit, how string, err error) {
	if typed == "" {
		settled, err = u.Confirm(source)
		return settled, "confirmed", err
	}
	population, whole := territory.ParseCount(typed)
	if !whole {
		return u, "", fault.New(fault.Invalid, "console.unit.not_a_number", "typed", typed)
	}
	if population == u.Population {
		settled, err = u.Confirm(source)
		return settled, "confirmed", err
	}
	settled, err = u.Correct(population, source)
	return settled, "corrected", err
}

// fieldOf is the field that a problem of settling belongs to.
func fieldOf(err error) string {
	if fault.ProblemsOf(err)[0].Code == "units.source_needed" {
		return "source"
	}
	return "population"
}
