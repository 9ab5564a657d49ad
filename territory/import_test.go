package territory_test

import (
	"iter"
	"strings"
	"testing"

	"hailong/territory"
)

// records makes a table of "field|field" lines into records, rows from 2.
func records(header string, lines ...string) iter.Seq2[int, map[string]string] {
	fields := strings.Split(header, "|")
	return func(yield func(int, map[string]string) bool) {
		for i, line := range lines {
			record := map[string]string{}
			for k, cell := range strings.Split(line, "|") {
				record[fields[k]] = cell
			}
			if !yield(i+2, record) {
				return
			}
		}
	}
}

func TestProvincesAreMadeOnceBeforeTheirCommunes(t *testing.T) {
	units, problems := territory.ReadUnits(records("code|name|kind|province_code|province|area_km2|population",
		"00004|Ba Đình|Phường|01|Hà Nội|2.97|65023",
		"00008|Ngọc Hà|Phường|01|Hà Nội|2.68|93536",
		"06994|Vân Đồn|Đặc khu tại hải đảo|22|Quảng Ninh|538.92|53904"), territory.Defaults{From: "2025-07-01"})
	if len(problems) > 0 || len(units) != 5 {
		t.Fatalf("%d units, problems %v", len(units), problems)
	}
	province := territory.Unit{Code: "01", Name: "Hà Nội", Level: territory.Province, From: "2025-07-01"}
	commune := territory.Unit{Code: "00004", Name: "Ba Đình", Kind: "Phường", Level: territory.Commune, Parent: "01",
		AreaKm2: 2.97, Population: 65023, From: "2025-07-01"}
	if units[0] != province || units[1] != commune {
		t.Errorf("first %+v, second %+v", units[0], units[1])
	}
}

func TestVillagesTakeLevelFromTheirKindAndParentFromTheirRowOrTheDefault(t *testing.T) {
	units, problems := territory.ReadUnits(records("code|name|kind|level|parent",
		"06994-01|Đông Xá|Thôn||06994",
		"06994-02|Khu 5||thôn|",
	), territory.Defaults{Parent: "06995"})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if units[0].Level != territory.Village || units[0].Parent != "06994" || units[1].Level != territory.Village || units[1].Parent != "06995" {
		t.Errorf("%+v", units)
	}
}

func TestNumbersAreReadWithTheMarkThatTheirColumnShows(t *testing.T) {
	for _, c := range []struct {
		areas, populations [2]string
		wantArea           float64
		wantPopulation     int64
	}{
		{[2]string{"101.705", "2.5"}, [2]string{"65023", "1"}, 101.705, 65023},
		{[2]string{"1.234,5", "2,5"}, [2]string{"65.023", "1"}, 1234.5, 65023},
		{[2]string{"1.234", "2,5"}, [2]string{"65,023", "1"}, 1234, 65023},
		{[2]string{"1,234", "2.5"}, [2]string{"1.065.023", "1"}, 1234, 1065023},
		{[2]string{"", "2.5"}, [2]string{"", "1"}, 0, 0},
		{[2]string{"0.0", "2.5"}, [2]string{"0", "1"}, 0, 0},
	} {
		units, problems := territory.ReadUnits(records("code|name|kind|parent|area_km2|population",
			"00004|A|Xã|01|"+c.areas[0]+"|"+c.populations[0], "00005|B|Xã|01|"+c.areas[1]+"|"+c.populations[1]), territory.Defaults{})
		if len(problems) > 0 {
			t.Errorf("%v %v: %v", c.areas, c.populations, problems)
		} else if units[0].AreaKm2 != c.wantArea || units[0].Population != c.wantPopulation {
			t.Errorf("%v %v: %v km², %d people", c.areas, c.populations, units[0].AreaKm2, units[0].Population)
		}
	}
}

