package export

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"hailong/fault"
	"hailong/scorecard"
	"hailong/static"
)

// simulatedCell marks the rows of a simulated edition, in every language, in
// the first column of both CSV forms; the cell of a real edition is empty.
const simulatedCell = "SỐ LIỆU MÔ PHỎNG"

func (r Report) mark() string {
	if r.Edition.Simulated {
		return simulatedCell
	}
	return ""
}

// machineColumns are the columns of EditionCSV; docs/data-dictionary.md says
// what each holds.
var machineColumns = []string{
	"simulated", "round", "edition", "interim", "unit", "level", "name", "strata", "psu", "tier", "code", "n", "psus", "value", "se", "df",
	"t_low", "t_high", "logit_low", "logit_high", "deff", "publication", "reasons", "sampled", "answered", "response_rate",
	"design", "questionnaire", "formula", "formula_digest", "input_digest", "computed_at",
}

// EditionCSV writes one row a figure for programs: every number in full
// precision with a decimal point, empty where it is withheld or undefined.
// Nothing is guarded: cells are exactly the values.
func EditionCSV(w io.Writer, r Report) error {
	out := csv.NewWriter(w)
	if err := out.Write(machineColumns); err != nil {
		return unwritten(err)
	}
	for _, f := range r.Edition.Figures {
		if err := out.Write(r.machineRow(f)); err != nil {
			return unwritten(err)
		}
	}
	return flushed(out)
}

func (r Report) machineRow(f scorecard.Figure) []string {
	e := r.Edition
	exact := func(x scorecard.Float) string {
		if !shown(f) {
			return ""
		}
		return exactly(x)
	}
	row := []string{
		r.mark(), string(e.Round), strconv.Itoa(e.Number), strconv.FormatBool(e.Interim),
		string(f.Domain.Unit), string(f.Domain.Level), f.Domain.Name, strings.Join(f.Domain.Strata, " "), f.Domain.PSU, string(f.Tier), f.Code,
		strconv.Itoa(f.N), strconv.Itoa(f.PSUs), exact(f.Value), exact(f.SE), strconv.Itoa(f.DF),
		exact(f.T.Low), exact(f.T.High), exact(f.Logit.Low), exact(f.Logit.High), exact(f.Deff),
		string(f.Publication), strings.Join(f.Reasons, " "),
	}
	if work, known := r.fieldwork(f.Domain.Unit); known {
		row = append(row, strconv.Itoa(work.Sampled), strconv.Itoa(work.Answered), exactly(work.Rate()))
	} else {
		row = append(row, "", "", "")
	}
	return append(row, strings.Join(e.Design, " "), string(e.Questionnaire), string(e.Formula), e.FormulaDigest,
		e.InputDigest, e.ComputedAt.UTC().Format(time.RFC3339))
}

// exactly writes the shortest decimal that reads back as the same number.
func exactly(x scorecard.Float) string {
	if !x.Defined() {
		return ""
	}
	return strconv.FormatFloat(float64(x), 'g', -1, 64)
}

// readableColumns are the codes of the columns of EditionReadableCSV.
var readableColumns = []string{
	"column_simulated", "column_unit", "column_tier", "column_figure", "column_value", "column_low", "column_high", "column_se",
	"column_n", "column_villages", "column_df", "column_deff", "column_state", "column_response", "column_formula", "column_input", "column_reason_guarded",
}

// EditionReadableCSV writes one row a figure for people who open CSV in a
// spreadsheet: with a byte order mark, numbers as the language writes them, and
// cells that a spreadsheet would take for a formula guarded by an apostrophe,
// which the last column's heading says.
func EditionReadableCSV(w io.Writer, lang static.Lang, r Report) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return unwritten(err)
	}
	out := csv.NewWriter(w)
	heads := make([]string, len(readableColumns))
	for i, code := range readableColumns {
		heads[i] = guarded(text(lang, code))
	}
	if err := out.Write(heads); err != nil {
		return unwritten(err)
	}
	for _, f := range r.Edition.Figures {
		row := r.readableRow(lang, f)
		for i := range row {
			row[i] = guarded(row[i])
		}
		if err := out.Write(row); err != nil {
			return unwritten(err)
		}
	}
	return flushed(out)
}

func (r Report) readableRow(lang static.Lang, f scorecard.Figure) []string {
	numbers := []string{text(lang, "withheld"), "", "", ""}
	deff := ""
	if shown(f) {
		numbers = []string{number(lang, f.Value), number(lang, f.Logit.Low), number(lang, f.Logit.High), number(lang, f.SE)}
		deff = number(lang, f.Deff)
	}
	row := append([]string{r.mark(), f.Domain.Name, text(lang, "tier_"+string(f.Tier)), r.label(lang, f.Tier, f.Code)}, numbers...)
	return append(row, strconv.Itoa(f.N), strconv.Itoa(f.PSUs), strconv.Itoa(f.DF), deff, state(lang, f), r.response(lang, f),
		string(r.Edition.Formula), r.Edition.InputDigest, reasons(lang, f))
}

// response is the response rate of the unit of a figure in words.
func (r Report) response(lang static.Lang, f scorecard.Figure) string {
	work, known := r.fieldwork(f.Domain.Unit)
	if !known {
		return "–"
	}
	return static.Number(lang, float64(work.Rate()), 1)
}

// guarded puts an apostrophe before a cell that a spreadsheet would run as a
// formula.
func guarded(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

func flushed(out *csv.Writer) error {
	out.Flush()
	if err := out.Error(); err != nil {
		return unwritten(err)
	}
	return nil
}

func unwritten(err error) error { return fault.Wrap(err, fault.Internal, "export.write") }
