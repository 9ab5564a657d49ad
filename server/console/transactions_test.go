package console

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"hailong/account"
	"hailong/sampling"
	"hailong/server/browsertest"
)

// unzip is what an archive holds, by name.
func unzip(t *testing.T, raw []byte) map[string][]byte {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatalf("%v: %.300s", err, raw)
	}
	held := map[string][]byte{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if held[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return held
}

// period are the fields of the period, and more.
func period(more ...string) []string {
	return append([]string{"from", "2026-01-01", "to", "2026-09-30", "office", "80001"}, more...)
}

// Many files a person become a frame in which they have one row: dry run first,
// then the public frame and the names behind it, and a record of who made it.
func TestAnOfficesFilesBecomeAFrameOfPeople(t *testing.T) {
	s, officer, _, _ := listing(t)
	analyst := s.as(s.user(account.User{Name: "thu", Role: account.Analyst, Scope: "80"}))
	here := Root + "/rounds/" + roundID + "/transactions"
	analyst.get(Root+"/rounds/"+roundID+"/draws").wants(http.StatusOK, `href="`+here+`"`)
	officer.get(Root+"/rounds/"+roundID+"/draws").wants(http.StatusOK, "!"+here)
	analyst.upload(here, "hồ sơ.csv", []byte(fixedFiles), period()...).wants(
		http.StatusOK, "3 người từ 4 hồ sơ", "1 hồ sơ ngoài kỳ", `<td class="number" data-label="Hồ sơ của người này">2`, "Lập danh sách tổng thể và tải về")
	before := len(s.log())
	kept := period("upload", analyst.hidden("upload"), "name", analyst.hidden("name"))
	held := unzip(t, []byte(analyst.post(here+"/frame.zip", kept...).wants(http.StatusOK).body))

	frame, err := sampling.ReadFrame(bytes.NewReader(held["public/frame.csv"]))
	s.check(err)
	if frame.Len() != 3 || strings.Contains(string(held["public/frame.csv"]), "Tám") || !strings.Contains(string(held["secret/names.csv"]), "Lê Văn Tám") {
		t.Errorf("frame %s\nnames %s", held["public/frame.csv"], held["secret/names.csv"])
	}
	plan := sampling.Plan{ID: "mot-cua", Unit: "person", Key: "key", Strata: []string{"field"}, Method: sampling.SRS, N: sampling.Counts{Each: 1}}
	if _, _, err := sampling.Draw(frame, plan, sampling.DrawInput{Beacon: "5391", Program: "test"}); err != nil {
		t.Errorf("the frame cannot be drawn from: %v", err)
	}
	log := s.log()
	if len(log) != before+1 || log[0].Action != account.MakeFrame || log[0].Actor != "thu" || !strings.Contains(strings.Join(details(log[0]), " "), string(frame.Digest())) {
		t.Errorf("%d records more, the last %+v", len(log)-before, log[0])
	}

	analyst.upload(here, "hồ sơ.csv", []byte(fixedFiles), period("each", "yes")...).wants(http.StatusOK, "4 hồ sơ của 3 người")
	held = unzip(t, []byte(analyst.post(here+"/frame.zip", append(kept, "each", "yes")...).wants(http.StatusOK).body))
	if head, _, _ := strings.Cut(string(held["public/frame.csv"]), "\n"); head != "key,unit,field,person,of_person,order,seal" {
		t.Errorf("columns %s", head)
	}
}

func details(r account.Record) []string {
	var values []string
	for _, d := range r.Details {
		values = append(values, d.Value)
	}
	return values
}

// What forbids a frame is placed, and confirmed against all warnings it stays
// forbidden; what was typed stays.
func TestWhatIsWrongWithAnOfficesFileIsPlaced(t *testing.T) {
	s, _, _, _ := listing(t)
	analyst := s.as(s.user(account.User{Name: "thu", Role: account.Analyst, Scope: "80"}))
	here := Root + "/rounds/" + roundID + "/transactions"
	analyst.upload(here, "x.csv", []byte(fixedFilesWrong), period()...).wants(http.StatusUnprocessableEntity,
		"<title>Lỗi:", "x.csv, dòng 7, cột Ngày trả kết quả", "“tháng tư”", `value="2026-09-30"`, "Tải tệp đã đánh dấu", "!Lập danh sách tổng thể và tải về")
	kept := period("upload", analyst.hidden("upload"), "name", "x.csv")
	analyst.post(here+"/frame.zip", kept...).wants(http.StatusUnprocessableEntity, "“tháng tư”")
	marked, err := excelize.OpenReader(strings.NewReader(analyst.post(here+"/marked.xlsx", kept...).wants(http.StatusOK).body))
	s.check(err)
	if note, err := marked.GetCellValue(marked.GetSheetName(0), "F7"); err != nil || !strings.Contains(note, "tháng tư") {
		t.Errorf("beside row 7 stands %q, %v", note, err)
	}
	for name, c := range map[string]struct {
		fields []string
		texts  []string
	}{
		"no period":       {[]string{"to", "2026-09-30"}, []string{`href="#from"`}},
		"a period back":   {[]string{"from", "2026-10-01", "to", "2026-09-30"}, []string{`href="#to"`, "trước khi bắt đầu"}},
		"a column of air": {period("col_name", "9"), []string{`href="#col_name"`}},
	} {
		t.Run(name, func(t *testing.T) {
			b := *analyst
			b.t = t
			b.post(here, append(c.fields, "upload", kept[7], "name", "x.csv")...).wants(http.StatusUnprocessableEntity, append(c.texts, "!Lập danh sách tổng thể và tải về")...)
		})
	}
	analyst.upload(here, "x.csv", []byte("Tên hàng,Giá\nGạo,15000\n"), period()...).wants(http.StatusUnprocessableEntity, `href="#file"`)
	analyst.post(here+"/frame.zip", period("upload", "sha256:none")...).wants(http.StatusUnprocessableEntity, "chọn lại tệp")
}

// The whole way in a browser without script: the file with a fault, its marked
// workbook corrected and handed in, the frame downloaded.
func TestBrowserAnOfficesFileIsMendedAndBecomesAFrame(t *testing.T) {
	b := browsertest.Open(t, browsertest.View{Width: 360, Height: 640, NoScript: true})
	s, _, _, _ := listing(t)
	base := serve(t, s.server)
	user := s.user(account.User{Name: "thu", Role: account.Analyst, Scope: "80"})
	link, secret := account.NewLink(user, s.tick())
	s.check(s.store.AddLink(t.Context(), account.NewRecord(s.tick(), user, account.LinkUser, "thu"), link))
	path := filepath.Join(t.TempDir(), "ho so.csv")
	s.check(os.WriteFile(path, []byte(fixedFilesWrong), 0o600))

	b.Visit(base + Root + "/link/" + secret.Reveal())
	b.Click("main button")
	says(b, "Xin chào")
	b.Visit(base + Root + "/rounds/" + roundID + "/transactions")
	b.Choose("#file", path)
	b.Type("#from", "01012026")
	b.Type("#to", "09302026")
	b.Click("#check")
	says(b, "dòng 7, cột Ngày trả kết quả")
	b.Wide()
	b.FullShot("transactions-wrong")
	marked := b.Download("#marked")
	f, err := excelize.OpenFile(marked)
	s.check(err)
	sheet := f.GetSheetName(0)
	s.check(f.SetCellStr(sheet, "B7", "hộ tịch"))
	s.check(f.SetCellStr(sheet, "C7", "09/04/2026"))
	s.check(f.SetCellStr(sheet, "E7", "0912000004"))
	fixed := filepath.Join(t.TempDir(), "ho so da sua.xlsx")
	s.check(f.SaveAs(fixed))
	s.check(f.Close())
	b.Choose("#file", fixed)
	b.Click("#check")
	says(b, "4 người từ 5 hồ sơ", "Ma Văn Páo")
	b.Wide()
	b.FullShot("transactions-fixed")
	raw, err := os.ReadFile(b.Download("#frame"))
	s.check(err)
	if frame, err := sampling.ReadFrame(bytes.NewReader(unzip(t, raw)["public/frame.csv"])); err != nil || frame.Len() != 4 {
		t.Errorf("frame of %d, %v", frame.Len(), err)
	}
}
