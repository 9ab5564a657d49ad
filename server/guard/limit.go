package guard

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

// Limiter is a set of token buckets by key, in memory only.
type Limiter struct {
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

// NewLimiter makes a limiter of full buckets.
func NewLimiter(rate Rate) *Limiter {
	return &Limiter{rate: rate, buckets: make(map[string]bucket)}
}

// Take lets one request of the key through, or returns a TooMany error that
// says in how many seconds the next one is welcome.
func (l *Limiter) Take(key string, now time.Time) error {
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

// GiveBack takes back one take of the key.
func (l *Limiter) GiveBack(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if b, known := l.buckets[key]; known {
		b.left = min(b.left+1, l.rate.Burst)
		l.buckets[key] = b
	}
}

func (l *Limiter) refilled(b bucket, now time.Time) float64 {
	return min(l.rate.Burst, b.left+now.Sub(b.at).Seconds()*l.rate.PerSecond)
}

// sweep forgets buckets that are full again, and all of them if none is.
func (l *Limiter) sweep(now time.Time) {
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
