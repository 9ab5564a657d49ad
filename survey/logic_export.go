package survey

import "encoding/json"

// step is one group or question as the browser's evaluator walks them: only
// those that can vanish or have a constraint. The shared vectors prove that both
// evaluators agree.
type step struct {
	Name       string `json:"n"`
	Group      bool   `json:"g,omitempty"`
	In         string `json:"in,omitempty"` // the group around it, if that can vanish
	Relevant   any    `json:"r,omitempty"`
	Constraint any    `json:"c,omitempty"`
}

// steps lists the steps in the order of the form, groups before what is in them.
func (f *Form) steps() []step {
	steps := []step{}
	vanishing := make([]bool, len(f.groups)) // groups that are steps
	in := func(group int) string {
		if group < 0 || !vanishing[group] {
			return ""
		}
		return string(f.questionnaire.Groups[group].ID)
	}
	begun := 0
	for i, q := range f.questions {
		for ; begun < len(f.groups) && f.groups[begun].first == i; begun++ {
			g := f.groups[begun]
			s := step{Name: string(f.questionnaire.Groups[begun].ID), Group: true, In: in(g.parent), Relevant: f.export(g.relevant)}
			if vanishing[begun] = s.In != "" || g.relevant != nil; vanishing[begun] {
				steps = append(steps, s)
			}
		}
		s := step{Name: string(f.questionnaire.Questions[i].Code), In: in(q.group), Relevant: f.export(q.relevant), Constraint: f.export(q.constraint)}
		if s.In != "" || q.relevant != nil || q.constraint != nil {
			steps = append(steps, s)
		}
	}
	return steps
}

// Logic is the relevance and the constraints of the form for
// static/shared/logic.js, as JSON that may stand inside a script element.
func (f *Form) Logic() []byte { return f.logic }

// encodeLogic makes what Logic returns. Encoding cannot fail: there are strings,
// booleans and, since the parser refuses others, finite numbers only.
func (f *Form) encodeLogic() []byte {
	logic, err := json.Marshal(f.steps())
	if err != nil {
		panic(err)
	}
	return logic
}

// export writes an expression as literals and arrays that begin with the name
// of their operation; ["$","code"] is an answer.
func (f *Form) export(e *expr) any {
	switch {
	case e == nil:
		return nil
	case e.op == opText:
		return e.text
	case e.op == opNumber:
		return e.number
	case e.op == opTruth:
		return e.truth
	case e.op == opAnswer:
		return []any{"$", f.questionnaire.Questions[e.question].Code}
	}
	node := []any{operationNames[e.op]}
	for _, arg := range e.args {
		node = append(node, f.export(arg))
	}
	return node
}

// operationNames inverts the tables of operators and functions.
var operationNames = func() map[operation]string {
	names := map[operation]string{opNegate: "-"}
	for name, operator := range binaryOperators {
		names[operator.op] = name
	}
	for name, function := range functions {
		names[function.op] = name
	}
	return names
}()
