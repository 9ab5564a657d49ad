package citizen

import (
	"testing"
	"testing/synctest"
	"time"

	"hailong/fault"
	"hailong/server/guard"
)

// A right code must not be told from wrong ones by being let through: beyond
// what a person mistypes, an address tries no more than the door lets in.
func TestTryingCodesGoesThroughTheDoor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGuesses(guard.NewLimiter(guard.Rate{Burst: 20, PerSecond: .2}), Door{Places: 2, Hold: time.Second})
		looked, refused := make(chan struct{}, 10_000), 0
		for range 600 { // a minute of ten tries at once every tenth of a second
			for range 10 {
				guess, err := g.enter("a", time.Now())
				if err != nil {
					refused++
					continue
				}
				looked <- struct{}{}
				go guess.missed()
			}
			time.Sleep(100 * time.Millisecond)
		}
		// 20 at first and 12 of the refill; two places a second.
		if n := len(looked); n < 100 || n > 20+12+2*60 || n+refused != 6000 {
			t.Errorf("%d codes were looked up within a minute", n)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if len(g.inside) != 0 {
			t.Errorf("places are still held: %v", g.inside)
		}
	})
}

func TestRightCodesPassWhoeverTriesWrongOnesFromTheirAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGuesses(guard.NewLimiter(guard.Rate{Burst: 3, PerSecond: .1}), Door{Places: 2, Hold: time.Second})
		for i := range 6 {
			guess, err := g.enter("office", time.Now())
			if err != nil {
				t.Fatal(err)
			}
			if slow := guess.missed(); fault.Is(slow, fault.TooMany) != (i >= 3) {
				t.Errorf("wrong code %d: %v", i+1, slow)
			}
		}
		for range 1000 {
			guess, err := g.enter("office", time.Now())
			if err != nil {
				t.Fatal(err)
			}
			guess.right()
		}
		if guess, err := g.enter("elsewhere", time.Now()); err != nil || guess.atDoor {
			t.Errorf("another address: %v, %v", guess.atDoor, err)
		}
	})
}

// Right codes cost nothing, and nothing is won with them either.
func TestARightCodeBuysNoWrongOnes(t *testing.T) {
	now := time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)
	g := newGuesses(guard.NewLimiter(guard.Rate{Burst: 3, PerSecond: .1}), Door{Places: 1})
	free := 0
	for range 50 {
		right, err := g.enter("a", now)
		if err != nil {
			t.Fatal(err)
		}
		right.right()
		wrong, err := g.enter("a", now)
		if err != nil {
			t.Fatal(err)
		}
		if wrong.missed() == nil {
			free++
		}
	}
	if free != 3 {
		t.Errorf("%d wrong codes at no cost, want 3", free)
	}
}
