package export_test

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"hailong/export"
	"hailong/sampling"
	"hailong/scorecard"
	"hailong/static"
)

// aaporExample is the worked example of AAPOR's Standard Definitions' calculator: with
// e = 9/10, RR1 to RR6 are .364 .545 .370 .556 .444 .667. The weighted outcomes are
// seven times that, where I is another.
func aaporExample() export.Report {
	people := sampling.Outcomes{I: 4, P: 2, R: 1, NC: 1, O: 1, UH: 1, UO: 1, NE: 1}
	weighted := sampling.Outcomes{I: 42, P: 14, R: 7, NC: 7, O: 7, UH: 7, UO: 7, NE: 7}
	r := report()
	r.Edition.Fieldwork = slices.Clone(r.Edition.Fieldwork)
	r.Edition.Fieldwork[0].Outcomes = &scorecard.Outcomes{People: people, Weighted: weighted}
	r.Edition.Fieldwork[1].Outcomes = &scorecard.Outcomes{} // nobody was reached: no rate is defined
	return r
}

func TestTheWorkbookHoldsEveryRateOfTheStandard(t *testing.T) {
	f := readBook(t, made(t, "edition-rates.xlsx", func(w *bytes.Buffer) error { return export.EditionXLSX(w, static.Vietnamese, aaporExample()) }))
	const sheet = "Tỷ lệ AAPOR"
	head := rowOf(t, f, sheet, "Đơn vị")
	rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != head+4 {
		t.Fatalf("%d rows below the heading, want two of each unit with outcomes", len(rows)-head)
	}
	value := func(row []string, name string) float64 {
		i := slices.Index(rows[head-1], name)
		if i < 0 {
			t.Fatalf("no column %s in %v", name, rows[head-1])
		}
		if i >= len(row) || row[i] == "" {
			return math.NaN()
		}
		x, err := strconv.ParseFloat(row[i], 64)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	for name, want := range map[string]float64{ // percent, by hand: A = 9, U = 2, A + eU = 10.8
		"I": 4, "NE": 1, "e": 90, "RR1": 400. / 11, "RR2": 600. / 11, "RR3": 400 / 10.8, "RR4": 600 / 10.8, "RR5": 400. / 9, "RR6": 600. / 9,
		"COOP1": 50, "COOP2": 75, "COOP3": 400. / 7, "COOP4": 600. / 7, "REF1": 100. / 11, "REF2": 100 / 10.8, "REF3": 100. / 9,
		"CON1": 800. / 11, "CON2": 800 / 10.8, "CON3": 800. / 9,
	} {
		if got := value(rows[head], name); math.Abs(got-want) > 1e-9 {
			t.Errorf("%s = %v, want %v", name, got, want)
		}
	}
	if got, want := value(rows[head+1], "RR1"), 4200./91; math.Abs(got-want) > 1e-9 { // A = 77, U = 14
		t.Errorf("weighted RR1 = %v, want %v", got, want)
	}
	if got := value(rows[head+2], "RR2"); !math.IsNaN(got) {
		t.Errorf("of nobody RR2 is %v, want nothing", got)
	}
}

func TestTheReportTellsEveryRateOfTheProvinceAndWhatCannotBeChecked(t *testing.T) {
	pdf := made(t, "report-rates.pdf", func(w *bytes.Buffer) error { return export.ReportPDF(w, static.Vietnamese, aaporExample()) })
	words := strings.Join(strings.Fields(strings.Join(pdfText(t, pdf, "-layout"), " ")), " ")
	for _, want := range []string{"4.1. Các tỷ lệ theo AAPOR, toàn tỉnh", "I – trả lời đủ 4 42,0", "e (%) 90,0 91,7", "RR1 (%) 36,4 46,2", "RR2 (%) 54,5 61,5", "RR6 (%) 66,7", "COOP4 (%) 85,7", "REF3 (%) 11,1", "CON3 (%) 88,9",
		"Kết cục của từng người thì không công khai",
	} {
		if !strings.Contains(words, want) {
			t.Errorf("the report lacks %q", want)
		}
	}
}

// Numbers that would show a single person's outcome stand in no file: of communes no
// outcome, of the province a sum.
func TestOutcomesThatMustNotBeToldStandInNoFile(t *testing.T) {
	r := aaporExample()
	r.Edition.Fieldwork = scorecard.Disclose(r.Edition.Fieldwork, 5)
	pdf := made(t, "report-joined.pdf", func(w *bytes.Buffer) error { return export.ReportPDF(w, static.Vietnamese, r) })
	words := strings.Join(strings.Fields(strings.Join(pdfText(t, pdf, "-layout"), " ")), " ")
	for _, want := range []string{"R + NC + O + UH + UO + NE – gộp, không công bố riêng 6 42,0", "RR1 (%) 33,3 42,9", "RR2 (%) 50,0 57,1"} {
		if !strings.Contains(words, want) {
			t.Errorf("the report lacks %q", want)
		}
	}
	for _, no := range []string{"R – từ chối", "REF1 (%)", "RR3 (%)", "e (%)"} {
		if strings.Contains(words, no) {
			t.Errorf("the report tells %q", no)
		}
	}
	f := readBook(t, made(t, "edition-joined.xlsx", func(w *bytes.Buffer) error { return export.EditionXLSX(w, static.Vietnamese, r) }))
	rows, err := f.GetRows("Tỷ lệ AAPOR", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	head := rowOf(t, f, "Tỷ lệ AAPOR", "Đơn vị")
	if len(rows) != head+2 {
		t.Fatalf("%d rows below the heading, want the province's two", len(rows)-head)
	}
	at := slices.Index(rows[head-1], "Gộp các ô trống")
	if people := rows[head]; people[at] != "6" || people[slices.Index(rows[head-1], "R")] != "" || people[slices.Index(rows[head-1], "I")] != "4" {
		t.Errorf("people %v", people)
	}
}
