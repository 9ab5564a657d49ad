package sampling

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
)

// Generator names the source of all choices: ChaCha8Rand, as specified by C2SP
// and implemented by Go's math/rand/v2.
const Generator = "chacha8rand"

// Seed is what a draw's choices follow from: a SHA-256.
type Seed [sha256.Size]byte

// String returns the seed as 64 lower-case hexadecimal digits.
func (s Seed) String() string { return hex.EncodeToString(s[:]) }

// seedOf makes the seed from what the commitment fixed and the event's value.
func seedOf(frame, plan Digest, source Source, beacon string) Seed {
	return sha256.Sum256(fmt.Appendf(nil, "hailong draw 1\nframe %s\nplan %s\nsource %s\nbeacon %s\n", frame, plan, source, beacon))
}

// stream gives the choices of one cell. Each cell has its own, so that a draw
// can be checked for one parent or stratum alone.
type stream struct{ generator *rand.ChaCha8 }

func (s Seed) stream(cell string) stream {
	key := sha256.Sum256(fmt.Appendf(nil, "hailong cell 1\nseed %s\ncell %s\n", s, cell))
	return stream{rand.NewChaCha8(key)}
}

// below returns an integer from 0 to n−1, each with probability 1/n exactly:
// outputs at or above the largest multiple of n up to 2^64 are passed over.
// n must be positive.
func (s stream) below(n uint64) uint64 {
	excess := (-n) % n // 2^64 mod n
	for {
		if x := s.generator.Uint64(); excess == 0 || x < -excess {
			return x % n
		}
	}
}
