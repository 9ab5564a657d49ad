package conduct_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"flag"
	"math"
	"os"
	"strconv"
	"testing"

	"hailong/conduct"
	"hailong/sampling"
	"hailong/scorecard"
	"hailong/store"
	"hailong/survey"
	"hailong/territory"
)

var update = flag.Bool("update", false, "write testdata/round.csv anew; then run testdata/round.R")

// The whole way from the draw to the figures agrees with R's survey package: the
// answers of a simulated round stand in testdata/round.csv with weights worked
// out here in the plainest way, and testdata/round.R estimates from that file.
// The expected numbers are its output with R 4.2.2 and survey 4.1-1.
func TestFiguresOfASimulatedRoundAgreeWithR(t *testing.T) {
	d, st := simulated(t, conduct.Simulation{Seed: 11, Response: 0.85})
	ctx := context.Background()
	data := microdata(t, d, st)
	if *update {
		must(t, os.WriteFile("testdata/round.csv", data, 0o644))
	}
	kept, err := os.ReadFile("testdata/round.csv")
	must(t, err)
	if !bytes.Equal(data, kept) {
		t.Fatal("the simulated round is another than that of testdata/round.csv: run with -update, then testdata/round.R")
	}
	edition, err := d.Compute(ctx, analyst, round)
	must(t, err)
	compareWithR(t, edition)
}

// compareWithR checks value, standard error and degrees of freedom of every
// figure that R computed.
func compareWithR(t *testing.T, edition scorecard.Edition) {
	t.Helper()
	raw, err := os.ReadFile("testdata/round_expected.csv")
	must(t, err)
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	must(t, err)
	if len(rows) < 20 {
		t.Fatalf("only %d expected figures", len(rows))
	}
	for _, row := range rows[1:] {
		tier := scorecard.Tier(row[1])
		got, ok := edition.Find(territory.Code(row[0]), tier, row[2])
		if !ok {
			t.Errorf("no figure %v", row[:3])
			continue
		}
		for i, have := range []float64{float64(got.Value), float64(got.SE), float64(got.DF)} {
			want, err := strconv.ParseFloat(row[3+i], 64)
			must(t, err)
			if math.Abs(have-want) > 1e-9*math.Abs(want) {
				t.Errorf("%v column %d: %v, R has %v", row[:3], 3+i, have, want)
			}
		}
	}
}

// microdata is the answers with their design: a row a respondent.
func microdata(t *testing.T, d conduct.Desk, st *store.Store) []byte {
	t.Helper()
	ctx := context.Background()
	sample, err := d.CurrentSample(ctx, round, conduct.People)
	must(t, err)
	answered := map[survey.BallotID]survey.Response{}
	for r, err := range st.Responses(ctx, survey.RoundPrefix(round)) {
		must(t, err)
		answered[r.ID] = r
	}
	type person struct {
		u       sampling.Drawn
		commune string
		r       survey.Response
	}
	var people []person
	drawn, reached := map[string]float64{}, map[string]float64{}
	for _, u := range sample.Units {
		if u.Role == sampling.RoleReserve {
			continue
		}
		village := sample.Value(u, "village")
		commune := village[:5]
		drawn[commune] += u.Weight
		ballot := survey.Ballot{Round: round, Unit: territory.Code(village), Origin: survey.OriginSample, Nonce: d.Keys.PersonNonce(round, string(u.Key))}
		if r, ok := answered[ballot.ID()]; ok {
			reached[commune] += u.Weight
			people = append(people, person{u, commune, r})
		}
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	must(t, w.Write([]string{"commune", "village", "stratum", "psu", "weight", "i1", "i2", "i3", "i4", "i5"}))
	for _, p := range people {
		row := []string{p.commune, string(p.r.Unit), p.u.VarianceStratum, p.u.PSU,
			strconv.FormatFloat(p.u.Weight*drawn[p.commune]/reached[p.commune], 'g', -1, 64)}
		for _, item := range []survey.QuestionCode{"i1", "i2", "i3", "i4", "i5"} {
			row = append(row, p.r.Answers.First(item))
		}
		must(t, w.Write(row))
	}
	w.Flush()
	must(t, w.Error())
	return out.Bytes()
}
