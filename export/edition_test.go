package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"hailong/export"
	"hailong/scorecard"
	"hailong/static"
	"hailong/survey"
	"hailong/territory"
)

// The shape of the national questionnaire: two parts, nine elements, 33 items.
var elements = []struct {
	id, part, vi string
	items        int
}{
	{"accountability", "policy", "Trách nhiệm giải trình của chính quyền", 2}, {"participation", "policy", "Cơ hội tham gia của người dân", 2},
	{"quality", "policy", "Chất lượng tổ chức thực hiện chính sách", 8}, {"impact", "policy", "Kết quả, tác động của chính sách", 2},
	{"access", "service", "Tiếp cận dịch vụ hành chính công", 4}, {"procedures", "service", "Thủ tục hành chính", 4},
	{"staff", "service", "Công chức trực tiếp giải quyết công việc", 5}, {"results", "service", "Kết quả cung ứng dịch vụ", 3},
	{"feedback", "service", "Tiếp nhận, giải quyết ý kiến góp ý, phản ánh, kiến nghị", 3},
}

var communeNames = []string{"Phường Kim Long", "Phường Vỹ Dạ", "Phường An Cựu", "Phường Thuận Hòa", "Xã Yên Lập", "Xã Đồng Mỏ", "Xã Tân Trào",
	"Xã Nậm Khẩu", "Xã Ea Kmút", "Xã Vĩnh Thạnh Trung", "Đặc khu Cồn Sẻ", "=HYPERLINK(1)"}

func questionnaire() survey.Questionnaire {
	q := survey.Questionnaire{ID: "sipas", Version: "1", Groups: []survey.Group{
		{ID: "policy", Label: survey.Labels{"vi": "Xây dựng và thực hiện chính sách công", "en": "Policy"}},
		{ID: "service", Label: survey.Labels{"vi": "Cung ứng dịch vụ hành chính công", "en": "Service"}}}}
	for _, e := range elements {
		q.Groups = append(q.Groups, survey.Group{ID: survey.GroupID(e.id), Parent: survey.GroupID(e.part), Label: survey.Labels{"vi": e.vi}})
		for i := range e.items {
			q.Questions = append(q.Questions, survey.Question{Code: survey.QuestionCode(fmt.Sprintf("%s_%d", e.id, i+1)), Kind: survey.KindRating,
				Group: survey.GroupID(e.id), Label: survey.Labels{"vi": fmt.Sprintf("Câu %d về nội dung: %s, ông/bà hài lòng ở mức nào?", i+1, strings.ToLower(e.vi))}})
		}
	}
	return q
}

// figureOf is a published figure; its interval is the logit interval with t
// from 60 degrees of freedom, 2.0003.
func figureOf(d scorecard.Domain, tier scorecard.Tier, code string, value, se float64, n int) scorecard.Figure {
	logit := math.Log(value / (100 - value))
	half := 2.0003 * se * 100 / (value * (100 - value))
	back := func(x float64) scorecard.Float { return scorecard.Float(100 / (1 + math.Exp(-x))) }
	return scorecard.Figure{Domain: d, Tier: tier, Code: code, N: n, PSUs: n / 18, Value: scorecard.Float(value), SE: scorecard.Float(se), DF: 60,
		T:     scorecard.Interval{Low: scorecard.Float(value - 2.0003*se), High: scorecard.Float(value + 2.0003*se)},
		Logit: scorecard.Interval{Low: back(logit - half), High: back(logit + half)}, Deff: 1.7, Publication: scorecard.Published}
}

func withheldFigure(f scorecard.Figure, reasons ...string) scorecard.Figure {
	none := scorecard.Undefined()
	f.Value, f.SE, f.Deff, f.T, f.Logit = none, none, none, scorecard.Interval{Low: none, High: none}, scorecard.Interval{Low: none, High: none}
	f.Publication, f.Reasons = scorecard.Withheld, reasons
	return f
}

// domainFigures are all the figures of one unit.
func domainFigures(d scorecard.Domain, n int, base, se float64) []scorecard.Figure {
	figures := []scorecard.Figure{figureOf(d, scorecard.TierOverall, "overall", base, se, n)}
	for i, part := range []string{"policy", "service"} {
		figures = append(figures, figureOf(d, scorecard.TierPart, part, base+float64(3*i)-1.5, se, n))
	}
	for i, e := range elements {
		figures = append(figures, figureOf(d, scorecard.TierGroup, e.id, base+float64((i*7)%11)-5, se*1.2, n-i))
	}
	for i, question := range questionnaire().Questions {
		figures = append(figures, figureOf(d, scorecard.TierItem, string(question.Code), base+float64((i*5)%13)-6, se*1.4, n-i%9))
	}
	return figures
}

