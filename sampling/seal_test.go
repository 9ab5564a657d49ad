package sampling_test

import (
	"testing"

	"hailong/sampling"
)

// The seal is SHA-256(salt ‖ line); the expected one is by Python's hashlib.
func TestASealVouchesForOneLine(t *testing.T) {
	salt, other := sampling.Salt{1}, sampling.Salt{2}
	line := sampling.PersonalLineOf("  Nguyễn  Thi\u0323 Hoa", "1950", "nữ")
	if line != "Nguyễn Thị Hoa,1950,nữ" {
		t.Fatalf("canonical line %q", line)
	}
	f, err := sampling.PublicFrame([]sampling.PublicPerson{
		{Key: "p1", Village: "06994-01", Order: 1, Salt: salt, Line: line},
		{Key: "p2", Village: "06994-01", Order: 2, Salt: other, Line: "Trần Văn An,1961,nam"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := f.Value(0, "seal"); got != sealByHashlib {
		t.Errorf("seal %s, by hashlib %s", got, sealByHashlib)
	}
	for _, c := range []struct {
		name string
		key  sampling.PersonKey
		salt sampling.Salt
		line sampling.PersonalLine
		want string
	}{
		{"the person's own", "p1", salt, line, ""},
		{"another birth year", "p1", salt, "Nguyễn Thị Hoa,1951,nữ", "draw.seal_broken"},
		{"another salt", "p1", other, line, "draw.seal_broken"},
		{"another person's key", "p2", salt, line, "draw.seal_broken"},
		{"an unknown key", "p3", salt, line, "draw.no_person"},
	} {
		if err := sampling.CheckSeal(f, c.key, c.salt, c.line); codes(err) != c.want {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	if err := sampling.CheckSeal(frameOfSizes(t, 1), "p1", salt, line); codes(err) != "draw.not_people" {
		t.Errorf("a frame of something else: %v", err)
	}
}

// A repeated key or salt, or a salt nobody made, is a fault of the list.
func TestPublicFramesNeedKeysAndSalts(t *testing.T) {
	_, err := sampling.PublicFrame([]sampling.PublicPerson{
		{Key: "p1", Salt: sampling.Salt{1}}, {Key: "p1", Salt: sampling.Salt{2}}, {Key: "p2", Salt: sampling.Salt{1}},
		{Key: "", Salt: sampling.Salt{3}}, {Key: "p3"},
	})
	if want := "draw.person_key draw.person_salt draw.person_key draw.person_salt"; codes(err) != want {
		t.Errorf("%v, want %s", err, want)
	}
}

const sealByHashlib = "8d49ed71b71a96c3abaea85e856245b3b3ab4cdf4572eb7f68c1db920daa6ca3"
