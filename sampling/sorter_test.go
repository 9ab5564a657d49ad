package sampling

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

// Records come out in the order of their bytes, from one run or from many, from
// memory or from disk.
func TestTheSorterSortsByBytes(t *testing.T) {
	folder := t.TempDir()
	onDisk := func() (ScratchFile, error) { return os.CreateTemp(folder, "scratch-*") }
	r := rand.New(rand.NewPCG(1, 9))
	for _, limit := range []int{1, 100, 5_000, runBytes} {
		for _, scratch := range []Scratch{nil, onDisk} {
			s := newSorter(scratch)
			s.limit = limit
			var want [][]byte
			for i := range 3_000 {
				record := bytes.Repeat([]byte{byte('a' + r.IntN(3))}, r.IntN(20))
				if r.IntN(1000) == 0 {
					record = append(record, make([]byte, mergeRead+r.IntN(1000))...) // longer than is read at a time
				}
				record = binary.BigEndian.AppendUint32(record, uint32(i))
				want = append(want, record)
				if err := s.add(record); err != nil {
					t.Fatal(err)
				}
			}
			slices.SortFunc(want, bytes.Compare)
			i := 0
			if err := s.each(func(record []byte) {
				if i < len(want) && !bytes.Equal(record, want[i]) {
					t.Fatalf("limit %d: record %d is %q, want %q", limit, i, record, want[i])
				}
				i++
			}); err != nil || i != len(want) {
				t.Fatalf("limit %d: %d records of %d (%v)", limit, i, len(want), err)
			}
		}
	}
}
