package conduct_test

import (
	"context"
	"io"
	"testing"

	"hailong/conduct"
	"hailong/fault"
)

// interrupted is a store in which somebody else does something just before a
// file is kept: after the looks at a round, before the change that follows.
type interrupted struct {
	conduct.Store
	meanwhile func()
}

func (s *interrupted) PutBlob(ctx context.Context, r io.Reader) (string, error) {
	if s.meanwhile != nil {
		meanwhile := s.meanwhile
		s.meanwhile = nil
		meanwhile()
	}
	return s.Store.PutBlob(ctx, r)
}

// An attempt added to a round that was opened in the same moment would stand
// there undrawn for good.
func TestOfADrawAndAnOpeningOneComesFirst(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, conduct.People)
	ctx := context.Background()
	slow := d
	slow.Store = &interrupted{Store: st, meanwhile: func() {
		_, err := d.OpenRound(ctx, analyst, round)
		must(t, err)
	}}
	_, err := slow.Commit(ctx, analyst, round, conduct.People, conduct.Intent{Plan: plans[conduct.People], Source: "lottery:XSMB:2026-12-31", Reason: "thử lại"})
	wantCode(t, err, fault.Conflict, "store.changed")
	attempts, err := st.Draws(ctx, round)
	must(t, err)
	if current, _ := conduct.Current(attempts, conduct.People); current.Attempt != 1 || !current.Done() {
		t.Errorf("an attempt was added to an open round: %+v", current)
	}
}

func TestOfTwoWhoCommitOneComesFirst(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, conduct.Communes)
	ctx := context.Background()
	commit := func(d conduct.Desk) error {
		_, err := d.Commit(ctx, analyst, round, conduct.Villages, conduct.Intent{Plan: plans[conduct.Villages], Source: "lottery:XSMB:2026-12-31"})
		return err
	}
	slow := d
	slow.Store = &interrupted{Store: st, meanwhile: func() { must(t, commit(d)) }}
	wantCode(t, commit(slow), fault.Conflict, "stage.out_of_turn")
	attempts, err := st.Draws(ctx, round)
	must(t, err)
	if len(attempts) != 2 {
		t.Errorf("%d attempts, want that at communes and one at villages", len(attempts))
	}
}
