package account

import (
	"sync"
	"time"
)

// Attempt is one try to sign in with a password.
type Attempt struct {
	Account Name
	Address string   // of the client
	Device  DeviceID // set only if the account has signed in from this browser before
}

// Throttle slows guessing of passwords without giving strangers a way to lock
// anybody out.
//
// A delay always belongs to one guesser, counted from that guesser's own last
// attempt: a known device of the account (whoever else guesses elsewhere), or
// else the pair of account and address. The first attempts of a guesser are
// free, then the delay doubles up to a bound. Many failures on one account
// from anywhere, or from one address on any accounts, do not delay anybody's
// first attempt; they only make the delays of strangers' pairs begin at once
// and grow higher (the slow lane). So whoever guesses from ever new addresses
// gets one try from each, and the account's owner still signs in: from a known
// device without noticing, from a new one at the first try.
//
// To keep strangers from using up the processor, an address has a budget of
// attempts besides, wide enough for an office behind one address at eight
// o'clock. Somebody inside that office can use it up against colleagues on
// browsers not yet known; a one-time link from an administrator passes by the
// throttle altogether.
//
// The counts live in the memory of one server; several copies multiply the
// tries. A Throttle is safe for concurrent use; the zero value is ready.
type Throttle struct {
	mu        sync.Mutex
	guessers  map[Attempt]tries
	accounts  map[Name]tries
	addresses map[string]tries
	budgets   map[string]budget
}

// tries counts failures in a row and remembers the last attempt.
type tries struct {
	failures int
	last     time.Time
}

// budget is a token bucket.
type budget struct {
	left float64
	at   time.Time
}

const (
	freeTries     = 3
	firstDelay    = 2 * time.Second
	maxDelay      = 5 * time.Minute
	slowMaxDelay  = 30 * time.Minute
	slowLaneFrom  = 20 // failures on an account or from an address
	forgetAfter   = time.Hour
	budgetBurst   = 40.0
	budgetRefill  = 2.0     // a second
	maxRemembered = 100_000 // entries of one map before the old ones are dropped
)

// Begin asks to make an attempt at the time given. It returns 0 and counts the
// attempt as failed until Succeeded says otherwise, so that attempts sent side
// by side are counted too; or it returns how long to wait and counts nothing.
func (t *Throttle) Begin(a Attempt, at time.Time) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.prepare(at)
	key := guesser(a)
	if wait := t.delay(a, at) - at.Sub(t.guessers[key].last); wait > 0 {
		return wait
	}
	if a.Device == "" {
		if wait := t.spend(a.Address, at); wait > 0 {
			return wait
		}
		t.accounts[a.Account] = t.accounts[a.Account].failed(at)
		t.addresses[a.Address] = t.addresses[a.Address].failed(at)
	}
	t.guessers[key] = t.guessers[key].failed(at)
	return 0
}

// Succeeded takes back what Begin counted: the guesser begins anew.
func (t *Throttle) Succeeded(a Attempt) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.guessers, guesser(a))
	if a.Device == "" {
		t.accounts[a.Account] = t.accounts[a.Account].forgiven()
		t.addresses[a.Address] = t.addresses[a.Address].forgiven()
	}
}

// guesser is whom a delay belongs to: a known device wherever it is, or a pair
// of account and address.
func guesser(a Attempt) Attempt {
	if a.Device != "" {
		return Attempt{Account: a.Account, Device: a.Device}
	}
	return a
}

// delay is how long after its last attempt the guesser may try again.
func (t *Throttle) delay(a Attempt, at time.Time) time.Duration {
	failures := t.guessers[guesser(a)].current(at)
	free, longest := freeTries, maxDelay
	if a.Device == "" && (t.accounts[a.Account].current(at) >= slowLaneFrom || t.addresses[a.Address].current(at) >= slowLaneFrom) {
		free, longest = 1, slowMaxDelay
	}
	if failures < free {
		return 0
	}
	return min(firstDelay<<min(failures-free, 20), longest)
}

// spend takes one attempt from the address's budget, or says how long to wait.
func (t *Throttle) spend(address string, at time.Time) time.Duration {
	b, ok := t.budgets[address]
	if !ok {
		b = budget{left: budgetBurst, at: at}
	}
	b.left = min(b.left+at.Sub(b.at).Seconds()*budgetRefill, budgetBurst)
	b.at = at
	if b.left < 1 {
		t.budgets[address] = b
		return time.Duration((1 - b.left) / budgetRefill * float64(time.Second))
	}
	b.left--
	t.budgets[address] = b
	return 0
}

func (n tries) current(at time.Time) int {
	if at.Sub(n.last) > forgetAfter {
		return 0
	}
	return n.failures
}

func (n tries) failed(at time.Time) tries { return tries{n.current(at) + 1, at} }

func (n tries) forgiven() tries { return tries{max(n.failures-1, 0), n.last} }

// prepare makes the maps and keeps them bounded.
func (t *Throttle) prepare(at time.Time) {
	if t.guessers == nil {
		t.guessers, t.accounts = make(map[Attempt]tries), make(map[Name]tries)
		t.addresses, t.budgets = make(map[string]tries), make(map[string]budget)
	}
	dropOld(t.guessers, at, func(n tries) time.Time { return n.last })
	dropOld(t.accounts, at, func(n tries) time.Time { return n.last })
	dropOld(t.addresses, at, func(n tries) time.Time { return n.last })
	dropOld(t.budgets, at, func(b budget) time.Time { return b.at })
}

// dropOld empties a full map of what is forgotten anyway, and of everything if
// that is not enough: a flood then costs the memory of the throttle, never
// that of the server.
func dropOld[K comparable, V any](m map[K]V, at time.Time, last func(V) time.Time) {
	if len(m) < maxRemembered {
		return
	}
	for k, v := range m {
		if at.Sub(last(v)) > forgetAfter {
			delete(m, k)
		}
	}
	if len(m) >= maxRemembered {
		clear(m)
	}
}
