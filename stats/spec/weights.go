package spec

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"math"
	"strconv"

	"hailong/fault"
)

// weightsHeader is the first line of a file of weights.
const weightsHeader = "weight\n"

func encodeWeights(weights []float64) []byte {
	out, texts := []byte(weightsHeader), &weightTexts{}
	for _, w := range weights {
		out = texts.append(out, w)
	}
	return out
}

// weightTexts remember how numbers are written: to find the shortest decimals takes long,
// and weights repeat.
type weightTexts [4096]struct {
	bits   uint64
	text   [24]byte // the longest there is
	length int
}

// append appends a line.
func (t *weightTexts) append(to []byte, weight float64) []byte {
	bits := math.Float64bits(weight)
	at := &t[bits*0x9E3779B97F4A7C15>>52] // the golden ratio spreads numbers that are near
	if at.bits != bits || at.length == 0 {
		at.bits, at.length = bits, len(strconv.AppendFloat(at.text[:0], weight, 'g', -1, 64))
	}
	return append(append(to, at.text[:at.length]...), '\n')
}

// digestOf is the SHA-256 of what is written.
func digestOf(write func(io.Writer) error) (string, error) {
	hash := sha256.New()
	if err := write(hash); err != nil {
		return "", err
	}
	return "sha256:" + hex.EncodeToString(hash.Sum(nil)), nil
}

// wanted are the columns of the file that a plan needs.
func (s Spec) wanted(p *plan) wantedColumns {
	return wantedColumns{labels: p.columns(), numbers: *s.Design.Weights}
}

// table is a part as a table, with codes of its own.
func (p *part) table() *table {
	t := newTable("")
	t.rows = p.rows
	for _, c := range p.columns {
		t.columns[c.Name] = c
	}
	return t
}

// readCells sums the data up in cells as they pass by, and returns the digest of the
// weights that they have there.
func (s Spec) readCells(p *plan, open Open) (*cells, string, error) {
	c, hash := newCells(p), sha256.New()
	hash.Write([]byte(weightsHeader))
	err := s.pass(open, s.wanted(p), func(p2 *part) { p2.made = p.digest(p2.table()) }, func(p *part) error {
		if p.notNumber.row > 0 {
			return errNotInCells
		}
		hash.Write(p.text)
		return c.add(p.made.(*digest), p.numbers)
	})
	if err == nil && len(c.weights) == 0 {
		err = errNotInCells
	}
	return c, "sha256:" + hex.EncodeToString(hash.Sum(nil)), err
}

// pass goes through the data once.
func (s Spec) pass(open Open, wanted wantedColumns, prepare func(*part), take func(*part) error) error {
	in, err := open(s.Data)
	if err != nil {
		return err
	}
	defer in.Close()
	r, first, err := newReading(in, s.Data, wanted)
	if err != nil {
		return err
	}
	r.prepare = prepare
	return r.each(first, take)
}

// factors are what weighting has made of the weights of each cell.
func (c *cells) factors(weights []float64) []float64 {
	for cell, before := range c.weights {
		if before > 0 {
			weights[cell] /= before
		}
	}
	return weights
}

// rewriteWeights writes the final weights of the rows. It goes through the data again,
// so that they need not be kept.
func (s Spec) rewriteWeights(c *cells, factors []float64, open Open, w io.Writer) error {
	if _, err := io.WriteString(w, weightsHeader); err != nil {
		return err
	}
	keys := &plan{design: c.plan.keys(), conditions: c.plan.conditions}
	rows := 0
	find := func(p *part) { p.made = keys.digest(p.table()) }
	var lines []byte
	texts := &weightTexts{}
	return s.pass(open, s.wanted(keys), find, func(p *part) error {
		c.locate(p.made.(*digest), false)
		lines = lines[:0]
		for i, cell := range c.at {
			rows++
			if cell < 0 {
				return fault.New(fault.Invalid, "stats.data_changed", "row", rows+1)
			}
			lines = texts.append(lines, p.numbers[i]*factors[cell])
		}
		_, err := w.Write(lines)
		return err
	})
}
