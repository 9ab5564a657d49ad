package sampling_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"hailong/sampling"
)

// In a plan without strata the parents are what n, reserve and allocation speak
// of; with strata, n is by stratum within every parent.
func TestCountsAreByStratumOrElseByParent(t *testing.T) {
	var frame strings.Builder
	frame.WriteString("village,commune,kind,households\n")
	for i := range 12 {
		fmt.Fprintf(&frame, "v%02d,%s,%s,%d\n", i, []string{"A", "B"}[i/4%2], []string{"Thôn", "Tổ"}[i%2], 10)
	}
	for plan, want := range map[string][]int{
		`"n":{"A":1,"B":3}`: {1, 3},
		`"allocation":{"total":6,"rule":"proportional"}`:                          {4, 2}, // 8 and 4 villages
		`"strata":["kind"],"n":{"Thôn":2,"Tổ":1}`:                                 {2, 1, 2, 1},
		`"strata":["kind"],"n":2`:                                                 {2, 2, 2, 2},
		`"strata":["kind"],"allocation":{"total":3,"rule":"equal"}`:               {2, 1, 2, 1}, // in every commune
		`"n":1,"where":[{"var":"village","op":"in","value":["v00","v01","v04"]}]`: {1, 1},
	} {
		p := mustPlan(t, `{"key":"village","parent_key":"commune","method":"srs",`+plan+`}`)
		s, r := mustDraw(t, mustFrame(t, frame.String()), p, sampling.DrawInput{Beacon: "b"})
		var got []int
		for _, c := range r.Counts {
			got = append(got, c.Main)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", plan, got, want)
		}
		for _, u := range s.Units {
			if !strings.HasPrefix(u.VarianceStratum, s.Value(u, "commune")) || s.Value(u, "no such column") != "" {
				t.Errorf("%s: %s is in the variance stratum %s", plan, u.Key, u.VarianceStratum)
			}
		}
	}
}

// The reserve follows the main sample, as many as are left, without probability.
func TestTheReserveIsWhatIsLeft(t *testing.T) {
	p := sampling.Plan{Key: "key", Method: sampling.SRS, N: sampling.Counts{Each: 3}, Reserve: sampling.Counts{Each: 1 << 30}}
	s, r := mustDraw(t, frameOfSizes(t, 1, 1, 1, 1, 1), p, sampling.DrawInput{Beacon: "b"})
	if r.Counts[0].Main != 3 || r.Counts[0].Reserve != 2 {
		t.Errorf("%+v", r.Counts)
	}
	for i, u := range s.Units {
		spare := i >= 3
		if u.DrawOrder != i+1 || (u.Role == sampling.RoleReserve) != spare || (u.Weight == 0) != spare || (u.FPC == 0) != spare {
			t.Errorf("%+v", u)
		}
	}
}

func TestSizesAreWholeNumbers(t *testing.T) {
	for size, want := range map[string]string{
		"5": "", "5.0": "", "+5": "", "9223372036854775807": "draw.total_too_large", "9223372036854775808": "frame.size_too_large",
		"0": "frame.size_not_positive", "-1.0": "frame.size_not_positive", "5.5": "frame.size_not_integer",
		"5,5": "frame.size_not_integer", "1e3": "frame.size_not_integer", "1/2": "frame.size_not_integer", "NA": "frame.missing_size",
		strings.Repeat("9", 41): "frame.size_not_integer",
	} {
		f, err := sampling.NewFrame([]string{"key", "size"}, [][]string{{"a", size}, {"b", "5"}})
		if err != nil {
			t.Fatal(err)
		}
		p := sampling.Plan{Key: "key", Size: "size", Method: sampling.PPSSystematic, N: sampling.Counts{Each: 1}}
		if _, _, err := sampling.Draw(f, p, sampling.DrawInput{Beacon: "b"}); codes(err) != want {
			t.Errorf("%q: %v, want %q", size, err, want)
		}
	}
}

// A sample.csv reads as the sample that was written; anything else is refused.
func TestSamplesAreReadAsTheyWereWritten(t *testing.T) {
	_, s, _ := drawn(t)
	again, err := sampling.ReadSample(strings.NewReader(string(s.CSV())), "code")
	if err != nil || again.Digest() != s.Digest() || !slices.EqualFunc(s.Units, again.Units, func(a, b sampling.Drawn) bool { return a.Key == b.Key && a.FPC == b.FPC }) {
		t.Errorf("read as %+v (%v)", again, err)
	}
	for want, file := range map[string]string{
		"frame.empty":         "",
		"frame.malformed":     "a\n\"",
		"draw.sample_columns": register,
		"draw.sample_value":   strings.Replace(string(s.CSV()), ",main,0.", ",main,x", 1),
	} {
		if _, err := sampling.ReadSample(strings.NewReader(file), "code"); codes(err) != want {
			t.Errorf("%q: %v, want %s", file, err, want)
		}
	}
	if _, err := sampling.ReadSample(strings.NewReader(string(s.CSV())), "weight"); codes(err) != "draw.sample_columns" {
		t.Errorf("a key column that is a result: %v", err)
	}
}
