package stats

import "math"

// people are those whom a form rests on, in a design whose rows are cells of them.
// Where a row is a person they follow from the rows, and forms have none.
type people struct {
	n      int
	w      float64 // sum of their weights
	spread float64 // S² of their linearised values; NaN if it is not known
}

// peopleWith are the people of the rows who have a value, of which scale times is
// the linearised value.
func (d *Design) peopleWith(y Numbers, rows []int32, scale float64) *people {
	if y.Cells == nil {
		return nil
	}
	var p people
	mean, squares := 0.0, 0.0
	for _, row := range rows {
		w := d.weights[row] * y.share(row)
		p.n += int(y.Cells[row].N)
		p.w += w
		mean += w * y.Values[row]
	}
	mean /= p.w
	for _, row := range rows {
		dist := y.Values[row] - mean
		squares += d.weights[row] * y.share(row) * (y.Cells[row].Variance + dist*dist)
	}
	p.spread = spreadOf(p.n, scale*scale*squares, p.w)
	return &p
}

// rowPeople are the rows themselves.
func (d *Design) rowPeople(f Linear) *people {
	p := people{n: len(f.rows)}
	mean, squares := 0.0, 0.0
	for i, row := range f.rows {
		p.w += d.weights[row]
		mean += d.weights[row] * f.z[i]
	}
	mean /= p.w
	for i, row := range f.rows {
		dist := f.z[i] - mean
		squares += d.weights[row] * dist * dist
	}
	p.spread = spreadOf(p.n, squares, p.w)
	return &p
}

// spreadOf is S² = n/(n-1)·Σw(z-z̄)²/Σw.
func spreadOf(n int, squares, w float64) float64 {
	return float64(n) / float64(n-1) * squares / w
}

// peopleOf joins the people of several forms that together have the given number of
// rows. Of forms that share cells it is not known who is in several: the largest
// number stands for all, and there is no spread.
func (d *Design) peopleOf(gradient []float64, forms []Linear, union int) *people {
	rows, mean := 0, 0.0
	out := &people{}
	means := make([]float64, len(forms))
	for j, f := range forms {
		if f.people == nil {
			return nil
		}
		rows += len(f.rows)
		for i, row := range f.rows {
			means[j] += gradient[j] * d.weights[row] * f.z[i]
		}
		mean += means[j]
		means[j] /= f.people.w
		out.n += f.people.n
		out.w += f.people.w
	}
	if rows > union {
		largest := *forms[0].people
		for _, f := range forms[1:] {
			if f.people.n > largest.n {
				largest = *f.people
			}
		}
		largest.spread = math.NaN()
		return &largest
	}
	mean /= out.w
	squares := 0.0
	for j, f := range forms {
		dist := means[j] - mean
		squares += f.people.w * dist * dist
		if n := float64(f.people.n); n > 1 {
			squares += f.people.w * (n - 1) / n * gradient[j] * gradient[j] * f.people.spread
		}
	}
	out.spread = spreadOf(out.n, squares, out.w)
	return out
}
