package territory_test

import (
	"slices"
	"testing"

	"hailong/territory"
)

func TestFoldMakesSpellingsOfOneNameEqual(t *testing.T) {
	for _, pair := range [][2]string{
		{"Hoà", "Hòa"}, // old and new place of the tone
		{"Thuý Nga", "THÚY  NGA"},
		{"Nguyễn Thị Tuệ", "Nguye\u0302\u0303n Thi\u0323 Tue\u0323\u0302"}, // composed and decomposed
		{"ĐẮK LẮK", "Đắk Lắk"},
		{"Khoẻ", "Khỏe"},
		{"Hoà-Bình, Thuý.", "Hòa-Bình, Thúy."},
	} {
		if territory.Fold(pair[0]) != territory.Fold(pair[1]) {
			t.Errorf("%q and %q fold to %q and %q", pair[0], pair[1], territory.Fold(pair[0]), territory.Fold(pair[1]))
		}
	}
}

func TestFoldKeepsDifferentNamesApart(t *testing.T) {
	for _, pair := range [][2]string{{"Hoà", "Hoa"}, {"Dung", "Đung"}, {"Hoà An", "Hoa Àn"}, {"Tân", "Tấn"}, {"Lam", "Lâm"}} {
		if territory.Fold(pair[0]) == territory.Fold(pair[1]) {
			t.Errorf("%q and %q fold alike", pair[0], pair[1])
		}
	}
}

func TestSearchWithoutMarksFindsAnyAndWithMarksMeansThem(t *testing.T) {
	for _, c := range []struct {
		name, search string
		want         bool
	}{
		{"Phường Hoà Bình", "hoa binh", true},
		{"Phường Hoà Bình", "hòa", true},
		{"Phường Hoà Bình", "hoá", false},
		{"Xã Đồng Tháp", "dong thap", true},
		{"Xã Đồng Tháp", "đông", true},
		{"Xã Đồng Tháp", "đông tháp", false},
		{"Xã Đồng Tháp", "đống", false},
		{"Xã Đồng Tháp", "", true},
	} {
		if got := territory.Matches(c.name, c.search); got != c.want {
			t.Errorf("Matches(%q, %q) = %v", c.name, c.search, got)
		}
	}
}

// The order of the Vietnamese alphabet: a ă â b c d đ e ê … o ô ơ … u ư; of
// tones: level, grave, hook, tilde, acute, dot (Từ điển tiếng Việt, Hoàng Phê).
func TestNamesSortAsInTheVietnameseDictionary(t *testing.T) {
	want := []string{"An", "Ăn", "Ân", "Ba", "Bà", "Bả", "Bã", "Bá", "Bạ", "Cần Thơ", "Dung", "Đa", "Ê Đê", "Ô Loan", "Ơn", "Ưng"}
	units := make([]territory.Unit, len(want))
	for i, name := range want {
		units[len(want)-1-i] = territory.Unit{Name: name}
	}
	territory.SortByName(units)
	got := make([]string, len(units))
	for i, u := range units {
		got[i] = u.Name
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func FuzzFoldIsStable(f *testing.F) {
	for _, seed := range []string{"Hoà", "Nguye\u0302\u0303n", "\u0323", " Đ ", "İ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		once := territory.Plain(name)
		if twice := territory.Plain(once); twice != once {
			t.Errorf("Plain(%q) = %q, again %q", name, once, twice)
		}
	})
}
