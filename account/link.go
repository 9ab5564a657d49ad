package account

import (
	"time"

	"hailong/fault"
)

// LinkID identifies a one-time link in a store: the hash of its secret.
type LinkID string

// LinkOf returns the identifier of the link that the secret belongs to.
func LinkOf(s Secret) LinkID { return LinkID(s.hash("link")) }

// LinkLife is how long a one-time link may be used.
const LinkLife = 15 * time.Minute

// Link is a one-time way to sign in without a password. Opening it shows a
// button; only pressing that uses it up, so a preview of the link spoils
// nothing.
type Link struct {
	ID        LinkID    `json:"id"`
	User      Name      `json:"user"`
	Epoch     int       `json:"epoch"` // of the user when the link was made
	ExpiresAt time.Time `json:"expires_at"`
}

// NewLink makes a link for the user and returns it with the secret for its
// address.
func NewLink(u User, at time.Time) (Link, Secret) {
	secret := NewSecret()
	return Link{ID: LinkOf(secret), User: u.Name, Epoch: u.SessionEpoch, ExpiresAt: at.Add(LinkLife)}, secret
}

// Opens reports whether the link signs the user in at the time given: nil, or
// a Gone error.
func (l Link) Opens(u User, at time.Time) error {
	if l.User != u.Name || l.Epoch != u.SessionEpoch || !at.Before(l.ExpiresAt) {
		return fault.New(fault.Gone, "account.link_gone")
	}
	return nil
}
