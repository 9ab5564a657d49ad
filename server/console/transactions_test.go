package console

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"hailong/account"
	"hailong/conduct"
	"hailong/scorecard"
	"hailong/server/browsertest"
)

// officeExport is what the software of the province's one-stop offices gives: people
// of three fields at two offices, every fourth with two files.
func officeExport(people int) []byte {
	var b strings.Builder
	b.WriteString("Đơn vị tiếp nhận,Mã hồ sơ,Lĩnh vực,Ngày trả kết quả,Người nộp,Số điện thoại\n")
	for i := range people {
		office := []string{"80001", "UBND Xã Số 2"}[i%2]
		for n := range 1 + (i%4)/3 {
			fmt.Fprintf(&b, "%s,H80.%d.%d,%s,%02d/0%d/2026,Trần Thị %s,0912%06d\n", office, i, n, []string{"đất đai", "hộ tịch", "xây dựng"}[i%3], 1+i%28, 1+i%9, numeral(i), i)
		}
	}
	return []byte(b.String())
}

// officeRound creates a round of people with a transaction by the page for it.
func (s *site) officeRound(analyst *browser) {
	form := []string{"id", roundID, "title_vi", "Một cửa 2026", "scope", "80", "questionnaire", string(s.sipas()), "formula", string(scorecard.Shipped()[0].Ref()),
		"asker", "Sở Nội vụ", "contact", "0203 000 000", "slips_by", "province", "simulated", "yes", "population", "transactions"}
	analyst.post(Root+"/new-round", form...).wants(http.StatusUnprocessableEntity, `href="#period"`, `value="transactions" checked`)
	analyst.post(Root+"/new-round", append(form, "from", "2026-10-01", "to", "2026-09-30")...).wants(http.StatusUnprocessableEntity, `href="#period"`, "trước khi bắt đầu", `value="2026-10-01"`)
	analyst.post(Root+"/new-round", append(form, "from", "2026-01-01", "to", "2026-09-30")...).leads(Root + "/rounds/" + roundID + "?done=round_created")
}

// A whole simulated round of people with a transaction, as the analyst, an officer
// and a watcher see it: files of offices, an undo, the ready plan, commitment and
// draw, the list and slips of an office, the edition that says of whom it is.
func TestARoundOfPeopleWithATransaction(t *testing.T) {
	s := newSite(t)
	s.province()
	analyst := s.as(s.user(account.User{Name: "lan", Role: account.Analyst, Scope: "80"}))
	officer := s.as(s.user(account.User{Name: "hoa", Role: account.Officer, Scope: "80001"}))
	s.officeRound(analyst)
	here := Root + "/rounds/" + roundID
	analyst.get(here).wants(http.StatusOK, "từ 01/01/2026 đến 30/09/2026", "Nhận hồ sơ một cửa", "!Rút mẫu thôn", "!Rút mẫu xã")
	analyst.get(here+"/draws").wants(http.StatusOK, "Có thể bỏ qua", "Người đã làm thủ tục", "!/margins")
	analyst.get(here + "/draws/2").wants(http.StatusNotFound) // there are no villages
	analyst.get(here+"/draws/3").wants(http.StatusOK, "Chưa có tệp hồ sơ của xã nào", `href="`+here+`/lists"`)
	analyst.get(here + "/lists-check").wants(http.StatusNotFound)

	s.handInFiles(analyst, officer)
	s.drawPeopleOfOffices(analyst, officer)
	s.verifiedArchive(officer, "draw-3-attempt-1")

	office := here + "/lists/80001"
	officer.get(office).wants(http.StatusOK, "Tải danh sách đã rút", "!Huỷ danh sách", "!In phiếu mã", "!Kiểm tra tệp")
	officer.get(office + "/sample.xlsx").wants(http.StatusOK)
	list, err := excelize.OpenReader(strings.NewReader(officer.body))
	s.check(err)
	rows, err := list.GetRows(list.GetSheetName(0))
	s.check(err)
	if text := fmt.Sprint(rows); !strings.Contains(text, "Trần Thị") || !strings.Contains(text, "đất đai, H80.") || !strings.Contains(text, "0912") {
		t.Errorf("the officer's list: %.600s", text)
	}
	officer.get(here + "/lists/80002/sample.xlsx").wants(http.StatusForbidden)
	s.slips(analyst, officer, office)

	analyst.post(here + "/open").leads(here + "?done=round_opened")
	officer.get(here+"/field/80001").wants(http.StatusOK, "Trần Thị")
	_, err = s.desk.Simulate(t.Context(), roundID, conduct.Simulation{Seed: 1, Response: 0.9})
	s.check(err)
	analyst.get(here+"/answers").wants(http.StatusOK, "Xã Số 1", "60 người")
	analyst.get(here+"/rates").wants(http.StatusOK, "Xã Số 1", "Xã Số 2")
	if log := s.log(); log[0].Action != account.FollowUp {
		t.Errorf("looking at offices one by one is the question who answered; the last record is %s", log[0].Action)
	}
	analyst.post(here + "/editions").leads(here + "/editions/1?done=edition_computed")
	const population = "từ 01/01/2026 đến 30/09/2026 tại bộ phận một cửa của 2 trên 3 xã"
	watcher := s.as(s.user(account.User{Name: "mattran", Role: account.Watcher, Scope: "80"}))
	watcher.get(here+"/editions/1").wants(http.StatusOK, population, "Mẫu một giai đoạn", "Xã Số 2")
	watcher.get(here+"/editions/1/edition.json").wants(http.StatusOK, `"from": "2026-01-01"`, `"offices": 2`)
}

