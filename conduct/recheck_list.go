package conduct

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"hailong/account"
	"hailong/fault"
	"hailong/intake"
	"hailong/sampling"
	"hailong/survey"
	"hailong/territory"
)

// Rechecked is one person to ask again.
type Rechecked struct {
	Number   int // in the drawn order of the commune
	Village  territory.Unit
	Commune  territory.Unit
	Person   sampling.Person
	Findings []RecheckFinding // on record; the last one counts
	key      sampling.Key
}

// Last is the finding that counts; ok is false if none is on record.
func (r Rechecked) Last() (last RecheckFinding, ok bool) {
	if len(r.Findings) == 0 {
		return last, false
	}
	return r.Findings[len(r.Findings)-1], true
}

// HandOutRecheck returns the people of a commune whose sheets were drawn, for
// somebody who takes the names away, which the audit record keeps. It holds nothing
// that they answered. An officer of a commune that holds the codes may not have it,
// for it tells who answered (recheck.by_province).
func (d Desk) HandOutRecheck(ctx context.Context, by account.User, round survey.RoundID, commune territory.Code) ([]Rechecked, error) {
	r, err := d.Store.Round(ctx, round)
	if err != nil {
		return nil, err
	}
	if !MayFollow(r, by) {
		return nil, fault.New(fault.Denied, "recheck.by_province")
	}
	people, draw, err := d.rechecked(ctx, round, commune)
	if err != nil {
		return nil, err
	}
	details := []string{"attempt", strconv.Itoa(draw.Attempt), "people", strconv.Itoa(len(people))}
	rec, err := d.record(ctx, by, account.HandOutRecheck, subject{round, commune, details})
	if err != nil {
		return nil, err
	}
	return people, d.Store.AddRecord(ctx, rec)
}

// rechecked finds with the key who goes by the pseudonyms drawn in a commune.
func (d Desk) rechecked(ctx context.Context, round survey.RoundID, commune territory.Code) ([]Rechecked, Draw, error) {
	draw, sample, err := d.recheckSample(ctx, round, 0)
	if err != nil {
		return nil, draw, err
	}
	findings, err := d.Store.RecheckFindings(ctx, round, draw.Attempt)
	if err != nil {
		return nil, draw, err
	}
	units, err := d.units(ctx)
	if err != nil {
		return nil, draw, err
	}
	people := make(map[sampling.Key]sampling.Person)
	var drawn []Rechecked
	for _, u := range sample.Units {
		if territory.Code(u.Stratum) != commune {
			continue
		}
		one := Rechecked{Number: u.DrawOrder, Village: units[villageOf(sample, u)], Commune: units[commune], key: u.Key}
		if _, known := people[u.Key]; !known {
			listed, err := d.VillageSample(ctx, round, one.Village.Code)
			if err != nil {
				return nil, draw, err
			}
			for _, p := range listed {
				people[sampling.Key(d.Keys.RecheckKey(round, string(p.Person.Key)))] = p.Person
			}
		}
		var known bool
		if one.Person, known = people[u.Key]; !known {
			return nil, draw, fault.New(fault.Conflict, "recheck.other_sample")
		}
		for _, f := range findings {
			if f.Key == u.Key {
				one.Findings = append(one.Findings, f)
			}
		}
		drawn = append(drawn, one)
	}
	if len(drawn) == 0 {
		return nil, draw, fault.New(fault.NotFound, "recheck.nobody_drawn")
	}
	return drawn, draw, nil
}

// recheckColumns are those of a file of findings.
var recheckColumns = []intake.Column{
	{Field: "number", Required: true, Names: []string{"STT", "TT", "Số thứ tự", "number", "No"}},
	{Field: "name", Names: []string{"Họ và tên", "Họ tên", "name", "Full name"}},
	{Field: "day", Names: []string{"Ngày phúc tra", "Ngày", "day", "date"}},
	{Field: "result", Required: true, Names: []string{"Kết quả phúc tra", "Kết quả", "result", "Result"}},
	{Field: "checker", Names: []string{"Người phúc tra", "Người thực hiện", "checker", "Checked by"}},
}

