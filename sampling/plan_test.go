package sampling_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"hailong/sampling"
)

const small = "key,group,size,year\na,A,5,2024\nb,A,7,NA\nc,B,,2026\nd,B,9,2026\n"

func TestPlansThatCannotBeAreRefused(t *testing.T) {
	f := mustFrame(t, small)
	for plan, want := range map[string]string{
		`{"key":"key","method":"srs","n":2}`:                                                            "",
		`{"key":"key","method":"srs","n":5}`:                                                            "draw.n_too_large",
		`{"key":"key","method":"srs"}`:                                                                  "plan.no_n",
		`{"key":"id","method":"srs","n":1}`:                                                             "plan.no_column",
		`{"key":"key","method":"luck","n":1}`:                                                           "plan.method",
		`{"key":"key","method":"all","n":1}`:                                                            "plan.n_with_all",
		`{"key":"key","method":"srs","n":1,"allocation":{"total":2,"rule":"equal"}}`:                    "plan.n_and_allocation",
		`{"key":"key","method":"poisson","n":1}`:                                                        "plan.no_size",
		`{"key":"key","method":"pps_pareto","size":"size","n":1}`:                                       "frame.missing_size",
		`{"key":"key","method":"srs","n":-1}`:                                                           "plan.negative",
		`{"key":"key","method":"srs","n":{"A":1}}`:                                                      "plan.by_stratum_without_strata",
		`{"key":"key","strata":["group"],"method":"srs","n":{"A":1,"Z":1}}`:                             "draw.no_count draw.unknown_stratum",
		`{"key":"key","strata":["group","group"],"method":"srs","n":1}`:                                 "plan.stratum_twice",
		`{"key":"key","strata":["year"],"method":"srs","n":1}`:                                          "frame.missing",
		`{"key":"group","method":"srs","n":1}`:                                                          "frame.duplicate_key frame.duplicate_key",
		`{"key":"key","method":"srs","n":2,"certainty":["a","z"]}`:                                      "draw.certainty_unknown",
		`{"key":"key","method":"srs","n":2,"certainty":["a","a"]}`:                                      "plan.certainty_twice",
		`{"key":"key","method":"srs","n":1,"certainty":["a","b"]}`:                                      "draw.more_certain_than_n",
		`{"key":"key","method":"srs","n":2,"certainty":["a","b"]}`:                                      "draw.no_chance",
		`{"key":"key","method":"srs","n":1,"parent":"sha256:12"}`:                                       "plan.parent_without_key plan.parent_digest",
		`{"key":"key","method":"srs","n":1,"where":[{"var":"group","op":"like","value":"A"}]}`:          "plan.operator",
		`{"key":"key","method":"srs","n":1,"where":[{"var":"group","op":"==","value":["A","B"]}]}`:      "plan.operand_count",
		`{"key":"key","method":"srs","n":1,"where":[{"var":"group","op":"<","value":"A"}]}`:             "plan.operand_not_number",
		`{"key":"key","method":"srs","n":1,"where":[{"var":"group","op":"<","value":3}]}`:               "frame.not_a_number frame.not_a_number frame.not_a_number frame.not_a_number",
		`{"key":"key","method":"srs","n":1,"where":[{"var":"group","op":"==","value":"C"}]}`:            "draw.empty_scope",
		`{"key":"key","method":"srs","n":1,"where":[{"var":"group","op":"==","value":true}]}`:           "plan.operand",
		`{"key":"key","method":"srs","n":"two"}`:                                                        "json.wrong_type",
		`{"key":"key","method":"srs","n":1,"sise":"size"}`:                                              "json.unknown_member",
		`{"key":"key","method":"srs","n":1`:                                                             "json.malformed",
		`{"key":"key","method":"srs","n":1} {}`:                                                         "json.malformed",
		`{"key":"key","method":"srs","n":1,"allocation":{"total":2,"rule":"power","power":0.333}}`:      "plan.allocation_power",
		`{"key":"key","method":"srs","size":"size","n":1,"where":[{"var":"size","op":">=","value":1}]}`: "",
	} {
		p, err := sampling.ReadPlan(strings.NewReader(plan))
		if err == nil {
			_, _, err = sampling.Draw(f, p, sampling.DrawInput{Beacon: "b"})
		}
		if got := codes(err); got != want {
			t.Errorf("%s: %q, want %q", plan, got, want)
		}
	}
}

