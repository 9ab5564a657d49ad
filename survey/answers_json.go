package survey

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"
)

// MarshalJSON writes {"code":"value","several":["a","b"]}: less than half as long
// as a list of pairs, and it is most of what is stored of a response.
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

// appendJSON appends s as a JSON string. Codes and choices, which are nearly all
// there is, need no escaping.
func appendJSON(out []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			quoted, err := json.Marshal(s)
			if err != nil {
				panic(err) // a string always has a JSON form
			}
			return append(out, quoted...)
		}
	}
	return append(append(append(out, '"'), s...), '"')
}

// UnmarshalJSON reads what MarshalJSON wrote. Answers are read by the million,
// so plain codes and values are taken without the general decoder, and share
// one string and one array.
func (a *Answers) UnmarshalJSON(raw []byte) error {
	if plain, ok := plainAnswers(raw); ok {
		*a = plain
		return nil
	}
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

func (a Answers) sort() {
	slices.SortFunc(a, func(x, y Answer) int { return strings.Compare(string(x.Question), string(y.Question)) })
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

// plainAnswers reads answers in compact form without escapes, sorted by code, of
// one value each; it refuses everything else.
func plainAnswers(raw []byte) (Answers, bool) {
	if len(raw) < 2 || raw[0] != '{' || bytes.IndexByte(raw, '\\') >= 0 || !utf8.Valid(raw) {
		return nil, false
	}
	text := string(raw)
	n := strings.Count(text, ":")
	answers, values := make(Answers, 0, n), make([]string, 0, n)
	for rest := text[1:]; ; rest = rest[1:] {
		if rest == "}" && len(answers) == 0 {
			return answers, true
		}
		code, after, ok := plainString(rest)
		if !ok || len(after) == 0 || after[0] != ':' {
			return nil, false
		}
		value, end, ok := plainString(after[1:])
		if !ok || end == "" || len(answers) > 0 && code <= string(answers[len(answers)-1].Question) {
			return nil, false
		}
		values = append(values, value)
		answers = append(answers, Answer{QuestionCode(code), values[len(values)-1 : len(values) : len(values)]})
		if end == "}" {
			return answers, true
		}
		if rest = end; rest[0] != ',' {
			return nil, false
		}
	}
}

// plainString reads a JSON string without escapes from the front of s.
func plainString(s string) (value, rest string, ok bool) {
	if s == "" || s[0] != '"' {
		return "", "", false
	}
	return strings.Cut(s[1:], `"`)
}