func TestWhatIsWrongWithAUnitIsReportedAtItsRowAndField(t *testing.T) {
	for _, c := range []struct{ line, code, field string }{
		{"|A|Xã||01|1.5|10|", "units.code_missing", "code"},
		{"4|A|Xã||01|1.5|10|", "units.code_too_short", "code"},
		{"00 04|A|Xã||01|1.5|10|", "units.code_malformed", "code"},
		{"00/04|A|Xã||01|1.5|10|", "units.code_malformed", "code"},
		{"*|A|Xã||01|1.5|10|", "units.code_malformed", "code"},
		{"a+b|A|Xã||01|1.5|10|", "units.code_malformed", "code"},
		{".a|A|Xã||01|1.5|10|", "units.code_malformed", "code"},
		{strings.Repeat("ấ", 41) + "|A|Xã||01|1.5|10|", "units.code_malformed", "code"},
		{"00001|A|Xã||01|1.5|10|", "units.code_repeated", "code"},
		{"00004||Xã||01|1.5|10|", "units.name_missing", "name"},
		{"00004|A|||01|1.5|10|", "units.level_missing", "level"},
		{"00004|A||vùng|01|1.5|10|", "units.unknown_level", "level"},
		{"00004|A|Xã|||1.5|10|", "units.parent_missing", "parent"},
		{"00004|A|Xã||01|rộng|10|", "units.not_an_area", "area_km2"},
		{"00004|A|Xã||01|1.5|10,5|", "units.not_a_population", "population"},
		{"00004|A|Xã||01|1.5|-3|", "units.not_a_population", "population"},
		{"00004|A|Xã||01|1.5|10|hôm qua", "units.not_a_day", "from"},
	} {
		units, problems := territory.ReadUnits(records("code|name|kind|level|parent|area_km2|population|from",
			"00001|First|Xã||01|2.5|10|", c.line), territory.Defaults{})
		if len(problems) != 1 || problems[0].Code != c.code || problems[0].Place.Row != 3 || problems[0].Place.Column != c.field {
			t.Errorf("%s: %v, want %s at row 3, %s", c.line, problems, c.code, c.field)
		}
		if len(units) != 1 {
			t.Errorf("%s: made %d units, want the first alone", c.line, len(units))
		}
	}
}

func TestAnAreaThatCouldBeThousandsIsNotGuessed(t *testing.T) {
	_, problems := territory.ReadUnits(records("code|name|kind|parent|area_km2", "00004|A|Xã|01|1.234"), territory.Defaults{})
	if len(problems) != 1 || problems[0].Code != "units.area_ambiguous" {
		t.Errorf("%v", problems)
	}
}

func TestACodeIsUpToFortyLettersAndDigitsWithMarksBetween(t *testing.T) {
	for _, code := range []string{"00004", "Ấp-1.a_b", "٣", strings.Repeat("ấ", 40)} {
		_, problems := territory.ReadUnits(records("code|name|kind|parent", code+"|A|Xã|01"), territory.Defaults{})
		if len(problems) > 0 {
			t.Errorf("%s: %v", code, problems)
		}
	}
}

func TestACodeMayReturnInAnotherPeriod(t *testing.T) {
	units, problems := territory.ReadUnits(records("code|name|kind|parent|from|to",
		"00004|Trúc Bạch|Phường|01||2025-07-01", "00004|Ba Đình|Phường|01|01/07/2025|"), territory.Defaults{})
	if len(problems) > 0 || len(units) != 2 || units[1].From != "2025-07-01" {
		t.Errorf("%v %v", units, problems)
	}
}

func TestAProvinceWithTwoNamesIsReported(t *testing.T) {
	_, problems := territory.ReadUnits(records("code|name|province_code|province",
		"00004|A|01|Hà Nội", "00005|B|01|Hà Nôi"), territory.Defaults{})
	if len(problems) != 1 || problems[0].Code != "units.province_named_twice" {
		t.Errorf("%v", problems)
	}
}

