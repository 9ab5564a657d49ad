package console

import (
	"net/http"
	"testing"

	"hailong/account"
	"hailong/conduct"
	"hailong/sampling"
)

// Figures that cannot be used are refused in place; those taken stand on the page
// with their source, and the lists of women alone differ from them.
func TestListsAreComparedWithFiguresGivenOnThePage(t *testing.T) {
	s, officer, _, _ := afield(t)
	analyst := s.as(s.user(account.User{Name: "an", Role: account.Analyst, Scope: "80"}))
	here := Root + "/rounds/" + roundID + "/lists-check"
	analyst.get(here).wants(http.StatusOK, "Đưa số liệu vào", "Thứ tự danh sách", "!Đang dùng tệp")
	const head = "Mã đơn vị,Năm,Giới tính,Nhóm tuổi,Số người\n"
	figures := []byte(head + "80,2026,Nam,18+,5000\n80,2026,Nữ,18+,5000\n")
	analyst.upload(here, "tháp.csv", figures).wants(http.StatusUnprocessableEntity, `href="#census_source"`, "Hãy ghi số liệu này lấy từ đâu")
	analyst.upload(here, "tháp.csv", nil, "census_source", "Niên giám").wants(http.StatusUnprocessableEntity, `href="#file"`, `value="Niên giám"`)
	analyst.upload(here, "tháp.csv", []byte(head+"80,2026,Nam,trẻ,1\n"), "census_source", "Niên giám").wants(http.StatusUnprocessableEntity, "dòng 2", "“trẻ”")
	analyst.upload(here, "tháp.csv", figures, "census_source", "Niên giám 2026").leads(here + "?done=census_taken")
	analyst.get(here).wants(http.StatusOK, "Đang dùng tệp tháp.csv, 1 đơn vị, nguồn: Niên giám 2026", "So với số liệu dân số", "Nhiều phụ nữ hơn dự kiến: 40 trên 40, dự kiến 20,0")
	officer.get(here).wants(http.StatusForbidden)
	officer.upload(here, "tháp.csv", figures, "census_source", "x").wants(http.StatusForbidden)
}

func TestAnExtremeFindingHasOddsThatCanBeRead(t *testing.T) {
	var view listsReportView
	view.fill(conduct.ListReport{Findings: []sampling.Finding{{Test: sampling.PickedByAge, P: 0}, {Test: sampling.PickedByAge, P: .25}}}, fixedTree)
	if o := view.Others; !o[0].Beyond() || o[1].Beyond() || o[1].Odds != 4 {
		t.Errorf("odds %+v", o)
	}
}
