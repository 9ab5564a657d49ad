package sampling_test

import (
	"crypto/rand"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"hailong/fault"
	"hailong/sampling"
	"hailong/territory"
)

func TestThePersonalLineIsTheTextSealed(t *testing.T) {
	for _, c := range []struct {
		person sampling.Person
		want   string
	}{
		{sampling.Person{Name: "Trần Thị Hoà", BirthYear: 1956, Sex: sampling.Female, Household: "012", Address: "Ngõ 3, Đông Xá", Phone: "0912"},
			`06994-03,Trần Thị Hoà,1956,female,012,"Ngõ 3, Đông Xá"`},
		{sampling.Person{Name: "Tra\u0302\u0300n  Hoa\u0300", BirthYear: 1956, BirthDate: "1956-03-12"}, "06994-03,Trần Hoà,1956-03-12,,,"},
	} {
		if got := c.person.Line("06994-03"); string(got) != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func sealed(t *testing.T, village territory.Code, names ...string) sampling.List {
	t.Helper()
	l := sampling.List{Village: village}
	for _, name := range names {
		l.People = append(l.People, sampling.Person{Name: name, BirthYear: 1956})
	}
	if err := l.Seal(rand.Reader); err != nil {
		t.Fatal(err)
	}
	return l
}

func TestThePublicFrameOfListsNamesNobodyAndEverybodyCanCheckTheirRow(t *testing.T) {
	one, two := sealed(t, "v-1", "Trần Thị Hoà", "Lê Văn Bảy"), sealed(t, "v-2", "Vi Thị Nga")
	frame, err := sampling.PeopleFrame([]sampling.List{one, two})
	if err != nil {
		t.Fatal(err)
	}
	if frame.Len() != 3 || frame.Value(1, "order") != "2" || frame.Value(2, "order") != "1" || frame.Value(2, "village") != "v-2" {
		t.Errorf("%d rows, last %v", frame.Len(), frame.Row(2))
	}
	var text strings.Builder
	if err := frame.WriteCSV(&text); err != nil || strings.Contains(text.String(), "Hoà") || !strings.HasPrefix(text.String(), "key,village,order,seal\n") {
		t.Errorf("%v %s", err, text.String())
	}
	her := one.People[0]
	if err := sampling.CheckSeal(frame, her.Key, her.Salt, her.Line(one.Village)); err != nil {
		t.Errorf("her own line: %v", err)
	}
	her.Name = "Trần Thị Hoa"
	if err := sampling.CheckSeal(frame, her.Key, her.Salt, her.Line(one.Village)); !fault.Is(err, fault.Invalid) {
		t.Errorf("another name passed: %v", err)
	}
}

func TestTheSameListSealedTwiceHasOtherKeys(t *testing.T) {
	one, again := sealed(t, "v-1", "Trần Thị Hoà"), sealed(t, "v-1", "Trần Thị Hoà")
	if one.People[0].Key == again.People[0].Key || len(one.People[0].Key) != 16 {
		t.Errorf("keys %q and %q", one.People[0].Key, again.People[0].Key)
	}
}

func TestAListSurvivesStorage(t *testing.T) {
	l := sealed(t, "v-1", "Trần Thị Hoà")
	raw, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	var back sampling.List
	if err := json.Unmarshal(raw, &back); err != nil || !reflect.DeepEqual(l, back) {
		t.Errorf("%v\n%+v\n%+v", err, l, back)
	}
	if err := json.Unmarshal([]byte(`{"people":[{"salt":"zz"}]}`), &back); !fault.Is(err, fault.Unreadable) {
		t.Errorf("a broken salt: %v", err)
	}
}

func TestASourceThatRunsDryIsAnError(t *testing.T) {
	l := sampling.List{People: []sampling.Person{{Name: "A"}}}
	if err := l.Seal(strings.NewReader("short")); !fault.Is(err, fault.Internal) {
		t.Errorf("%v", err)
	}
}
