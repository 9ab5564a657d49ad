package survey_test

import (
	"crypto/rand"
	"strings"
	"testing"

	"hailong/fault"
	"hailong/survey"
)

func TestTokenIsReadAsPeopleTypeIt(t *testing.T) {
	token, err := survey.NewToken(strings.NewReader("\x00\x01\x02\x03\x04\x05\x06\x07"))
	if err != nil {
		t.Fatal(err)
	}
	grouped := token.Grouped()
	for _, typed := range []string{
		string(token), grouped, strings.ToLower(grouped), " " + strings.ReplaceAll(grouped, "-", " ") + " ",
		strings.ReplaceAll(grouped, "0", "O"), strings.ReplaceAll(grouped, "1", "l"), strings.ReplaceAll(grouped, "1", "I"),
	} {
		if got, err := survey.ParseToken(typed); err != nil || got != token {
			t.Errorf("ParseToken(%q) = %q, %v; want %q", typed, got, err, token)
		}
	}
}

// The check character finds every wrong character and every swap of two
// different neighbours.
func TestTokenFindsMistypedCharacters(t *testing.T) {
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	for range 50 {
		token, err := survey.NewToken(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		for i := range token {
			for _, r := range alphabet {
				typed := string(token[:i]) + string(r) + string(token[i+1:])
				if _, err := survey.ParseToken(typed); (err == nil) != (typed == string(token)) {
					t.Fatalf("%s typed as %s: %v", token, typed, err)
				}
			}
			if i+1 < len(token) && token[i] != token[i+1] {
				typed := string(token[:i]) + string(token[i+1]) + string(token[i]) + string(token[i+2:])
				if _, err := survey.ParseToken(typed); !fault.Is(err, fault.NotFound) {
					t.Fatalf("%s typed as %s: %v", token, typed, err)
				}
			}
		}
	}
}

func TestAnswersAreCanonical(t *testing.T) {
	decomposed, composed := "Hoa\u0300 An", "Ho\u00e0 An"
	a := survey.NewAnswers(map[survey.QuestionCode][]string{"b": {"2", "1", "2"}, "a": {" " + decomposed}, "c": {"", " "}})
	b := survey.NewAnswers(map[survey.QuestionCode][]string{"a": {composed}, "b": {"1", "2"}})
	if a.Digest("ballot") != b.Digest("ballot") {
		t.Errorf("the same content has two digests: %v %v", a, b)
	}
	if a.Digest("ballot") == a.Digest("ballot2") {
		t.Errorf("two pages share a digest")
	}
	if got := a.First("a"); got != composed {
		t.Errorf("First(a) = %q", got)
	}
	if a.Get("c") != nil || len(a) != 2 {
		t.Errorf("empty answers were kept: %v", a)
	}
	// Lengths keep neighbours apart: {x: "1"} + {y: "2"} is not {x: "1", "y", "2"}.
	one := survey.Answers{{Question: "x", Values: []string{"1"}}, {Question: "y", Values: []string{"2"}}}
	two := survey.Answers{{Question: "x", Values: []string{"1", "1:y", "2"}}}
	if one.Digest("") == two.Digest("") {
		t.Errorf("two contents share an encoding")
	}
}

// The digest is what tells a retry from another sending, over restarts and
// versions: it may never change. Expected: printf '1:x1:q1:11:42:wi1:24:Hoà1:b' |
// sha256sum, in UTF-8 bytes.
func TestDigestStaysTheSame(t *testing.T) {
	a := survey.Answers{{Question: "q", Values: []string{"4"}}, {Question: "wi", Values: []string{"Hoà", "b"}}}
	const want = "ac6850d5fc36889b57628ebcb5d69101111ea5c214e7fea0a2af12e8a3e2a65f"
	if got := a.Digest("x"); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
