package console

import (
	"net/url"
	"slices"
	"strings"

	"hailong/fault"
	"hailong/sampling"
	"hailong/sampling/ready"
)

// readyForm is the form in which a ready plan is chosen and its parameters are
// filled in. Nothing of it is stored: it makes the plan, which is committed to.
type readyForm struct {
	Plans    []ready.Chain // those with a stage for this frame
	Chosen   *ready.Chain  // nil before one is chosen
	Fields   []readyField
	Columns  []string // of the frame
	Filled   bool     // the parameters were sent
	Warnings []fault.Problem
	stage    ready.Stage
	set      ready.Values
}

// readyField is a parameter as it was typed, or its default.
type readyField struct {
	ready.Parameter
	Value string
}

// Field is the name of a parameter's field.
func (f readyField) Field() string { return readyPrefix + f.Name }

// Options are the values that a column or choice can have; one that it cannot
// have, typed in the address, stays to be seen.
func (f readyField) Options(columns []string) []string {
	options := f.Choices
	if f.Kind == ready.KindColumn {
		options = columns
	}
	if f.Value != "" && !slices.Contains(options, f.Value) {
		options = append(slices.Clone(options), f.Value)
	}
	return options
}

// readyPrefix is what the names of parameters begin with in the address.
const readyPrefix = "set_"

// readReadyForm reads the form from the address. The plan names the units that
// the stage draws from a frame with these columns.
func readReadyForm(query url.Values, plan sampling.Plan, columns []string, errs *fieldErrors) readyForm {
	f := readyForm{Columns: columns, set: ready.Values{}}
	var known []string
	for _, chain := range ready.All() {
		i := slices.IndexFunc(chain.Stages, func(s ready.Stage) bool { return s.Fits(plan.Unit, plan.ParentKey, columns) })
		if i < 0 {
			continue
		}
		f.Plans, known = append(f.Plans, chain), append(known, string(chain.ID))
		if string(chain.ID) == query.Get("ready") {
			f.Chosen, f.stage = &chain, chain.Stages[i]
		}
	}
	if f.Chosen == nil {
		if id := query.Get("ready"); id != "" && len(columns) > 0 {
			errs.add("ready", "ready.unknown", "id", id, "known", known)
		}
		return f
	}
	for name, values := range query {
		if parameter, ok := strings.CutPrefix(name, readyPrefix); ok {
			f.Filled, f.set[parameter] = true, values[0]
		}
	}
	for _, p := range f.Chosen.ParametersOf(f.stage, columns) {
		value, typed := f.set[p.Name]
		if !typed {
			value, f.set[p.Name] = p.Default, p.Default
		}
		f.Fields = append(f.Fields, readyField{p, value})
	}
	return f
}

// fillPlan makes the plan of the parameters, shows it in the fields of the plan's
// own form and tries it.
func (c *Console) fillPlan(v *visit, view *stageView) error {
	if len(view.Frame.Problems) > 0 {
		return nil
	}
	frame, err := c.Desk.Frame(v.ctx(), v.round, view.Stage)
	if err != nil {
		return err
	}
	parent, err := c.Desk.Parent(v.ctx(), v.round, view.Stage)
	if err != nil {
		return err
	}
	plan, err := view.fill(frame, parent)
	if err != nil || view.Plan == "" {
		return err
	}
	return c.tryPlan(v, view, plan)
}

// fill fills in the ready plan on a frame; what the reader can mend is in the
// errors, and the plan's text stays empty.
func (w *stageView) fill(frame sampling.Frame, parent *sampling.Parent) (sampling.Plan, error) {
	w.Ready.set["id"] = string(w.Round.ID)
	plan, warnings, err := w.Ready.Chosen.Fill(w.Ready.stage.Name, w.Ready.set, ready.Drawing{Frame: frame, Parent: parent})
	if err != nil {
		return plan, w.refuseFilling(err)
	}
	shares, err := plan.Shares(frame, parent)
	if err != nil {
		return plan, err
	}
	w.Form = readPlanForm(typed(plan, shares, w.kinds).Get, w.Stage, w.kinds)
	w.Plan, w.Ready.Warnings = string(plan.Encode()), warnings
	return plan, nil
}

// refuseFilling puts problems beside the parameters that they are about.
func (w *stageView) refuseFilling(err error) error {
	var errs fieldErrors
	if !errs.from("ready", err) {
		return err
	}
	for i, e := range errs {
		if name := w.Ready.parameterOf(e.Problem); name != "" {
			errs[i].Field = readyPrefix + name
		}
	}
	w.Errors = errs[:min(len(errs), listed)]
	return nil
}

// parameterOf is the parameter that a problem names, or that stands in the plan
// where the problem is; "" if the form has no such parameter.
func (f readyForm) parameterOf(p fault.Problem) string {
	var name string
	if member, ok := strings.CutPrefix(p.Code, "plan.allocation_"); ok {
		name = f.stage.ParameterAt("allocation." + member)
	}
	for _, a := range p.Args {
		switch text, _ := a.Value.(string); a.Name {
		case "name":
			name = text
		case "member":
			if name == "" {
				name = f.stage.ParameterAt(text)
			}
		}
	}
	if !slices.ContainsFunc(f.Fields, func(field readyField) bool { return field.Name == name }) {
		return ""
	}
	return name
}
