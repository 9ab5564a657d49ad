package conduct

import (
	"context"
	"strconv"
	"strings"
	"time"

	"hailong/account"
	"hailong/fault"
	"hailong/intake"
	"hailong/sampling"
	"hailong/survey"
	"hailong/territory"
)

// contactColumns are those of a file of contacts.
var contactColumns = []intake.Column{
	{Field: "village", Names: []string{"Mã thôn", "Thôn", "Thôn, tổ dân phố", "Tổ dân phố", "village"}},
	{Field: "number", Required: true, Names: []string{"STT", "TT", "Số thứ tự", "number", "No"}},
	{Field: "name", Names: []string{"Họ và tên", "Họ tên", "name"}},
	{Field: "day", Required: true, Names: []string{"Ngày", "Ngày tiếp cận", "Ngày đến", "day", "date"}},
	{Field: "mode", Names: []string{"Cách tiếp cận", "Hình thức", "mode"}},
	{Field: "result", Required: true, Names: []string{"Kết quả", "Kết quả tiếp cận", "result", "disposition"}},
	{Field: "visitor", Names: []string{"Người tiếp cận", "Người đến", "Người thực hiện", "visitor"}},
}

// ContactFile is a file of contacts, XLSX or CSV, one row a contact.
type ContactFile struct {
	Name     string
	Data     []byte
	Villages []territory.Unit  // whose people the file may tell of
	Words    map[string]string // what people write for a result or a mode, in lower case
	Visitor  string            // where a row names none
}

// ReadContacts reads a file of contacts. Rows without a day and a result are the
// empty lines of a form and are passed over. What is wrong is an Invalid error
// with the place of every problem; nothing is stored.
func (d Desk) ReadContacts(ctx context.Context, round survey.RoundID, f ContactFile) ([]Attempt, error) {
	sheet, err := readRecords(f.Name, f.Data, contactColumns)
	if err != nil {
		return nil, err
	}
	r := contactReader{ContactFile: f, sheet: sheet.Name, header: sheet.Headers(), names: map[territory.Code][]Drawn{}}
	for row, record := range sheet.Records() {
		if record["day"] == "" && record["result"] == "" {
			continue
		}
		a, problems := r.attempt(row, record)
		if len(problems) == 0 {
			problems, err = r.checkName(ctx, d, round, a, record["name"])
			if err != nil {
				return nil, err
			}
		}
		r.problems = append(r.problems, problems...)
		r.attempts = append(r.attempts, a)
	}
	if len(r.attempts) == 0 {
		r.problems = append(r.problems, fault.P("fieldwork.file_empty").At(fault.Place{File: f.Name, Sheet: sheet.Name}))
	}
	return r.attempts, fault.Of(fault.Invalid, r.problems)
}

// ImportContacts reads a file of contacts and writes them down, all or none.
func (d Desk) ImportContacts(ctx context.Context, by account.User, round survey.RoundID, f ContactFile) (Taken, error) {
	attempts, err := d.ReadContacts(ctx, round, f)
	if err != nil {
		return Taken{}, err
	}
	return d.AddContacts(ctx, by, round, attempts)
}

// contactReader turns rows into attempts.
type contactReader struct {
	ContactFile
	sheet    string
	header   map[string]string
	names    map[territory.Code][]Drawn
	attempts []Attempt
	problems []fault.Problem
}

func (r *contactReader) attempt(row int, record map[string]string) (Attempt, []fault.Problem) {
	place := fault.Place{File: r.Name, Sheet: r.sheet, Row: row}
	a := Attempt{Place: place, Contact: sampling.Contact{
		Day: readDay(record["day"]), Mode: sampling.ContactMode(r.word(record["mode"])), Visitor: record["visitor"],
	}}
	if a.Contact.Mode == "" {
		a.Contact.Mode = sampling.ByVisit
	}
	if a.Contact.Visitor == "" {
		a.Contact.Visitor = r.Visitor
	}
	var problems []fault.Problem
	problem := func(field string, p fault.Problem) {
		at := place
		at.Column = r.header[field]
		problems = append(problems, p.At(at))
	}
	var known bool
	if a.Village, known = r.villageOf(record["village"]); !known {
		problem("village", fault.P("fieldwork.unknown_village", "value", record["village"]))
	}
	var err error
	if a.Number, err = strconv.Atoi(record["number"]); err != nil {
		problem("number", fault.P("fieldwork.number", "value", record["number"]))
	}
	if a.Contact.Result, err = sampling.ParseDisposition(r.word(record["result"])); err != nil {
		problem("result", fault.P("fieldwork.unknown_disposition", "value", record["result"]))
	}
	return a, problems
}

// readDay reads a day as spreadsheets give it, or as people write it: day, month,
// year. What is neither stays as it is, to be reported.
func readDay(text string) territory.Day {
	for _, layout := range []string{"2/1/2006", "2-1-2006", "2.1.2006"} {
		if day, err := time.Parse(layout, text); err == nil {
			return territory.Day(day.Format(time.DateOnly))
		}
	}
	return territory.Day(text)
}

// word is what the program calls what somebody wrote.
func (r *contactReader) word(text string) string { return wordFor(r.Words, text) }

func wordFor(words map[string]string, text string) string {
	key := strings.ToLower(strings.Join(strings.Fields(territory.NFC(text)), " "))
	if known, ok := words[key]; ok {
		return known
	}
	return key
}

// villageOf finds the village by its code or its name; a file about one village
// need not name it.
func (r *contactReader) villageOf(text string) (territory.Code, bool) {
	if text == "" && len(r.Villages) == 1 {
		return r.Villages[0].Code, true
	}
	var found territory.Code
	for _, u := range r.Villages {
		switch {
		case string(u.Code) == text:
			return u.Code, true
		case strings.EqualFold(u.FullName(), text) || strings.EqualFold(u.Name, text):
			if found != "" {
				return "", false // two communes have such a village
			}
			found = u.Code
		}
	}
	return found, found != ""
}

// checkName compares the name beside the number with the list, so that a row that
// slipped tells of nobody else.
func (r *contactReader) checkName(ctx context.Context, d Desk, round survey.RoundID, a Attempt, name string) ([]fault.Problem, error) {
	if name == "" {
		return nil, nil
	}
	if r.names[a.Village] == nil {
		drawn, err := d.VillageSample(ctx, round, a.Village)
		if err != nil {
			return nil, err
		}
		r.names[a.Village] = drawn
	}
	drawn := r.names[a.Village]
	if a.Number < 1 || a.Number > len(drawn) {
		return nil, nil // which AddContacts reports
	}
	listed := drawn[a.Number-1].Person.Name
	if strings.EqualFold(strings.Join(strings.Fields(territory.NFC(name)), " "), listed) {
		return nil, nil
	}
	at := a.Place
	at.Column = r.header["name"]
	return []fault.Problem{fault.P("fieldwork.name_differs", "number", a.Number, "name", name, "listed", listed).At(at)}, nil
}
