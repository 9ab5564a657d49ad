package citizen

import (
	"time"

	"hailong/server/guard"
)

// Limits are the rates at which a citizen's requests are taken. They count by
// token, or by counter with the bursts of a full office; never by address,
// because a whole office sits behind one. An address only slows wrong codes: at
// first they cost nothing, then personal codes go through a narrow door.
type Limits struct {
	Token   guard.Rate // pages and sendings of one personal ballot
	Counter guard.Rate // pages of one counter; sendings of the counters of one unit
	Wrong   guard.Rate // wrong codes from one address
	Door    Door       // for personal codes from an address of too many wrong ones
}

// DefaultLimits suit a province: a person retries for minutes, a full waiting
// room answers at once, and 40 random bits are not to be found by trying.
func DefaultLimits() Limits {
	return Limits{
		Token:   guard.Rate{Burst: 30, PerSecond: .5},
		Counter: guard.Rate{Burst: 600, PerSecond: 20},
		Wrong:   guard.Rate{Burst: 20, PerSecond: .2},
		Door:    Door{Places: 2, Hold: time.Second},
	}
}
