package ready

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"hailong/fault"
	"hailong/sampling"
)

// Drawing is what is known of the draw that a plan is filled in for. Without a
// frame a stage can be filled in as long as nothing needs it: certainty units by a
// column, counts with exceptions.
type Drawing struct {
	Frame  sampling.Rows    // nil for none
	Parent *sampling.Parent // the stage before, whose receipt the plan then names
}

// Fill makes the plan of one stage. The second result says what the frame made
// of the counts: a stratum with fewer units than its count is taken whole, which is
// a warning (ready.taken_whole). Errors: ready.*, those of reading a plan, and with a
// frame those of Plan.Check.
func (c Chain) Fill(stage string, set Values, d Drawing) (sampling.Plan, []fault.Problem, error) {
	s, err := c.Stage(stage)
	if err != nil {
		return sampling.Plan{}, nil, err
	}
	values, err := c.values(set)
	if err != nil {
		return sampling.Plan{}, nil, err
	}
	f := filling{values: values, stage: s}
	plan, err := f.plan()
	if err != nil {
		return sampling.Plan{}, nil, err
	}
	plan.ID = sampling.PlanID(values[idParameter].text + "-" + s.Name)
	if d.Parent != nil {
		plan.Parent = d.Parent.Digest()
	}
	if d.Frame == nil {
		return plan, nil, f.withoutFrame(plan)
	}
	warnings, err := f.fit(&plan, d.Frame, d.Parent)
	if err != nil {
		return sampling.Plan{}, nil, err
	}
	return plan, warnings, plan.Check(d.Frame, d.Parent)
}

// filling is one stage under way.
type filling struct {
	values map[string]value
	stage  Stage
	counts map[string]counts // n and reserve, where they have exceptions
}

// plan puts the values into the stage's template.
func (f *filling) plan() (sampling.Plan, error) {
	in := json.NewDecoder(bytes.NewReader(f.stage.Plan))
	in.UseNumber()
	var template map[string]any
	if err := in.Decode(&template); err != nil {
		panic(f.stage.Name + ": " + err.Error()) // part of the program; a test fills in every stage
	}
	f.counts = make(map[string]counts)
	for _, member := range []string{"n", "reserve"} {
		if text, ok := template[member].(string); ok {
			if v := f.values[parameterIn(text)]; v.kind == KindCounts && len(v.counts.by) > 0 {
				f.counts[member] = v.counts
			}
		}
	}
	filled, _ := f.put(template)
	raw, err := json.Marshal(filled)
	if err != nil {
		panic(err) // texts, numbers, lists and objects of these always encode
	}
	return sampling.ReadPlan(bytes.NewReader(raw))
}

// put replaces the parameters in a value of the template; false says that
// nothing is left of it. An object in a list goes with any of its members.
func (f *filling) put(template any) (any, bool) {
	switch t := template.(type) {
	case string:
		return f.putText(t)
	case []any:
		var out []any
		for _, item := range t {
			filled, kept := f.put(item)
			if object, ok := item.(map[string]any); ok {
				members, _ := filled.(map[string]any)
				kept = kept && len(members) == len(object)
			}
			if kept {
				out = append(out, filled)
			}
		}
		return out, len(out) > 0
	case map[string]any:
		out := make(map[string]any, len(t))
		for name, item := range t {
			if filled, kept := f.put(item); kept {
				out[name] = filled
			}
		}
		return out, len(out) > 0
	}
	return template, true
}

func (f *filling) putText(text string) (any, bool) {
	name := parameterIn(text)
	if name == "" {
		return text, true
	}
	return f.values[name].json()
}

// withoutFrame says what cannot be done without one.
func (f *filling) withoutFrame(plan sampling.Plan) error {
	for _, member := range slices.Sorted(maps.Keys(f.counts)) {
		return fault.New(fault.Invalid, "ready.frame_for_counts", "stage", f.stage.Name, "member", member)
	}
	if column := f.seat(); column != "" {
		return fault.New(fault.Invalid, "ready.frame_for_seats", "stage", f.stage.Name, "column", column)
	}
	return nil
}

// seat is the column of certainty units, "" for none.
func (f *filling) seat() string {
	if name := parameterIn(f.stage.Seat); name != "" {
		return f.values[name].text
	}
	return f.stage.Seat
}
