package console

import (
	"bytes"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hailong/account"
	"hailong/conduct"
	"hailong/sampling"
	"hailong/scorecard"
	"hailong/server/files"
	"hailong/survey"
	"hailong/survey/xlsform"
	"hailong/territory"
)

// province adds a province fit for a small round: three communes of four
// villages.
func (s *site) province() {
	units := []territory.Unit{{Code: "80", Name: "Sông Lam", Kind: "Tỉnh", Level: territory.Province}}
	for c := 1; c <= 3; c++ {
		commune := territory.Code(fmt.Sprintf("8000%d", c))
		units = append(units, territory.Unit{Code: commune, Name: fmt.Sprintf("Xã Số %d", c), Kind: "Xã", Level: territory.Commune, Parent: "80", Population: int64(4000 + 500*c), AreaKm2: 20, Size: territory.SizePlausible})
		for i := 1; i <= 4; i++ {
			units = append(units, territory.Unit{Code: territory.Code(fmt.Sprintf("%s-%02d", commune, i)), Name: fmt.Sprintf("Thôn %d", i), Level: territory.Village, Parent: commune, Population: int64(200 + 40*i), Size: territory.SizePlausible})
		}
	}
	s.units(units...)
}

// sipas publishes a questionnaire of eight rated items.
func (s *site) sipas() survey.Ref {
	q := survey.Questionnaire{ID: "sipas", Version: "1", Title: survey.Labels{"vi": "Hài lòng"}, Languages: []string{"vi"}}
	q.Groups = []survey.Group{{ID: "service", Label: survey.Labels{"vi": "Dịch vụ"}}, {ID: "access", Parent: "service", Label: survey.Labels{"vi": "Tiếp cận"}}}
	var scale []survey.Choice
	for i := 1; i <= 5; i++ {
		scale = append(scale, survey.Choice{Value: strconv.Itoa(i), Label: survey.Labels{"vi": "Mức " + strconv.Itoa(i)}})
	}
	for i := 1; i <= 8; i++ {
		q.Questions = append(q.Questions, survey.Question{Code: survey.QuestionCode(fmt.Sprintf("q%02d", i)), Kind: survey.KindRating, Group: "access", Label: survey.Labels{"vi": fmt.Sprintf("Câu %d", i)}, Choices: scale})
	}
	file, err := xlsform.Write(q)
	s.check(err)
	b := s.as(s.user(account.User{Name: "publisher", Role: account.Analyst, Scope: account.Everywhere}))
	b.upload(Root+"/import-questionnaire", "sipas.xlsx", file).wants(http.StatusOK)
	b.post(Root+"/import-questionnaire/confirm", "upload", b.hidden("upload"), "name", "sipas.xlsx").leads(Root + "/questionnaires?done=questionnaire_published")
	return q.Ref()
}

// villageList is a file as an officer has it: one village, n people.
func villageList(village string, n int) []byte {
	var b strings.Builder
	b.WriteString("STT,Họ và tên,Năm sinh,Giới tính,Số hộ,Thôn\n")
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&b, "%d,Nguyễn Văn %s,%d,%s,%03d,%s\n", i, numeral(i), 1950+i%50, []string{"nam", "nữ"}[i%2], i, village)
	}
	return []byte(b.String())
}

// numeral makes a name of letters for every number.
func numeral(i int) string {
	words := []string{"An", "Bình", "Cường", "Dũng", "Giang", "Hoà", "Khánh", "Lan", "Minh", "Nam"}
	return words[i/10%10] + " " + words[i%10]
}

const roundID = "thu-2026"

// draw makes a plan by the form, commits to it as the page shows it, and draws.
func (b *browser) draw(stage, form string) {
	b.t.Helper()
	here := Root + "/rounds/" + roundID + "/draws/" + stage
	plan := b.get(here+"?"+form).wants(http.StatusOK, "kế hoạch này rút được").textarea("plan")
	b.post(here+"/commit", "plan", plan, "event", "dice", "place", "Hội trường", "when", "2026-10-01T09:00").leads(here + "?done=draw_committed")
	b.post(here+"/run", "beacon", "3 5 1 6 2").leads(here + "?done=draw_done")
}

