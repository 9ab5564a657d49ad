package console

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"hailong/account"
	"hailong/fault"
	"hailong/survey/xlsform"
	"hailong/territory"
)

func admin(s *site) *browser {
	return s.as(s.user(account.User{Name: "admin1", Role: account.Admin, Scope: account.Everywhere}))
}

func TestAUserFormKeepsWhatWasTyped(t *testing.T) {
	s := newSite(t)
	b := admin(s)
	b.post(Root+"/new-user", "name", "Hoà", "full_name", "Lê Thị <Hoà>", "role", "watcher", "scope", "Bến").wants(
		http.StatusUnprocessableEntity, "<title>Lỗi:", `href="#name"`, `href="#scope"`, `value="Hoà"`, `value="Lê Thị &lt;Hoà&gt;"`, `value="Bến"`, `value="watcher" checked`)
	b.post(Root+"/new-user", "name", "admin1", "full_name", "X", "role", "watcher", "scope", "90").wants(http.StatusUnprocessableEntity, "đã có người dùng")
	b.post(Root+"/new-user", "name", "hoa", "full_name", "X", "role", "officer", "scope", "90").wants(http.StatusUnprocessableEntity, "đúng một xã")
	if users, err := s.store.Users(t.Context()); err != nil || len(users) != 1 {
		t.Errorf("a refused form added a user: %v, %v", users, err)
	}
}

func TestAChangeOfRoleEndsTheUsersSessionsAndIsRecorded(t *testing.T) {
	s := newSite(t)
	b := admin(s)
	officer := s.as(s.user(account.User{Name: "hoa", Role: account.Officer, Scope: "90001"}))
	b.get(Root+"/users/hoa").wants(http.StatusOK, "Người hoa", `value="90001"`)
	b.post(Root+"/users/hoa", "full_name", "Người hoa", "role", "watcher", "scope", "90").leads(Root + "/users/hoa?done=user_changed")
	officer.get(Root).leads(Root + "/sign-in?ended=1")
	last := s.log()[0]
	if got := fmt.Sprint(last.Details); got != "[{role officer → watcher} {scope 90001 → 90}]" {
		t.Errorf("details %s", got)
	}
	b.get(Root+"/records?action=user.change").wants(http.StatusOK, "officer → watcher", "admin1")
	b.post(Root+"/users/admin1", "full_name", "Tôi", "role", "watcher", "scope", "*").wants(http.StatusUnprocessableEntity, "không tự đổi")
}

func TestAnAdministratorCannotReachOutsideTheirProvince(t *testing.T) {
	s := newSite(t)
	b := s.as(s.user(account.User{Name: "admin90", Role: account.Admin, Scope: "90"}))
	s.user(account.User{Name: "hoa", Role: account.Officer, Scope: "90001"})
	s.user(account.User{Name: "gio", Role: account.Officer, Scope: "91001"})
	s.user(account.User{Name: "root", Role: account.Admin, Scope: account.Everywhere})
	b.get(Root+"/users").wants(http.StatusOK, "Người hoa", "!Người gio", "!Người root")
	for _, scope := range []string{"91001", "91", "*", "Tỉnh Núi Cao"} {
		b.post(Root+"/users/hoa", "full_name", "X", "role", "officer", "scope", scope).wants(http.StatusForbidden)
		b.post(Root+"/new-user", "name", "moi", "full_name", "X", "role", "admin", "scope", scope).wants(http.StatusForbidden)
	}
	b.post(Root + "/users/root/link").wants(http.StatusForbidden)
}

