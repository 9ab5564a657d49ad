package sampling_test

import (
	"testing"

	"hailong/sampling"
)

// Draws stay the same for good, on every processor: a receipt of today must
// verify with the program of ten years hence. If this fails, the draw was
// changed, and published receipts no longer verify.
func TestDrawsStayTheSame(t *testing.T) {
	f := frameOfSizes(t, 12, 7, 30, 1, 25, 18, 5, 9, 40, 22, 3, 16, 200)
	if f.Digest() != "sha256:6122a8ea70ed1506627e1fb8971e8b1316eb9e02c46d65acfe5b95d615d28425" {
		t.Errorf("frame %s", f.Digest())
	}
	for method, want := range map[sampling.Method]string{
		sampling.SRS:           " u04 u06 u13 u12 u11 u02 u07 5375b846",
		sampling.Systematic:    " u04 u11 u08 u06 u03 u12 u13 55311b37",
		sampling.PPSSystematic: " u04 u13 u08 u10 u03 u09 u05 b0761900",
		sampling.PPSSampford:   " u04 u13 u10 u11 u03 u09 u07 7a62a09c",
		sampling.PPSPareto:     " u04 u13 u03 u05 u01 u11 u08 347bddbd",
		sampling.Poisson:       " u04 u13 u02 u12 u06 u10 u09 u05 7fdb6734",
		sampling.All:           " u04 u11 u07 u02 u08 u01 u12 u06 u10 u05 u03 u09 u13 01ad393d",
	} {
		p := sampling.Plan{ID: "p", Key: "key", Size: "size", Method: method, Order: []string{"size"}, Certainty: []sampling.Key{"u04"}}
		if method != sampling.All {
			p.N, p.Reserve = sampling.Counts{Each: 5}, sampling.Counts{Each: 2}
		}
		s, _ := mustDraw(t, f, p, sampling.DrawInput{Source: "drand:quicknet:1", Beacon: "b"})
		keys := ""
		for _, u := range s.Units {
			keys += " " + string(u.Key)
		}
		if got := keys + " " + string(s.Digest()[7:15]); got != want {
			t.Errorf("%s: %s, want %s", method, got, want)
		}
	}
}
