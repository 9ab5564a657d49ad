package conduct

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"hailong/account"
	"hailong/fault"
	"hailong/sampling"
	"hailong/survey"
	"hailong/territory"
)

// ListHead describes one upload of a village's list. Uploads of a village are
// numbered; the last one counts, and undoing it brings back the one before.
type ListHead struct {
	Round   survey.RoundID `json:"round"`
	Village territory.Code `json:"village"`
	Number  int            `json:"number"`
	People  int            `json:"people"`
	File    string         `json:"file"` // the officer's name for it, shown only
	At      time.Time      `json:"at"`
	By      account.Name   `json:"by"`
	Content string         `json:"content"` // digest of who is listed, to find one list given for two villages
}

type lists interface {
	// ListHeads returns the heads of a round's lists, of all villages or of one,
	// in the order of villages and numbers.
	ListHeads(ctx context.Context, round survey.RoundID, village territory.Code) ([]ListHead, error)
	List(ctx context.Context, head ListHead) (sampling.List, error)
	AddList(ctx context.Context, rec account.Record, head ListHead, list sampling.List) error
	DeleteList(ctx context.Context, rec account.Record, head ListHead) error
	// AddRecord writes the record of what changed nothing: a list handed out.
	AddRecord(ctx context.Context, rec account.Record) error
}

// CurrentLists returns the head that counts for every village of the round.
func (d Desk) CurrentLists(ctx context.Context, round survey.RoundID) (map[territory.Code]ListHead, error) {
	heads, err := d.Store.ListHeads(ctx, round, "")
	if err != nil {
		return nil, err
	}
	current := make(map[territory.Code]ListHead, len(heads))
	for _, h := range heads {
		current[h.Village] = h
	}
	return current, nil
}

// AddList takes the checked list of one village and seals the people in it. It
// refuses the very list of another village, and any list once the draw of people
// is committed: the commitment fixed the frame.
func (d Desk) AddList(ctx context.Context, by account.User, round survey.RoundID, file string, list sampling.List) (ListHead, error) {
	if err := d.listsOpen(ctx, round); err != nil {
		return ListHead{}, err
	}
	content := contentOf(list)
	if err := d.notElsewhere(ctx, round, list.Village, content); err != nil {
		return ListHead{}, err
	}
	heads, err := d.Store.ListHeads(ctx, round, list.Village)
	if err != nil {
		return ListHead{}, err
	}
	head := ListHead{Round: round, Village: list.Village, Number: 1, People: len(list.People), File: file, At: d.Clock(), By: by.Name, Content: content}
	if n := len(heads); n > 0 {
		head.Number = heads[n-1].Number + 1
	}
	list.People = slices.Clone(list.People)
	if err := list.Seal(d.Random); err != nil {
		return ListHead{}, err
	}
	rec, err := d.record(ctx, by, account.ImportList, subject{round, list.Village, []string{"file", file}})
	if err != nil {
		return ListHead{}, err
	}
	return head, d.Store.AddList(ctx, rec, head, list)
}

// contentOf is the digest of the people listed, whatever village they are given
// for and whatever their order.
func contentOf(list sampling.List) string {
	lines := make([]string, len(list.People))
	for i, p := range list.People {
		lines[i] = string(p.Line(""))
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:])
}

// notElsewhere refuses a list that counts for another village already: the same
// people do not live in two.
func (d Desk) notElsewhere(ctx context.Context, round survey.RoundID, village territory.Code, content string) error {
	current, err := d.CurrentLists(ctx, round)
	if err != nil {
		return err
	}
	for other, head := range current {
		if other != village && head.Content == content {
			return fault.New(fault.Conflict, "lists.same_people", "village", string(other), "file", head.File)
		}
	}
	return nil
}

// UndoList removes the last list of a village, with the people in it, so that
// the one before counts again.
func (d Desk) UndoList(ctx context.Context, by account.User, round survey.RoundID, village territory.Code) error {
	if err := d.listsOpen(ctx, round); err != nil {
		return err
	}
	heads, err := d.Store.ListHeads(ctx, round, village)
	if err != nil {
		return err
	}
	if len(heads) == 0 {
		return fault.New(fault.NotFound, "lists.none")
	}
	last := heads[len(heads)-1]
	rec, err := d.record(ctx, by, account.UndoList, subject{round, village, []string{"file", last.File}})
	if err != nil {
		return err
	}
	return d.Store.DeleteList(ctx, rec, last)
}

// listsOpen reports whether lists may still change: nil, or why not.
func (d Desk) listsOpen(ctx context.Context, round survey.RoundID) error {
	r, err := d.Store.Round(ctx, round)
	if err != nil {
		return err
	}
	if r.State != survey.RoundDraft {
		return fault.New(fault.Conflict, "round.not_draft", "state", string(r.State))
	}
	draws, err := d.Store.Draws(ctx, round)
	if err != nil {
		return err
	}
	if _, ok := Current(draws, People); ok {
		return fault.New(fault.Conflict, "lists.committed")
	}
	return nil
}
