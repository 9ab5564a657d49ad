package files

import (
	"testing"

	"hailong/sampling"
	"hailong/static"
)

func TestTheNumberOfAHouseholdIsNotTakenForThatOfAHouse(t *testing.T) {
	for _, c := range []struct{ household, address, want string }{
		{"19", "Nhà số 5, tổ 1", "Hộ 19, Nhà số 5, tổ 1"},
		{"007", "", "Hộ 007"},
		{"Nguyễn Văn A", "Xóm Đình", "Nguyễn Văn A, Xóm Đình"},
		{"", "Xóm Đình", "Xóm Đình"},
		{"", "", ""},
	} {
		if got := Where(static.Vietnamese, sampling.Person{Household: c.household, Address: c.address}); got != c.want {
			t.Errorf("%q, %q: %q, want %q", c.household, c.address, got, c.want)
		}
	}
}