// handInFiles hands in the files of two offices: the officer's with a fault and of
// their own office alone, then the whole province's by the analyst, with an undo.
func (s *site) handInFiles(analyst, officer *browser) {
	here := Root + "/rounds/" + roundID + "/lists"
	officer.get(here + "/80").wants(http.StatusForbidden)
	own := here + "/80001"
	broken := append(officeExport(40), []byte("80001,H80.x,,tháng tư,Ma Văn Páo,\n")...)
	officer.upload(own, "x.csv", broken).wants(http.StatusUnprocessableEntity, "<title>Lỗi:", "x.csv, dòng 52, cột Ngày trả kết quả", "“tháng tư”", "Tải tệp đã đánh dấu", "!Nộp danh sách này")
	kept := []string{"upload", officer.hidden("upload"), "name", "x.csv"}
	officer.post(own+"/confirm", kept...).wants(http.StatusUnprocessableEntity, "“tháng tư”")
	marked, err := excelize.OpenReader(strings.NewReader(officer.post(own+"/marked.xlsx", kept...).wants(http.StatusOK).body))
	s.check(err)
	if note, err := marked.GetCellValue(marked.GetSheetName(0), "G52"); err != nil || !strings.Contains(note, "tháng tư") {
		s.t.Errorf("beside row 52 stands %q, %v", note, err)
	}
	officer.upload(own, "hồ sơ.csv", officeExport(40)).wants(http.StatusOK, "20 người từ 20 hồ sơ", "30 hồ sơ của đơn vị khác", "hộ tịch 6 · xây dựng 7 · đất đai 7", "Trần Thị", "Nộp danh sách này")
	officer.post(own+"/confirm", "upload", officer.hidden("upload"), "name", "hồ sơ.csv").leads(own + "?done=list_taken")

	all := here + "/80"
	analyst.get(here).wants(http.StatusOK, `href="`+all+`"`, "đã có 1 trên 3 xã", "<title>Hồ sơ một cửa", "!Danh sách thôn")
	analyst.upload(all, "cả tỉnh.csv", officeExport(80)).wants(http.StatusOK, "80 người từ 100 hồ sơ", "Xã Số 1", "Xã Số 2", "!Xã Số 3</th>")
	analyst.post(all+"/confirm", "upload", analyst.hidden("upload"), "name", "cả tỉnh.csv").leads(all + "?done=list_taken")
	analyst.get(here+"/80002/undo").wants(http.StatusOK, "cả tỉnh.csv", "40 người")
	analyst.post(here + "/80002/undo").leads(here + "/80002?done=list_undone")
	analyst.upload(here+"/80002", "xã hai.csv", officeExport(80)).wants(http.StatusOK, "40 người từ 60 hồ sơ")
	analyst.post(here+"/80002/confirm", "upload", analyst.hidden("upload"), "name", "xã hai.csv").leads(here + "/80002?done=list_taken")
	officer.get(here).wants(http.StatusOK, "Xã Số 1", "!Xã Số 2", "!"+all+`"`)
}

