package ready_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hailong/sampling"
	"hailong/sampling/ready"
)

// oldUnits are the districts and communes before July 2025. They come without
// populations; a district counts by its communes, a commune by an invented figure.
// The first district of a province and the first commune of a district play the seats.
type oldUnits struct {
	districts sampling.Frame
	communes  [][]string
	of        map[string]int // communes of each district
}

func threeTiers(t *testing.T) oldUnits {
	legacy := realUnits(t, "legacy-to-2025.csv")
	u := oldUnits{of: make(map[string]int)}
	province := make(map[string]string)
	seen := make(map[string]bool)
	var codes []string
	for i := range legacy.Len() {
		commune, district := legacy.Value(i, "old_commune_code"), legacy.Value(i, "old_district_code")
		if seen[commune] {
			continue
		}
		seen[commune] = true
		x, _ := strconv.Atoi(commune)
		u.communes = append(u.communes, []string{commune, district, strconv.Itoa(2000 + x%9000), mark(u.of[district] == 0)})
		if u.of[district]++; u.of[district] == 1 {
			codes = append(codes, district)
			province[district] = legacy.Value(i, "old_province_code")
		}
	}
	slices.Sort(codes)
	seat := make(map[string]bool)
	var rows [][]string
	for _, code := range codes {
		rows = append(rows, []string{code, province[code], strconv.Itoa(u.of[code]), mark(!seat[province[code]])})
		seat[province[code]] = true
	}
	u.districts = newFrame(t, "code,province_code,population,seat", rows)
	return u
}

func mark(yes bool) string {
	if yes {
		return "1"
	}
	return "0"
}

// chain puts the old units under a ready plan.
func (u oldUnits) chain(t *testing.T, id ready.ID) country {
	chain := find(t, id)
	c := country{t: t, chain: chain, set: chain.Example.Set, frames: map[string]func([]sampling.Drawn, sampling.Sample) sampling.Frame{
		"districts": func([]sampling.Drawn, sampling.Sample) sampling.Frame { return u.districts },
		"communes": func(districts []sampling.Drawn, _ sampling.Sample) sampling.Frame {
			var rows [][]string
			for _, row := range u.communes {
				if slices.ContainsFunc(districts, func(d sampling.Drawn) bool { return string(d.Key) == row[1] }) {
					rows = append(rows, row)
				}
			}
			return newFrame(t, "code,district,population,seat", rows)
		},
	}}
	invented(t, &c)
	return c
}

// 61 provinces × 3 districts + 2 cities × 6 = 195 districts, 2 communes each
// but in districts that have one, 6 villages in each district: 1,170. 31 people a village
// make about the 36,525 published.
func TestSIPAS2024HasItsPublishedNumbers(t *testing.T) {
	units := threeTiers(t)
	c := units.chain(t, "sipas-2024")
	got := c.draw("sipas", "districts", "communes")
	districts, single := main(got["districts"].sample), 0
	var exceptions []string
	for _, d := range districts {
		if units.of[string(d.Key)] == 1 {
			single++
		}
	}
	for _, u := range got["communes"].sample.Units {
		if district := got["communes"].sample.Value(u, "district"); units.of[district] == 1 {
			exceptions = append(exceptions, string(u.Key)+"=6")
		}
	}
	if len(districts) != 61*3+2*6 || len(got["communes"].sample.Units) != 2*195-single {
		t.Errorf("%d districts, %d communes, %d districts with one", len(districts), len(got["communes"].sample.Units), single)
	}
	c.set = ready.Values{"districts": c.set["districts"], "villages": strings.Join(append([]string{"3"}, exceptions...), ", ")}
	got = c.draw("sipas", "districts", "communes", "villages", "people")
	if villages := len(got["villages"].sample.Units); villages != 195*6 {
		t.Errorf("%d villages", villages)
	}
	if people := len(main(got["people"].sample)); people != 1170*31 {
		t.Errorf("%d people", people)
	}
}