func TestRecordsArePagedAndFiltered(t *testing.T) {
	s := newSite(t)
	b := admin(s)
	for i := range 120 {
		by := account.User{Name: account.Name(fmt.Sprintf("user%03d", i)), Role: account.Analyst}
		r := account.NewRecord(s.now.AddDate(0, 0, -i), by, account.SettleSize, fmt.Sprint(i)).On(account.Path{"90001", "90"})
		s.check(s.store.PutUnits(t.Context(), r, testUnits[:1]))
	}
	b.get(Root+"/records?action=unit.size").wants(http.StatusOK, "user000", "user049", "!user050", "Cũ hơn")
	b.get(href(b.body, `rel="next"`)).wants(http.StatusOK, "user050", "user099", "Mới nhất")
	b.get(href(b.body, `rel="next"`)).wants(http.StatusOK, "user119", "!Cũ hơn", "!chưa rõ đã xong")
	b.get(Root+"/records?actor=user007").wants(http.StatusOK, "user007", "!user008")
	b.get(Root+"/records?since=2026-09-20&until=2026-09-20").wants(http.StatusOK, "user001", "!user000", "!user002")
	watcher := s.as(s.user(account.User{Name: "mattran", Role: account.Watcher, Scope: "91"}))
	watcher.get(Root+"/records").wants(http.StatusOK, "!user000", "Chưa có thay đổi nào")
}

// href is the address of the link that has an attribute.
func href(body, attribute string) string {
	_, rest, _ := strings.Cut(body, attribute)
	_, rest, _ = strings.Cut(rest, `href="`)
	address, _, _ := strings.Cut(rest, `"`)
	return strings.ReplaceAll(address, "&amp;", "&")
}

func TestUnitsAreSearchedSortedAndPaged(t *testing.T) {
	s := newSite(t)
	var more []territory.Unit
	for i := range 120 {
		more = append(more, territory.Unit{
			Code: territory.Code(fmt.Sprintf("92%03d", i)), Name: fmt.Sprintf("Xóm %03d", i), Level: territory.Commune, Kind: "Xã", Parent: "91",
			Population: int64(1000 + i), AreaKm2: 10, Size: territory.SizePlausible,
		})
	}
	s.units(more...)
	b := admin(s)
	b.get(Root+"/units?under=91&level=commune").wants(http.StatusOK, "1–50 trên 121", "Đèo Gió", `rel="next"`)
	b.get(href(b.body, `rel="next"`)).wants(http.StatusOK, "51–100 trên 121", `rel="prev"`)
	b.get(Root+"/units?under=91&level=commune&page=99").wants(http.StatusOK, "101–121 trên 121")
	b.get(Root+"/units?q=deo gio").wants(http.StatusOK, "Đèo Gió", "!Xóm")
	b.get(Root+"/units?q=92007").wants(http.StatusOK, "Xóm 007", "!Xóm 008")
	b.get(Root+"/units?sort=-population").wants(http.StatusOK, `aria-sort="descending"`)
	if first, second := strings.Index(b.body, "Bến Tre Xanh</a>"), strings.Index(b.body, "Đèo Gió</a>"); first < 0 || second < first {
		t.Errorf("8421 people at %d, 5000 at %d", first, second)
	}
	b.get(Root+"/units?q=không-có").wants(http.StatusOK, "Không có đơn vị nào như vậy")
	officer := s.as(s.user(account.User{Name: "hoa", Role: account.Officer, Scope: "90001"}))
	officer.get(Root+"/units").wants(http.StatusOK, "Bến Tre Xanh", "Thôn Thượng", "!Đèo Gió", "!Cù Lao Mây", "!Nhập danh mục")
	officer.get(Root+"/units/90001").wants(http.StatusOK, "!Xác nhận hoặc sửa", `!href="/console/units/90"`)
}

