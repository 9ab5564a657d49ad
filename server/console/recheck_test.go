package console

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"hailong/account"
	"hailong/sampling"
	"hailong/survey"
)

// The whole path in the console: commitment, which the public page shows at once
// and without frame or sample, draw, list, results, rate; a watcher repeats the
// draw from the files that the province gives them.
func TestARecheckIsCommittedDrawnAndRecordedInTheConsole(t *testing.T) {
	s, officer, _, village := afield(t)
	round := Root + "/rounds/" + roundID
	here, commune := round+"/recheck", string(village[:5])
	analyst := s.as(s.user(account.User{Name: "thu", Role: account.Analyst, Scope: "80"}))
	watcher := s.as(s.user(account.User{Name: "mattran", Role: account.Watcher, Scope: "80"}))
	commit := []string{"percent", "50", "least", "3", "event", "dice", "place", "UBND", "when", "2026-12-26T09:00"}
	analyst.post(here+"/commit", commit...).wants(http.StatusUnprocessableEntity, "Chưa có phiếu nào của người trong mẫu được tính")
	s.reply(village, 1, 2, 3, 4, 5, 6, 7, 8)
	analyst.post(here+"/commit", "percent", "mười", "least", "0", "event", "dice", "when", "").wants(
		http.StatusUnprocessableEntity, `href="#percent"`, `href="#place"`, `href="#when"`, `value="mười"`)
	watcher.get(here).wants(http.StatusOK, "!Cam kết và công khai", "Chưa có lần phúc tra nào được bốc")
	watcher.post(here+"/commit", commit...).wants(http.StatusForbidden)
	analyst.post(here+"/run", "beacon", "1").wants(http.StatusNotFound)
	analyst.post(here+"/commit", commit...).leads(here + "?done=draw_committed")
	analyst.post(here+"/commit", commit...).wants(http.StatusUnprocessableEntity, `href="#reason"`)

	analyst.get(here).wants(http.StatusOK, "8 phiếu được tính, mang bí danh", "dice:UBND")
	analyst.post(here+"/run", "beacon", "").wants(http.StatusUnprocessableEntity, `href="#beacon"`)
	analyst.get(round + "/recheck-results/" + commune).wants(http.StatusConflict)
	analyst.post(here+"/run", "beacon", "3 5 1 6 2").leads(here + "?done=draw_done")
	analyst.post(here+"/run", "beacon", "3 5 1 6 2").wants(http.StatusUnprocessableEntity)
	analyst.get(here).wants(http.StatusOK, `href="`+round+`/recheck-results/`+commune+`"`)
	watcher.get(here).wants(http.StatusOK, "!recheck-results", here+"/1/files.zip")

	held := unzip(t, []byte(watcher.get(here+"/1/files.zip").wants(http.StatusOK).body))
	frame, err := sampling.ReadFrame(bytes.NewReader(held["frame.csv"]))
	s.check(err)
	receipt, err := sampling.ReadReceipt(bytes.NewReader(held["receipt.json"]))
	s.check(err)
	s.check(sampling.Verify(frame, receipt, sampling.Evidence{Sample: held["sample.csv"]}))
	officer.get(here + "/1/files.zip").wants(http.StatusForbidden)

	list := analyst.get(round + "/recheck-list/" + commune).wants(http.StatusOK).body
	if log := s.log(); log[0].Action != account.HandOutRecheck || log[0].Actor != "thu" {
		t.Errorf("last record %+v", log[0])
	}
	filled, results := fillIn(t, list), round+"/recheck-results/"+commune
	analyst.get(results).wants(http.StatusOK, "Được chọn 4 người, đã gặp 0", "!Nguyễn Thị")
	analyst.upload(results, "trống.xlsx", []byte(list)).wants(http.StatusUnprocessableEntity, `href="#file"`)
	analyst.upload(results, "phúc tra.xlsx", filled).wants(http.StatusUnprocessableEntity, "phúc tra.xlsx", "Thiếu tên người phúc tra")
	analyst.upload(results, "phúc tra.xlsx", filled, "checker", "Ông Tám").leads(results + "?done=recheck_written")
	analyst.upload(results, "phúc tra.xlsx", filled, "checker", "Ông Tám").leads(results + "?done=recheck_known")
	watcher.get(here).wants(http.StatusOK, "75,0 %")
	if log := s.log(); log[0].Action != account.RecordRecheck || log[0].Actor != "thu" {
		t.Errorf("last record %+v", log[0])
	}
}

// fillIn writes results into a list: three confirm, one was not asked.
func fillIn(t *testing.T, list string) []byte {
	t.Helper()
	f, err := excelize.OpenReader(strings.NewReader(list))
	if err != nil {
		t.Fatal(err)
	}
	sheet := f.GetSheetName(0)
	rows, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	first := 0
	for i, row := range rows {
		if len(row) > 5 && row[0] == "STT" {
			first = i + 1
		}
	}
	for i := first; i < len(rows); i++ {
		result := "Tự trả lời"
		if i == first {
			result = "Không được hỏi"
		}
		cell, err := excelize.CoordinatesToCellName(6, i+1)
		if err == nil {
			err = f.SetCellStr(sheet, cell, result)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Who holds the codes must not learn who answered: an officer finds the list of
// their commune only where the province produces the slips.
func TestAnOfficerWithTheCodesGetsNoRecheckList(t *testing.T) {
	for by, status := range map[survey.SlipsBy]int{survey.SlipsByProvince: http.StatusOK, survey.SlipsByCommune: http.StatusForbidden} {
		s, officer, _, village := afield(t)
		r, err := s.store.Round(t.Context(), roundID)
		s.check(err)
		r.SlipsBy = by
		s.check(s.store.ReplaceRound(t.Context(), account.NewRecord(s.tick(), account.User{}, account.OpenRound, roundID), r))
		s.reply(village, 1, 2, 3, 4)
		analyst := s.as(s.user(account.User{Name: "thu", Role: account.Analyst, Scope: "80"}))
		round := Root + "/rounds/" + roundID
		analyst.post(round+"/recheck/commit", "percent", "10", "least", "3", "event", "dice", "place", "UBND", "when", "2026-12-26T09:00").leads(round + "/recheck?done=draw_committed")
		analyst.post(round+"/recheck/run", "beacon", "3 5 1").leads(round + "/recheck?done=draw_done")
		link := round + "/recheck-list/" + string(village[:5])
		shown := map[bool]string{true: link, false: "!" + link}[status == http.StatusOK]
		officer.get(round+"/field").wants(http.StatusOK, shown)
		officer.get(link).wants(status)
		officer.get(round + "/recheck-list/80002").wants(http.StatusForbidden)
		analyst.get(link).wants(http.StatusOK)
	}
}
