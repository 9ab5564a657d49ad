package account_test

import (
	"context"
	"strings"
	"testing"

	"hailong/account"
	"hailong/fault"
)

const goodPassword = "mưa rào trên sông Đà"

func TestPasswordsAreLongAndNotTheName(t *testing.T) {
	u := account.User{Name: "nguyen.lan"}
	for password, code := range map[string]string{
		goodPassword:                    "",
		"mười bốn ký tự":                "", // 14 characters, more bytes
		"mười ba kí tự":                 "account.password_length",
		strings.Repeat("ab", 101):       "account.password_length",
		"aaaaaaaaaaaaaaab":              "account.password_simple",
		"Nguyen.Lan-2026!!":             "account.password_name",
		"nguyen.lan thích đi chợ phiên": "",
	} {
		err := account.CheckPassword(password, u)
		if code == "" && err != nil || code != "" && (err == nil || fault.ProblemsOf(err)[0].Code != code) {
			t.Errorf("%q: %v, want %q", password, err, code)
		}
	}
}

func TestPasswordsMatchTheirHashOnly(t *testing.T) {
	h, ctx := account.NewHasher(), context.Background()
	hash, err := h.Hash(ctx, goodPassword)
	if err != nil || !strings.HasPrefix(string(hash), "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("hash %q, %v", hash, err)
	}
	again, err := h.Hash(ctx, goodPassword)
	if err != nil || again == hash {
		t.Errorf("two hashes share a salt")
	}
	for _, c := range []struct {
		name, password string
		hash           account.PasswordHash
		want           bool
	}{
		{"right", goodPassword, hash, true},
		{"wrong", goodPassword + ".", hash, false},
		{"empty", "", hash, false},
		{"far too long", strings.Repeat("a", 5000), hash, false},
		{"unknown user", goodPassword, "", false},
		{"unknown user, empty password", "", "", false},
	} {
		got, err := h.Verify(ctx, c.hash, c.password, false)
		if got != c.want || err != nil {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
	}
}

// A hash made elsewhere: the reference implementation's own test vector for
// argon2id with t=2, m=2^16, p=1, password "password", salt "somesalt"
// (phc-winner-argon2, src/test.c).
func TestAHashOfTheReferenceImplementationVerifies(t *testing.T) {
	const reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	ok, err := account.NewHasher().Verify(context.Background(), reference, "password", true)
	if !ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
}

func TestDamagedHashesAreTheSystemsFault(t *testing.T) {
	for _, bad := range []account.PasswordHash{
		"x", "$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=19$m=99999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=19$m=19456,t=0,p=0$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$short",
	} {
		if ok, err := account.NewHasher().Verify(context.Background(), bad, "password", true); ok || !fault.Is(err, fault.Internal) {
			t.Errorf("%q: %v, %v", bad, ok, err)
		}
	}
}

func TestAHurriedCallerGivesUpItsPlace(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	h := account.NewHasher()
	for range 10 { // a select between a free slot and an ended context picks either
		if _, err := h.Verify(ctx, "", "x", false); err != nil && !fault.Is(err, fault.Unavailable) {
			t.Fatalf("%v", err)
		}
	}
	if _, err := h.Verify(context.Background(), "", "x", false); err != nil {
		t.Errorf("a slot was lost: %v", err)
	}
}

func BenchmarkHash(b *testing.B) {
	h := account.NewHasher()
	for b.Loop() {
		if _, err := h.Hash(context.Background(), goodPassword); err != nil {
			b.Fatal(err)
		}
	}
}
