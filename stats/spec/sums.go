package spec

import "slices"

// sum is a weight and a number of people.
type sum struct {
	w float64
	n int64
}

func (s *sum) add(w float64, n int64) {
	s.w += w
	s.n += n
}

// pages hold a fixed number of sums for each cell, some cells a page: more cells leave
// those at hand where they are.
type pages struct {
	width int
	pages [][]sum
}

// pageCells is the number of cells of a page.
const pageCells = 256

// grow makes room for as many cells.
func (p *pages) grow(cells int) {
	for len(p.pages)*pageCells < cells {
		p.pages = append(p.pages, make([]sum, pageCells*p.width))
	}
}

// of are the sums of a cell.
func (p *pages) of(cell int32) []sum {
	at := int(cell) % pageCells * p.width
	return p.pages[cell/pageCells][at : at+p.width]
}

// histogram holds, for each cell, sums by a value of which there may be ever more.
type histogram struct {
	stride int
	sums   []sum
}

// grow makes room for as many cells and values.
func (h *histogram) grow(cells, values int) {
	if values > h.stride {
		wider := &histogram{stride: max(values, 2*h.stride)}
		count := len(h.sums) / h.stride
		wider.grow(count, wider.stride)
		for c := range count {
			copy(wider.sums[c*wider.stride:], h.sums[c*h.stride:(c+1)*h.stride])
		}
		*h = *wider
	}
	if more := cells*h.stride - len(h.sums); more > 0 {
		h.sums = slices.Grow(h.sums, more)[:cells*h.stride]
	}
}

// add adds rows: their cells, weights and codes, and the value of each code.
func (h *histogram) add(cell []int32, weights []float64, codes, values []int32) {
	for i, code := range codes {
		if w := weights[i]; code >= 0 && w > 0 {
			h.sums[int(cell[i])*h.stride+int(values[code])].add(w, 1)
		}
	}
}
