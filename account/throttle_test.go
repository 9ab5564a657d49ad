package account_test

import (
	"fmt"
	"testing"
	"time"

	"hailong/account"
)

// guess makes n attempts, each as soon as it is allowed, and returns the waits
// before them.
func guess(t *account.Throttle, a account.Attempt, n int, from time.Time) (waits []time.Duration, end time.Time) {
	for range n {
		wait := t.Begin(a, from)
		waits = append(waits, wait)
		if wait > 0 {
			from = from.Add(wait)
			t.Begin(a, from)
		}
	}
	return waits, from
}

func TestDelaysGrowAndAreBounded(t *testing.T) {
	var throttle account.Throttle
	waits, _ := guess(&throttle, account.Attempt{Account: "lan", Address: "10.0.0.1"}, 12, at)
	want := []time.Duration{0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 300}
	for i, w := range waits {
		if w != want[i]*time.Second {
			t.Errorf("attempt %d: waited %v, want %v s", i+1, w, int(want[i]))
		}
	}
}

func TestAttemptsSideBySideAreCounted(t *testing.T) {
	var throttle account.Throttle
	a := account.Attempt{Account: "lan", Address: "10.0.0.1"}
	begun := 0
	for range 50 {
		if throttle.Begin(a, at) == 0 {
			begun++
		}
	}
	if begun != 3 {
		t.Errorf("%d attempts at one moment, want 3", begun)
	}
}

func TestSuccessBeginsAnew(t *testing.T) {
	var throttle account.Throttle
	a := account.Attempt{Account: "lan", Address: "10.0.0.1"}
	for i := range 100 {
		if wait := throttle.Begin(a, at.Add(time.Duration(i)*time.Second)); wait != 0 {
			t.Fatalf("sign-in %d waits %v", i, wait)
		}
		throttle.Succeeded(a)
	}
}

// A stranger who guesses for a day, from one address and from ever new ones,
// locks out neither the owner's known device nor the owner's first try
// elsewhere.
func TestAStrangerLocksNobodyOut(t *testing.T) {
	var throttle account.Throttle
	_, end := guess(&throttle, account.Attempt{Account: "lan", Address: "203.0.113.9"}, 60, at)
	for i := range 500 {
		address := fmt.Sprintf("198.51.%d.%d", i/250, i%250)
		if wait := throttle.Begin(account.Attempt{Account: "lan", Address: address}, end); wait != 0 {
			t.Fatalf("a new address waits %v", wait)
		}
	}
	known := account.Attempt{Account: "lan", Address: "203.0.113.9", Device: account.DeviceOf(account.NewSecret())}
	waits, _ := guess(&throttle, known, 3, end)
	for _, w := range waits {
		if w != 0 {
			t.Errorf("the known device waits %v, at the stranger's own address", w)
		}
	}
	if wait := throttle.Begin(account.Attempt{Account: "lan", Address: "10.0.0.7"}, end); wait != 0 {
		t.Errorf("the owner's first try from a new place waits %v", wait)
	}
}

func TestInTheSlowLaneStrangersWaitAfterOneTry(t *testing.T) {
	var throttle account.Throttle
	for i := range 20 {
		throttle.Begin(account.Attempt{Account: "lan", Address: fmt.Sprintf("198.51.100.%d", i)}, at)
	}
	waits, _ := guess(&throttle, account.Attempt{Account: "lan", Address: "203.0.113.9"}, 14, at)
	if waits[0] != 0 || waits[1] != 2*time.Second || waits[13] != 30*time.Minute {
		t.Errorf("waits %v", waits)
	}
	waits, _ = guess(&throttle, account.Attempt{Account: "minh", Address: "203.0.113.10"}, 3, at)
	if waits[2] != 0 {
		t.Errorf("another account is slowed: %v", waits)
	}
}

func TestAnAddressHasABudgetForAnOffice(t *testing.T) {
	var throttle account.Throttle
	try := func(i int, at time.Time) time.Duration {
		return throttle.Begin(account.Attempt{Account: account.Name(fmt.Sprintf("user%d", i)), Address: "10.0.0.1"}, at)
	}
	for i := range 40 {
		if wait := try(i, at); wait != 0 {
			t.Fatalf("colleague %d waits %v", i, wait)
		}
	}
	if wait := try(40, at); wait != 500*time.Millisecond {
		t.Errorf("the 41st at one moment waits %v, want 500ms", wait)
	}
	if wait := try(41, at.Add(time.Second)); wait != 0 {
		t.Errorf("a second later: %v", wait)
	}
}

func TestFailuresAreForgottenAfterAnHour(t *testing.T) {
	var throttle account.Throttle
	a := account.Attempt{Account: "lan", Address: "10.0.0.1"}
	_, end := guess(&throttle, a, 8, at)
	waits, _ := guess(&throttle, a, 3, end.Add(time.Hour+time.Second))
	if waits[2] != 0 {
		t.Errorf("waits %v", waits)
	}
}

func TestAFloodCostsBoundedMemory(t *testing.T) {
	var throttle account.Throttle
	for i := range 250_000 {
		throttle.Begin(account.Attempt{Account: "lan", Address: fmt.Sprint(i)}, at)
	}
	if wait := throttle.Begin(account.Attempt{Account: "minh", Address: "10.0.0.1"}, at); wait != 0 {
		t.Errorf("after a flood: %v", wait)
	}
}
