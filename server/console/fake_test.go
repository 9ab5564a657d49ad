package console

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"hailong/account"
	"hailong/fault"
	"hailong/survey"
	"hailong/territory"
)

// fakeStore keeps everything in maps. It honours revisions and existing names
// as the stores do, and writes the record of every change.
type fakeStore struct {
	mu       sync.Mutex
	users    map[account.Name]account.User
	sessions map[account.SessionID]account.Session
	links    map[account.LinkID]account.Link
	log      []account.Record
	units    []territory.Unit
	forms    []survey.Questionnaire
	blobs    map[string][]byte
}

func newFakeStore() *fakeStore {
	return &fakeStore{
		users: map[account.Name]account.User{}, sessions: map[account.SessionID]account.Session{},
		links: map[account.LinkID]account.Link{}, blobs: map[string][]byte{},
		units: []territory.Unit{
			{Code: "90", Name: "Sông Hiền", Kind: "Tỉnh", Level: territory.Province},
			{Code: "90001", Name: "Bến Tre Xanh", Kind: "Xã", Level: territory.Commune, Parent: "90", Population: 8421, AreaKm2: 31.2, Size: territory.SizePlausible},
			{Code: "90004", Name: "Cù Lao Mây", Kind: "Xã", Level: territory.Commune, Parent: "90", Population: 412, AreaKm2: 9.75, Size: territory.SizeDoubtful},
			{Code: "90001-01", Name: "Thôn Thượng", Level: territory.Village, Parent: "90001"},
			{Code: "91", Name: "Núi Cao", Kind: "Tỉnh", Level: territory.Province},
			{Code: "91001", Name: "Đèo Gió", Kind: "Xã", Level: territory.Commune, Parent: "91", Population: 5000, AreaKm2: 80, Size: territory.SizePlausible},
		},
	}
}

func notFound() error { return fault.New(fault.NotFound, "store.not_found") }

func lookup[K comparable, V any](s *fakeStore, m map[K]V, key K) (V, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := m[key]
	if !ok {
		return v, notFound()
	}
	return v, nil
}

// change runs a change and writes its record.
func (s *fakeStore) change(rec account.Record, do func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := do(); err != nil {
		return err
	}
	rec.State = account.Done
	s.log = append(s.log, rec)
	return nil
}

func (s *fakeStore) User(_ context.Context, name account.Name) (account.User, error) {
	return lookup(s, s.users, name)
}

func (s *fakeStore) Users(context.Context) ([]account.User, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []account.User
	for _, u := range s.users {
		list = append(list, u)
	}
	slices.SortFunc(list, func(a, b account.User) int { return cmp.Compare(a.Name, b.Name) })
	return list, nil
}

func (s *fakeStore) AddUser(_ context.Context, rec account.Record, u account.User) error {
	return s.change(rec, func() error {
		if _, taken := s.users[u.Name]; taken {
			return fault.New(fault.Conflict, "store.exists")
		}
		u.Revision = 1
		s.users[u.Name] = u
		return nil
	})
}

func (s *fakeStore) replace(u account.User) error {
	if s.users[u.Name].Revision != u.Revision {
		return fault.New(fault.Conflict, "store.changed")
	}
	u.Revision++
	s.users[u.Name] = u
	return nil
}

func (s *fakeStore) ReplaceUser(_ context.Context, rec account.Record, u account.User) error {
	return s.change(rec, func() error { return s.replace(u) })
}

func (s *fakeStore) AddLink(_ context.Context, rec account.Record, l account.Link) error {
	return s.change(rec, func() error { s.links[l.ID] = l; return nil })
}

func (s *fakeStore) Link(_ context.Context, id account.LinkID) (account.Link, error) {
	return lookup(s, s.links, id)
}

func (s *fakeStore) SignIn(_ context.Context, rec account.Record, in account.SigningIn) error {
	return s.change(rec, func() error {
		if in.Link != "" {
			if _, there := s.links[in.Link]; !there {
				return notFound()
			}
			delete(s.links, in.Link)
		}
		s.sessions[in.Session.ID] = in.Session
		return s.replace(in.User)
	})
}

func (s *fakeStore) Session(_ context.Context, id account.SessionID) (account.Session, error) {
	return lookup(s, s.sessions, id)
}

func (s *fakeStore) TouchSession(_ context.Context, id account.SessionID, seen time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	session := s.sessions[id]
	session.SeenAt = seen
	s.sessions[id] = session
	return nil
}

func (s *fakeStore) EndSession(_ context.Context, rec account.Record, id account.SessionID) error {
	return s.change(rec, func() error { delete(s.sessions, id); return nil })
}

func (s *fakeStore) Records(_ context.Context, q account.RecordQuery) ([]account.Record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []account.Record
	for _, r := range slices.Backward(s.log) {
		if q.Matches(r) && len(found) < q.Limit {
			found = append(found, r)
		}
	}
	return found, nil
}

func (s *fakeStore) UnitTree(context.Context) (*territory.Tree, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return territory.NewTree(s.units)
}

func (s *fakeStore) UnitPath(ctx context.Context, code territory.Code) (account.Path, error) {
	tree, err := s.UnitTree(ctx)
	if err != nil {
		return nil, err
	}
	if _, ok := tree.Unit(code); !ok {
		return nil, notFound()
	}
	path := account.Path{code}
	for _, above := range tree.Ancestors(code) {
		path = append(path, above.Code)
	}
	return path, nil
}

func (s *fakeStore) PutUnits(_ context.Context, rec account.Record, units []territory.Unit) error {
	return s.change(rec, func() error {
		for _, u := range units {
			i := slices.IndexFunc(s.units, func(x territory.Unit) bool { return x.Code == u.Code })
			if i < 0 {
				s.units = append(s.units, u)
			} else {
				s.units[i] = u
			}
		}
		return nil
	})
}

func (s *fakeStore) Questionnaires(context.Context) ([]survey.Questionnaire, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.forms), nil
}

func (s *fakeStore) Questionnaire(ctx context.Context, ref survey.Ref) (survey.Questionnaire, error) {
	for _, q := range s.forms {
		if q.Ref() == ref {
			return q, nil
		}
	}
	return survey.Questionnaire{}, notFound()
}

func (s *fakeStore) AddQuestionnaire(ctx context.Context, rec account.Record, q survey.Questionnaire) error {
	return s.change(rec, func() error {
		for _, known := range s.forms {
			if known.Ref() == q.Ref() {
				return fault.New(fault.Conflict, "store.exists")
			}
		}
		s.forms = append(s.forms, q)
		return nil
	})
}

func (s *fakeStore) PutBlob(_ context.Context, r io.Reader) (string, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	digest := fmt.Sprintf("sha256:%x", sha256.Sum256(data))
	s.blobs[digest] = data
	return digest, nil
}

func (s *fakeStore) OpenBlob(_ context.Context, digest string) (io.ReadCloser, error) {
	data, err := lookup(s, s.blobs, digest)
	return io.NopCloser(bytes.NewReader(data)), err
}
