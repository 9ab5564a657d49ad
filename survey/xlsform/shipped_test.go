package xlsform

import (
	"bytes"
	"encoding/csv"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"hailong/survey"
)

// update writes the shipped workbooks anew:
//
//	go test ./survey/xlsform -run Shipped -update
var update = flag.Bool("update", false, "write the shipped questionnaires from their tables")

const shipped = "../../static/questionnaires"

// tables reads the source of a shipped questionnaire: an XLSForm as one CSV a
// sheet, so that changes of wording can be read line by line.
func tables(t *testing.T, name string) survey.Questionnaire {
	t.Helper()
	var sheets []sheet
	for _, sheetName := range []string{surveySheet, choicesSheet, settingsSheet} {
		raw, err := os.ReadFile(filepath.Join(shipped, name, sheetName+".csv"))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		sheets = append(sheets, sheet{sheetName, rows})
	}
	q, problems := assemble(sheets, DefaultLimits.Choices)
	for _, p := range problems {
		t.Error(p) // a shipped questionnaire has no warnings either
	}
	return q
}

func TestShippedWorkbookIsWhatItsTablesSay(t *testing.T) {
	q := tables(t, "sipas-2026")
	file := filepath.Join(shipped, "sipas-2026.xlsx")
	if *update {
		data, err := Write(q)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got, problems := Read(data, DefaultLimits)
	if len(problems) > 0 || !reflect.DeepEqual(got, q) {
		t.Errorf("the workbook differs from its tables; run this test with -update. %v", problems)
	}
}

// The 33 items of the SIPAS model of 2022 in two parts and nine elements.
func TestShippedItemsFollowTheModel(t *testing.T) {
	q := tables(t, "sipas-2026")
	want := map[survey.GroupID]int{
		"accountability": 2, "participation": 2, "quality": 8, "impact": 2,
		"access": 4, "procedures": 4, "civil_servants": 5, "results": 3, "feedback": 3,
	}
	got := map[survey.GroupID]int{}
	parts := map[survey.GroupID]int{}
	for _, code := range q.Ratings() {
		question, _ := q.Question(code)
		got[question.Group]++
		i := slices.IndexFunc(q.Groups, func(g survey.Group) bool { return g.ID == question.Group })
		parts[q.Groups[i].Parent]++
		var values []string
		for _, c := range question.Choices {
			values = append(values, c.Value)
		}
		if !slices.Equal(values, []string{"1", "2", "3", "4", "5", "9"}) {
			t.Errorf("%s: choices %v; 1 to 5 are valid, 9 is no opinion", code, values)
		}
	}
	if !reflect.DeepEqual(got, want) || parts["policy"] != 14 || parts["service"] != 19 {
		t.Errorf("%v %v, want %v", got, parts, want)
	}
}

// Nobody is made to tell their ethnicity, to write, or to invent a judgement of
// what they have not met or would rather not name.
func TestShippedQuestionsForceNobodyToInvent(t *testing.T) {
	for _, question := range tables(t, "sipas-2026").Questions {
		optional := question.Code == "ethnicity" || question.Kind == survey.KindText || question.Kind == survey.KindNote
		if question.Required == optional {
			t.Errorf("%s: required = %v", question.Code, question.Required)
		}
		judges := question.Kind == survey.KindRating || question.Code == "harassment" || question.Code == "extra_payment"
		if judges && !question.HasChoice("9") {
			t.Errorf("%s offers no way out", question.Code)
		}
	}
}
