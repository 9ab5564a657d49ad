package sampling_test

import (
	"fmt"
	"testing"

	"hailong/sampling"
	"hailong/territory"
)

func people(village territory.Code, people ...sampling.Person) sampling.List {
	return sampling.List{Village: village, People: people}
}

func TestEntriesThatMayBeOnePersonArePaired(t *testing.T) {
	her := sampling.Person{Name: "Trần Thị Thuý", BirthYear: 1956, BirthDate: "1956-03-12", Sex: sampling.Female, Household: "7", Phone: "0912 345 678"}
	for _, c := range []struct {
		name  string
		other sampling.Person
		alike string // "" for two people
	}{
		{"tone and case", sampling.Person{Name: "TRẦN THỊ THÚY", BirthYear: 1956, BirthDate: "1956-03-12"}, "[date year]"},
		{"spacing", sampling.Person{Name: "Trần ThịThúy", BirthYear: 1956}, "[year]"},
		{"day and month", sampling.Person{Name: "Trần Thị Thuý", BirthYear: 1956, BirthDate: "1956-12-03"}, "[swapped year]"},
		{"phone", sampling.Person{Name: "Trần Thị Thuý", BirthYear: 1956, Phone: "0912345678"}, "[phone year]"},
		{"another date", sampling.Person{Name: "Trần Thị Thuý", BirthYear: 1956, BirthDate: "1956-04-12"}, ""},
		{"another year", sampling.Person{Name: "Trần Thị Thuý", BirthYear: 1957}, ""},
		{"another sex", sampling.Person{Name: "Trần Thị Thuý", BirthYear: 1956, Sex: sampling.Male}, ""},
		{"another name", sampling.Person{Name: "Trần Thị Thúi", BirthYear: 1956}, ""},
		{"another mark", sampling.Person{Name: "Trần Thị Thuỷ", BirthYear: 1956}, ""},
	} {
		got := ""
		if pairs := sampling.Doubles([]sampling.List{people("v-1", her), people("v-2", c.other)}); len(pairs) > 0 {
			got = fmt.Sprint(pairs[0].Alike)
		}
		if got != c.alike {
			t.Errorf("%s: %s, want %s", c.name, got, c.alike)
		}
	}
	for one, other := range map[string]string{"Lý Mỹ Kỳ": "Lí Mĩ Kì", "Vũ Quý": "Vũ Quí", "Ngô Ý": "Ngô Í"} {
		if len(sampling.Doubles([]sampling.List{people("v", sampling.Person{Name: one, BirthYear: 1970}, sampling.Person{Name: other, BirthYear: 1970})})) != 1 {
			t.Errorf("%s and %s are no pair", one, other)
		}
	}
}

func TestLikelyDoublesComeFirstAndKeepTheirIDs(t *testing.T) {
	a, b := sampling.Person{Name: "Lê A", BirthYear: 1960}, sampling.Person{Name: "Lê B", BirthYear: 1960, BirthDate: "1960-01-02"}
	pairs := sampling.Doubles([]sampling.List{people("v-1", a, b), people("v-2", a, b)})
	if len(pairs) != 2 || !pairs[0].Likely() || pairs[1].Likely() {
		t.Fatalf("%+v", pairs)
	}
	again := sampling.Doubles([]sampling.List{people("v-2", a, b), people("v-1", a, b)})
	if again[0].ID() != pairs[0].ID() || pairs[0].ID() == pairs[1].ID() {
		t.Error("the id of a pair depends on the order of the lists")
	}
}

// A is B, keep B; B is C, keep C; C is A, keep A: the last would leave nobody.
func TestNoChainOfVerdictsLosesAPerson(t *testing.T) {
	lists := []sampling.List{people("v-1", sampling.Person{Name: "A", BirthYear: 1960}), people("v-2", sampling.Person{Name: "A", BirthYear: 1960}), people("v-3", sampling.Person{Name: "A", BirthYear: 1960})}
	id := func(i int) sampling.EntryID {
		return sampling.Entry{Village: lists[i].Village, Person: lists[i].People[0]}.ID()
	}
	for _, c := range []struct {
		verdicts []sampling.Verdict
		left     string
	}{
		{nil, "[1 1 1]"},
		{[]sampling.Verdict{{Kept: id(0)}}, "[1 1 1]"},
		{[]sampling.Verdict{{id(1), id(0)}}, "[0 1 1]"},
		{[]sampling.Verdict{{id(1), id(0)}, {id(2), id(1)}, {id(0), id(2)}}, "[0 0 1]"},
		{[]sampling.Verdict{{"gone", id(0)}}, "[1 1 1]"},
	} {
		var left []int
		for _, l := range sampling.WithoutDoubles(lists, c.verdicts) {
			left = append(left, len(l.People))
		}
		if fmt.Sprint(left) != c.left {
			t.Errorf("%v: %v, want %s", c.verdicts, left, c.left)
		}
	}
}

// Two adults of a commune of 6,000 may share name and year by chance; a pair
// costs a look, so the search must bear whole communes.
func BenchmarkDoubles(b *testing.B) {
	var lists []sampling.List
	for v := range 60 {
		l := sampling.List{Village: territory.Code(fmt.Sprint("v-", v))}
		for i := range 1000 {
			l.People = append(l.People, sampling.Person{Name: fmt.Sprintf("Nguyễn Thị %c%c", 'A'+i%26, 'a'+i/26%26), BirthYear: 1940 + (v*31+i)%65})
		}
		lists = append(lists, l)
	}
	for b.Loop() {
		sampling.Doubles(lists)
	}
}
