package export_test

import (
	"bytes"
	"testing"

	"hailong/export"
	"hailong/static"
	"hailong/survey"
)

// Everything that has to be typed or compared can be read from the sheet, on
// one page, however long the line is.
func TestOwnLineCanBeTypedFromTheSheet(t *testing.T) {
	own := export.OwnLine{
		Round: survey.Labels{"vi": "Khảo sát sự hài lòng năm 2026"}, Asker: "Sở Nội vụ tỉnh Sông Hương", Contact: "Sở Nội vụ, 0234 000 000", Produced: produced,
		Village: "Thôn A", Line: `06994-03,Trần Thị Hoà,1956-03-02,female,012,"Ngõ 3, Đông Xá, cạnh nhà văn hoá, sau trường mầm non Hoa Sen"`,
		Key: "5dca1f0e77b2a390", Salt: "0123456789abcdef0123456789abcdef", Seal: "f2fcb184a34edee3e6d30e46eab3e93dc0387532a552e945b69bd4327c8c969a",
		Order: 17, Row: 118, Folder: "draw-3-attempt-1", Frame: "sha256:a0af77461ebf89365ec12e833075eed73b8d5e33cbbbd48695053e598e8d104a", Committed: "14:00 20/09/2026",
		Check: "https://khaosat.songhuong.example/verify/song-huong-2026/seal", Simulated: true,
	}
	for _, lang := range static.Langs {
		pdf := made(t, "own-line-"+string(lang)+".pdf", func(w *bytes.Buffer) error { return export.OwnLinePDF(w, lang, own) })
		pages := pdfText(t, pdf)
		if len(pages) != 1 {
			t.Fatalf("%d pages, want 1", len(pages))
		}
		contains(t, string(lang), pages[0], "06994-03,Trần Thị Hoà,1956-03-02,female,012", own.Key, own.Salt, own.Seal, "17", "118",
			"draw-3-attempt-1/frame.csv", "khaosat.songhuong.example/verify/song-huong-2026/seal", "sha256sum", "0234 000 000")
	}
}
