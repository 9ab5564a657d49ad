package sampling

import (
	"strings"
	"testing"

	"hailong/fault"
	"hailong/territory"
)

// contacts makes visits of a person from "day result" pairs; a "phone:" before
// the result is a call.
func contacts(pairs ...string) []Contact {
	var list []Contact
	for i := 0; i < len(pairs); i += 2 {
		c := Contact{Person: "k", Number: i/2 + 1, Day: territory.Day("2026-11-" + pairs[i]), Mode: ByVisit, Result: Disposition(pairs[i+1]), Visitor: "Chị Hoa"}
		if result, phone := strings.CutPrefix(pairs[i+1], "phone:"); phone {
			c.Mode, c.Result = ByPhone, Disposition(result)
		}
		list = append(list, c)
	}
	return list
}

func TestEveryDispositionHasItsCodeAndCategory(t *testing.T) {
	codes := map[string]bool{}
	for _, d := range Dispositions() {
		if d.Code() == "" || codes[d.Code()] {
			t.Errorf("%s: code %q", d, d.Code())
		}
		codes[d.Code()] = true
		for _, text := range []string{string(d), d.Code(), " " + strings.ToUpper(string(d))} {
			if back, err := ParseDisposition(text); back != d || err != nil {
				t.Errorf("%q is read as %s, %v", text, back, err)
			}
		}
		// the first digit says what the category may be
		want := map[byte]string{'1': "IP", '2': "RNCO", '3': "UHUO", '4': "NE"}[d.Code()[0]]
		if !strings.Contains(want, string(d.Category())) {
			t.Errorf("%s: code %s in category %s", d, d.Code(), d.Category())
		}
	}
	for _, text := range []string{"", "9.9", "answered"} {
		if _, err := ParseDisposition(text); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestWhatContactsComeTo(t *testing.T) {
	for name, c := range map[string]struct {
		contacts []Contact
		want     Disposition
	}{
		"nobody went":                                 {nil, NotAttempted},
		"the last of several absences":                {contacts("01", "not_home", "02", "away"), Away},
		"a refusal outlasts an empty house":           {contacts("01", "refusal", "03", "not_home"), Refused},
		"a refusal is converted":                      {contacts("01", "refusal", "03", "met"), Met},
		"an absence outlasts a doubt":                 {contacts("01", "not_home", "02", "unknown"), NotHome},
		"a move that was heard of later":              {contacts("01", "not_home", "02", "not_home", "04", "phone:moved"), Moved},
		"written down late, counted by its day":       {contacts("05", "met", "02", "refusal"), Met},
		"of two on one day the one written down last": {contacts("05", "met", "05", "refusal"), Refused},
	} {
		if got := LastDisposition(c.contacts); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestACorrectionSupersedesAndErasesNothing(t *testing.T) {
	list := contacts("01", "dead", "02", "not_home")
	list = append(list, Contact{Person: "k", Number: 3, Day: "2026-11-01", Mode: ByVisit, Result: NotHome, Visitor: "Chị Hoa", Supersedes: 1})
	if got := LastDisposition(list); got != NotHome || VisitDays(list) != 2 || len(list) != 3 {
		t.Errorf("%s on %d days", got, VisitDays(list))
	}
	list = append(list, Contact{Person: "k", Number: 4, Day: "2026-11-02", Mode: ByVisit, Result: Mistaken, Visitor: "Chị Hoa", Supersedes: 2})
	if standing := Standing(list); len(standing) != 1 || standing[0].Number != 3 {
		t.Errorf("standing %+v", standing)
	}
}

func TestOnlyVisitsOnDifferentDaysCount(t *testing.T) {
	for want, list := range map[int][]Contact{
		0: contacts("01", "phone:not_home", "02", "phone:not_home"),
		1: contacts("01", "not_home", "01", "not_home", "02", "phone:not_home"),
		2: contacts("01", "not_home", "02", "not_home"),
	} {
		if got := VisitDays(list); got != want {
			t.Errorf("%d days, want %d: %+v", got, want, list)
		}
	}
}

func TestAContactIsChecked(t *testing.T) {
	good := Contact{Person: "k", Number: 2, Day: "2026-11-20", Mode: ByVisit, Result: NotHome, Visitor: "Chị Hoa"}
	before := contacts("19", "met")
	if problems := good.Check(before, "2026-11-20"); len(problems) > 0 {
		t.Fatalf("a good contact: %v", problems)
	}
	for code, change := range map[string]func(*Contact){
		"fieldwork.unknown_mode":         func(c *Contact) { c.Mode = "pigeon" },
		"fieldwork.unknown_disposition":  func(c *Contact) { c.Result = "gone" },
		"fieldwork.answered_is_computed": func(c *Contact) { c.Result = Completed },
		"fieldwork.day":                  func(c *Contact) { c.Day = "20/11/2026" },
		"fieldwork.day_ahead":            func(c *Contact) { c.Day = "2026-11-21" },
		"fieldwork.visitor":              func(c *Contact) { c.Visitor = " " },
		"fieldwork.nothing_to_correct":   func(c *Contact) { c.Supersedes = 7 },
		"fieldwork.mistaken_alone":       func(c *Contact) { c.Result = Mistaken },
	} {
		c := good
		change(&c)
		if problems := c.Check(before, "2026-11-20"); len(problems) != 1 || problems[0].Code != code {
			t.Errorf("%s: %v", code, problems)
		}
	}
}

func TestWhenAPersonIsReplaced(t *testing.T) {
	refusals := ReplacementRule{Visits: 2, AfterVisits: []Disposition{Refused}}
	for name, c := range map[string]struct {
		rule     ReplacementRule
		contacts []Contact
		code     string // "" if it is allowed
	}{
		"dead, at once":                       {DefaultReplacement(), contacts("01", "dead"), ""},
		"moved, heard by telephone":           {DefaultReplacement(), contacts("01", "phone:moved"), ""},
		"not at home on three days":           {DefaultReplacement(), contacts("01", "not_home", "02", "not_home", "05", "not_home"), ""},
		"away after three days":               {DefaultReplacement(), contacts("01", "not_home", "02", "not_home", "05", "away"), ""},
		"not at home twice on one day":        {DefaultReplacement(), contacts("01", "not_home", "01", "not_home", "02", "not_home"), "fieldwork.replace_visits"},
		"nobody went":                         {DefaultReplacement(), nil, "fieldwork.replace_unvisited"},
		"refused, however often asked":        {DefaultReplacement(), contacts("01", "refusal", "02", "refusal", "03", "refusal", "04", "refusal"), "fieldwork.replace_refusal"},
		"refused, then never met again":       {DefaultReplacement(), contacts("01", "refusal", "02", "not_home", "03", "not_home", "04", "not_home"), "fieldwork.replace_refusal"},
		"met and has the slip":                {DefaultReplacement(), contacts("01", "met", "02", "met", "03", "met"), "fieldwork.replace_reason"},
		"died during the fieldwork":           {DefaultReplacement(), contacts("01", "died_since"), "fieldwork.replace_reason"},
		"refused, and the plan says so":       {refusals, contacts("01", "refusal", "02", "refusal"), ""},
		"refused once, the plan wants two":    {refusals, contacts("01", "refusal"), "fieldwork.replace_visits"},
		"dead, which that plan does not name": {refusals, contacts("01", "dead"), "fieldwork.replace_reason"},
	} {
		_, err := c.rule.Allows(c.contacts)
		switch problems := fault.ProblemsOf(err); {
		case c.code == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.code != "" && (len(problems) != 1 || problems[0].Code != c.code):
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
}

func TestThePlanFixesTheRuleOfReplacement(t *testing.T) {
	plain := `{"key":"key","method":"srs","n":2}`
	p, err := ReadPlan(strings.NewReader(plain))
	if err != nil || p.Replacements().Visits != 3 || strings.Contains(string(p.Canonical()), "replacement") {
		t.Errorf("a plan without a rule: %+v, %v, %s", p.Replacements(), err, p.Canonical())
	}
	with := `{"key":"key","method":"srs","n":2,"replacement":{"visits":2,"at_once":["dead"],"after_visits":["refusal"]}}`
	ruled, err := ReadPlan(strings.NewReader(with))
	if err != nil || ruled.Replacements().Visits != 2 || ruled.Digest() == p.Digest() {
		t.Errorf("a plan with a rule: %+v, %v", ruled.Replacements(), err)
	}
	f, err := NewFrame([]string{"key"}, [][]string{{"a"}, {"b"}})
	if err != nil {
		t.Fatal(err)
	}
	for code, rule := range map[string]ReplacementRule{
		"plan.replacement_visits": {Visits: 0, AtOnce: []Disposition{Dead}},
		"plan.replacement_reason": {Visits: 3, AtOnce: []Disposition{Met}},
	} {
		p.Replacement = &rule
		if problems := fault.ProblemsOf(p.Validate(f)); len(problems) != 1 || problems[0].Code != code {
			t.Errorf("%s: %v", code, problems)
		}
	}
}
