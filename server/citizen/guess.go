package citizen

import (
	"sync"
	"time"

	"hailong/fault"
	"hailong/server/guard"
)

// Door is how those look up personal codes who have tried more wrong ones than
// a person mistypes: so many at once from their address, and a wrong one keeps
// its place, and its answer, for a while.
type Door struct {
	Places int
	Hold   time.Duration
}

// guesses keeps personal codes from being found by trying. A code is 40 random
// bits and some ten thousand are right, so that a machine that tries thousands
// a second finds one within hours; through the door it takes years. Refusing
// wrong codes alone would not do: the right one is told by not being refused.
// Right codes from the same address, which may be that of a whole office, pass
// through the door too, and hold their place for one look-up only.
type guesses struct {
	wrong *guard.Limiter // wrong codes before the door
	door  Door

	mu     sync.Mutex
	inside map[string]int // by address
}

func newGuesses(wrong *guard.Limiter, door Door) *guesses {
	return &guesses{wrong: wrong, door: door, inside: make(map[string]int)}
}

// guess is one code that is being looked up. End it with right or wrong.
type guess struct {
	*guesses
	address string
	atDoor  bool
}

// enter begins a look-up, or returns a TooMany error while the door is full.
func (g *guesses) enter(address string, now time.Time) (guess, error) {
	if g.wrong.Take(address, now) == nil {
		return guess{g, address, false}, nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.inside[address] >= g.door.Places {
		return guess{}, g.tooMany()
	}
	g.inside[address]++
	return guess{g, address, true}, nil
}

// right ends the look-up of a code that was not wrong, which costs nothing.
func (g guess) right() {
	if g.atDoor {
		g.leave()
	} else {
		g.wrong.GiveBack(g.address)
	}
}

// missed ends the look-up of a wrong code: nil, or after a while a TooMany error.
func (g guess) missed() error {
	if !g.atDoor {
		return nil
	}
	time.Sleep(g.door.Hold)
	g.leave()
	return g.tooMany()
}

func (g guess) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.inside[g.address]--; g.inside[g.address] == 0 {
		delete(g.inside, g.address)
	}
}

func (g *guesses) tooMany() error {
	return fault.New(fault.TooMany, "http.too_many", "seconds", 1+int(g.door.Hold.Seconds()))
}
