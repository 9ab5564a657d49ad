package export_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"hailong/export"
	"hailong/fault"
	"hailong/scorecard"
	"hailong/static"
	"hailong/territory"
)

func TestReportReadsAsWritten(t *testing.T) {
	pdf := made(t, "report.pdf", func(w *bytes.Buffer) error { return export.ReportPDF(w, static.Vietnamese, report()) })
	pages := pdfText(t, pdf)
	all := strings.Join(pages, " ")
	contains(t, "report", all, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "SỞ NỘI VỤ TỈNH SÔNG HƯƠNG",
		"BÁO CÁO KẾT QUẢ KHẢO SÁT SỰ HÀI LÒNG", "82,66 %", "Khoảng tin cậy 95 %: 80,76 – 84,42; sai số chuẩn 0,91.", "tỷ lệ trả lời 77,0 %",
		"Trách nhiệm giải trình của chính quyền", "không công bố: có quá ít câu trả lời", "tính ngày 03/03/2026", "* sai số lớn hơn mức đặt ra", "** ít thôn nên", "Phường Kim Long",
		"sipas-items@1", "3f9a21c03f9a21c0", "2.1. So sánh các xã, phường", "Khoảng hạng", "75,2 – 83,1")
	if strings.Contains(all, "MÔ PHỎNG") || strings.Contains(all, "{pages}") || strings.Contains(all, "export.") {
		t.Error("a mark, a placeholder or a code stands in the report")
	}
	for i, page := range pages {
		contains(t, "foot", page, "Bản công bố số 2 · công thức sipas-items@1 · đầu vào 3f9a21c03f9a", fmt.Sprintf("Trang %d/%d", i+1, len(pages)))
	}
}

func TestSimulatedReportSaysSoOnEveryPage(t *testing.T) {
	pdf := made(t, "report-simulated.pdf", func(w *bytes.Buffer) error { return export.ReportPDF(w, static.English, simulatedReport()) })
	for i, page := range pdfText(t, pdf) {
		if !strings.Contains(page, "SIMULATED DATA") {
			t.Errorf("page %d carries no mark", i+1)
		}
	}
}

func TestReportIsTheSameBytesEachTime(t *testing.T) {
	write := func(w *bytes.Buffer) error { return export.ReportPDF(w, static.Vietnamese, report()) }
	if !bytes.Equal(made(t, "a.pdf", write), made(t, "b.pdf", write)) {
		t.Error("two reports of one edition differ")
	}
}

// texts reads an SVG as XML and returns the words of its text elements.
func texts(t *testing.T, svg []byte) []string {
	t.Helper()
	var words []string
	decoder := xml.NewDecoder(bytes.NewReader(svg))
	for inText := false; ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return words
		} else if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			inText = token.Name.Local == "text"
		case xml.EndElement:
			inText = false
		case xml.CharData:
			if inText {
				words = append(words, string(token))
			}
		}
	}
}

func TestChartHasARowAUnitAndSafeText(t *testing.T) {
	svg := made(t, "communes.svg", func(w *bytes.Buffer) error {
		return export.ChartSVG(w, static.Vietnamese, simulatedReport(), export.ChartCommunes)
	})
	words := strings.Join(texts(t, svg), "|")
	for _, name := range communeNames {
		contains(t, "chart", words, name)
	}
	contains(t, "chart", words, "toàn tỉnh 82,66", "không công bố", "SỐ LIỆU MÔ PHỎNG")
	if dots := bytes.Count(svg, []byte("<circle")); dots != len(communeNames)-1 {
		t.Errorf("%d dots for %d published communes", dots, len(communeNames)-1)
	}
	if bytes.Contains(svg, []byte("style=")) || bytes.Contains(svg, []byte("<script")) {
		t.Error("the page's security policy would refuse this")
	}
}

func TestGroupsChartNamesTheElements(t *testing.T) {
	svg := made(t, "groups.svg", func(w *bytes.Buffer) error {
		return export.ChartSVG(w, static.Vietnamese, report(), export.ChartGroups)
	})
	words := strings.Join(texts(t, svg), " ")
	for _, e := range elements {
		contains(t, "chart", words, e.vi)
	}
}

func TestNothingPublishedStillDraws(t *testing.T) {
	r := report()
	for i, f := range r.Edition.Figures {
		r.Edition.Figures[i] = withheldFigure(f, "edition.few_answers")
	}
	svg := made(t, "empty.svg", func(w *bytes.Buffer) error { return export.ChartSVG(w, static.Vietnamese, r, export.ChartGroups) })
	if strings.Contains(string(svg), "NaN") || bytes.Contains(svg, []byte("<circle")) {
		t.Errorf("a chart without figures: %s", svg)
	}
	pdf := made(t, "report-empty.pdf", func(w *bytes.Buffer) error { return export.ReportPDF(w, static.Vietnamese, r) })
	contains(t, "report", strings.Join(pdfText(t, pdf), " "), "không công bố", "có quá ít câu trả lời để công bố")
}

// A province has about a hundred communes: the chart goes over several pages
// and every commune stands on one, above the foot.
func TestChartOfAHundredCommunesKeepsToItsPages(t *testing.T) {
	r := report()
	for i := range 100 {
		d := scorecard.Domain{Unit: territory.Code(fmt.Sprintf("91%03d", i)), Level: territory.Commune, Name: fmt.Sprintf("Xã Thứ %d", i)}
		r.Edition.Figures = append(r.Edition.Figures, figureOf(d, scorecard.TierOverall, "overall", 60+float64(i%30), 3, 90))
	}
	pdf := made(t, "report-hundred.pdf", func(w *bytes.Buffer) error { return export.ReportPDF(w, static.Vietnamese, r) })
	const a4, footTop = "595", "800" // points
	pages := strings.Join(pdfText(t, pdf, "-x", "0", "-y", "0", "-W", a4, "-H", footTop), " ") + " "
	for i := range 100 {
		if got := strings.Count(pages, fmt.Sprintf("Xã Thứ %d ", i)); got != 2 { // chart and table
			t.Errorf("commune %d stands %d times, want 2", i, got)
		}
	}
}

func TestChartThatCannotBeDrawnSaysWhy(t *testing.T) {
	for code, draw := range map[string]func() error{
		"export.chart": func() error { return export.ChartSVG(io.Discard, static.Vietnamese, report(), "pie") },
		"export.no_figures": func() error {
			return export.ReportPDF(io.Discard, static.Vietnamese, export.Report{Edition: scorecard.Edition{}})
		},
	} {
		if err := draw(); err == nil || fault.ProblemsOf(err)[0].Code != code {
			t.Errorf("%s: %v", code, err)
		}
	}
}
