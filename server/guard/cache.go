package guard

import (
	"context"
	"sync"
	"time"

	"hailong/fault"
)

// Cache keeps look-ups for a short life, so that a counter's poster costs one
// read every few seconds however many people scan it, and a closed counter or a
// voided token still takes effect within that life. Failures are not kept.
// Callers who ask for the same key at once share one look-up.
type Cache[K comparable, V any] struct {
	load func(context.Context, K) (V, error)
	life time.Duration // 0: for ever, for what is immutable
	size int           // at most so many entries
	now  func() time.Time

	mu      sync.Mutex
	entries map[K]*entry[V]
}

// errLookup is what those who waited get when a look-up panicked.
var errLookup = fault.New(fault.Internal, "internal")

type entry[V any] struct {
	done  chan struct{} // closed when value, err and until are set
	value V
	err   error
	until time.Time
}

// NewCache makes a cache of at most size entries that load looks up; life 0 is
// for ever, for what is immutable.
func NewCache[K comparable, V any](life time.Duration, size int, load func(context.Context, K) (V, error)) *Cache[K, V] {
	return &Cache[K, V]{load: load, life: life, size: size, now: time.Now, entries: make(map[K]*entry[V])}
}

// Get returns the value of the key, from memory if it is young enough.
func (c *Cache[K, V]) Get(ctx context.Context, key K) (V, error) {
	now := c.now()
	c.mu.Lock()
	e, found := c.entries[key]
	if found && e.fresh(now, c.life) {
		c.mu.Unlock()
		return e.wait(ctx)
	}
	c.makeRoom(now)
	e = &entry[V]{done: make(chan struct{})}
	c.entries[key] = e
	c.mu.Unlock()

	c.fill(ctx, key, e)
	return e.value, e.err
}

// fill looks the entry up. A look-up that failed, or panicked, is forgotten, so
// that the next caller tries again.
func (c *Cache[K, V]) fill(ctx context.Context, key K, e *entry[V]) {
	e.err = errLookup
	defer func() {
		e.until = c.now().Add(c.life)
		close(e.done)
		if e.err == nil {
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.entries[key] == e {
			delete(c.entries, key)
		}
	}()
	e.value, e.err = c.load(ctx, key)
}

// fresh reports whether the entry may be used: one that is being looked up may.
func (e *entry[V]) fresh(now time.Time, life time.Duration) bool {
	select {
	case <-e.done:
		return life == 0 || now.Before(e.until)
	default:
		return true
	}
}

// wait returns the entry's value once it is there.
func (e *entry[V]) wait(ctx context.Context) (V, error) {
	select {
	case <-e.done:
		return e.value, e.err
	case <-ctx.Done():
		var none V
		return none, ctx.Err()
	}
}

// makeRoom keeps strangers from filling the memory: when the cache is full,
// what has aged goes, and if nothing has, everything goes.
func (c *Cache[K, V]) makeRoom(now time.Time) {
	if len(c.entries) < c.size {
		return
	}
	for key, e := range c.entries {
		if !e.fresh(now, c.life) {
			delete(c.entries, key)
		}
	}
	if len(c.entries) >= c.size {
		clear(c.entries)
	}
}
