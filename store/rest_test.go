package store

import (
	"testing"
	"time"
)

// A lone answer never waits for others; and at a crowd's rate, 10,000 rows a
// second at the least, rests alone hold nobody up.
func TestOnlyACommitOfManyRowsIsFollowedByARest(t *testing.T) {
	for rows, want := range map[int]time.Duration{
		0: 0, 1: 0, 7: 0, 8: 800 * time.Microsecond, 30: 3 * time.Millisecond, 50: 5 * time.Millisecond, maxCommit: 5 * time.Millisecond,
	} {
		if got := restAfter(rows); got != want {
			t.Errorf("after %d rows: %s, want %s", rows, got, want)
		}
	}
}
