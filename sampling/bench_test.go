package sampling_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"hailong/sampling"
	"hailong/territory"
)

// villages makes a frame of n villages in 63 strata with sizes of 100 to 2,000.
func villages(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	var out bytes.Buffer
	out.WriteString("code,name,kind,province,population\n")
	for i := range n {
		fmt.Fprintf(&out, "%06d,Thôn Đồng Tâm %d,%s,%02d,%d\n", i, i, []string{"Thôn", "Tổ dân phố"}[i%2], i*63/n+1, 100+r.IntN(1900))
	}
	return out.Bytes()
}

// BenchmarkReadCSV is the yardstick: encoding/csv reading the same file.
func BenchmarkReadCSV(b *testing.B) {
	file := villages(100_000)
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		in := csv.NewReader(bytes.NewReader(file))
		for {
			if _, err := in.Read(); err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkReadFrame reads, normalises and hashes 100,000 rows.
func BenchmarkReadFrame(b *testing.B) {
	file := villages(100_000)
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		if _, err := sampling.ReadFrame(bytes.NewReader(file)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDrawPPS draws about 5,000 of 100,000 villages by size in 63 strata.
func BenchmarkDrawPPS(b *testing.B) {
	f := mustFrame(b, string(villages(100_000)))
	p := mustPlan(b, `{"key":"code","strata":["province"],"method":"pps_systematic","size":"population","order":["code"],"n":79}`)
	for b.Loop() {
		if _, _, err := sampling.Draw(f, p, sampling.DrawInput{Beacon: "b"}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPickedLists makes the report on 300 villages of 250 people, all sorted
// by age, of which 40 are drawn and 30 answered.
func BenchmarkPickedLists(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	lists := honest(rng, 300, 100)
	for i := range lists {
		slices.SortFunc(lists[i].People, func(a, b sampling.Person) int { return a.BirthYear - b.BirthYear })
	}
	in := sampling.PickedInput{Lists: lists, Year: 2026, Drawn: someOf(rng, lists, 40), Answered: someOf(rng, lists, 30), Pyramids: map[territory.Code]sampling.Pyramid{}}
	figures := pyramidOf(lists)
	for _, l := range lists {
		in.Pyramids[l.Village] = figures
	}
	for b.Loop() {
		sampling.FindPicked(in)
	}
}