// A missing value fulfils != and == "" only; codes compare as text, numbers as
// numbers.
func TestConditionsKeepTheRightRows(t *testing.T) {
	f := mustFrame(t, "key,code,x\na,01,1\nb,1,1.0\nc,10,-2\nd,,NA\n")
	for condition, want := range map[string]string{
		`{"var":"code","op":"==","value":"1"}`:           "b",
		`{"var":"code","op":"==","value":1}`:             "ab",
		`{"var":"code","op":"!=","value":"1"}`:           "acd",
		`{"var":"code","op":"!=","value":""}`:            "abc",
		`{"var":"x","op":"==","value":""}`:               "d",
		`{"var":"code","op":"in","value":["01","10"]}`:   "ac",
		`{"var":"code","op":"in","value":[1.0,"10"]}`:    "abc",
		`{"var":"code","op":"in","value":"10"}`:          "c",
		`{"var":"x","op":">","value":-2}`:                "ab",
		`{"var":"x","op":">=","value":"-2.00"}`:          "abc",
		`{"var":"x","op":"<","value":1}`:                 "c",
		`{"var":"x","op":"<=","value":1}`:                "abc",
		`{"var":"x","op":"!=","value":1}`:                "cd",
		`{"var":"code","op":"==","value":"1e0"}`:         "",
		`{"var":"x","op":"==","value":1.00000000000001}`: "",
	} {
		p := mustPlan(t, `{"key":"key","method":"all","where":[`+condition+`]}`)
		s, _, err := sampling.Draw(f, p, sampling.DrawInput{Beacon: "b"})
		if want == "" {
			if codes(err) != "draw.empty_scope" {
				t.Errorf("%s: %v, want none", condition, err)
			}
			continue
		}
		got := ""
		for _, u := range s.Units {
			got += string(u.Key)
		}
		if got != want || err != nil {
			t.Errorf("%s keeps %s (%v), want %s", condition, got, err, want)
		}
	}
}

// The digest of a plan does not depend on how it was laid out, decomposed
// letters or unset members, but on everything that it says.
func TestPlanDigestIsOfWhatThePlanSays(t *testing.T) {
	plan := mustPlan(t, `{"key":"mã","method":"srs","n":{"Xã":2,"Phường":1},"strata":["loại"]}`)
	const canonical = `{"key":"mã","method":"srs","n":{"Phường":1,"Xã":2},"strata":["loại"]}`
	if got := string(plan.Canonical()); got != canonical {
		t.Errorf("canonical form %s, want %s", got, canonical)
	}
	same := mustPlan(t, "\ufeff{ \"strata\": [\"loa\u0323i\"], \"n\": {\"Phường\": 1, \"Xa\u0303\": 2}, \"reserve\": 0, \"where\": [],\n \"parent\": null, \"method\": \"srs\", \"key\": \"ma\u0303\"}")
	if same.Digest() != plan.Digest() {
		t.Errorf("the same plan has another digest: %s", same.Canonical())
	}
	other := mustPlan(t, strings.Replace(canonical, `"Xã":2`, `"Xã":3`, 1))
	if other.Digest() == plan.Digest() {
		t.Error("another plan has the same digest")
	}
}

// A plan that is read is written in a form that reads as the same plan.
func FuzzReadPlan(f *testing.F) {
	for _, seed := range []string{
		`{"id":"p","key":"key","strata":["group"],"method":"srs","n":{"A":1,"B":1},"reserve":2,"certainty":["a"],"order":["year"]}`,
		`{"key":"key","method":"pps_systematic","size":"size","allocation":{"total":2,"rule":"power","power":0.05,"min":1,"sd":"size","cost":"size"}}`,
		`{"key":"key","method":"all","where":[{"var":"size","op":"in","value":["5",7.50,-0]}]}`,
		`{"key":"key","method":"poisson","size":"size","n":1,"where":[{"var":"size","op":">","value":1}]}`,
	} {
		f.Add(seed)
	}
	frame := mustFrame(f, small)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := sampling.ReadPlan(strings.NewReader(text))
		if err != nil {
			return
		}
		again, err := sampling.ReadPlan(strings.NewReader(string(p.Canonical())))
		if err != nil || again.Digest() != p.Digest() {
			t.Fatalf("%s reads as another plan: %s (%v)", p.Canonical(), again.Canonical(), err)
		}
		s, r, err := sampling.Draw(frame, p, sampling.DrawInput{Beacon: "b"})
		if err != nil {
			return
		}
		if err := sampling.Verify(frame, r, sampling.Evidence{Sample: s.CSV()}); err != nil {
			t.Fatalf("%s does not verify: %v", p.Canonical(), err)
		}
	})
}

// Every code of the package has a text in both languages.
func TestEveryCodeHasItsText(t *testing.T) {
	code := regexp.MustCompile(`"((?:frame|plan|draw)\.[a-z_0-9]+)"`)
	files, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"vi", "en"} {
		texts := map[string]string{}
		for _, area := range []string{"frame", "plan", "draw"} {
			raw, err := os.ReadFile(filepath.Join("..", "static", "locales", lang, area+".json"))
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(raw, &texts); err != nil {
				t.Fatal(err)
			}
		}
		for _, file := range files {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range code.FindAllSubmatch(source, -1) {
				if name := string(found[1]); texts[name] == "" {
					t.Errorf("%s: %s has no text in %s", file, name, lang)
				}
			}
		}
	}
}
