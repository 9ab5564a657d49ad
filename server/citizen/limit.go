package citizen

import (
	"math"
	"sync"
	"time"

	"hailong/fault"
)

// Rate is what a token bucket lets through: Burst at once, then PerSecond.
type Rate struct {
	Burst     float64
	PerSecond float64
}

// Limits are the rates at which a citizen's requests are taken. They count by
// token, or by counter with the bursts of a full office; never by address,
// because a whole office sits behind one. An address only slows wrong codes: at
// first they cost nothing, then personal codes go through a narrow door.
type Limits struct {
	Token   Rate // pages and sendings of one personal ballot
	Counter Rate // pages of one counter; sendings of the counters of one unit
	Wrong   Rate // wrong codes from one address
	Door    Door // for personal codes from an address of too many wrong ones
}

// DefaultLimits suit a province: a person retries for minutes, a full waiting
// room answers at once, and 40 random bits are not to be found by trying.
func DefaultLimits() Limits {
	return Limits{
		Token:   Rate{Burst: 30, PerSecond: .5},
		Counter: Rate{Burst: 600, PerSecond: 20},
		Wrong:   Rate{Burst: 20, PerSecond: .2},
		Door:    Door{Places: 2, Hold: time.Second},
	}
}

// limiter is a set of token buckets by key, in memory only.
type limiter struct {
	rate Rate

	mu      sync.Mutex
	buckets map[string]bucket
}

type bucket struct {
	left float64
	at   time.Time
}

// maxBuckets is how many keys are remembered before full buckets are dropped.
const maxBuckets = 100_000

func newLimiter(rate Rate) *limiter {
	return &limiter{rate: rate, buckets: make(map[string]bucket)}
}

// take lets one request of the key through, or returns a TooMany error that
// says in how many seconds the next one is welcome.
func (l *limiter) take(key string, now time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	b, known := l.buckets[key]
	if !known {
		l.sweep(now)
		b = bucket{left: l.rate.Burst, at: now}
	}
	b.left = l.refilled(b, now)
	b.at = now
	if b.left < 1 {
		l.buckets[key] = b
		wait := math.Ceil((1 - b.left) / l.rate.PerSecond)
		return fault.New(fault.TooMany, "http.too_many", "seconds", int(wait))
	}
	b.left--
	l.buckets[key] = b
	return nil
}

// giveBack takes back one take of the key.
func (l *limiter) giveBack(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if b, known := l.buckets[key]; known {
		b.left = min(b.left+1, l.rate.Burst)
		l.buckets[key] = b
	}
}

func (l *limiter) refilled(b bucket, now time.Time) float64 {
	return min(l.rate.Burst, b.left+now.Sub(b.at).Seconds()*l.rate.PerSecond)
}

// sweep forgets buckets that are full again, and all of them if none is.
func (l *limiter) sweep(now time.Time) {
	if len(l.buckets) < maxBuckets {
		return
	}
	for key, b := range l.buckets {
		if l.refilled(b, now) >= l.rate.Burst {
			delete(l.buckets, key)
		}
	}
	if len(l.buckets) >= maxBuckets {
		clear(l.buckets)
	}
}