// standingOf is a commune's place; the eighth, which is withheld, has none.
func standingOf(unit territory.Code, i int, f scorecard.Figure) scorecard.CommuneStanding {
	s := scorecard.CommuneStanding{Unit: unit, Modelled: &scorecard.Modelled{Value: 79.4, RMSE: 1.9, CI: scorecard.Interval{Low: 75.2, High: 83.1}, Direct: 0.6, Benchmarked: 79.5}}
	if f.Publication != scorecard.Withheld {
		s.Place = &scorecard.Place{Rank: i + 1, Of: 11, Marginal: scorecard.Ranks{Best: max(1, i-1), Worst: min(11, i+3)},
			Joint: scorecard.Ranks{Best: max(1, i-2), Worst: min(11, i+5)}, Band: 1 + i/6, TopQuarter: 0.25}
	}
	return s
}

// report is an edition of twelve communes, one of them withheld for few
// villages one imprecise and one
// with few degrees of freedom.
func report() export.Report {
	formula := scorecard.Shipped()[0]
	e := scorecard.Edition{Round: "2026-1", Number: 2, Title: roundTitle, Asker: asker, Formula: formula.Ref(), FormulaDigest: formula.Digest(),
		Questionnaire: "sipas@1", InputDigest: "sha256:" + strings.Repeat("3f9a21c0", 8), Receipts: []string{"sha256:" + strings.Repeat("77aa00b1", 8)},
		Program: "hailong 1.0.0", ComputedAt: produced.Add(12 * time.Hour), ComputedBy: "phan-tich", Withdrawn: 1,
		Apart: []scorecard.Apart{{Origin: survey.OriginCounter, Unit: "90101", Name: "Phường Kim Long", N: 148, Satisfied: 96.4}}}
	province := scorecard.Domain{Unit: "90", Level: territory.Province, Name: "Tỉnh Sông Hương"}
	e.Fieldwork = append(e.Fieldwork, scorecard.Fieldwork{Domain: province, Sampled: 1440, Answered: 1109})
	e.Figures = domainFigures(province, 1109, 82.664, 0.914)
	for i, name := range communeNames {
		d := scorecard.Domain{Unit: territory.Code(fmt.Sprintf("901%02d", i+1)), Level: territory.Commune, Name: name}
		figures := domainFigures(d, 92-i, 74+float64((i*17)%19), 2.3+float64(i%4)*0.4)
		switch i {
		case 7:
			for j := range figures {
				figures[j] = withheldFigure(figures[j], "edition.few_answers", "edition.few_villages")
			}
		case 10:
			figures[0].Publication, figures[0].Reasons = scorecard.Warned, []string{"edition.imprecise"}
		case 11:
			figures[0].Publication, figures[0].Reasons = scorecard.Warned, []string{"edition.few_degrees"}
		}
		e.Figures = append(e.Figures, figures...)
		e.Communes = append(e.Communes, standingOf(d.Unit, i, figures[0]))
		e.Fieldwork = append(e.Fieldwork, scorecard.Fieldwork{Domain: d, Sampled: 120, Answered: 92 - i})
	}
	return export.Report{Edition: e, Questionnaire: questionnaire(), Formula: formula}
}

func simulatedReport() export.Report {
	r := report()
	r.Edition.Simulated, r.Edition.Interim = true, true
	return r
}

