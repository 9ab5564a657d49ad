package export_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/skip2/go-qrcode"

	"hailong/export"
	"hailong/fault"
	"hailong/static"
)

func TestSlipNamesThePersonAndHoldsTheCode(t *testing.T) {
	pdf := made(t, "slips.pdf", func(w *bytes.Buffer) error { return export.SlipsPDF(w, static.Vietnamese, slips(5)) })
	pages := pdfText(t, pdf)
	if len(pages) != 3 { // four people in a village: 3 + 1, then the next village on a sheet of its own
		t.Fatalf("%d sheets, want 3", len(pages))
	}
	contains(t, "sheet 1", pages[0], "Nguyễn Thị Hồng Ngọc Diễm", "Lò Văn Bường", "Đỗ Hữu Lộc", "K7M-4TQ-9ZX",
		"khaosat.songhuong.example/ma", "Sở Nội vụ tỉnh Sông Hương", "Ông/bà tự nguyện tham gia", "Thôn A, Xã Yên Lập")
	contains(t, "sheet 2", pages[1], "Tòng Thị Ẳm")
	contains(t, "sheet 3", pages[2], "Ngô Nữ Nghiễm Nguyệt", "Thôn B, Xã Yên Lập")
	if strings.Contains(strings.Join(pages, ""), "MÔ PHỎNG") {
		t.Error("a real round carries the mark of a simulated one")
	}
}

// What stays in sight after folding is the left panel alone: nothing of the
// code may be printed there, and no name beside the code.
func TestCodeAndNameLieInDifferentPanels(t *testing.T) {
	pdf := made(t, "slip.pdf", func(w *bytes.Buffer) error { return export.SlipsPDF(w, static.Vietnamese, slips(1)) })
	const nameWide, sheetWide, high = "176", "420", "280" // 62 mm and 148 mm at 72 dots an inch; a third of A4
	outside := pdfText(t, pdf, "-x", "0", "-y", "0", "-W", nameWide, "-H", high)[0]
	inside := pdfText(t, pdf, "-x", nameWide, "-y", "0", "-W", sheetWide, "-H", high)[0]
	contains(t, "outside", outside, "Nguyễn Thị Hồng Ngọc Diễm", "Thôn A, Xã Yên Lập")
	contains(t, "inside", inside, "K7M-4TQ-9ZX")
	if strings.Contains(outside, "K7M") || strings.Contains(inside, "Diễm") {
		t.Errorf("outside: %s\ninside: %s", outside, inside)
	}
}

func TestSlipOfASimulatedRoundSaysSoOnBothSides(t *testing.T) {
	s := slips(1)
	s.Simulated = true
	pdf := made(t, "slip-simulated.pdf", func(w *bytes.Buffer) error { return export.SlipsPDF(w, static.Vietnamese, s) })
	if got := strings.Count(pdfText(t, pdf)[0], "SỐ LIỆU MÔ PHỎNG"); got != 2 {
		t.Errorf("the mark stands %d times, want 2", got)
	}
}

func TestLongNamesAndForeignLettersStayOnTheSlip(t *testing.T) {
	s := slips(1)
	s.People[0].Name = "Công Tằng Tôn Nữ Thị Quỳnh Hương Giang Nguyệt Ánh Thảo Nguyên"
	s.People[0].Address = "Hộ bà 阮 Thị 😀 Lan, " + strings.Repeat("Dài", 60)
	pdf := made(t, "slip-long.pdf", func(w *bytes.Buffer) error { return export.SlipsPDF(w, static.English, s) })
	contains(t, "slip", pdfText(t, pdf)[0], "Công Tằng Tôn Nữ", "Hộ bà □ Thị □ Lan", "…", "K7M-4TQ-9ZX")
}

func TestSlipsAreTheSameBytesEachTime(t *testing.T) {
	write := func(w *bytes.Buffer) error { return export.SlipsPDF(w, static.Vietnamese, slips(7)) }
	if !bytes.Equal(made(t, "a.pdf", write), made(t, "b.pdf", write)) {
		t.Error("two productions of the same slips differ")
	}
}

func TestSlipsThatCannotBeMadeSayWhy(t *testing.T) {
	long := slips(1)
	long.People[0].Link = "https://" + strings.Repeat("a", 3000)
	for code, s := range map[string]export.Slips{"export.nobody": {}, "export.qr": long} {
		err := export.SlipsPDF(io.Discard, static.Vietnamese, s)
		if !fault.Is(err, fault.Invalid) || fault.ProblemsOf(err)[0].Code != code {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// The symbol on the sheet as it is printed, sampled in the middle of every
// module, is the symbol of the link.
func TestPrintedSymbolIsTheLink(t *testing.T) {
	const left, top, side, dots = 62 + 74/2.0 - 34/2.0, 21, 34, 200 // millimetres; dots an inch
	code, err := qrcode.New(slips(1).People[0].Link, qrcode.Medium)
	if err != nil {
		t.Fatal(err)
	}
	code.DisableBorder = true
	want := code.Bitmap()
	sheet := rendered(t, made(t, "slip.pdf", func(w *bytes.Buffer) error { return export.SlipsPDF(w, static.Vietnamese, slips(1)) }), dots)
	module := float64(side) / float64(len(want))
	for row := range want {
		for column := range want[row] {
			x := (left + (float64(column)+0.5)*module) / 25.4 * dots
			y := (top + (float64(row)+0.5)*module) / 25.4 * dots
			grey, _, _, _ := sheet.At(int(x), int(y)).RGBA()
			if dark := grey < 0x8000; dark != want[row][column] {
				t.Fatalf("module %d,%d is dark=%v", row, column, dark)
			}
		}
	}
}

// The sample of the national survey of 2024: 36,525 people.
func BenchmarkSlips36525(b *testing.B) {
	s := slips(36525)
	b.ReportAllocs()
	for b.Loop() {
		if err := export.SlipsPDF(io.Discard, static.Vietnamese, s); err != nil {
			b.Fatal(err)
		}
	}
}
