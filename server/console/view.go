package console

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// view is the state of a table as its address holds it: what is searched, how
// it is sorted, which page. Every view is an address of its own.
type view struct {
	path  string
	query url.Values
}

// pageSize is how many rows a page of a table has.
const pageSize = 50

func (v *visit) view() view { return view{v.Path(), v.query()} }

// get is a parameter of the view, or "".
func (w view) get(name string) string { return w.query.Get(name) }

// with is the address of the view with parameters changed (pairs of name and
// value, "" removes one), on its first page unless that is what changes.
func (w view) with(pairs ...string) string {
	query := url.Values{}
	for name, values := range w.query {
		if name != "page" && name != "done" {
			query[name] = values
		}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			query.Del(pairs[i])
		} else {
			query.Set(pairs[i], pairs[i+1])
		}
	}
	if len(query) == 0 {
		return w.path
	}
	return w.path + "?" + query.Encode()
}

// heading is the head of a column that can be sorted by.
type heading struct {
	Code   string
	Href   string
	Sorted string // "ascending", "descending" or ""
	Number bool
}

// column is a column of a table of T: its parameter name, its title, and its order.
type column[T any] struct {
	name, code string
	number     bool // aligned right, and the largest first
	less       func(a, b T) int
}

// arrange sorts rows by the column that the view names, the first column if it
// names none, and returns the headings. Rows equal in it keep their order.
func arrange[T any](w view, rows []T, columns []column[T]) []heading {
	wanted, down := strings.CutPrefix(w.get("sort"), "-")
	chosen := max(slices.IndexFunc(columns, func(c column[T]) bool { return c.name == wanted }), 0)
	if less := columns[chosen].less; w.get("sort") != "" && less != nil {
		slices.SortStableFunc(rows, func(a, b T) int {
			if down {
				return less(b, a)
			}
			return less(a, b)
		})
	}
	headings := make([]heading, len(columns))
	for i, c := range columns {
		h := heading{Code: c.code, Number: c.number}
		next := c.name
		if c.number {
			next = "-" + c.name
		}
		if i == chosen {
			h.Sorted = "ascending"
			next = "-" + c.name
			if down {
				h.Sorted, next = "descending", c.name
			}
		}
		switch {
		case c.less != nil:
			h.Href = w.with("sort", next)
		case i == 0: // the order in which the rows came
			h.Href = w.with("sort", "")
		default:
			h.Sorted = ""
		}
		headings[i] = h
	}
	return headings
}

// pager says which rows of how many are shown, and where the others are.
type pager struct {
	From, To, Total int
	Previous, Next  string
}

// paginate cuts the page that the view names out of the rows.
func paginate[T any](w view, rows []T) ([]T, pager) {
	last := max((len(rows)-1)/pageSize, 0)
	number, err := strconv.Atoi(w.get("page"))
	if err != nil {
		number = 1
	}
	number = min(max(number-1, 0), last)
	from := number * pageSize
	to := min(from+pageSize, len(rows))
	p := pager{From: min(from+1, to), To: to, Total: len(rows)}
	if number > 0 {
		p.Previous = w.with("page", pageText(number))
	}
	if number < last {
		p.Next = w.with("page", pageText(number+2))
	}
	return rows[from:to], p
}

// pageText writes a page number; the first page needs none.
func pageText(number int) string {
	if number <= 1 {
		return ""
	}
	return strconv.Itoa(number)
}