func TestADoubtfulPopulationIsSettledWithItsSource(t *testing.T) {
	s := newSite(t)
	b := admin(s)
	b.get(Root+"/units?size=unsettled").wants(http.StatusOK, "Cù Lao Mây", "Thôn Thượng", "!Bến Tre Xanh</a>")
	b.post(Root+"/units/90004/size", "population", "4.12o", "source", "Niên giám").wants(http.StatusUnprocessableEntity, `href="#population"`, `value="4.12o"`, `value="Niên giám"`)
	b.post(Root+"/units/90004/size", "population", "", "source", " ").wants(http.StatusUnprocessableEntity, `href="#source"`)
	b.post(Root+"/units/90004/size", "population", "4.120", "source", "Niên giám 2025").leads(Root + "/units/90004?done=size_settled")
	if u, _ := s.tree().Unit("90004"); u.Population != 4120 || u.Size != territory.SizeCorrected || u.SizeSource != "Niên giám 2025" {
		t.Errorf("stored %+v", u)
	}
	if last := s.log()[0]; last.Subject != "90004" || !strings.Contains(fmt.Sprint(last.Details), "412 → 4120") {
		t.Errorf("record %+v", last)
	}
}

const unitsCSV = "code,name,kind,province_code,province,area_km2,population\n" +
	"90001,Bến Tre Xanh,Xã,90,Sông Hiền,31.2,8421\n" +
	"90013,Gò Me,Xã,90,Sông Hiền,20.5,\n" +
	"91001,Đèo Gió,Xã,91,Núi Cao,80,5100\n"

func TestUnitsAreImportedOnlyAfterAPreview(t *testing.T) {
	s := newSite(t)
	b := admin(s)
	before := len(s.log())
	b.upload(Root+"/import-units", "đơn vị.csv", []byte(unitsCSV)).wants(http.StatusOK, "đơn vị.csv", "Gò Me (90013)", "Lưu các đơn vị này")
	if s.tree().Len() != len(testUnits) || len(s.log()) != before {
		t.Error("the preview stored something")
	}
	b.post(Root+"/import-units/confirm", "upload", b.hidden("upload"), "name", b.hidden("name")).leads(Root + "/units?done=units_imported")
	b.get(Root+"/units?q=go me").wants(http.StatusOK, "Gò Me", "thiếu số dân")
	b.upload(Root+"/import-units", "x.csv", []byte(unitsCSV)).wants(http.StatusOK, "không có gì để lưu")
	b.post(Root+"/import-units/confirm", "upload", "sha256:none").wants(http.StatusGone)
}

func TestWhatIsWrongInAUnitFileIsPlaced(t *testing.T) {
	s := newSite(t)
	b := admin(s)
	b.upload(Root+"/import-units", "sai.csv", []byte("code,name,population\n90001,,abc\n")).wants(
		http.StatusUnprocessableEntity, "<title>Lỗi:", "sai.csv, dòng 2, cột population", "!Lưu các đơn vị này")
	b.upload(Root+"/import-units", "rỗng.csv", nil).wants(http.StatusUnprocessableEntity, `href="#file"`)
	b.upload(Root+"/import-units", "ảnh.csv", []byte("\x89PNG....")).wants(http.StatusUnprocessableEntity, `href="#file"`)
}

func TestAnImportTouchesNothingOutsideTheScope(t *testing.T) {
	s := newSite(t)
	b := s.as(s.user(account.User{Name: "lan", Role: account.Analyst, Scope: "90"}))
	b.upload(Root+"/import-units", "x.csv", []byte(unitsCSV)).wants(http.StatusOK, "Ngoài phạm vi", "!Đèo Gió</td>")
	b.post(Root+"/import-units/confirm", "upload", b.hidden("upload"), "name", "x.csv").leads(Root + "/units?done=units_imported")
	if u, _ := s.tree().Unit("91001"); u.Population != 5000 {
		t.Error("a unit of another province was changed")
	}
}