// RecheckFile is a list of one commune that was handed out and filled in, XLSX or CSV.
type RecheckFile struct {
	Name    string
	Data    []byte
	Commune territory.Code
	Words   map[string]string // what people write for a result, in lower case
	Checker string            // where a row names none
}

// ImportRecheck writes down the findings of a file, all or none. Rows without a
// result are passed over, those on record already add nothing, and another result
// of the same person corrects the one before.
func (d Desk) ImportRecheck(ctx context.Context, by account.User, round survey.RoundID, f RecheckFile) (Taken, error) {
	people, draw, err := d.rechecked(ctx, round, f.Commune)
	if err != nil {
		return Taken{}, err
	}
	sheet, err := readRecords(f.Name, f.Data, recheckColumns)
	if err != nil {
		return Taken{}, err
	}
	w := recheckWriting{desk: d, file: f, people: people, header: sheet.Headers()}
	w.blank = RecheckFinding{Round: round, Attempt: draw.Attempt, By: by.Name, At: d.Clock()}
	for row, record := range sheet.Records() {
		if record["result"] != "" {
			w.add(fault.Place{File: f.Name, Sheet: sheet.Name, Row: row}, record)
		}
	}
	if len(w.made)+w.known == 0 && len(w.problems) == 0 {
		w.problems = append(w.problems, fault.P("recheck.file_empty").At(fault.Place{File: f.Name, Sheet: sheet.Name}))
	}
	if err := fault.Of(fault.Invalid, w.problems); err != nil || len(w.made) == 0 {
		return Taken{0, w.known}, err
	}
	rec, err := d.record(ctx, by, account.RecordRecheck, subject{round, f.Commune, []string{"results", strconv.Itoa(len(w.made))}})
	if err != nil {
		return Taken{}, err
	}
	return Taken{len(w.made), w.known}, d.Store.AddRecheckFindings(ctx, rec, w.made)
}

// recheckWriting gathers the findings of one file.
type recheckWriting struct {
	desk     Desk
	file     RecheckFile
	people   []Rechecked
	header   map[string]string
	blank    RecheckFinding
	made     []RecheckFinding
	known    int
	problems []fault.Problem
}

func (w *recheckWriting) add(place fault.Place, record map[string]string) {
	good := true
	need := func(ok bool, field, code string, pairs ...any) {
		if good = good && ok; !ok {
			at := place
			at.Column = w.header[field]
			w.problems = append(w.problems, fault.P(code, pairs...).At(at))
		}
	}
	f := w.blank
	number, err := strconv.Atoi(record["number"])
	i := slices.IndexFunc(w.people, func(p Rechecked) bool { return err == nil && p.Number == number })
	need(i >= 0, "number", "recheck.not_drawn", "value", record["number"])
	f.Result, err = sampling.ParseRecheckResult(wordFor(w.file.Words, record["result"]))
	need(err == nil, "result", "recheck.unknown_result", "value", record["result"])
	f.Checker = cmp.Or(record["checker"], w.file.Checker)
	need(f.Checker != "" && utf8.RuneCountInString(f.Checker) <= maxChecker, "checker", "recheck.checker")
	today := dayOf(f.At)
	if f.Day = today; record["day"] != "" {
		f.Day = readDay(record["day"])
	}
	_, err = time.Parse(time.DateOnly, string(f.Day))
	need(err == nil, "day", "fieldwork.day", "value", record["day"])
	need(err != nil || f.Day <= today, "day", "fieldwork.day_ahead", "day", string(f.Day))
	if i < 0 {
		return
	}
	p := &w.people[i]
	if name := strings.Join(strings.Fields(territory.NFC(record["name"])), " "); name != "" {
		need(strings.EqualFold(name, p.Person.Name), "name", "fieldwork.name_differs", "number", number, "name", name, "listed", p.Person.Name)
	}
	onRecord := slices.ContainsFunc(p.Findings, func(o RecheckFinding) bool {
		return o.Result == f.Result && o.Checker == f.Checker && (record["day"] == "" || o.Day == f.Day)
	})
	switch {
	case onRecord:
		w.known++
	case good:
		f.Key, f.Number = p.key, len(p.Findings)+1
		p.Findings = append(p.Findings, f)
		w.made = append(w.made, f)
	}
}

// maxChecker bounds the checker's name, in characters.
const maxChecker = 80
