package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"hailong/fault"
)

// PasswordHash is an argon2id hash with its parameters and salt in the PHC
// string format: "$argon2id$v=19$m=19456,t=2,p=1$salt$hash".
type PasswordHash string

// The length of a password. There is no second factor, so it must be long;
// the upper bound keeps hashing cheap to refuse.
const (
	MinPassword = 14
	MaxPassword = 200
)

// CheckPassword reports what is wrong with a new password of the user: nil, or
// one Invalid error. A password is a sentence better than a riddle, so only
// length, variety and the user's own name count.
func CheckPassword(password string, u User) error {
	n := utf8.RuneCountInString(password)
	distinct := make(map[rune]bool)
	for _, r := range password {
		distinct[r] = true
	}
	switch lower := strings.ToLower(password); {
	case n < MinPassword || n > MaxPassword:
		return fault.New(fault.Invalid, "account.password_length", "min", MinPassword, "max", MaxPassword)
	case len(distinct) < 6:
		return fault.New(fault.Invalid, "account.password_simple")
	case n < MinPassword+len(u.Name) && strings.Contains(lower, string(u.Name)):
		return fault.New(fault.Invalid, "account.password_name")
	}
	return nil
}

// cost is the work of one hash: 19 MiB, two passes, one lane, which OWASP's
// password storage cheat sheet gives as its first choice for argon2id. Two at
// once stay well within a small server's memory.
type cost struct {
	memory uint32 // KiB
	passes uint32
	lanes  uint8
}

var currentCost = cost{memory: 19 * 1024, passes: 2, lanes: 1}

const (
	saltBytes = 16
	hashBytes = 32
	hashSlots = 2
)

// Hasher hashes and checks passwords, at most two at once, of which at most
// one for browsers nobody has signed in from: a flood of guesses leaves the
// other to those who are known. The zero value is not usable; make one with
// NewHasher and share it.
type Hasher struct {
	all       chan struct{}
	strangers chan struct{}
	cost      cost
}

// NewHasher makes a hasher with today's cost.
func NewHasher() *Hasher {
	return &Hasher{all: make(chan struct{}, hashSlots), strangers: make(chan struct{}, hashSlots-1), cost: currentCost}
}

// Hash hashes a new password, which must be in Unicode normal form C, as must
// the one given to Verify later. It waits for a slot and returns an
// Unavailable error if the context ends first.
func (h *Hasher) Hash(ctx context.Context, password string) (PasswordHash, error) {
	salt := make([]byte, saltBytes)
	rand.Read(salt) // crypto/rand never fails
	release, err := h.slot(ctx, true)
	if err != nil {
		return "", err
	}
	defer release()
	return h.cost.format(salt, h.cost.key(password, salt)), nil
}

// Verify reports whether the password belongs to the hash. An empty hash, of a
// user who does not exist or has no password, costs the same work and never
// matches. known says that the browser has signed the user in before.
func (h *Hasher) Verify(ctx context.Context, hash PasswordHash, password string, known bool) (bool, error) {
	c, salt, want, err := hash.parse()
	if hash == "" {
		c, salt, want, err = h.cost, make([]byte, saltBytes), make([]byte, hashBytes), nil
	}
	if err != nil {
		return false, err
	}
	if utf8.RuneCountInString(password) > MaxPassword {
		password, hash = "", ""
	}
	release, err := h.slot(ctx, known)
	if err != nil {
		return false, err
	}
	defer release()
	same := subtle.ConstantTimeCompare(c.key(password, salt), want) == 1
	return same && hash != "", nil
}

// slot waits for the right to hash.
func (h *Hasher) slot(ctx context.Context, known bool) (release func(), err error) {
	lanes := []chan struct{}{h.all}
	if !known {
		lanes = []chan struct{}{h.strangers, h.all}
	}
	for i, lane := range lanes {
		select {
		case lane <- struct{}{}:
		case <-ctx.Done():
			for _, taken := range lanes[:i] {
				<-taken
			}
			return nil, fault.Wrap(ctx.Err(), fault.Unavailable, "account.busy")
		}
	}
	return func() {
		for _, lane := range lanes {
			<-lane
		}
	}, nil
}

func (c cost) key(password string, salt []byte) []byte {
	return argon2.IDKey([]byte(password), salt, c.passes, c.memory, c.lanes, hashBytes)
}

func (c cost) format(salt, key []byte) PasswordHash {
	b64 := base64.RawStdEncoding
	return PasswordHash(fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		c.memory, c.passes, c.lanes, b64.EncodeToString(salt), b64.EncodeToString(key)))
}

// maxMemory bounds what a hash from a store may ask for, in KiB.
const maxMemory = 256 * 1024

func (p PasswordHash) parse() (c cost, salt, key []byte, err error) {
	bad := fault.New(fault.Internal, "account.hash_unreadable")
	parts := strings.Split(string(p), "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, bad
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.passes, &c.lanes); err != nil ||
		c.memory > maxMemory || c.passes < 1 || c.passes > 16 || c.lanes < 1 {
		return c, nil, nil, bad
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	key, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(salt) == 0 || len(key) != hashBytes {
		return c, nil, nil, bad
	}
	return c, salt, key, nil
}
