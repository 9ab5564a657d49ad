package ready_test

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"testing"

	"hailong/sampling"
	"hailong/sampling/ready"
)

// onRealUnits says which test draws each ready plan over the real communes or
// districts of the country; those without one are drawn by the test below.
var onRealUnits = map[ready.ID]string{
	"sipas-two-tier":       "TestSIPASOfTwoTiersInQuangNinh",
	"sipas-2024":           "TestSIPAS2024HasItsPublishedNumbers",
	"papi":                 "TestPAPIHasItsPublishedNumbers",
	"transactions":         "",
	"transactions-offices": "",
	"officials-sample":     "",
	"officials-census":     "",
}

// ofCommunes invents rows of key, unit, field and body for each commune of a
// province: a row for every thousand inhabitants, one at least, in four fields.
func ofCommunes(t *testing.T, province string) (f sampling.Frame, of map[string]int) {
	communes, of := realUnits(t, "communes.csv"), map[string]int{}
	fields := []string{"đất đai", "hộ tịch", "xây dựng", "chứng thực"}
	var rows [][]string
	for i := range communes.Len() {
		code := communes.Value(i, "code")
		if communes.Value(i, "province_code") != province {
			continue
		}
		people := 0
		if population := communes.Value(i, "population"); population != "" {
			people, _ = strconv.Atoi(population)
		}
		for of[code] < max(1, people/1000) {
			rows = append(rows, []string{fmt.Sprintf("%s-%d", code, of[code]), code, fields[len(rows)%4], communes.Value(i, "name")})
			of[code]++
		}
	}
	return newFrame(t, "key,unit,field,body", rows), of
}

// The plans of one stage in the 54 communes of Quảng Ninh: people with files at every
// office and at Vân Đồn's alone, and officials by the body that they belong to. The
// weights of each draw add up to those drawn from.
func TestEveryReadyPlanIsDrawnOverRealUnits(t *testing.T) {
	for _, chain := range ready.All() {
		if _, known := onRealUnits[chain.ID]; !known {
			t.Errorf("%s is drawn over no real units", chain.ID)
		}
	}
	frame, of := ofCommunes(t, "22")
	for _, c := range []struct {
		id    ready.ID
		set   ready.Values
		among int // of whom it is drawn
	}{
		{"transactions", ready.Values{"total": "300"}, frame.Len()},
		{"transactions", ready.Values{"total": "20", "minimum": "2", "unit": "06994"}, of["06994"]},
		{"transactions-offices", ready.Values{"total": "20", "minimum": "2"}, frame.Len()},
		{"officials-sample", ready.Values{"n": "5"}, frame.Len()},
		{"officials-census", ready.Values{}, frame.Len()},
	} {
		plan, _, err := find(t, c.id).Fill("people", c.set, ready.Drawing{Frame: frame})
		if err != nil {
			t.Fatalf("%s: %v", c.id, err)
		}
		s, r, err := sampling.Draw(frame, plan, sampling.DrawInput{Beacon: "quảng ninh"})
		if err != nil {
			t.Fatalf("%s: %v", c.id, err)
		}
		if got := weights(s); math.Abs(got-float64(c.among)) > 1e-6*float64(c.among) {
			t.Errorf("%s %v: weights add up to %v of %d in %d cells", c.id, c.set, got, c.among, len(r.Counts))
		}
		if outside := slices.IndexFunc(s.Units, func(u sampling.Drawn) bool { return c.set["unit"] != "" && s.Value(u, "unit") != c.set["unit"] }); outside >= 0 {
			t.Errorf("%s: %s is of another office", c.id, s.Units[outside].Key)
		}
	}
}