// drawPeopleOfOffices takes the ready plan for offices, commits to it and draws.
func (s *site) drawPeopleOfOffices(analyst, officer *browser) {
	here := Root + "/rounds/" + roundID + "/draws/3"
	analyst.get(here).wants(http.StatusOK, "80 người đã làm thủ tục", `value="transactions-offices"`, "!sipas-two-tier")
	analyst.post(here+"/commit", "plan", `{"key":"key","method":"srs","n":20}`, "event", "dice", "place", "Hội trường", "when", "2026-10-01T09:00").wants(
		http.StatusUnprocessableEntity, `href="#plan"`, "rút riêng ở từng bộ phận một cửa")
	plan := analyst.get(here+"?ready=transactions-offices&set_total=30&set_reserve=2").wants(http.StatusOK, "kế hoạch này rút được").textarea("plan")
	analyst.post(here+"/commit", "plan", plan, "event", "dice", "place", "Hội trường", "when", "2026-10-01T09:00").leads(here + "?done=draw_committed")
	officer.post(Root+"/rounds/"+roundID+"/lists/80001/undo").wants(http.StatusUnprocessableEntity, "đã được cam kết")
	analyst.post(here+"/run", "beacon", "3 5 1 6 2").leads(here + "?done=draw_done")
	analyst.get(here).wants(http.StatusOK, "60 chọn ngẫu nhiên", "12 dự phòng")
}

// The whole way in a browser without script: the file with a fault, its marked
// workbook corrected and handed in, the list taken.
func TestBrowserAnOfficesFileIsMendedAndTaken(t *testing.T) {
	b := browsertest.Open(t, browsertest.View{Width: 360, Height: 640, NoScript: true})
	s := newSite(t)
	s.province()
	base := serve(t, s.server)
	user := s.user(account.User{Name: "thu", Role: account.Analyst, Scope: "80"})
	s.officeRound(s.as(user))
	link, secret := account.NewLink(user, s.tick())
	s.check(s.store.AddLink(t.Context(), account.NewRecord(s.tick(), user, account.LinkUser, "thu"), link))
	path := filepath.Join(t.TempDir(), "ho so.csv")
	s.check(os.WriteFile(path, []byte(strings.NewReplacer("90001,", "80001,", "90004,", "80002,").Replace(fixedFilesWrong)), 0o600))

	b.Visit(base + Root + "/link/" + secret.Reveal())
	b.Click("main button")
	says(b, "Xin chào")
	b.Visit(base + Root + "/rounds/" + roundID + "/lists/80")
	b.Choose("#file", path)
	b.Click("#check")
	says(b, "dòng 7, cột Ngày trả kết quả")
	b.Wide()
	b.FullShot("transactions-wrong")
	marked := b.Download("#marked")
	f, err := excelize.OpenFile(marked)
	s.check(err)
	sheet := f.GetSheetName(0)
	s.check(f.SetCellStr(sheet, "C7", "hộ tịch"))
	s.check(f.SetCellStr(sheet, "D7", "09/04/2026"))
	s.check(f.SetCellStr(sheet, "F7", "0912000004"))
	fixed := filepath.Join(t.TempDir(), "ho so da sua.xlsx")
	s.check(f.SaveAs(fixed))
	s.check(f.Close())
	b.Choose("#file", fixed)
	b.Click("#check")
	says(b, "4 người từ 5 hồ sơ", "Xã Số 2")
	b.Wide()
	b.FullShot("transactions-fixed")
	b.Click("main section form button")
	says(b, "Đã nhận danh sách", "ho so da sua.xlsx")
	b.Wide()
	b.FullShot("transactions-taken")
}
