package spec

import (
	"errors"
	"runtime"
	"sync"

	"hailong/stats"
)

// replicated is what a figure is computed again from.
type replicated struct {
	stats.Replicates
	steps weighting     // which every replicate goes through
	base  *stats.Design // before them
}

// batch is how many replicates are computed together: what they are computed from is
// then read once for all of them.
const batch = 8

// values computes the forms' values under every replicate, in parallel: from totals
// where they are functions of totals, else by the estimators.
func (r *replicated) values(forms []stats.Linear, figures func(*stats.Design) ([]float64, error)) ([][]float64, error) {
	values := make([][]float64, len(r.Factors))
	next := make(chan int)
	failed := make([]error, runtime.GOMAXPROCS(0))
	var running sync.WaitGroup
	for worker := range failed {
		running.Go(func() {
			scratch := make([][]float64, batch)
			for i := range scratch {
				scratch[i] = make([]float64, len(r.Unit))
			}
			for from := range next {
				if failed[worker] != nil {
					continue
				}
				some := values[from:min(from+batch, len(values))]
				designs, err := r.designs(from, scratch[:len(some)])
				if err == nil {
					err = evaluate(some, designs, forms, figures)
				}
				failed[worker] = err
			}
		})
	}
	for from := 0; from < len(values); from += batch {
		next <- from
	}
	close(next)
	running.Wait()
	return values, errors.Join(failed...)
}

// designs are those of some replicates, a scratch each.
func (r *replicated) designs(from int, scratch [][]float64) ([]*stats.Design, error) {
	designs := make([]*stats.Design, len(scratch))
	for i := range designs {
		d, err := r.DesignIn(scratch[i], r.base, from+i)
		if err != nil {
			return nil, err
		}
		if designs[i], err = r.steps.apply(d); err != nil {
			return nil, err
		}
	}
	return designs, nil
}

// evaluate fills in the forms' values, by design.
func evaluate(values [][]float64, designs []*stats.Design, forms []stats.Linear, figures func(*stats.Design) ([]float64, error)) error {
	if again, ok := stats.Reweighed(forms, designs); ok {
		copy(values, again)
		return nil
	}
	for i, d := range designs {
		var err error
		if values[i], err = figures(d); err != nil {
			return err
		}
	}
	return nil
}
