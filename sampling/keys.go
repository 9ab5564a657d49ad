package sampling

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"

	"hailong/fault"
)

const (
	keyParts      = 256    // of the hashes, by their first byte
	keyBuffer     = 4096   // bytes of a part held before they are spooled
	maxSuspicions = 50_000 // hashes that are looked at more closely
)

// keySet finds the keys that occur more than once, in eight bytes a key: it
// keeps hashes, parted by their first byte so that each part fits into a
// processor's cache, and says which hashes occurred twice. Only then is the
// frame gone through again for the keys themselves, so no result rests on the
// hash or on its seed.
type keySet struct {
	seed  maphash.Seed
	spool spool
	parts [keyParts]struct {
		kept   []extent
		buffer []byte
		keys   int
	}
}

func newKeySet(scratch Scratch) *keySet {
	return &keySet{seed: maphash.MakeSeed(), spool: spool{scratch: scratch}}
}

func (s *keySet) hash(key string) uint64 { return maphash.String(s.seed, key) }

func (s *keySet) add(key string) error {
	h := s.hash(key)
	p := &s.parts[h>>56]
	p.buffer = binary.LittleEndian.AppendUint64(p.buffer, h)
	p.keys++
	if len(p.buffer) < keyBuffer {
		return nil
	}
	e, err := s.spool.put(p.buffer)
	p.kept, p.buffer = append(p.kept, e), p.buffer[:0]
	return err
}

// suspicions returns hashes that were added more than once.
func (s *keySet) suspicions() (map[uint64]bool, error) {
	found := make(map[uint64]bool)
	var table []uint64
	block := make([]byte, keyBuffer)
	for i := range s.parts {
		p := &s.parts[i]
		size := 1 << bits.Len(uint(2*p.keys))
		if cap(table) < size {
			table = make([]uint64, size)
		}
		table = table[:size]
		clear(table)
		enter(table, p.buffer, found)
		for _, e := range p.kept {
			hashes, err := s.spool.get(e, 0, block)
			if err != nil {
				return nil, err
			}
			enter(table, hashes, found)
		}
	}
	return found, nil
}

// enter puts hashes into an open table whose size is a power of two, and notes
// those that are there already. 0 marks a free place, so a hash 0 counts as 1.
func enter(table []uint64, hashes []byte, found map[uint64]bool) {
	mask := uint64(len(table) - 1)
	for ; len(hashes) > 0; hashes = hashes[8:] {
		h := max(binary.LittleEndian.Uint64(hashes), 1)
		at := h & mask
		for table[at] != 0 && table[at] != h {
			at = (at + 1) & mask
		}
		if table[at] == h && len(found) < maxSuspicions {
			found[h] = true
		}
		table[at] = h
	}
}

// duplicates collects the repeated keys among the suspected ones.
type duplicates struct {
	set       *keySet
	suspected map[uint64]bool
	first     map[string]int // row of each suspected key
	column    string
	problems  []fault.Problem
}

// see looks at the key of a row.
func (d *duplicates) see(row int, key string) {
	if !d.suspected[max(d.set.hash(key), 1)] {
		return
	}
	first, repeated := d.first[key]
	if !repeated {
		d.first[key] = row
		return
	}
	if len(d.problems) < maxProblems {
		d.problems = append(d.problems, fault.P("frame.duplicate_key", "key", key, "first", first+2).AtRow(row+2, d.column))
	}
}
