package account

import "time"

// SessionID identifies a session in a store: the hash of the cookie's secret.
type SessionID string

// SessionOf returns the identifier of the session that the secret opens.
func SessionOf(s Secret) SessionID { return SessionID(s.hash("session")) }

// How long a session lives, whatever happens, and without use.
const (
	SessionLife = 12 * time.Hour
	SessionIdle = time.Hour
)

// touchEvery spares a write a request: a session's last use is kept so
// precisely and no more.
const touchEvery = 2 * time.Minute

// Session is one sign-in of one user on one browser.
type Session struct {
	ID        SessionID `json:"id"`
	User      Name      `json:"user"`
	Epoch     int       `json:"epoch"` // of the user when the session began
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at"`
	ExpiresAt time.Time `json:"expires_at"` // when a sweep may remove it
}

// NewSession begins a session of the user and returns it with the secret for
// the cookie. A fresh secret at every sign-in leaves nothing to be fixed by a
// stranger beforehand.
func NewSession(u User, at time.Time) (Session, Secret) {
	secret := NewSecret()
	return Session{
		ID: SessionOf(secret), User: u.Name, Epoch: u.SessionEpoch,
		CreatedAt: at, SeenAt: at, ExpiresAt: at.Add(SessionLife),
	}, secret
}

// Live reports whether the session still opens the console to the user.
func (s Session) Live(u User, at time.Time) bool {
	return s.User == u.Name && s.Epoch == u.SessionEpoch && !u.Disabled &&
		at.Before(s.ExpiresAt) && at.Sub(s.SeenAt) <= SessionIdle
}

// NeedsTouch reports whether the last use should be stored anew.
func (s Session) NeedsTouch(at time.Time) bool { return at.Sub(s.SeenAt) >= touchEvery }

// SigningIn is one successful sign-in, to be stored as a whole: the user with the time
// and the device of the sign-in, the new session, and the link used up, if any.
type SigningIn struct {
	User    User
	Session Session
	Link    LinkID // "" for a sign-in by password
}
