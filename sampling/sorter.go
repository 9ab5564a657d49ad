package sampling

import (
	"bytes"
	"container/heap"
	"encoding/binary"
	"slices"
)

const (
	runBytes  = 24 << 20 // of records sorted in memory at a time
	mergeRead = 64 << 10 // bytes read of each run at a time
)

// sorter puts records of bytes in order: in runs that are sorted in memory,
// spooled and merged.
type sorter struct {
	spool  spool
	limit  int    // bytes of a run
	text   []byte // records of the run at hand
	places []recordPlace
	runs   []extent
}

// recordPlace is one record of the run at hand: where it lies, and its first bytes,
// which mostly decide.
type recordPlace struct {
	prefix     uint64
	start, end uint32
}

func newSorter(scratch Scratch) *sorter {
	return &sorter{spool: spool{scratch: scratch}, limit: runBytes}
}

// add takes one record. Records must differ.
func (s *sorter) add(record []byte) error {
	var first [8]byte
	copy(first[:], record)
	start := len(s.text)
	s.text = append(s.text, record...)
	s.places = append(s.places, recordPlace{binary.BigEndian.Uint64(first[:]), uint32(start), uint32(len(s.text))})
	if len(s.text)+len(s.places)*16 < s.limit {
		return nil
	}
	return s.endRun()
}

// endRun sorts and spools the run at hand: each record behind its length.
func (s *sorter) endRun() error {
	slices.SortFunc(s.places, func(a, b recordPlace) int {
		switch {
		case a.prefix < b.prefix:
			return -1
		case a.prefix > b.prefix:
			return 1
		}
		return bytes.Compare(s.text[a.start:a.end], s.text[b.start:b.end])
	})
	var run extent
	block := make([]byte, 0, mergeRead+binary.MaxVarintLen64)
	flush := func() error {
		e, err := s.spool.put(block)
		if run.length == 0 {
			run = e
		} else {
			run.held, run.length = append(run.held, e.held...), run.length+e.length
		}
		block = block[:0]
		return err
	}
	for _, p := range s.places {
		block = binary.AppendUvarint(block, uint64(p.end-p.start))
		block = append(block, s.text[p.start:p.end]...)
		if len(block) >= mergeRead {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	err := flush()
	s.runs = append(s.runs, run)
	s.text, s.places = s.text[:0], s.places[:0]
	return err
}

// each gives all records in order, and ends the sorter.
func (s *sorter) each(visit func(record []byte)) error {
	if err := s.endRun(); err != nil {
		return err
	}
	s.text, s.places = nil, nil
	var m merge
	for _, run := range s.runs {
		r := &runReader{spool: &s.spool, run: run, block: make([]byte, 0, mergeRead)}
		if more, err := r.next(); err != nil {
			return err
		} else if more {
			m = append(m, r)
		}
	}
	heap.Init(&m)
	for len(m) > 0 {
		visit(m[0].record)
		more, err := m[0].next()
		switch {
		case err != nil:
			return err
		case more:
			heap.Fix(&m, 0)
		default:
			heap.Pop(&m)
		}
	}
	return s.spool.close()
}

// runReader reads one run record by record.
type runReader struct {
	spool  *spool
	run    extent
	from   int // of the block, within the run
	at     int // within the block
	block  []byte
	record []byte
}

// next reads the next record; more is false at the end of the run.
func (r *runReader) next() (more bool, err error) {
	for {
		length, n := binary.Uvarint(r.block[r.at:])
		if end := r.at + n + int(length); n > 0 && end <= len(r.block) {
			r.record, r.at = r.block[r.at+n:end], end
			return true, nil
		}
		if r.from+len(r.block) >= r.run.length {
			return false, nil
		}
		if n > 0 && n+int(length) > cap(r.block) {
			r.block = make([]byte, 0, n+int(length))
		}
		r.from, r.at = r.from+r.at, 0
		if r.block, err = r.spool.get(r.run, r.from, r.block); err != nil {
			return false, err
		}
	}
}

// merge is a heap of runs by their records at hand.
type merge []*runReader

// Len, Less, Swap, Push and Pop implement heap.Interface.
func (m merge) Len() int           { return len(m) }
func (m merge) Less(i, j int) bool { return bytes.Compare(m[i].record, m[j].record) < 0 }
func (m merge) Swap(i, j int)      { m[i], m[j] = m[j], m[i] }
func (m *merge) Push(x any)        { *m = append(*m, x.(*runReader)) }
func (m *merge) Pop() any {
	last := (*m)[len(*m)-1]
	*m = (*m)[:len(*m)-1]
	return last
}