// 57 provinces × 3 + 6 × 6 = 207 districts, 414 communes, 828 villages; the seat
// of every level is certain; 20 and 10 people a village, 30 and 15 in two cities, aged
// 18 to 70.
func TestPAPIHasItsPublishedNumbers(t *testing.T) {
	units := threeTiers(t)
	c := units.chain(t, "papi")
	c.set = ready.Values{"districts": c.set["districts"], "people": "20, 22=30", "reserve": "10, 22=15"} // every person of the test lives in 22
	got := c.draw("papi", "districts", "communes", "villages", "people")
	for stage, want := range map[string]int{"districts": 207, "communes": 414, "villages": 828} {
		if n := len(got[stage].sample.Units); n != want {
			t.Errorf("%d %s, want %d", n, stage, want)
		}
	}
	for _, stage := range []string{"districts", "communes", "villages"} {
		s := got[stage].sample
		seats := 0
		for _, u := range s.Units {
			if s.Value(u, "seat") == "1" {
				seats++
				if u.Role != sampling.RoleCertainty || u.StageProb != 1 {
					t.Errorf("%s is a seat and not certain", u.Key)
				}
			}
		}
		if want := map[string]int{"districts": 63, "communes": 207, "villages": 414}[stage]; seats != want {
			t.Errorf("%d seats among the %s, want %d", seats, stage, want)
		}
	}
	people := got["people"].sample
	if len(main(people)) != 828*30 {
		t.Errorf("%d people", len(main(people)))
	}
	for _, u := range people.Units {
		if age, err := strconv.Atoi(people.Value(u, "age")); err != nil || age < 18 || age > 70 {
			t.Fatalf("%s is %d", u.Key, age)
		}
	}
}

// In one province, over many beacons, the weights of the communes add up to all
// communes, seats and all; in every draw those of seats are 1.
func TestWeightsOfSeatsAndOthersAreUnbiased(t *testing.T) {
	units := threeTiers(t)
	c := units.chain(t, "papi")
	c.set = ready.Values{"province": "22"}
	truth := 0.0
	for i := range units.districts.Len() {
		if units.districts.Value(i, "province_code") == "22" {
			truth += float64(units.of[units.districts.Value(i, "code")])
		}
	}
	var estimates []float64
	for i := range 300 {
		estimates = append(estimates, weights(c.draw(fmt.Sprint("beacon ", i), "districts", "communes")["communes"].sample))
	}
	isMean(t, "communes", estimates, truth)
}

// What the files of one stage say in their examples.
func TestExamplesOfTransactionsAndOfficials(t *testing.T) {
	list := func(column string, sizes map[string]int, order ...string) sampling.Frame {
		var rows [][]string
		for _, label := range order {
			for i := range sizes[label] {
				rows = append(rows, []string{fmt.Sprintf("%s-%d", label, i), "06994", label})
			}
		}
		f := newFrame(t, "key,unit,"+column, rows)
		return f
	}
	fields := list("field", map[string]int{"đất đai": 4900, "hộ tịch": 2500, "xây dựng": 676, "khác": 24}, "đất đai", "hộ tịch", "xây dựng", "khác")
	office := list("field", map[string]int{"đất đai": 490, "hộ tịch": 250, "xây dựng": 67, "khác": 3}, "đất đai", "hộ tịch", "xây dựng", "khác")
	bodies := list("body", map[string]int{"Hội đồng": 60, "Mặt trận": 25, "Lãnh đạo xã": 108}, "Hội đồng", "Mặt trận", "Lãnh đạo xã")
	for id, c := range map[ready.ID]struct {
		frame sampling.Frame
		want  []int
	}{
		// 276 · (70, 50, 26)/146 = 132.3, 94.5, 49.2, the odd one to the largest remainder
		"transactions": {fields, []int{132, 95, 49, 24}},
		// 87 · (√490, √250, √67)/46.133 = 41.7, 29.8, 15.4, the odd ones to the largest remainders
		"transactions-offices": {office, []int{42, 30, 15, 3}},
		"officials-census":     {bodies, []int{60, 25, 108}},
		"officials-sample":     {bodies, []int{30, 25, 60}},
	} {
		chain := find(t, id)
		plan, _, err := chain.Fill("people", chain.Example.Set, ready.Drawing{Frame: c.frame})
		if err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		_, r, err := sampling.Draw(c.frame, plan, sampling.DrawInput{Beacon: "b"})
		var got []int
		for _, count := range r.Counts {
			got = append(got, count.Main)
		}
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v (%v), want %v", id, got, err, c.want)
		}
	}
}

// Somebody with two files in the period must be one row: two are refused by row.
func TestAPersonWithTwoTransactionsIsOneUnit(t *testing.T) {
	frame := frameOf(t, "key,field\np1,đất đai\np2,đất đai\np1,hộ tịch\n")
	_, _, err := find(t, "transactions").Fill("people", ready.Values{"total": "2", "minimum": "1"}, ready.Drawing{Frame: frame})
	if codes(err) != "frame.duplicate_key" {
		t.Errorf("%v", err)
	}
}
