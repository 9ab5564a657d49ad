package guard

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hailong/fault"
)

func TestCacheSharesOneLookUpAmongThoseWhoAskAtOnce(t *testing.T) {
	var loads atomic.Int32
	release := make(chan struct{})
	c := NewCache(time.Minute, 10, func(_ context.Context, key string) (string, error) {
		loads.Add(1)
		<-release
		return key + "!", nil
	})
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if v, err := c.Get(context.Background(), "a"); v != "a!" || err != nil {
				t.Errorf("%q, %v", v, err)
			}
		})
	}
	close(release)
	group.Wait()
	if n := loads.Load(); n != 1 {
		t.Errorf("%d look-ups", n)
	}
}

func TestCacheKeepsNoFailureAndSurvivesAPanic(t *testing.T) {
	outcomes := []func() (int, error){
		func() (int, error) { return 0, errors.New("away") },
		func() (int, error) { panic("broken") },
		func() (int, error) { return 7, nil },
	}
	c := NewCache(time.Minute, 10, func(context.Context, string) (int, error) {
		next := outcomes[0]
		outcomes = outcomes[1:]
		return next()
	})
	if _, err := c.Get(context.Background(), "a"); err == nil {
		t.Error("the failure was swallowed")
	}
	func() {
		defer func() { _ = recover() }()
		_, err := c.Get(context.Background(), "a")
		t.Errorf("the panic was swallowed: %v", err)
	}()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	for range 2 { // the second from memory: no outcome is left to load
		if v, err := c.Get(ctx, "a"); v != 7 || err != nil {
			t.Errorf("after a failure and a panic: %d, %v", v, err)
		}
	}
}

func TestCacheForgetsAfterItsLifeAndStaysSmall(t *testing.T) {
	loads := 0
	c := NewCache(time.Minute, 50, func(_ context.Context, key string) (int, error) { loads++; return loads, nil })
	now := time.Date(2026, 7, 1, 8, 0, 0, 0, time.UTC)
	c.now = func() time.Time { return now }
	first, err := c.Get(context.Background(), "a")
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Minute - 1)
	if still, err := c.Get(context.Background(), "a"); err != nil || still != first {
		t.Errorf("%d within its life, want %d (%v)", still, first, err)
	}
	now = now.Add(1)
	if again, err := c.Get(context.Background(), "a"); err != nil || again == first {
		t.Errorf("still %d after its life (%v)", again, err)
	}
	for i := range 1000 {
		if _, err := c.Get(context.Background(), fmt.Sprint("stranger ", i)); err != nil {
			t.Fatal(err)
		}
		if len(c.entries) > 50 {
			t.Fatalf("%d entries", len(c.entries))
		}
	}
}

// A bucket of 3 that gains one every 2 seconds, by hand.
func TestLimiterLetsABurstThroughAndThenARate(t *testing.T) {
	l := NewLimiter(Rate{Burst: 3, PerSecond: .5})
	start := time.Unix(0, 0)
	for _, c := range []struct {
		second int
		ok     bool
		wait   int
	}{{0, true, 0}, {0, true, 0}, {0, true, 0}, {0, false, 2}, {1, false, 1}, {2, true, 0}, {2, false, 2}, {100, true, 0}, {100, true, 0}, {100, true, 0}, {100, false, 2}} {
		err := l.Take("a", start.Add(time.Duration(c.second)*time.Second))
		if (err == nil) != c.ok {
			t.Errorf("second %d: %v", c.second, err)
			continue
		}
		if err != nil && (!fault.Is(err, fault.TooMany) || fault.ProblemsOf(err)[0].Args[0].Value != c.wait) {
			t.Errorf("second %d: %v, want to wait %d", c.second, err, c.wait)
		}
	}
	if err := l.Take("b", start); err != nil {
		t.Errorf("another key: %v", err)
	}
}