// textarea is the content of a text area of the page.
func (b *browser) textarea(name string) string {
	found := regexp.MustCompile(`(?s)<textarea[^>]* name="` + name + `"[^>]*>(.*?)</textarea>`).FindStringSubmatch(b.body)
	if found == nil {
		b.t.Fatalf("no text area %s in %.300s", name, b.body)
	}
	return html.UnescapeString(found[1])
}

// A whole simulated round by hand, as the analyst, the officer and the watcher
// see it.
func TestARoundFromItsCreationToItsFigures(t *testing.T) {
	s := newSite(t)
	s.province()
	ref := s.sipas()
	analyst := s.as(s.user(account.User{Name: "lan", Role: account.Analyst, Scope: "80"}))
	officer := s.as(s.user(account.User{Name: "hoa", Role: account.Officer, Scope: "80001"}))
	here := Root + "/rounds/" + roundID

	form := []string{"id", roundID, "title_vi", "Đợt <thử> 2026", "scope", "80", "questionnaire", string(ref), "formula", string(scorecard.Shipped()[0].Ref()), "contact", "0203 000 000", "slips_by", "province", "simulated", "yes"}
	analyst.post(Root+"/new-round", form...).wants(http.StatusUnprocessableEntity, `href="#asker"`, `value="Đợt &lt;thử&gt; 2026"`, `value="0203 000 000"`)
	english := append(slices.Clone(form), "asker", "Sở Nội vụ", "title_en", "A trial", "title_vi", " ")
	analyst.post(Root+"/new-round", english...).wants(http.StatusUnprocessableEntity, `href="#title_vi"`, "tên bằng tiếng Việt", `value="A trial"`)
	analyst.post(Root+"/new-round", append(form, "asker", "Sở Nội vụ", "scope", "80001")...).wants(http.StatusUnprocessableEntity, `href="#scope"`)
	analyst.post(Root+"/new-round", append(form, "asker", "Sở Nội vụ")...).leads(here + "?done=round_created")
	analyst.post(Root+"/new-round", append(form, "asker", "Sở Nội vụ")...).wants(http.StatusUnprocessableEntity, "đã có")
	analyst.get(here).wants(http.StatusOK, "đang chuẩn bị", "mô phỏng", "Mở đợt khảo sát")
	officer.get(here).wants(http.StatusOK, "!Mở đợt khảo sát</button>")
	officer.get(here+"/lists").wants(http.StatusOK, "Chưa rút mẫu thôn")

	s.refusedDraws(analyst)
	analyst.draw("1", "method=all")
	analyst.draw("2", "method=pps_systematic&n=2&order=code")
	analyst.get(here+"/draws/1").wants(http.StatusOK, "Các xã, phường, đặc khu đã rút", `Xã Số 1 <span class="mono soft">80001<`)
	analyst.get(here+"/draws/2").wants(http.StatusOK, "Các thôn, tổ dân phố đã rút", `Xã Số 1 <span class="mono soft">80001-0`)
	analyst.get(here+"/draws").wants(http.StatusOK, "6 chọn ngẫu nhiên", "--parent draw-1-attempt-1")
	analyst.get(here+"/draws/3").wants(http.StatusOK, "!id=\"drawn\"") // the people to come are nobody's to read
	officer.get(here+"/draws/2").wants(http.StatusOK, "Hội trường", "3 5 1 6 2", "sample.csv", "!Cam kết một lần thử mới")
	analyst.get(here+"/draws/2/1/receipt.json").wants(http.StatusOK, `"beacon":`)
	analyst.get(here + "/draws/2/1/frame.lines").wants(http.StatusOK)
	analyst.get(here + "/draws/2/1/keys.json").wants(http.StatusNotFound)

	villages, err := s.desk.Listed(t.Context(), roundID)
	s.check(err)
	s.handInLists(analyst, officer, villages)

	analyst.draw("3", "method=srs&n=12&reserve=3")
	s.verifiedArchive(officer, "draw-1-attempt-1", "draw-2-attempt-1", "draw-3-attempt-1")
	own := villages[0]
	officer.get(here+"/lists/80001").wants(http.StatusOK, "Tải danh sách đã rút", "!Huỷ danh sách", "!In phiếu mã", "!Kiểm tra tệp")
	officer.get(here + "/lists/" + string(own.Code) + "/sample.xlsx").wants(http.StatusOK)
	officer.post(here+"/lists/"+string(own.Code)+"/undo").wants(http.StatusUnprocessableEntity, "đã được cam kết")
	handed, err := s.store.Records(t.Context(), account.RecordQuery{Scope: own.Code, Action: account.ReadList})
	s.check(err)
	if len(handed) != 1 || handed[0].Actor != "hoa" {
		t.Errorf("records of the list handed out: %+v", handed)
	}
	analyst.get(here).wants(http.StatusOK, "In phiếu mã gấp kín")
	officer.get(here).wants(http.StatusOK, "!In phiếu mã gấp kín") // which the round leaves to the province
	s.slips(analyst, officer, here+"/lists/"+string(own.Code))

	everywhere := s.as(s.user(account.User{Name: "trunguong", Role: account.Analyst, Scope: account.Everywhere}))
	everywhere.post(here+"/counters", "name", "Một cửa", "scope", "91001").wants(http.StatusNotFound) // of another province
	analyst.post(here+"/counters", "name", "Một cửa", "scope", "80002").leads(here + "/counters?done=counter_added")
	analyst.get(here+"/counters").wants(http.StatusOK, "https://khaosat.example/q/")
	counters, err := s.store.Counters(t.Context(), roundID)
	s.check(err)
	analyst.get(here + "/counters/" + string(counters[0].Code) + "/poster.pdf?paper=A5").wants(http.StatusOK)
	officer.get(here+"/counters").wants(http.StatusOK, "!Một cửa</th>")
	officer.get(here + "/counters/" + string(counters[0].Code) + "/poster.pdf").wants(http.StatusForbidden)

	analyst.get(here+"/open").wants(http.StatusOK, "Còn 5 thôn chưa in phiếu mã")
	analyst.post(here + "/open").leads(here + "?done=round_opened")
	analyst.post(here+"/open").wants(http.StatusConflict, "đang chuẩn bị")
	_, err = s.desk.Simulate(t.Context(), roundID, conduct.Simulation{Seed: 1, Response: 0.9, PerCounter: 15})
	s.check(err)
	s.results(analyst, officer)
}

