package survey

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// MarshalJSON writes {"code":"value","several":["a","b"]}, which says the same as
// a list of pairs at less than half the length.
func (a Answers) MarshalJSON() ([]byte, error) {
	return a.appendJSON(make([]byte, 0, 2+20*len(a))), nil
}

func (a Answers) appendJSON(out []byte) []byte {
	out = append(out, '{')
	for i, answer := range a {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(appendJSON(out, string(answer.Question)), ':')
		if len(answer.Values) == 1 {
			out = appendJSON(out, answer.Values[0])
			continue
		}
		out = append(out, '[')
		for j, v := range answer.Values {
			if j > 0 {
				out = append(out, ',')
			}
			out = appendJSON(out, v)
		}
		out = append(out, ']')
	}
	return append(out, '}')
}

// appendJSON appends s as a JSON string. Codes, choices and words, which are
// nearly all there is, need no escaping.
func appendJSON(out []byte, s string) []byte {
	if standsForItself(s) {
		return append(append(append(out, '"'), s...), '"')
	}
	quoted, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always has a JSON form
	}
	return append(out, quoted...)
}

// standsForItself reports whether encoding/json writes s as it is.
func standsForItself(s string) bool {
	ascii := true
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			return false
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	return ascii || utf8.ValidString(s) && !strings.Contains(s, "\u2028") && !strings.Contains(s, "\u2029")
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (a *Answers) UnmarshalJSON(raw []byte) error {
	var values map[QuestionCode]oneOrMore
	if err := json.Unmarshal(raw, &values); err != nil {
		return err
	}
	*a = make(Answers, 0, len(values))
	for code, v := range values {
		*a = append(*a, Answer{code, v})
	}
	a.sort()
	return nil
}

// oneOrMore is a string or a list of strings.
type oneOrMore []string

// UnmarshalJSON reads either.
func (v *oneOrMore) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '"' {
		*v = make([]string, 1)
		return json.Unmarshal(raw, &(*v)[0])
	}
	return json.Unmarshal(raw, (*[]string)(v))
}
