package ready_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hailong/sampling"
	"hailong/sampling/ready"
)

// realUnits opens one of the public lists of units, which are not part of the
// project: they lie in ../shared beside it, and are required where HAILONG_CI is set.
func realUnits(t *testing.T, name string) sampling.Frame {
	t.Helper()
	in, err := os.Open(filepath.Join("..", "..", "..", "shared", "data", "units", name))
	if err != nil {
		if os.Getenv("HAILONG_CI") == "1" {
			t.Fatalf("the list of units is required here: %v", err)
		}
		t.Skipf("without the list of units: %v", err)
	}
	defer in.Close()
	f, err := sampling.ReadFrame(in)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// country is the frames of a chain by stage. Districts and communes are real,
// villages and people invented: those below the units of a sample.
type country struct {
	t      *testing.T
	chain  ready.Chain
	set    ready.Values
	frames map[string]func(parents []sampling.Drawn, of sampling.Sample) sampling.Frame
}

// drawn is one stage that was drawn.
type drawn struct {
	plan   sampling.Plan
	sample sampling.Sample
	parent *sampling.Parent
}

// draw fills in and draws the stages one after the other, and checks of every
// unit that its probability is its parent's times that of the stage.
func (c country) draw(beacon string, stages ...string) map[string]drawn {
	c.t.Helper()
	result := make(map[string]drawn)
	var above drawn
	for i, stage := range stages {
		units := main(above.sample)
		frame := c.frames[stage](units, above.sample)
		plan, _, err := c.chain.Fill(stage, c.set, ready.Drawing{Frame: frame, Parent: above.parent})
		if err != nil {
			c.t.Fatalf("%s: %v", stage, err)
		}
		s, r, err := sampling.Draw(frame, plan, sampling.DrawInput{Parent: above.parent, Beacon: beacon + stage})
		if err != nil {
			c.t.Fatalf("%s: %v", stage, err)
		}
		if i > 0 {
			c.multiply(units, s, plan.ParentKey)
		}
		parent, err := sampling.ReadParent(r.Encode(), s.CSV())
		if err != nil {
			c.t.Fatal(err)
		}
		above = drawn{plan, s, parent}
		result[stage] = above
	}
	return result
}

// multiply checks that probabilities multiply along the chain.
func (c country) multiply(parents []sampling.Drawn, s sampling.Sample, parentKey string) {
	c.t.Helper()
	above := make(map[string]float64, len(parents))
	for _, p := range parents {
		above[string(p.Key)] = p.InclusionProb
	}
	for _, u := range s.Units {
		want := above[s.Value(u, parentKey)] * u.StageProb
		if u.Role != sampling.RoleReserve && (want == 0 || u.InclusionProb != want || u.Weight != 1/want) {
			c.t.Fatalf("%s: probability %v, want %v", u.Key, u.InclusionProb, want)
		}
	}
}

func main(s sampling.Sample) []sampling.Drawn {
	return slices.DeleteFunc(slices.Clone(s.Units), func(u sampling.Drawn) bool { return u.Role == sampling.RoleReserve })
}

func weights(s sampling.Sample) float64 {
	sum := 0.0
	for _, u := range main(s) {
		sum += u.Weight
	}
	return sum
}

func newFrame(t *testing.T, columns string, rows [][]string) sampling.Frame {
	t.Helper()
	f, err := sampling.NewFrame(strings.Split(columns, ","), rows)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// villagesOf invents between 6 and 12 villages a commune, the first the seat.
func villagesOf(code string) (rows [][]string) {
	x, _ := strconv.Atoi(code)
	for i := range 6 + x%7 {
		seat := "0"
		if i == 0 {
			seat = "1"
		}
		rows = append(rows, []string{fmt.Sprintf("%s-%02d", code, i+1), code, strconv.Itoa(300 + (x*(i+1))%700), seat})
	}
	return rows
}

// peopleOf invents the list of a village: 45 to 64 people aged 15 to 89.
func peopleOf(village, province string) (rows [][]string) {
	x := 0
	for _, r := range village {
		x = (x*31 + int(r)) % 9973
	}
	for i := range 45 + x%20 {
		rows = append(rows, []string{fmt.Sprintf("%s-%03d", village, i+1), village, province, strconv.Itoa(15 + (x+7*i)%75)})
	}
	return rows
}

// invented are the frames of villages and people below drawn units.
func invented(t *testing.T, c *country) {
	c.frames["villages"] = func(communes []sampling.Drawn, _ sampling.Sample) sampling.Frame {
		var rows [][]string
		for _, u := range communes {
			rows = append(rows, villagesOf(string(u.Key))...)
		}
		return newFrame(t, "code,commune,population,seat", rows)
	}
	c.frames["people"] = func(villages []sampling.Drawn, _ sampling.Sample) sampling.Frame {
		var rows [][]string
		for _, u := range villages {
			rows = append(rows, peopleOf(string(u.Key), "22")...)
		}
		return newFrame(t, "key,village,province_code,age", rows)
	}
}

// twoTier is a province of today.
func twoTier(t *testing.T) country {
	communes := realUnits(t, "communes.csv")
	chain := find(t, "sipas-two-tier")
	c := country{t: t, chain: chain, set: chain.Example.Set, frames: map[string]func([]sampling.Drawn, sampling.Sample) sampling.Frame{
		"communes": func([]sampling.Drawn, sampling.Sample) sampling.Frame { return communes },
	}}
	invented(t, &c)
	return c
}

// The example of the file: Quảng Ninh with Vân Đồn for certain.
func TestSIPASOfTwoTiersInQuangNinh(t *testing.T) {
	got := twoTier(t).draw("quảng ninh", "communes", "villages", "people")
	communes, villages, people := got["communes"].sample, got["villages"].sample, got["people"].sample
	if len(communes.Units) != 12 || len(villages.Units) != 36 || len(main(people)) != 720 || len(people.Units) != 1080 {
		t.Errorf("%d communes, %d villages, %d people and %d with the reserve",
			len(communes.Units), len(villages.Units), len(main(people)), len(people.Units))
	}
	if !slices.ContainsFunc(communes.Units, func(u sampling.Drawn) bool { return u.Key == "06994" && u.InclusionProb == 1 }) {
		t.Error("Vân Đồn is not certain")
	}
	if got["people"].plan.Parent != got["villages"].parent.Digest() || got["villages"].plan.Parent != got["communes"].parent.Digest() {
		t.Error("the plans do not name their parents")
	}
}

// Over many beacons the weights of drawn villages and people add up to all
// villages and people of the province on average (Horvitz and Thompson 1952): the
// mean of 150 draws lies within four of its standard errors.
func TestWeightsOfAChainAreUnbiased(t *testing.T) {
	c := twoTier(t)
	all, everybody := 0.0, 0.0
	communes := realUnits(t, "communes.csv")
	for i := range communes.Len() {
		if communes.Value(i, "province_code") == "22" {
			for _, v := range villagesOf(communes.Value(i, "code")) {
				all++
				everybody += float64(len(peopleOf(v[0], "22")))
			}
		}
	}
	var villages, people []float64
	for i := range 150 {
		got := c.draw(fmt.Sprint("beacon ", i), "communes", "villages", "people")
		villages, people = append(villages, weights(got["villages"].sample)), append(people, weights(got["people"].sample))
	}
	isMean(t, "villages", villages, all)
	isMean(t, "people", people, everybody)
}

// isMean checks the mean of estimates against the truth.
func isMean(t *testing.T, what string, estimates []float64, truth float64) {
	t.Helper()
	mean, square := 0.0, 0.0
	for _, x := range estimates {
		mean += x / float64(len(estimates))
	}
	for _, x := range estimates {
		square += (x - mean) * (x - mean)
	}
	se := math.Sqrt(square / float64(len(estimates)-1) / float64(len(estimates)))
	if !(math.Abs(mean-truth) < 4*se) || se > truth/20 {
		t.Errorf("%s: mean %v ± %v of %d draws, truth %v", what, mean, se, len(estimates), truth)
	}
	t.Logf("%s: mean %.1f (standard error %.1f), truth %v", what, mean, se, truth)
}
