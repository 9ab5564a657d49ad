package store

import (
	"context"
	"slices"
	"sync"
	"time"

	"hailong/account"
	"hailong/fault"
	"hailong/territory"
)

// Units returns all units by code.
func (s *Store) Units(ctx context.Context) ([]territory.Unit, error) {
	return all[territory.Unit](ctx, s.engine, Range{Kind: Units})
}

// Unit returns one unit.
func (s *Store) Unit(ctx context.Context, code territory.Code) (territory.Unit, error) {
	u, _, err := get[territory.Unit](ctx, s.engine, Units, string(code))
	return u, named(err, "units.unknown", "code", string(code))
}

// treeLife is how long a tree is shared before units that another copy of the
// program changed are seen.
const treeLife = 3 * time.Second

// treeCache is the tree of all units as last read.
type treeCache struct {
	sync.Mutex
	tree   *territory.Tree
	readAt time.Time
}

// UnitTree returns the tree of all units, which callers share and never change.
func (s *Store) UnitTree(ctx context.Context) (*territory.Tree, error) {
	s.tree.Lock()
	defer s.tree.Unlock()
	if s.tree.tree != nil && time.Since(s.tree.readAt) < treeLife {
		return s.tree.tree, nil
	}
	units, err := s.Units(ctx)
	if err != nil {
		return nil, err
	}
	tree, err := territory.NewTree(units)
	if err != nil {
		return nil, err
	}
	s.tree.tree, s.tree.readAt = tree, time.Now()
	return tree, nil
}

// forget makes the next reader see what was just changed.
func (c *treeCache) forget() {
	c.Lock()
	c.tree = nil
	c.Unlock()
}

// PutUnits adds units, or replaces those of the same code.
func (s *Store) PutUnits(ctx context.Context, rec account.Record, units []territory.Unit) error {
	changes := make([]Change, len(units))
	for i, u := range units {
		changes[i] = Change{Op: Put, Kind: Units, ID: string(u.Code), Doc: u}
	}
	defer s.tree.forget()
	return s.engine.Apply(ctx, audit(rec), changes...)
}

// UnitPath returns the unit and its ancestors, the nearest first. The path of
// account.Everywhere, and of no unit, is Everywhere alone.
func (s *Store) UnitPath(ctx context.Context, code territory.Code) (account.Path, error) {
	if code == account.Everywhere || code == "" {
		return account.Path{account.Everywhere}, nil
	}
	var path account.Path
	for code != "" {
		if slices.Contains(path, code) {
			return nil, fault.New(fault.Internal, "units.circle", "code", string(code))
		}
		u, err := s.Unit(ctx, code)
		if err != nil {
			return nil, err
		}
		path = append(path, code)
		code = u.Parent
	}
	return path, nil
}
