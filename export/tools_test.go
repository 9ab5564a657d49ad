package export_test

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"hailong/export"
	"hailong/survey"
)

// tool returns the path of a program that the test reads its output with, and
// skips without it; in continuous integration a skipped test is a failure.
func tool(t testing.TB, name, debian string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	switch {
	case err == nil:
		return path
	case os.Getenv("HAILONG_CI") == "1":
		t.Fatalf("%s is missing: apt-get install %s", name, debian)
	default:
		t.Skipf("%s is missing (apt-get install %s): the file was not read back", name, debian)
	}
	return ""
}

// pdfText is the text of a PDF as pdftotext reads it, pages separated by form
// feeds and all other white space by single spaces.
func pdfText(t *testing.T, pdf []byte, options ...string) []string {
	t.Helper()
	program := tool(t, "pdftotext", "poppler-utils")
	file := filepath.Join(t.TempDir(), "file.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, append(options, "-enc", "UTF-8", file, "-")...).Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	var pages []string
	for page := range strings.SplitSeq(strings.TrimSuffix(string(out), "\f"), "\f") {
		pages = append(pages, strings.Join(strings.Fields(page), " "))
	}
	return pages
}

// rendered is the first page of a PDF as pdftoppm draws it.
func rendered(t *testing.T, pdf []byte, dots int) image.Image {
	t.Helper()
	program, folder := tool(t, "pdftoppm", "poppler-utils"), t.TempDir()
	file := filepath.Join(folder, "file.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(program, "-r", strconv.Itoa(dots), "-png", "-singlefile", file, filepath.Join(folder, "page")).CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm: %v %s", err, out)
	}
	page, err := os.Open(filepath.Join(folder, "page.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer page.Close()
	drawn, err := png.Decode(page)
	if err != nil {
		t.Fatal(err)
	}
	return drawn
}

// made writes with the function and returns the bytes. With HAILONG_LOOK set to
// a folder they are kept there under the name, to be looked at.
func made(t *testing.T, name string, write func(*bytes.Buffer) error) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := write(&out); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if folder := os.Getenv("HAILONG_LOOK"); folder != "" {
		if err := os.WriteFile(filepath.Join(folder, name), out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

func contains(t *testing.T, where, text string, wanted ...string) {
	t.Helper()
	for _, w := range wanted {
		if !strings.Contains(text, w) {
			t.Errorf("%s lacks %q:\n%s", where, w, text)
		}
	}
}

var (
	roundTitle = survey.Labels{
		"vi": "Khảo sát sự hài lòng của người dân đối với sự phục vụ của cơ quan hành chính nhà nước năm 2026",
		"en": "Survey of people’s satisfaction with public administration 2026"}
	asker    = "Sở Nội vụ tỉnh Sông Hương"
	contact  = "Sở Nội vụ tỉnh Sông Hương, điện thoại 0200 000 000"
	produced = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
)

// slips is a production of n slips in villages of four people.
func slips(n int) export.Slips {
	s := export.Slips{Round: roundTitle, Asker: asker, Contact: contact,
		TypeAt: "https://khaosat.songhuong.example/ma", Produced: produced}
	names := []string{"Nguyễn Thị Hồng Ngọc Diễm", "Lò Văn Bường", "Đỗ Hữu Lộc", "Tòng Thị Ẳm", "Ngô Nữ Nghiễm Nguyệt"}
	for i := range n {
		token := survey.Token("K7M4TQ9ZX")
		s.People = append(s.People, export.Slip{Number: string(rune('1' + i%4)), Name: names[i%len(names)],
			Address: "Hộ ông Nguyễn Văn Cường, số 12, ngõ 3", Village: "Thôn " + string(rune('A'+i/4%26)), Commune: "Xã Yên Lập",
			Token: token, Link: "https://khaosat.songhuong.example/p/" + string(token)})
	}
	return s
}
