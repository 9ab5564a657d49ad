package public_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
	"hailong/server"
	"hailong/server/guard"
	"hailong/server/page"
	"hailong/server/public"
	"hailong/static"
	"hailong/survey"
)

// shelf is a store of one round with what was committed to in it.
type shelf struct {
	round    survey.Round
	attempts []conduct.Draw
	rechecks []conduct.Draw
	editions []conduct.EditionHead
	blobs    map[string]string
}

func (s *shelf) Round(_ context.Context, id survey.RoundID) (survey.Round, error) {
	if id != s.round.ID {
		return survey.Round{}, fault.New(fault.NotFound, "round.unknown", "round", string(id))
	}
	return s.round, nil
}

func (s *shelf) Rounds(context.Context) ([]survey.Round, error) {
	return []survey.Round{s.round}, nil
}

func (s *shelf) Draws(context.Context, survey.RoundID) ([]conduct.Draw, error) {
	return s.attempts, nil
}

func (s *shelf) Rechecks(context.Context, survey.RoundID) ([]conduct.Draw, error) {
	return s.rechecks, nil
}

func (s *shelf) Editions(context.Context, survey.RoundID) ([]conduct.EditionHead, error) {
	return s.editions, nil
}

func (s *shelf) Questionnaire(context.Context, survey.Ref) (survey.Questionnaire, error) {
	return survey.Questionnaire{}, fault.New(fault.NotFound, "round.unknown_questionnaire")
}

func (s *shelf) OpenBlob(_ context.Context, digest string) (io.ReadCloser, error) {
	content, ok := s.blobs[digest]
	if !ok {
		return nil, fault.New(fault.NotFound, "store.not_found")
	}
	return io.NopCloser(strings.NewReader(content)), nil
}

var (
	event = time.Date(2026, 9, 2, 9, 0, 0, 0, time.UTC)
	hoa   = sampling.Person{Name: "Trần Thị Hoà", BirthYear: 1956, Sex: sampling.Female, Household: "012", Address: "Ngõ 3, Đông Xá"}
	tam   = sampling.Person{Name: "Lý Văn Tám", BirthYear: 1990}
)

