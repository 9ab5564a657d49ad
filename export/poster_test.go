package export_test

import (
	"bytes"
	"testing"

	"hailong/export"
	"hailong/static"
)

func poster() export.Poster {
	return export.Poster{Round: roundTitle, Asker: asker, Contact: contact, Produced: produced,
		Counter: "Bộ phận một cửa, Ủy ban nhân dân xã Yên Lập", Link: "https://khaosat.songhuong.example/q/K7M4TQX"}
}

func TestPosterSaysWhoAsksWhereAndHow(t *testing.T) {
	for _, size := range []export.PaperSize{export.A4, export.A5} {
		p := poster()
		p.Paper, p.Simulated = size, size == export.A5
		pdf := made(t, "poster-"+string(size)+".pdf", func(w *bytes.Buffer) error { return export.PosterPDF(w, static.Vietnamese, p) })
		pages := pdfText(t, pdf)
		if len(pages) != 1 {
			t.Fatalf("%s: %d pages", size, len(pages))
		}
		contains(t, string(size), pages[0], asker, p.Counter, "khaosat.songhuong.example/q/K7M4TQX", "Mời ông/bà cho ý kiến",
			"Please tell us what you think", "Tự nguyện, không hỏi tên", "Voluntary, no names asked", "Quét mã này", contact)
		if p.Simulated {
			contains(t, string(size), pages[0], "SỐ LIỆU MÔ PHỎNG")
		}
	}
}

func TestEnglishPosterHasVietnameseBelow(t *testing.T) {
	pdf := made(t, "poster-en.pdf", func(w *bytes.Buffer) error { return export.PosterPDF(w, static.English, poster()) })
	contains(t, "poster", pdfText(t, pdf)[0], "Please tell us what you think Mời ông/bà cho ý kiến")
}