// slips produces the slips of a village, once and again.
func (s *site) slips(analyst, officer *browser, here string) {
	officer.get(here+"/slips").wants(http.StatusOK, "để tỉnh in", "!<button>")
	officer.post(here+"/slips", "known", "0").wants(http.StatusForbidden, "chỉ tỉnh được in")
	known := analyst.get(here+"/slips").wants(http.StatusOK, "Chưa in lần nào").hidden("known")
	analyst.post(here+"/slips", "known", known).wants(http.StatusOK)
	if !strings.HasPrefix(analyst.body, "%PDF") || analyst.header.Get("Content-Disposition") == "" {
		s.t.Errorf("no PDF: %.40q", analyst.body)
	}
	analyst.post(here+"/slips", "known", known).wants(http.StatusUnprocessableEntity, "Trong lúc trang này mở") // a second click
	known = analyst.get(here+"/slips").wants(http.StatusOK, "mất hiệu lực mọi mã in trước", "Lần 1").hidden("known")
	analyst.post(here+"/slips", "known", known).wants(http.StatusUnprocessableEntity, `href="#again"`, "Hãy đánh dấu")
	batches, err := s.store.Batches(s.t.Context(), roundID, "")
	s.check(err)
	if len(batches) != 1 {
		s.t.Errorf("%d productions, want 1", len(batches))
	}
	analyst.post(here+"/slips", "known", known, "again", "yes").wants(http.StatusOK)
	analyst.get(here+"/slips").wants(http.StatusOK, "Lần 2", "đã huỷ")
	s.lostSlips(analyst, officer, here+"/slips")
}

