package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
)

// The shape of the invented sample: communes in strata, villages (the primary
// units) in communes, people in villages.
const (
	strata          = 20
	communes        = 10 // a stratum
	villages        = 5  // a commune
	psus            = strata * communes * villages
	items           = 22
	replicates      = 500
	itemsPerElement = 4 // elements are groups of items; the last has the rest
)

// margins are the distributions to which weights are raked, with the share of each
// level; people are drawn with other shares.
var margins = []struct {
	name   string
	levels []string
	share  []float64
}{
	{"sex", []string{"f", "m"}, []float64{.51, .49}},
	{"age", []string{"18-29", "30-44", "45-59", "60-74", "75+"}, []float64{.22, .31, .26, .16, .05}},
	{"area", []string{"core", "near", "far"}, []float64{.4, .35, .25}},
}

// population is what every margin adds up to.
const population = 2_000_000

// generate writes a sample of people, its margins and its replicate factors. The
// same rows give the same files on every machine.
func generate(folder string, rows int) error {
	rng := rand.New(rand.NewPCG(2026, uint64(rows)))
	return errors.Join(
		write(filepath.Join(folder, dataFile(rows)), func(w *bufio.Writer) { people(w, rng, rows) }),
		write(filepath.Join(folder, "margins.csv"), func(w *bufio.Writer) {
			fmt.Fprintln(w, "margin,level,total")
			for _, m := range margins {
				for i, level := range m.levels {
					fmt.Fprintf(w, "%s,%s,%g\n", m.name, level, population*m.share[i])
				}
			}
		}),
		write(filepath.Join(folder, "replicates.csv"), func(w *bufio.Writer) { factors(w, rng) }))
}

func dataFile(rows int) string { return fmt.Sprintf("people-%d.csv", rows) }

func write(path string, content func(*bufio.Writer)) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(file, 1<<20)
	content(w)
	return errors.Join(w.Flush(), file.Close())
}

func psuName(psu int) string { return fmt.Sprintf("%03d-%d", psu/villages, psu%villages) }

// people come village by village, as an export of a round has them. Everybody
// answered every item, so that one call of svymean sees the same rows for all.
func people(w *bufio.Writer, rng *rand.Rand, rows int) {
	out := csv.NewWriter(w)
	record := []string{"stratum", "psu", "commune", "w"}
	for _, m := range margins {
		record = append(record, m.name)
	}
	for i := range items {
		record = append(record, fmt.Sprint("q", i+1))
	}
	out.Write(record) // errors stay in w until Flush
	mood := 0.0
	for row, before := 0, -1; row < rows; row++ {
		psu := row * psus / rows
		if psu != before {
			before, mood = psu, rng.NormFloat64()*0.4
		}
		commune := psu / villages
		record = append(record[:0], fmt.Sprintf("h%02d", commune/communes), psuName(psu), fmt.Sprintf("%05d", 10000+commune),
			strconv.FormatFloat(float64(100+commune%7*10+rng.IntN(100))/100, 'f', -1, 64))
		for _, m := range margins {
			record = append(record, m.levels[min(rng.IntN(len(m.levels)), rng.IntN(len(m.levels)))])
		}
		person := mood + rng.NormFloat64()*0.7
		for i := range items {
			answer := 3.7 + person + 0.02*float64(i) + rng.NormFloat64()*0.8
			record = append(record, strconv.Itoa(min(max(int(answer), 1), 5)))
		}
		out.Write(record)
	}
	out.Flush()
}

// factors are those of the bootstrap of Rao, Wu and Yue: of a stratum's n primary units
// n-1 are drawn with replacement, and a unit's factor is n/(n-1) times how often.
func factors(w *bufio.Writer, rng *rand.Rand) {
	const n = psus / strata
	drawn := make([][]int, psus)
	for psu := range drawn {
		drawn[psu] = make([]int, replicates)
	}
	for r := range replicates {
		for h := range strata {
			for range n - 1 {
				drawn[h*n+rng.IntN(n)][r]++
			}
		}
	}
	w.WriteString("psu")
	for r := range replicates {
		fmt.Fprintf(w, ",r%d", r+1)
	}
	for psu := range drawn {
		w.WriteString("\n" + psuName(psu))
		for _, times := range drawn[psu] {
			w.WriteString("," + strconv.FormatFloat(float64(times)*n/(n-1), 'g', -1, 64))
		}
	}
	w.WriteString("\n")
}
