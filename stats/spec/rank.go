package spec

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"hailong/fault"
	"hailong/stats"
)

// rankFields are those of stat rank.
type rankFields struct {
	Top      int    `json:"top"`
	Draws    int    `json:"draws"`
	Seed     uint64 `json:"seed"`
	LowFirst bool   `json:"low_first"`
}

// rankRow is what stat rank adds to a figure.
type rankRow struct {
	Rank      int     `json:"rank,omitempty"`
	RankCI    *[2]int `json:"rank_ci,omitempty"`
	RankJoint *[2]int `json:"rank_ci_joint,omitempty"`
	Top       *Number `json:"top,omitempty"` // probability of being among the first
	Band      int     `json:"band,omitempty"`
}

// rank puts the groups into an order by the mean of a variable, or by the overall
// value of an index if items are given. A group whose error cannot be estimated has
// no rank.
func (r runner) rank(e Estimate, groups []domain) (Result, []fault.Problem, error) {
	forms := func(r runner) ([]wanted, error) { return r.rankedForms(e, groups) }
	rows, err := forms(r)
	if err != nil {
		return Result{}, nil, err
	}
	estimated, err := r.joint(forms, rows)
	if err != nil {
		return Result{}, nil, err
	}
	out := Result{ID: e.ID, Stat: e.Stat, Cov: matrix(estimated.Cov)}
	var sure []int
	for i, row := range estimated.Rows {
		made := rowOf(row, e.level(), []stats.IntervalMethod{stats.IntervalLogit})
		made.Label, made.Group = rows[i].label, rows[i].group
		out.Rows = append(out.Rows, made)
		if row.DF > 0 && !math.IsNaN(row.SE) {
			sure = append(sure, i)
		}
	}
	if err := e.placeRows(out.Rows, sure, estimated); err != nil {
		return Result{}, nil, err
	}
	return out, withID(estimated.Warnings, e), nil
}

// rankedForms makes one form a group.
func (r runner) rankedForms(e Estimate, groups []domain) ([]wanted, error) {
	forms, want := each(runner.means), stats.Level("")
	if len(e.Items) > 0 {
		forms, want = runner.indices, stats.LevelOverall
	}
	if (len(e.Items) == 0) == (len(e.Vars) == 0) || len(e.Vars) > 1 {
		return nil, fault.New(fault.Invalid, "rank.spec", "id", e.ID)
	}
	all, err := forms(r, e, groups)
	if err != nil {
		return nil, err
	}
	var rows []wanted
	for _, w := range all {
		if w.form.Level == want {
			rows = append(rows, w)
		}
	}
	if len(rows) != len(groups) {
		return nil, fault.New(fault.Invalid, "rank.spec", "id", e.ID) // a category has a mean for each level
	}
	return rows, nil
}

// placeRows ranks the rows at the given places.
func (e Estimate) placeRows(rows []Row, at []int, estimated stats.Result) error {
	ranking := stats.Ranking{}
	cov := mat.NewSymDense(max(len(at), 1), nil)
	for a, i := range at {
		row := estimated.Rows[i]
		ranking.Values, ranking.DF = append(ranking.Values, row.Value), append(ranking.DF, row.DF)
		cov.SetSym(a, a, row.SE*row.SE)
		for b, k := range at[:a] {
			if estimated.Cov != nil {
				cov.SetSym(a, b, estimated.Cov.At(i, k))
			}
		}
	}
	ranking.Cov = cov
	ranks, err := stats.Ranks(ranking, stats.RankOptions{Level: e.level(), Top: e.Top, LowFirst: e.LowFirst, Draws: e.Draws, Seed: e.Seed})
	if err != nil {
		return err
	}
	for a, i := range at {
		rank := ranks[a]
		rows[i].rankRow = rankRow{
			Rank: rank.Rank, Band: rank.Band, Top: number64(rank.Top),
			RankCI:    &[2]int{rank.Marginal.Best, rank.Marginal.Worst},
			RankJoint: &[2]int{rank.Joint.Best, rank.Joint.Worst},
		}
	}
	return nil
}
