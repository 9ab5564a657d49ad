package spec

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"hailong/fault"
	"hailong/stats"
)

// areaFields are those of stat small_area, whose data rows are areas.
type areaFields struct {
	Variance  string         `json:"variance"`  // column: of the direct estimate
	Effective string         `json:"effective"` // column: effective sample size of a share, instead of its variance
	Terms     []string       `json:"terms"`     // covariates besides the intercept
	Method    string         `json:"method"`
	Benchmark *areaBenchmark `json:"benchmark"`
}

// areaColumns lists the columns that the fields name.
func (f areaFields) areaColumns() []string {
	names := slices.Clone(f.Terms)
	for _, name := range []string{f.Variance, f.Effective} {
		if name != "" {
			names = append(names, name)
		}
	}
	if f.Benchmark != nil {
		names = append(names, f.Benchmark.Weights)
	}
	return names
}

// areaBenchmark is the direct estimate of the whole, and the column of the areas'
// weights in it.
type areaBenchmark struct {
	Target  float64 `json:"target"`
	Weights string  `json:"weights"`
}

// areaRow is what stat small_area adds to a figure.
type areaRow struct {
	Modelled    bool    `json:"modelled,omitempty"`
	Direct      *Number `json:"direct,omitempty"`
	Synthetic   *Number `json:"synthetic,omitempty"`
	Gamma       *Number `json:"gamma,omitempty"` // weight of the direct estimate
	Benchmarked *Number `json:"benchmarked,omitempty"`
}

// modelled is one area's estimate, whichever model made it.
type modelled struct {
	value, mse, synthetic, gamma float64
	ci                           stats.Interval
}

// smallArea fits the model of Fay and Herriot to the rows, each of which is one
// group. With effective sizes the shares are modelled on the arcsine scale.
func (r runner) smallArea(e Estimate, groups []domain) (Result, []fault.Problem, error) {
	if len(e.Vars) != 1 || (e.Variance == "") == (e.Effective == "") {
		return Result{}, nil, fault.New(fault.Invalid, "area.spec", "id", e.ID)
	}
	rows, err := r.areaRows(groups)
	if err != nil {
		return Result{}, nil, err
	}
	x, err := r.covariates(e, rows)
	if err != nil {
		return Result{}, nil, err
	}
	direct, err := r.at(e.Vars[0], rows)
	if err != nil {
		return Result{}, nil, err
	}
	areas, a, err := r.fitAreas(e, rows, direct, x)
	if err != nil {
		return Result{}, nil, err
	}
	out := Result{ID: e.ID, Stat: e.Stat, AreaVariance: number64(a)}
	for i, m := range areas {
		out.Rows = append(out.Rows, Row{
			Group: groups[i].group, Label: e.Vars[0], Estimate: Number(m.value), SE: Number(math.Sqrt(m.mse)), CI: pair(m.ci),
			DF: Number(math.NaN()), Deff: Number(math.NaN()), DeffWR: Number(math.NaN()), SumWeights: Number(math.NaN()),
			areaRow: areaRow{Modelled: true, Direct: number64(direct[i]), Synthetic: number64(m.synthetic), Gamma: number64(m.gamma)},
		})
	}
	return out, nil, r.benchmark(e, rows, out.Rows)
}

// areaRows finds the one row of every group.
func (r runner) areaRows(groups []domain) ([]int32, error) {
	var rows []int32
	for _, g := range groups {
		in := g.rows.Rows()
		if len(in) != 1 {
			return nil, fault.New(fault.Invalid, "area.rows", "area", g.name(""), "rows", len(in))
		}
		rows = append(rows, in[0])
	}
	return rows, nil
}

// at reads a column's numbers at the rows.
func (r runner) at(name string, rows []int32) ([]float64, error) {
	y, err := r.table.numbers(name)
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(rows))
	for i, row := range rows {
		out[i] = y.Values[row]
	}
	return out, nil
}

// covariates makes the matrix of intercept and terms; a category has a column for
// each level but the first.
func (r runner) covariates(e Estimate, rows []int32) ([][]float64, error) {
	columns := []stats.Numbers{}
	for _, name := range e.Terms {
		if !numeric(r.table.columns[name].Levels) {
			columns = append(columns, r.table.indicators(name)[1:]...)
			continue
		}
		y, err := r.table.numbers(name)
		if err != nil {
			return nil, err
		}
		columns = append(columns, y)
	}
	x := make([][]float64, len(rows))
	for i, row := range rows {
		x[i] = []float64{1}
		for _, c := range columns {
			if math.IsNaN(c.Values[row]) {
				return nil, &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{
					fault.P("stats.auxiliary_missing").AtRow(int(row)+1, c.Name)}}
			}
			x[i] = append(x[i], c.Values[row])
		}
	}
	return x, nil
}

// areaDraws is the number of bootstrap draws behind the error of a modelled share.
const areaDraws = 500

func (r runner) fitAreas(e Estimate, rows []int32, direct []float64, x [][]float64) (areas []modelled, a float64, err error) {
	method := stats.AreaMethod(cmp.Or(e.Method, string(stats.AreaREML)))
	known, err := r.at(cmp.Or(e.Variance, e.Effective), rows)
	if err != nil {
		return nil, 0, err
	}
	if e.Variance != "" {
		m, err := stats.FitAreas(stats.Areas{Values: direct, Variances: known, X: x}, method)
		for _, area := range m.Areas {
			areas = append(areas, modelled{area.Value, area.MSE, area.Synthetic, area.Gamma, area.Interval(e.level())})
		}
		return areas, m.A, err
	}
	o := stats.ShareOptions{Method: method, Level: e.level(), Draws: cmp.Or(e.Draws, areaDraws), Seed: e.Seed}
	shares, m, err := stats.FitShares(stats.ShareAreas{Shares: direct, Effective: known, X: x}, o)
	for _, s := range shares {
		areas = append(areas, modelled{s.Value, s.MSE, s.Synthetic, s.Gamma, s.CI})
	}
	return areas, m.A, err
}

// benchmark fills in the benchmarked values if they are asked for.
func (r runner) benchmark(e Estimate, rows []int32, out []Row) error {
	if e.Benchmark == nil {
		return nil
	}
	weights, err := r.at(e.Benchmark.Weights, rows)
	if err != nil {
		return err
	}
	values := make([]float64, len(out))
	for i, row := range out {
		if values[i] = float64(row.Estimate); !(weights[i] >= 0) {
			return &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{
				fault.P("stats.weight_invalid", "value", fmt.Sprint(weights[i])).AtRow(int(rows[i])+1, e.Benchmark.Weights)}}
		}
	}
	adjusted := stats.BenchmarkRatio(values, weights, e.Benchmark.Target)
	if e.Effective != "" {
		if adjusted, err = stats.BenchmarkShares(values, weights, e.Benchmark.Target); err != nil {
			return err
		}
	}
	for i := range out {
		out[i].Benchmarked = number64(adjusted[i])
	}
	return nil
}
