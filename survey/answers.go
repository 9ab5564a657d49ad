package survey

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Answer is what was answered to one question: one value, or several for a
// multiple choice. Numbers are canonical decimal text.
type Answer struct {
	Question QuestionCode `json:"q"`
	Values   []string     `json:"v"`
}

// Answers is a set of answers sorted by question code, without empty ones. Make
// one with NewAnswers.
type Answers []Answer

// NewAnswers makes Answers from values by question code: texts become NFC and
// lose surrounding white space, empty values and unanswered questions are left
// out, several choices are sorted and counted once.
func NewAnswers(values map[QuestionCode][]string) Answers {
	answers := make(Answers, 0, len(values))
	for code, raw := range values {
		if kept := canonicalValues(raw); len(kept) > 0 {
			answers = append(answers, Answer{code, kept})
		}
	}
	answers.sort()
	return answers
}

func (a Answers) sort() {
	slices.SortFunc(a, func(x, y Answer) int { return strings.Compare(string(x.Question), string(y.Question)) })
}

// canonicalValues returns the values as they are kept, in a slice of their own.
func canonicalValues(raw []string) []string {
	if len(raw) == 0 {
		return nil
	}
	kept := make([]string, 0, len(raw))
	for _, v := range raw {
		if v = CanonicalText(v); v != "" {
			kept = append(kept, v)
		}
	}
	return sortedOnce(kept)
}

// sortedOnce sorts values in place and returns each of them once.
func sortedOnce(values []string) []string {
	if len(values) < 2 {
		return values
	}
	slices.Sort(values)
	return slices.Compact(values)
}

// CanonicalText is NFC without surrounding white space: the one form in which
// texts are kept and compared.
func CanonicalText(s string) string {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return strings.TrimSpace(norm.NFC.String(s))
		}
	}
	return s // printed ASCII without a space, as all codes are
}

// Get returns the values answered to a question, or nil.
func (a Answers) Get(code QuestionCode) []string {
	i, ok := slices.BinarySearchFunc(a, code, func(x Answer, c QuestionCode) int {
		return strings.Compare(string(x.Question), string(c))
	})
	if !ok {
		return nil
	}
	return a[i].Values
}

// First returns the first value answered to a question, or "".
func (a Answers) First(code QuestionCode) string {
	if v := a.Get(code); len(v) > 0 {
		return v[0]
	}
	return ""
}

// Digest identifies the content of one sending: the SHA-256 of the ballot
// string and the answers, every part preceded by its length so that no two
// contents share an encoding. A retry of the same page has the same digest;
// another page, or another answer, has another.
func (a Answers) Digest(ballot string) string {
	text := appendPart(make([]byte, 0, usualContent), ballot)
	for _, answer := range a {
		text = appendPart(text, string(answer.Question))
		text = appendPart(text, strconv.Itoa(len(answer.Values)))
		for _, v := range answer.Values {
			text = appendPart(text, v)
		}
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// usualContent is room for the content of a usual sending. It is a constant so
// that the bytes need no heap.
const usualContent = 4 << 10

func appendPart(text []byte, part string) []byte {
	text = append(strconv.AppendInt(text, int64(len(part)), 10), ':')
	return append(text, part...)
}