// stocked is a round in draft whose people are committed to, and drawn if the
// beacon is not "". Only the stage of people is there: the pages do not ask.
func stocked(t *testing.T, beacon string) (*shelf, sampling.List) {
	t.Helper()
	list := sampling.List{Village: "06994-03", People: []sampling.Person{hoa, tam}}
	if err := list.Seal(strings.NewReader(strings.Repeat("0123456789abcdef", 1) + "fedcba9876543210")); err != nil {
		t.Fatal(err)
	}
	frame, err := sampling.PeopleFrame([]sampling.List{list})
	if err != nil {
		t.Fatal(err)
	}
	plan := sampling.Plan{ID: "p", Key: "key", ParentKey: "village", Method: sampling.SRS, N: sampling.Counts{Each: 1}}
	commitment, err := sampling.Commit(frame, plan, sampling.CommitInput{Source: "dice:Hội trường:2026-09-02T09:00:00Z", At: event.Add(-time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	var csv bytes.Buffer
	if err := frame.WriteCSV(&csv); err != nil {
		t.Fatal(err)
	}
	s := &shelf{
		round: survey.Round{ID: "qn-2026", Title: survey.Labels{"vi": "Đợt 2026"}, State: survey.RoundDraft, Asker: "Sở Nội vụ", Contact: "0203 000 000"},
		blobs: map[string]string{"frame": csv.String()},
	}
	d := conduct.Draw{Round: "qn-2026", Stage: conduct.People, Attempt: 1, Plan: plan, Commitment: commitment, CommittedBy: "lan.nguyen", Frame: "frame", Units: 2}
	if beacon != "" {
		sample, receipt, err := sampling.Draw(frame, plan, sampling.DrawInput{Commitment: &commitment, Beacon: beacon})
		if err != nil {
			t.Fatal(err)
		}
		d.Receipt, d.Sample, d.DrawnBy, d.DrawnAt = &receipt, "sample", "minh.tran", event
		s.blobs["sample"] = string(sample.CSV())
	}
	s.attempts = []conduct.Draw{d}
	return s, list
}

type site struct {
	t *testing.T
	*server.Server
}

func open(t *testing.T, s *shelf, files guard.Rate) site {
	return site{t, server.New(server.Config{}, public.New(public.Config{Store: s, Now: func() time.Time { return event.Add(time.Hour) }, Files: files}))}
}

func (s site) do(method, path string, form url.Values, headers ...string) (*http.Response, string) {
	s.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := s.App().Test(r, 20_000)
	if err != nil {
		s.t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return response, string(body)
}

// What is public when: nothing before the first commitment, then frame, plan and
// commitment, and what was drawn once it is.
func TestWhatIsPublicWhen(t *testing.T) {
	waiting, _ := stocked(t, "")
	drawn, _ := stocked(t, "3 1 4")
	draft, _ := stocked(t, "")
	draft.attempts = nil
	opened, _ := stocked(t, "")
	opened.attempts, opened.round.State = nil, survey.RoundOpen
	for _, c := range []struct {
		name   string
		shelf  *shelf
		path   string
		status int
		has    string
	}{
		{"a draft is not listed", draft, "/verify", 200, "Chưa có đợt"},
		{"a draft has no page", draft, "/verify/qn-2026", 404, "qn-2026"},
		{"an open round without a draw says so", opened, "/verify/qn-2026", 200, "không rút thăm"},
		{"a commitment is listed", waiting, "/verify", 200, "cam kết 1 lần"},
		{"with its digest", waiting, "/verify/qn-2026", 200, string(waiting.attempts[0].Commitment.Digest())},
		{"its event is over and nothing drawn", waiting, "/verify/qn-2026", 200, "chưa rút"},
		{"the frame before the draw", waiting, "/verify/qn-2026/draw-3-attempt-1/frame.csv", 200, "key,village,order,seal"},
		{"the plan before the draw", waiting, "/verify/qn-2026/draw-3-attempt-1/plan.json", 200, `"method":"srs"`},
		{"the commitment before the draw", waiting, "/verify/qn-2026/draw-3-attempt-1/commitment.json", 200, "dice:Hội trường"},
		{"no sample before the draw", waiting, "/verify/qn-2026/draw-3-attempt-1/sample.csv", 404, "tệp"},
		{"the sample after it", drawn, "/verify/qn-2026/draw-3-attempt-1/sample.csv", 200, "draw_order"},
		{"the receipt after it", drawn, "/verify/qn-2026/draw-3-attempt-1/receipt.json", 200, `"beacon": "3 1 4"`},
		{"the beacon", drawn, "/verify/qn-2026", 200, "3 1 4"},
		{"another attempt", drawn, "/verify/qn-2026/draw-3-attempt-2/frame.csv", 404, "tệp"},
		{"a path out of the folder", drawn, "/verify/qn-2026/draw-3-attempt-1/..%2Fframe.csv", 404, ""},
		{"no other round", drawn, "/verify/other", 404, "other"},
		{"in English", drawn, "/verify/other?lang=en", 404, "There is no survey round"},
	} {
		response, body := open(t, c.shelf, guard.Rate{}).do("GET", c.path, nil)
		if response.StatusCode != c.status || !strings.Contains(body, c.has) {
			t.Errorf("%s: %d, wants %d and %q in %.300s", c.name, response.StatusCode, c.status, c.has, body[min(len(body), 4000):])
		}
		if len(response.Cookies()) > 0 || strings.Contains(body, "<script") {
			t.Errorf("%s: sets a cookie or brings a script", c.name)
		}
		for _, private := range []string{"lan.nguyen", "minh.tran", hoa.Name, "1956"} {
			if strings.Contains(body, private) {
				t.Errorf("%s: shows %q", c.name, private)
			}
		}
	}
}

// Interim editions of a real round are for those who compute them; a file that
// is not public does not exist.
func TestAnInterimEditionOfARealRoundDoesNotShow(t *testing.T) {
	for _, c := range []struct {
		simulated, interim bool
		shown              bool
	}{{false, true, false}, {false, false, true}, {true, true, true}} {
		s, _ := stocked(t, "3 1 4")
		s.round.Simulated = c.simulated
		s.editions = []conduct.EditionHead{{Round: "qn-2026", Number: 1, Interim: c.interim, Simulated: c.simulated, Tally: "tally", Edition: "edition", By: "lan.nguyen"}}
		at := open(t, s, guard.Rate{})
		_, body := at.do("GET", "/verify/qn-2026", nil)
		if shown := strings.Contains(body, "edition-1/tally.csv"); shown != c.shown || strings.Contains(body, "lan.nguyen") {
			t.Errorf("%+v: shown %v", c, shown)
		}
		if strings.Contains(body, "mô phỏng") != c.simulated {
			t.Errorf("%+v: the mark of a simulated round", c)
		}
		if response, _ := at.do("GET", "/verify/qn-2026/edition-1/tally.csv", nil); !c.shown && response.StatusCode != 404 {
			t.Errorf("%+v: %d", c, response.StatusCode)
		}
	}
}

// The archive suffices to repeat the draw.
func TestTheArchiveVerifies(t *testing.T) {
	s, _ := stocked(t, "3 1 4")
	response, body := open(t, s, guard.Rate{}).do("GET", "/verify/qn-2026/files.zip", nil)
	if response.StatusCode != 200 || response.Header.Get("Content-Type") != "application/zip" {
		t.Fatalf("%d %s", response.StatusCode, response.Header.Get("Content-Type"))
	}
	archive, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]*bytes.Buffer{}
	for _, f := range archive.File {
		content, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = &bytes.Buffer{}
		if _, err := files[f.Name].ReadFrom(content); err != nil {
			t.Fatal(err)
		}
	}
	folder := "draw-3-attempt-1/"
	frame, err := sampling.ReadFrame(files[folder+"frame.csv"])
	if err != nil {
		t.Fatal(err)
	}
	receipt, err := sampling.ReadReceipt(files[folder+"receipt.json"])
	if err != nil {
		t.Fatal(err)
	}
	commitment, err := sampling.ReadCommitment(files[folder+"commitment.json"])
	if err != nil {
		t.Fatal(err)
	}
	evidence := sampling.Evidence{Commitment: &commitment, Lines: bytes.NewReader(files[folder+"frame.lines"].Bytes()), Sample: files[folder+"sample.csv"].Bytes()}
	if err := sampling.Verify(frame, receipt, evidence); err != nil {
		t.Error(err)
	}
}

func TestCopiesAreKeptAndOneAddressGetsSoMany(t *testing.T) {
	s, _ := stocked(t, "3 1 4")
	at := open(t, s, guard.Rate{Burst: 3, PerSecond: .01})
	const path = "/verify/qn-2026/draw-3-attempt-1/frame.csv"
	head, body := at.do("HEAD", path, nil)
	if head.StatusCode != 200 || body != "" {
		t.Errorf("HEAD: %d, %d bytes", head.StatusCode, len(body))
	}
	first, _ := at.do("GET", path, nil)
	tag := first.Header.Get("ETag")
	if same, body := at.do("GET", path, nil, "If-None-Match", tag); tag == "" || same.StatusCode != 304 || body != "" {
		t.Errorf("the same again: %d", same.StatusCode)
	}
	if !strings.HasPrefix(first.Header.Get("Cache-Control"), "public") {
		t.Errorf("a public file: %s", first.Header.Get("Cache-Control"))
	}
	at.do("GET", path, nil)
	slow, _ := at.do("GET", path, nil)
	if slow.StatusCode != 429 || slow.Header.Get("Retry-After") == "" || slow.Header.Get("Cache-Control") != "no-store" || slow.Header.Get("ETag") != "" {
		t.Errorf("too many: %d %v", slow.StatusCode, slow.Header)
	}
	if page, _ := at.do("GET", "/verify/qn-2026", nil); page.StatusCode != 200 {
		t.Errorf("the page itself: %d", page.StatusCode)
	}
}

func TestASealIsCheckedAndNothingElseSaid(t *testing.T) {
	s, list := stocked(t, "3 1 4")
	at := open(t, s, guard.Rate{})
	person := list.People[0]
	salt, err := person.Salt.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	line := string(person.Line(list.Village))
	decomposed := strings.ReplaceAll(line, "Hoà", "Hoa\u0300")
	for _, c := range []struct {
		name, key, salt, line string
		status                int
		has                   string
	}{
		{"as on the slip", string(person.Key), string(salt), line, 200, "Khớp"},
		{"typed with other marks and spaces", strings.ToUpper(string(person.Key)) + " ", string(salt[:16]) + " " + string(salt[16:]), "  " + decomposed + "\n", 200, "Khớp"},
		{"another line", string(person.Key), string(salt), strings.Replace(line, "1956", "1957", 1), 200, "Không khớp"},
		{"another salt", string(person.Key), strings.Repeat("0", 32), line, 200, "Không khớp"},
		{"an unknown key", "0000000000000000", string(salt), line, 200, "không có trong danh sách"},
		{"no key", "", string(salt), line, 422, "16 ký tự"},
		{"half a salt", string(person.Key), string(salt[:8]), line, 422, "32 ký tự"},
		{"no line", string(person.Key), string(salt), " ", 422, "Hãy gõ dòng"},
	} {
		response, body := at.do("POST", "/verify/qn-2026/seal", url.Values{"key": {c.key}, "salt": {c.salt}, "line": {c.line}})
		if response.StatusCode != c.status || !strings.Contains(body, c.has) {
			t.Errorf("%s: %d, wants %q", c.name, response.StatusCode, c.has)
		}
		if response.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %s", c.name, response.Header.Get("Cache-Control"))
		}
	}
	// An applicant's line has other values, and its frame is published beside the round.
	applicant := sampling.Applicant{Transaction: sampling.Transaction{Unit: "06994", Name: "Đỗ Thị Hoà", BirthYear: 1956, FileNumber: "H1.2", Done: "2026-03-02", Field: "Đất đai, môi trường"}, Salt: person.Salt, Key: person.Key[:15] + "f"}
	frame, err := sampling.ApplicantFrame([]sampling.Applicant{applicant})
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := frame.WriteCSV(&file); err != nil {
		t.Fatal(err)
	}
	row := strings.Split(file.String(), "\n")[1]
	for _, c := range []struct {
		name, row, line string
		status          int
		has             string
	}{
		{"the row of the key", row, string(applicant.Line()), 200, "Khớp với dòng ông/bà dán vào"},
		{"another year", row, strings.Replace(string(applicant.Line()), "1956", "1957", 1), 200, "Không khớp"},
		{"no row", "", string(applicant.Line()), 200, "không có trong danh sách"},
		{"the row of another key", strings.Replace(row, "f,", "0,", 1), string(applicant.Line()), 422, "bắt đầu bằng mã"},
		{"half a row", row[:60], string(applicant.Line()), 422, "64 ký tự"},
	} {
		response, body := at.do("POST", "/verify/qn-2026/seal", url.Values{"key": {string(applicant.Key)}, "salt": {string(salt)}, "line": {c.line}, "row": {c.row}})
		if response.StatusCode != c.status || !strings.Contains(body, c.has) {
			t.Errorf("applicant, %s: %d, wants %q", c.name, response.StatusCode, c.has)
		}
	}
	_, body := at.do("GET", "/verify/qn-2026/seal?key="+url.QueryEscape("'; rm -rf ~"), nil)
	if strings.Contains(body, "rm -rf") {
		t.Error("an address puts its own command onto the page")
	}
}

// The first view arrives with the first round trip, as the citizens' pages do,
// though digests do not compress.
func TestPagesAreLightAndWhole(t *testing.T) {
	leftover := regexp.MustCompile(`>\s*(?:console|public|http|rounds|citizen)\.[a-z_.0-9]+\s*<`)
	for _, f := range public.Fixtures() {
		for _, lang := range static.Langs {
			html, err := f.Render(lang)
			if err != nil {
				t.Fatalf("%s in %s: %v", f.Name, lang, err)
			}
			text := string(html)
			if found := leftover.FindString(text); found != "" || strings.Contains(text, "ZgotmplZ") || strings.Count(text, "<h1>") != 1 {
				t.Errorf("%s in %s: %s", f.Name, lang, found)
			}
		}
		response, body := site{t, server.New(server.Config{}, page.Gallery{f})}.do("GET", "/0", nil, "Accept-Encoding", "gzip")
		if response.Header.Get("Content-Encoding") != "gzip" || len(body) > 14_000 {
			t.Errorf("%s: %d bytes", f.Name, len(body))
		}
	}
}

// Of a re-check everybody sees plan, commitment and receipt, and nobody sees the
// sheets: with a pseudonym they would tell who answered.
func TestARecheckIsPublicButForItsSheets(t *testing.T) {
	s, _ := stocked(t, "3 5 1")
	frame, err := sampling.NewFrame([]string{sampling.RecheckKey, sampling.RecheckVillage, sampling.RecheckCommune}, [][]string{
		{"p-one", "06994-03", "06994"}, {"p-two", "06994-03", "06994"}, {"p-three", "06994-03", "06994"}, {"p-four", "06994-03", "06994"},
	})
	check(t, err)
	plan, err := sampling.RecheckPlan("qn-2026-recheck", frame, sampling.RecheckSize{Percent: 50, Least: 1})
	check(t, err)
	commitment, err := sampling.Commit(frame, plan, sampling.CommitInput{Source: "dice:Mặt trận tỉnh:2026-12-28T09:00:00+07:00", At: event})
	check(t, err)
	_, receipt, err := sampling.Draw(frame, plan, sampling.DrawInput{Commitment: &commitment, Beacon: "6 2"})
	check(t, err)
	var csv strings.Builder
	check(t, frame.WriteCSV(&csv))
	s.blobs["sheets"] = csv.String()
	s.rechecks = []conduct.Draw{{Round: "qn-2026", Stage: conduct.Recheck, Attempt: 1, Plan: plan, Commitment: commitment, CommittedBy: "lan.nguyen", Frame: "sheets", Sample: "sheets", Units: 4, Receipt: &receipt}}
	site := open(t, s, guard.Rate{})
	_, page := site.do("GET", "/verify/qn-2026", nil)
	for _, want := range []string{"Phúc tra", "dice:Mặt trận tỉnh:2026-12-28", string(commitment.FrameDigest), "/verify/qn-2026/recheck-attempt-1/plan.json", "Không công khai"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, name := range []string{"frame.csv", "sample.csv", "frame.lines"} {
		if response, _ := site.do("GET", "/verify/qn-2026/recheck-attempt-1/"+name, nil); response.StatusCode != 404 {
			t.Errorf("%s is handed out: %d", name, response.StatusCode)
		}
	}
	for _, name := range []string{"plan.json", "commitment.json", "receipt.json"} {
		if response, body := site.do("GET", "/verify/qn-2026/recheck-attempt-1/"+name, nil); response.StatusCode != 200 || strings.Contains(body, "p-one") || strings.Contains(body, "lan.nguyen") {
			t.Errorf("%s: %d %s", name, response.StatusCode, body)
		}
	}
	_, archive := site.do("GET", "/verify/qn-2026/files.zip", nil)
	if strings.Contains(archive, "recheck-attempt-1/frame.csv") || !strings.Contains(archive, "recheck-attempt-1/commitment.json") {
		t.Error("the archive holds the sheets, or lacks the commitment")
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
