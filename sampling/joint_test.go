package sampling

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

var jointSizes = []uint64{12, 7, 30, 1, 25, 18, 5, 9, 40, 22, 3, 16}

// everyPair returns the joint probabilities of all units of a cell, as if all
// had been drawn.
func everyPair(m Method, n int, sizes ...uint64) (pi []float64, pair jointly) {
	r := restOf(sizes...)
	r.n = n
	probability := r.probabilities(m, uint64(n))
	var choices []choice
	for i, size := range sizes {
		num, den := probability(size)
		choices = append(choices, choice{uint32(i), i, RoleMain, num, den})
		pi = append(pi, nearest(num, den))
	}
	return pi, r.joint(m, choices)
}

// Sampford's and the systematic designs' joint probabilities are R's. Expected:
// testdata/joint.csv, by testdata/joint.R.
func TestJointProbabilitiesAreRs(t *testing.T) {
	in, err := os.Open("testdata/joint.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	rows, err := csv.NewReader(in).ReadAll()
	if err != nil || len(rows) != 1+4*66 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows[1:] {
		method, size, _ := strings.Cut(row[0], " ")
		n, i, j := atoi(t, size), atoi(t, row[1]), atoi(t, row[2])
		want, err := strconv.ParseFloat(row[3], 64)
		if err != nil {
			t.Fatal(err)
		}
		_, pair := everyPair(Method(method), n, jointSizes...)
		if got := pair(i-1, j-1); math.Abs(got-want) > 1e-9*want+1e-14 || pair(j-1, i-1) != got {
			t.Errorf("%s, units %d and %d: %v, R has %v", row[0], i, j, got, want)
		}
	}
}

func atoi(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// In a design of fixed size n the joint probabilities of a unit with all others
// add up to (n−1)·π, also for probabilities near 0 and near 1.
func TestJointProbabilitiesAddUp(t *testing.T) {
	uneven := make([]uint64, 60)
	for i := range uneven {
		uneven[i] = 1 + uint64(i*i*i)
	}
	for _, sizes := range [][]uint64{jointSizes, uneven, {1, 1, 1, 1}, {10, 10, 9}} {
		for _, n := range []int{1, 2, 3, 12} {
			for _, m := range []Method{SRS, Systematic, PPSSystematic, PPSSampford} {
				pi, pair := everyPair(m, n, sizes...)
				if n >= len(sizes) || pi[len(pi)-1] >= 1 || pi[len(pi)-2] >= 1 {
					continue
				}
				for i := range pi {
					sum := 0.0
					for j := range pi {
						if i != j {
							sum += pair(i, j)
						}
					}
					if want := float64(n-1) * pi[i]; math.Abs(sum-want) > 1e-12 {
						t.Errorf("%s, n = %d of %d, unit %d: %v, want %v", m, n, len(sizes), i, sum, want)
					}
				}
			}
		}
	}
}

// The arcs of the systematic designs give what counting all starts gives.
func TestSystematicPairsAreThoseOfAllStarts(t *testing.T) {
	for n := 1; n <= 5; n++ {
		r := restOf(jointSizes...)
		bySize, even := map[[2]int]int{}, map[[2]int]int{}
		count := func(into map[[2]int]int, drawn []int) {
			for k, j := range drawn {
				for _, i := range drawn[:k] {
					into[[2]int{i, j}]++
				}
			}
		}
		for start := range r.left {
			if n < 5 { // then 5·40 is above 188 and unit 9 would be certain
				count(bySize, r.ppsSystematic(uint64(n), start))
			}
		}
		for start := range uint64(r.len()) {
			count(even, systematic(uint64(r.len()), uint64(n), start))
		}
		_, arcs := everyPair(PPSSystematic, n, jointSizes...)
		_, evenArcs := everyPair(Systematic, n, jointSizes...)
		for j := range jointSizes {
			for i := range j {
				if want := float64(bySize[[2]int{i, j}]) / float64(r.left); n < 5 && arcs(i, j) != want {
					t.Errorf("n = %d, units %d and %d by size: %v, counted %v", n, i, j, arcs(i, j), want)
				}
				if want := float64(even[[2]int{i, j}]) / float64(r.len()); evenArcs(i, j) != want {
					t.Errorf("n = %d, units %d and %d evenly: %v, counted %v", n, i, j, evenArcs(i, j), want)
				}
			}
		}
	}
}

// Joint gives the pairs of the units that were drawn: within a cell by the
// method, with certainty units and between cells the product.
func TestJointGivesThePairsOfADraw(t *testing.T) {
	text := "code,kind,size\na,x,12\nb,x,7\nc,x,30\nd,x,900\ne,y,25\nf,y,18\ng,y,5\nh,y,9\ni,y,40\n"
	f, err := ReadFrame(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []Method{SRS, Systematic, PPSSystematic, PPSSampford, Poisson, All, PPSPareto} {
		p := Plan{Key: "code", Strata: []string{"kind"}, Method: m, Size: "size", Reserve: Counts{Each: 1}}
		if m != All {
			p.N = Counts{Each: 3}
		}
		s, r, err := Draw(f, p, DrawInput{Beacon: "b"})
		if err != nil {
			t.Fatal(err)
		}
		units := map[Key]Drawn{}
		for _, u := range s.Units {
			if u.Role != RoleReserve {
				units[u.Key] = u
			}
		}
		pairs := 0
		err = Joint(f, r, Evidence{}, func(p Pair) error {
			pairs++
			i, j := units[p.I], units[p.J]
			independent := i.StageProb * j.StageProb
			apart := i.Stratum != j.Stratum || i.Role == RoleCertainty || j.Role == RoleCertainty || m == Poisson
			if p.P <= 0 || p.P > min(i.StageProb, j.StageProb) || apart && p.P != independent {
				t.Errorf("%s: %s and %s: %v, alone %v and %v", m, p.I, p.J, p.P, i.StageProb, j.StageProb)
			}
			return nil
		})
		if m == PPSPareto {
			if err == nil || !strings.Contains(err.Error(), "draw.no_joint") {
				t.Errorf("Pareto: %v", err)
			}
			continue
		}
		if n := len(units); err != nil || pairs != n*(n-1)/2 {
			t.Errorf("%s: %d pairs of %d units (%v)", m, pairs, n, err)
		}
	}
	if _, pair := everyPair(SRS, 3, 1, 1, 1, 1, 1); fmt.Sprint(pair(0, 4)) != "0.3" { // 3·2/(5·4)
		t.Errorf("srs: %v", pair(0, 4))
	}
}