// lostSlips makes new slips of single people; everybody has a code already.
func (s *site) lostSlips(analyst, officer *browser, here string) {
	known := analyst.get(here).wants(http.StatusOK, `name="number" value="1"`, "!Chỉ in cho người chưa có mã").hidden("known")
	analyst.post(here, "known", known, "why", "new").wants(http.StatusUnprocessableEntity, "đều đã có mã")
	analyst.post(here, "known", known, "why", "lost").wants(http.StatusUnprocessableEntity, `href="#lost"`)
	officer.post(here, "known", known, "why", "lost", "number", "1").wants(http.StatusForbidden)
	analyst.post(here, "known", known, "why", "lost", "number", "3").wants(http.StatusOK)
	if !strings.HasPrefix(analyst.body, "%PDF") {
		s.t.Errorf("no PDF: %.40q", analyst.body)
	}
	analyst.get(here).wants(http.StatusOK, "Lần 3", "phiếu thất lạc")
	if log := s.log(); log[0].Action != account.ProduceSlips || !strings.Contains(fmt.Sprint(log[0].Details), "{why lost} {numbers 3}") {
		s.t.Errorf("last record %+v", log[0])
	}
}

// refusedDraws is what the page of a stage says of a wrong number, plan or event.
func (s *site) refusedDraws(analyst *browser) {
	here := Root + "/rounds/" + roundID + "/draws"
	analyst.get(here+"/1").wants(http.StatusOK, "3 xã, phường, đặc khu", "Xã Số 2")
	analyst.get(here+"/1?method=pps_systematic&strata=kind&n1=hai").wants(http.StatusUnprocessableEntity, `value="hai"`, `href="#n1"`, "“hai” không phải số lượng", "!name=\"plan\"")
	analyst.get(here+"/1?method=pps_systematic&strata=kind&n1=9").wants(http.StatusUnprocessableEntity, `href="#plan"`, "!kế hoạch này rút được")
	analyst.post(here+"/1/commit", "plan", `{"key":"code","metod":"srs"}`, "event", "dice", "when", "").wants(
		http.StatusUnprocessableEntity, `href="#plan"`, `href="#when"`, `href="#place"`, "metod")
	analyst.post(here+"/2/run", "beacon", "1").wants(http.StatusUnprocessableEntity, "Hãy cam kết khung")
	analyst.get(here+"/2").wants(http.StatusOK, "Chờ bước trước rút xong")
	analyst.get(here + "/4").wants(http.StatusNotFound)
}

// verifiedArchive repeats the draws from nothing but the public archive.
func (s *site) verifiedArchive(reader *browser, folders ...string) {
	held := unzip(s.t, []byte(reader.get(Root+"/rounds/"+roundID+"/draws.zip").wants(http.StatusOK).body))
	read := func(name string) []byte { return held[name] }
	var parent *sampling.Parent
	for _, folder := range folders {
		frame, err := sampling.ReadFrame(bytes.NewReader(read(folder + "/frame.csv")))
		s.check(err)
		receipt, err := sampling.ReadReceipt(bytes.NewReader(read(folder + "/receipt.json")))
		s.check(err)
		sample := read(folder + "/sample.csv")
		s.check(sampling.Verify(frame, receipt, sampling.Evidence{Sample: sample, Parent: parent, Lines: bytes.NewReader(read(folder + "/frame.lines"))}))
		parent, err = sampling.ReadParent(read(folder+"/receipt.json"), sample)
		s.check(err)
	}
}

// handInLists hands in a list for every drawn village: the officer for their
// own commune with a mistake and an undo, the analyst for the rest.
func (s *site) handInLists(analyst, officer *browser, villages []territory.Unit) {
	here := Root + "/rounds/" + roundID + "/lists/"
	for i, v := range villages {
		b := analyst
		if v.Parent == "80001" {
			b = officer
		}
		address := here + string(v.Code)
		list := bytes.ReplaceAll(villageList(v.Name, 40), []byte("Nguyễn Văn"), []byte("Nguyễn Văn "+numeral(i)))
		b.upload(address, "thôn.csv", list).wants(http.StatusOK, "40 người", "Nguyễn Văn", "Nộp danh sách này")
		b.post(address+"/confirm", "upload", b.hidden("upload"), "name", "thôn.csv").leads(address + "?done=list_taken")
	}
	own := here + string(villages[0].Code)
	child := append(villageList(villages[0].Name, 3), []byte("4,Nguyễn Thị Bé,2015,nữ,001,"+villages[0].Name+"\n")...)
	officer.upload(own, "có trẻ em.csv", child).wants(http.StatusUnprocessableEntity, "<title>Lỗi:", "dòng 5", "!Nộp danh sách này")
	officer.post(own, "upload", officer.hidden("upload"), "name", "có trẻ em.csv", "children", "yes").wants(http.StatusOK, "3 người", "Nộp danh sách này")
	officer.post(own+"/confirm", "upload", officer.hidden("upload"), "name", "có trẻ em.csv", "children", "yes").leads(own + "?done=list_taken")
	officer.get(own).wants(http.StatusOK, "có trẻ em.csv")
	officer.get(own+"/undo").wants(http.StatusOK, "có trẻ em.csv", "3 người")
	officer.post(own + "/undo").leads(own + "?done=list_undone")
	officer.get(own).wants(http.StatusOK, "thôn.csv", "!có trẻ em.csv")
	officer.get(here + "80002").wants(http.StatusForbidden)
	officer.get(strings.TrimSuffix(here, "/")).wants(http.StatusOK, "Xã Số 1", "!Xã Số 2")
}