func TestAReformLinksOldUnitsToTheirSuccessors(t *testing.T) {
	now := []territory.Unit{{Code: "00004"}, {Code: "00008"}}
	reform, problems := territory.ReadReform(records("old_code|old_name|old_district_code|old_district|old_province_code|old_province|new_code|divided",
		"00004|Phường Trúc Bạch|001|Quận Ba Đình|01|Thành phố Hà Nội|00004|false",
		"00016|Phường Ngọc Hà|001|Quận Ba Đình|01|Thành phố Hà Nội|00004|true",
		"00016|Phường Ngọc Hà|001|Quận Ba Đình|01|Thành phố Hà Nội|00008|true",
		"||498|Huyện Hoàng Sa|48|Thành phố Đà Nẵng|00008|false",
		"00017|Phường X|001|Quận Ba Đình|01|Thành phố Hà Nội|99999|false",
		"00016|Phường Ngọc Hà|001|Quận Ba Đình|01|Thành phố Hà Nội|00008|true",
		"00004|Phường Trúc Bạch|001|Quận Ba Đình|01|Thành phố Hà Nội|00008|true",
		"00018|Phường Y|001|Quận Ba Đình|01|Thành phố Hà Nội|00008|maybe",
	), now, "2025-07-01")
	var got []string
	for _, p := range problems {
		got = append(got, p.Code)
	}
	want := "units.unknown_successor units.link_repeated units.divided_contradicts units.not_yes_or_no"
	if strings.Join(got, " ") != want {
		t.Errorf("problems %v, want %s", problems, want)
	}
	if problems[0].Place.Row != 6 || problems[0].Place.Column != "new_code" {
		t.Errorf("unknown successor at %+v", problems[0].Place)
	}
	if codes, whole := reform.Successors("00016"); len(codes) != 2 || whole {
		t.Errorf("successors of a divided unit: %v, whole %v", codes, whole)
	}
	if codes, whole := reform.Successors("498"); len(codes) != 1 || !whole {
		t.Errorf("successors of a district without communes: %v, whole %v", codes, whole)
	}
	if codes := reform.Predecessors("00004"); len(codes) != 2 {
		t.Errorf("predecessors: %v", codes)
	}
	first := reform.Old[:3]
	if first[0].Level != territory.Province || first[1].Parent != "01" || first[2].Name != "Trúc Bạch" ||
		first[2].Kind != "Phường" || first[2].Parent != "001" || first[2].To != "2025-07-01" {
		t.Errorf("old units: %+v", first)
	}
}

func FuzzReadUnitsMakesAUnitOrSaysWhyNot(f *testing.F) {
	f.Add("00004", "Ba Đình", "Phường", "01", "2.97", "65023", "2025-07-01")
	f.Add("4", "", "vùng", "", "1.234", "1.234.567", "31/02/2025")
	f.Fuzz(func(t *testing.T, code, name, kind, province, area, population, from string) {
		units, problems := territory.ReadUnits(func(yield func(int, map[string]string) bool) {
			yield(2, map[string]string{"code": code, "name": name, "kind": kind, "province_code": province,
				"province": "P", "area_km2": area, "population": population, "from": from})
		}, territory.Defaults{})
		if len(units) == 0 && len(problems) == 0 {
			t.Fatal("the row vanished")
		}
		for _, u := range units {
			if u.Code == "" || u.Name == "" || u.Level.Rank() == 0 || u.Population < 0 || !(u.AreaKm2 >= 0) {
				t.Errorf("%+v", u)
			}
		}
		territory.Doubts(units)
	})
}

// A count has one mark between its groups, or none; a table in thousands with decimals
// would otherwise be read ten or a thousand times too large.
func TestACountIsAWholeNumber(t *testing.T) {
	for text, want := range map[string]int64{
		"0": 0, "1234": 1234, "1.234": 1234, "1,234,567": 1234567, "12 345": 12345,
		"12,5": -1, "12.5": -1, "1.234,567": -1, "1 234.567": -1, "0.123": -1, "1.23.456": -1, "-3": -1, "": -1, "1e3": -1,
	} {
		got, ok := territory.ParseCount(text)
		if ok != (want >= 0) || ok && got != want {
			t.Errorf("%q: %d, %v; want %d", text, got, ok, want)
		}
	}
}
