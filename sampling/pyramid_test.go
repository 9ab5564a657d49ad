package sampling_test

import (
	"reflect"
	"slices"
	"testing"

	"hailong/fault"
	"hailong/sampling"
)

// rowsOf are records as a sheet gives them: row numbers from 2, fields in the order
// of code, year, sex, ages, people.
func rowsOf(rows [][5]string) func(yield func(int, map[string]string) bool) {
	return func(yield func(int, map[string]string) bool) {
		for i, r := range rows {
			if !yield(i+2, map[string]string{"code": r[0], "year": r[1], "sex": r[2], "ages": r[3], "people": r[4]}) {
				return
			}
		}
	}
}

func TestAgeGroupsAsYearbooksWriteThem(t *testing.T) {
	for text, want := range map[string]string{
		"18-24": "18–24", "18 – 24 tuổi": "18–24", "từ 18 đến 24": "18–24", "60+": "60+", "từ 60 trở lên": "60+", "60 and over": "60+",
		"trên 60": "61+", "18": "18", "0-17": "0–17", "dưới 18": "0–17", "under 18": "0–17",
		"": "", "già": "", "24-18": "", "18-24-30": "", "300+": "", "0": "", "dưới 0": "",
	} {
		p, problems := sampling.ReadPyramids(rowsOf([][5]string{{"90001", "2024", "nữ", text, "1"}, {"90001", "2024", "nam", text, "1"}}))
		got := ""
		if len(problems) == 0 {
			got = p[0].Groups[0].Label()
		}
		if got != want {
			t.Errorf("%q: %q, want %q (%v)", text, got, want, problems)
		}
	}
}

func TestPyramidsAreReadWholeOrNotAtAll(t *testing.T) {
	good := [][5]string{{"90", "2024", "Nữ", "60+", "1.250"}, {"90", "2024", "Nam", "60+", "900"}, {"90", "2024", "Nam", "18-59", "4000"}, {"90", "2024", "Nữ", "18-59", "0"}}
	pyramids, problems := sampling.ReadPyramids(rowsOf(good))
	want := []sampling.Pyramid{{Unit: "90", Year: 2024, Groups: []sampling.AgeGroup{{From: 18, To: 59, Men: 4000}, {From: 60, Women: 1250, Men: 900}}}}
	if len(problems) > 0 || !reflect.DeepEqual(pyramids, want) {
		t.Errorf("%+v, %v", pyramids, problems)
	}
	for code, row := range map[string][5]string{
		"pyramid.unit": {"", "2024", "Nam", "0-17", "1"}, "pyramid.year": {"90", "24", "Nam", "0-17", "1"}, "pyramid.years": {"90", "2025", "Nam", "0-17", "1"},
		"pyramid.sex": {"90", "2024", "chung", "0-17", "1"}, "pyramid.ages": {"90", "2024", "Nam", "trẻ", "1"}, "pyramid.people": {"90", "2024", "Nam", "0-17", "12,5"},
		"pyramid.twice": {"90", "2024", "Nam", "60+", "7"}, "pyramid.overlap": {"90", "2024", "Nam", "50-64", "7"}, "pyramid.one_sex": {"90", "2024", "Nam", "0-17", "7"},
	} {
		_, problems := sampling.ReadPyramids(rowsOf(append(slices.Clone(good), row)))
		found := slices.ContainsFunc(problems, func(p fault.Problem) bool { return p.Code == code && p.Place.Row == 6 })
		if !found {
			t.Errorf("%s: %v", code, problems)
		}
	}
	if _, problems := sampling.ReadPyramids(rowsOf(nil)); problems[0].Code != "pyramid.empty" {
		t.Errorf("of an empty file: %v", problems)
	}
}