// results computes and reads an edition, withdraws an answer, and closes.
func (s *site) results(analyst, officer *browser) {
	here := Root + "/rounds/" + roundID
	analyst.get(here+"/answers").wants(http.StatusOK, "72 người", "Xã Số 2", "!Thôn 1", "15</td>")
	analyst.get(here+"/answers?by=village&under=80002").wants(http.StatusOK, "24 người", "Thôn", "Xã Số 2</h2>")
	officer.get(here+"/answers").wants(http.StatusOK, "24 người", "Thôn", "!Xã Số 2", "!Rút câu trả lời</button>")
	officer.get(here + "/answers?under=80002").wants(http.StatusForbidden)
	var receipt survey.Receipt
	for r, err := range s.store.Responses(s.t.Context(), survey.RoundPrefix(roundID)) {
		s.check(err)
		receipt = s.desk.Keys.Receipt(r.ID)
	}
	analyst.post(here+"/withdraw", "receipt", "aaaa-bbbb-cccc-dddd").wants(http.StatusUnprocessableEntity, `value="aaaa-bbbb-cccc-dddd"`)
	analyst.post(here+"/withdraw", "receipt", "không có").wants(http.StatusUnprocessableEntity, `href="#receipt"`, `value="không có"`)
	analyst.post(here+"/withdraw", "receipt", " "+strings.ReplaceAll(strings.ToUpper(string(receipt)), "-", " ")).leads(here + "/answers?done=answer_withdrawn")

	officer.post(here + "/editions").wants(http.StatusForbidden)
	analyst.post(here + "/editions").leads(here + "/editions/1?done=edition_computed")
	analyst.get(here+"/editions").wants(http.StatusOK, "Bản số 1", "tạm tính", "mô phỏng")
	watcher := s.as(s.user(account.User{Name: "mattran", Role: account.Watcher, Scope: "80"}))
	watcher.get(here+"/editions/1").wants(http.StatusOK, "Tỉnh Sông Lam", "Câu 8", "Tiếp cận", "Khoảng tin cậy", "sha256:", "Báo cáo riêng", "!Tính bản mới")
	watcher.get(here+"/editions/1?unit="+url.QueryEscape("80001")).wants(http.StatusOK, "Xã Số 1", "Về kết quả toàn tỉnh")
	watcher.get(here + "/editions/1?unit=91001").wants(http.StatusNotFound)
	watcher.get(here + "/editions/7").wants(http.StatusNotFound)
	for _, file := range append(slices.Clone(files.OfEdition), editionArchive) {
		watcher.get(here + "/editions/1/" + file).wants(http.StatusOK)
	}
	watcher.get(here + "/editions/1/answers.csv").wants(http.StatusNotFound)
	analyst.post(here + "/close").leads(here + "?done=round_closed")
	analyst.get(here).wants(http.StatusOK, "đã đóng", "!Đóng đợt khảo sát</button>")
}

func TestARoundIsFoundOnlyByThoseItConcerns(t *testing.T) {
	s := furnished(t)
	reader := s.as(s.user(account.User{Name: "reader", Role: account.Officer, Scope: "90001"}))
	for _, page := range []string{"/answers", "/lists", "/counters", "/lists/90001"} {
		reader.get(Root + "/rounds/" + roundOf("91001") + page).wants(http.StatusNotFound)
	}
	reader.get(Root+"/rounds").wants(http.StatusOK, roundOf("90001"), roundOf("90"), "!"+roundOf("91001"))
}