func readCSV(t *testing.T, raw []byte) (rows []map[string]string) {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\ufeff")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, cells := range all[1:] {
		row := make(map[string]string)
		for i, head := range all[0] {
			row[head] = cells[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func TestMachineCSVReadsBackExactly(t *testing.T) {
	r := report()
	rows := readCSV(t, made(t, "edition.csv", func(w *bytes.Buffer) error { return export.EditionCSV(w, r) }))
	if len(rows) != len(r.Edition.Figures) {
		t.Fatalf("%d rows for %d figures", len(rows), len(r.Edition.Figures))
	}
	for i, f := range r.Edition.Figures {
		for column, want := range map[string]scorecard.Float{"value": f.Value, "se": f.SE, "deff": f.Deff, "t_low": f.T.Low, "t_high": f.T.High,
			"logit_low": f.Logit.Low, "logit_high": f.Logit.High} {
			got := rows[i][column]
			if !want.Defined() {
				if got != "" {
					t.Errorf("row %d %s: %q for an undefined number", i, column, got)
				}
				continue
			}
			if x, err := strconv.ParseFloat(got, 64); err != nil || x != float64(want) {
				t.Errorf("row %d %s: %q, want exactly %v", i, column, got, want)
			}
		}
		if rows[i]["n"] != strconv.Itoa(f.N) || rows[i]["name"] != f.Domain.Name || rows[i]["input_digest"] != r.Edition.InputDigest ||
			rows[i]["formula"] != "sipas-items@1" || rows[i]["simulated"] != "" {
			t.Errorf("row %d: %v", i, rows[i])
		}
	}
	if rows[0]["response_rate"] != strconv.FormatFloat(100*1109.0/1440, 'g', -1, 64) {
		t.Errorf("response rate %q", rows[0]["response_rate"])
	}
}

func TestReadableCSVIsGuardedAndSpeaksTheLanguage(t *testing.T) {
	raw := made(t, "edition-vi.csv", func(w *bytes.Buffer) error { return export.EditionReadableCSV(w, static.Vietnamese, simulatedReport()) })
	if !bytes.HasPrefix(raw, []byte("\ufeff")) {
		t.Error("no byte order mark: spreadsheets would spoil the letters")
	}
	guardedRows := 0
	for i, row := range readCSV(t, raw) {
		if row["Số liệu mô phỏng"] != "SỐ LIỆU MÔ PHỎNG" {
			t.Fatalf("row %d is not marked: %v", i, row)
		}
		for head, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("row %d %s would run: %q", i, head, cell)
			}
		}
		if row["Đơn vị"] == "'=HYPERLINK(1)" {
			guardedRows++
		}
		if i == 0 && row["Hài lòng (%)"] != "82,66" {
			t.Errorf("first value %q", row["Hài lòng (%)"])
		}
		if row["Đơn vị"] == "Xã Nậm Khẩu" && (row["Hài lòng (%)"] != "không công bố" || row["Sai số chuẩn"] != "") {
			t.Errorf("withheld: %v", row)
		}
	}
	if guardedRows != 45 {
		t.Errorf("%d guarded rows, want 45", guardedRows)
	}
}

func TestEditionJSONReadsBackTheSame(t *testing.T) {
	e := report().Edition
	raw := made(t, "edition.json", func(w *bytes.Buffer) error { return export.EditionJSON(w, e) })
	var back scorecard.Edition
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	again := made(t, "edition.json", func(w *bytes.Buffer) error { return export.EditionJSON(w, back) })
	if !bytes.Equal(raw, again) {
		t.Error("the edition changed on its way")
	}
	if strings.Contains(string(raw), "NaN") || !strings.Contains(string(raw), `"value": null`) {
		t.Error("an undefined number is not null")
	}
}

// A withheld commune must not show a number anywhere, not even 0, and its
// reason must stand there.
func TestWithheldFigureShowsItsReasonAndNoNumber(t *testing.T) {
	r := report()
	for i := range r.Edition.Figures { // were a number to slip through, it must still not show
		if f := &r.Edition.Figures[i]; f.Publication == scorecard.Withheld {
			f.Value, f.SE, f.Deff = 12.345678, 12.345678, 12.345678
		}
	}
	files := map[string]string{
		"csv":    string(made(t, "w.csv", func(w *bytes.Buffer) error { return export.EditionCSV(w, r) })),
		"people": string(made(t, "w-vi.csv", func(w *bytes.Buffer) error { return export.EditionReadableCSV(w, static.Vietnamese, r) })),
		"svg":    string(made(t, "w.svg", func(w *bytes.Buffer) error { return export.ChartSVG(w, static.Vietnamese, r, export.ChartCommunes) })),
	}
	f := readBook(t, made(t, "w.xlsx", func(w *bytes.Buffer) error { return export.EditionXLSX(w, static.Vietnamese, r) }))
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		files["xlsx "+sheet] = fmt.Sprint(rows)
	}
	for name, content := range files {
		for _, leaked := range []string{"12.345", "12.35", "12,35", "12,3 "} {
			if strings.Contains(content, leaked) {
				t.Errorf("%s shows %s of a withheld figure", name, leaked)
			}
		}
	}
	contains(t, "people's csv", files["people"], "có quá ít câu trả lời để công bố; có quá ít thôn")
	contains(t, "chart", files["svg"], ">không công bố<")
	contains(t, "sheet", files["xlsx Theo xã"], "không công bố", "có quá ít thôn")
}
