package export

import (
	"encoding/csv"
	"io"
	"strconv"

	"hailong/sampling"
	"hailong/scorecard"
)

// RateRow is what became of the drawn people of one unit.
type RateRow struct {
	Unit, Name         string
	Drawn, Substitutes int
	People, Weighted   sampling.Outcomes
}

// RatesCSV writes the outcomes and all rates of units for programs: two rows a
// unit, counted in people and in base weights, each with its own e. Undefined
// rates are empty.
func RatesCSV(w io.Writer, simulated bool, rows []RateRow) error {
	out := csv.NewWriter(w)
	head := []string{"simulated", "unit", "name", "basis", "drawn", "substitutes"}
	for _, c := range sampling.Categories {
		head = append(head, string(c))
	}
	head = append(head, "e")
	for _, rate := range (sampling.Rates{}).List() {
		head = append(head, rate.Name)
	}
	if err := out.Write(head); err != nil {
		return unwritten(err)
	}
	mark := Report{Edition: scorecard.Edition{Simulated: simulated}}.mark()
	for _, row := range rows {
		for _, basis := range []struct {
			name string
			o    sampling.Outcomes
		}{{"people", row.People}, {"weights", row.Weighted}} {
			cells := []string{mark, row.Unit, row.Name, basis.name, strconv.Itoa(row.Drawn), strconv.Itoa(row.Substitutes)}
			if err := out.Write(append(cells, rateCells(basis.o)...)); err != nil {
				return unwritten(err)
			}
		}
	}
	return flushed(out)
}

// rateCells are the outcomes, e and the rates of a unit.
func rateCells(o sampling.Outcomes) []string {
	var cells []string
	for _, c := range sampling.Categories {
		cells = append(cells, exactly(scorecard.Float(o.Of(c))))
	}
	rates := o.Rates(o.Eligibility())
	cells = append(cells, exactly(scorecard.Float(rates.E)))
	for _, rate := range rates.List() {
		cells = append(cells, exactly(scorecard.Float(rate.Value)))
	}
	return cells
}
