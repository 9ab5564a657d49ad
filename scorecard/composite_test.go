package scorecard_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"hailong/fault"
	"hailong/scorecard"
)

// papi has the first dimension of PAPI over its four sub-dimensions, already on their
// scale from 1 to 10.
const papi = `{"id":"papi-dimension","version":"2016","cuts":[75,50,25],"root":{"id":"d1","combine":"shares","parts":[
	{"id":"s1"},{"id":"s2"},{"id":"s3"},{"id":"s4"}]}}`

func composite(t *testing.T, text string) scorecard.Composite {
	t.Helper()
	c, err := scorecard.ReadComposite(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// PAPI 2016, Cần Thơ: the sub-dimensions 1.2458, 2.0386, 1.4443 and 1.0645 lie between
// 1/4 and 10/4 and add up to the dimension's 5.7933 (the published file rounds to 1e-4).
func TestADimensionOfPAPIIsTheSumOfItsShares(t *testing.T) {
	got, err := composite(t, papi).Compute([]string{"Cần Thơ"}, []scorecard.Indicators{{"s1": 4 * 1.2458, "s2": 4 * 2.0386, "s3": 4 * 1.4443, "s4": 4 * 1.0645}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]float64{"s1": 1.2458, "s2": 2.0386, "s3": 1.4443, "s4": 1.0645, "d1": 5.7932} {
		if v := float64(got[0].Values[id]); math.Abs(v-want) > 1e-12 {
			t.Errorf("%s: %v, want %v", id, v, want)
		}
	}
}

// Groups: of the values 1 … 8 the quartiles are 2.75, 4.5 and 6.25 (type 7 in R).
func TestUnitsAreGroupedAtPercentilesAndSpoiltOnesAreBlank(t *testing.T) {
	c := composite(t, papi)
	var units []string
	var values []scorecard.Indicators
	for i := 1; i <= 8; i++ {
		x := float64(i)
		units, values = append(units, fmt.Sprint(i)), append(values, scorecard.Indicators{"s1": x, "s2": x, "s3": x, "s4": x})
	}
	units, values = append(units, "spoilt"), append(values, scorecard.Indicators{"s1": 3})
	got, err := c.Compute(units, values, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{4, 4, 3, 3, 2, 2, 1, 1, 0} {
		if got[i].Group != want {
			t.Errorf("unit %s is in group %d, want %d", got[i].Unit, got[i].Group, want)
		}
	}
	if got[8].Values["d1"].Defined() || !got[8].Values["s1"].Defined() {
		t.Errorf("the spoilt unit: %v", got[8].Values)
	}
}

// The indicator counts from 0 to 100 %; the second, of which less is better, from 60 days
// to 0; the third by what the years 2024 and 2025 showed, 20 to 70.
func TestIndicatorsAreRescaledByTheirBounds(t *testing.T) {
	c := composite(t, `{"id":"dgi","version":"1","root":{"id":"all","combine":"mean","parts":[
		{"id":"share","low":0,"high":100,"scale":[1,10]},{"id":"days","low":60,"high":0,"scale":[1,10]},{"id":"online","observed":true,"scale":[1,10]}]}}`)
	observed := scorecard.Observe(map[string]scorecard.Indicators{"a": {"online": 20}, "b": {"online": 45}}, map[string]scorecard.Indicators{"a": {"online": 70}})
	got, err := c.Compute([]string{"a"}, []scorecard.Indicators{{"share": 50, "days": 15, "online": 45}}, observed)
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]float64{"share": 5.5, "days": 7.75, "online": 5.5, "all": 6.25} {
		if v := float64(got[0].Values[id]); math.Abs(v-want) > 1e-12 {
			t.Errorf("%s: %v, want %v", id, v, want)
		}
	}
	_, err = c.Compute([]string{"a"}, []scorecard.Indicators{{"share": 101, "days": 15, "online": 45}}, nil)
	codes := map[string]bool{}
	for _, p := range fault.ProblemsOf(err) {
		codes[p.Code] = true
	}
	if !codes["composite.outside"] || !codes["composite.no_bounds"] {
		t.Errorf("problems %v", err)
	}
}

func TestADefinitionIsRefusedByName(t *testing.T) {
	for text, code := range map[string]string{
		`{`: "json.malformed",
		`{"id":"a","version":"1","root":{"id":"x","unknown":1}}`:                                           "json.unknown_member",
		`{"version":"1","root":{"id":"x"}}`:                                                                "formula.id",
		`{"id":"a","version":"1","root":{"id":"x","combine":"sum"}}`:                                       "composite.no_parts",
		`{"id":"a","version":"1","root":{"id":"x","combine":"product","parts":[{"id":"y"}]}}`:              "composite.combine",
		`{"id":"a","version":"1","root":{"id":"x","combine":"sum","parts":[{"id":"x"}]}}`:                  "composite.id",
		`{"id":"a","version":"1","root":{"id":"x","combine":"sum","low":1,"high":2,"parts":[{"id":"y"}]}}`: "composite.bounds_of_parts",
		`{"id":"a","version":"1","root":{"id":"x","low":1,"scale":[1,10]}}`:                                "composite.bounds",
		`{"id":"a","version":"1","root":{"id":"x","low":1,"high":2}}`:                                      "composite.bounds",
		`{"id":"a","version":"1","root":{"id":"x"},"cuts":[25,50]}`:                                        "composite.cuts",
	} {
		_, err := scorecard.ReadComposite(strings.NewReader(text))
		if err == nil || fault.ProblemsOf(err)[0].Code != code {
			t.Errorf("%s: %v, want %s", text, err, code)
		}
	}
}

func TestAChangedDefinitionHasAnotherDigest(t *testing.T) {
	a, b := composite(t, papi), composite(t, strings.Replace(papi, "75", "80", 1))
	if a.Digest() == b.Digest() || a.Digest() != composite(t, papi).Digest() {
		t.Error("the digest does not follow the definition")
	}
	if a.Ref() != "papi-dimension@2016" {
		t.Errorf("ref %s", a.Ref())
	}
}