func TestAQuestionnaireIsPublishedOnceAfterAPreview(t *testing.T) {
	s := newSite(t)
	file, err := xlsform.Write(fixedForm)
	if err != nil {
		t.Fatal(err)
	}
	b := admin(s)
	b.upload(Root+"/import-questionnaire", "sipas.xlsx", file).wants(http.StatusOK, "Dễ tìm thông tin", "Công bố bảng hỏi này")
	digest := b.hidden("upload")
	b.post(Root+"/import-questionnaire/confirm", "upload", digest, "name", "sipas.xlsx").leads(Root + "/questionnaires?done=questionnaire_published")
	b.get(Root+"/questionnaires").wants(http.StatusOK, "sipas@2026.1")
	b.get(Root+"/questionnaires/sipas@2026.1").wants(http.StatusOK, "Dễ tìm thông tin", "Rất hài lòng")
	b.post(Root+"/import-questionnaire/confirm", "upload", digest, "name", "sipas.xlsx").wants(http.StatusUnprocessableEntity, "đã công bố", "sipas.xlsx")
	b.get(Root+"/import-questionnaire").wants(http.StatusOK, "Tệp XLSX", "!CSV", "!.csv")
	b.upload(Root+"/import-questionnaire", "x.xlsx", []byte("not a workbook")).wants(http.StatusUnprocessableEntity, "<title>Lỗi:")
	b.get(Root + "/questionnaires/ghost@1").wants(http.StatusNotFound)
}

func TestTheLanguageIsKept(t *testing.T) {
	s := newSite(t)
	b := s.as(s.user(account.User{Name: "lan", Role: account.Analyst, Scope: "90"}))
	b.get(Root+"/units").wants(http.StatusOK, `<html lang="vi">`)
	b.post(Root+"/me/language", "lang", "en", "next", Root+"/units?q=a").leads(Root + "/units?q=a")
	b.get(Root+"/units").wants(http.StatusOK, `<html lang="en">`)
	b.get(Root+"/units?lang=vi").wants(http.StatusOK, `<html lang="vi">`)
	s.browser().get(Root+"/sign-in").wants(http.StatusOK, `<html lang="vi">`)
	s.browser().get(Root+"/sign-in?lang=en").wants(http.StatusOK, `<html lang="en">`, "Sign in")
}

func TestPagesCarryTheirHeadersAndNoScript(t *testing.T) {
	s := newSite(t)
	b := admin(s).get(Root + "/units")
	for name, want := range map[string]string{
		"Content-Security-Policy": "frame-ancestors 'none'", "X-Content-Type-Options": "nosniff",
		"Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
	} {
		if !strings.Contains(b.header.Get(name), want) {
			t.Errorf("%s: %q", name, b.header.Get(name))
		}
	}
	if strings.Contains(b.header.Get("Content-Security-Policy"), "unsafe") || strings.Contains(b.body, "<script") {
		t.Error("a script, or a policy that lets one in")
	}
}

func TestUploadsAreReadTwoAtATime(t *testing.T) {
	c := New(Config{})
	for range maxUploads {
		if _, err := c.uploadSlot(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.uploadSlot(ended); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a third upload: %v", err)
	}
}

// The embedded store never leaves a record intended; what one without
// transactions leaves is shown as attempted.
func TestARecordWithoutEffectIsShownAsAttempted(t *testing.T) {
	r := account.NewRecord(fixedTime, account.User{Name: "lan", Role: account.Analyst}, account.Draw, "r1", "stage", "communes", "odd", "x")
	if row := newRecordRow(r, fixedTree); !row.Attempted || row.Details[0].Code != "console.detail.stage" || row.Details[1].Code != "" {
		t.Errorf("row %+v", row)
	}
	r.State = account.Done
	if newRecordRow(r, fixedTree).Attempted {
		t.Error("a record that is done is shown as attempted")
	}
}

func TestAnUploadOfAStrangerIsNotRead(t *testing.T) {
	s := newSite(t)
	big := make([]byte, 1<<20)
	s.browser().upload(Root+"/import-units", "x.csv", big).leads(Root + "/sign-in")
	b := admin(s)
	b.upload(Root+"/me/language", "x.csv", big).wants(http.StatusRequestEntityTooLarge)
	b.upload(Root+"/import-units", "x.csv", big).wants(http.StatusUnprocessableEntity)
}
