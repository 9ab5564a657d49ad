package xlsform

import (
	"archive/zip"
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"hailong/fault"
	"hailong/survey"
)

// grid makes a sheet of lines with cells between bars.
func grid(name string, lines ...string) sheet {
	s := sheet{name: name}
	for _, line := range lines {
		s.rows = append(s.rows, strings.Split(line, "|"))
	}
	return s
}

func workbook(t testing.TB, sheets ...sheet) []byte {
	t.Helper()
	book := excelize.NewFile()
	if err := fill(book, sheets); err != nil {
		t.Fatal(err)
	}
	data, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return data.Bytes()
}

var (
	goodChoices  = grid("choices", "list_name|name|label", "yn|1|Có", "yn|0|Không")
	goodSettings = grid("settings", "form_title|form_id|version", "Phiếu thử|thu|1")
)

func TestReadRefusesWhatItDoesNotKnowByItsPlace(t *testing.T) {
	const titles = "type|name|label|relevant|constraint|required|appearance|calculation|choice_filter|label::English (en)"
	for _, c := range []struct {
		name  string
		lines []string // of the survey sheet below the titles
		want  []string
	}{
		{"nothing wrong", []string{"text|a|A"}, nil},
		{"a repeat", []string{"begin_repeat|a|A", "text|b|B", "end_repeat"}, []string{
			"xlsform.type_refused sheet=survey column=type row=2 type=begin_repeat", "xlsform.type_refused sheet=survey column=type row=4 type=end_repeat"}},
		{"a calculation", []string{"calculate|a||||||1 + 1", "text|b|B"}, []string{
			"xlsform.column_refused sheet=survey column=calculation row=2 column=calculation", "xlsform.type_refused sheet=survey column=type row=2 type=calculate"}},
		{"a picture", []string{"text|b|B", "image|a|A"}, []string{"xlsform.type_refused sheet=survey column=type row=3 type=image"}},
		{"a place on the map", []string{"text|b|B", "geopoint|a|A"}, []string{"xlsform.type_refused sheet=survey column=type row=3 type=geopoint"}},
		{"or_other", []string{"text|b|B", "select_one yn or_other|a|A"}, []string{"xlsform.type_refused sheet=survey column=type row=3 type=select_one yn or_other"}},
		{"cascading choices", []string{"select_one yn|a|A||||||x = ${b}"}, []string{"xlsform.column_refused sheet=survey column=choice_filter row=2 column=choice_filter"}},
		{"a duplicate code", []string{"text|a|A", "text|b|B", "integer|a|A"}, []string{"form.code_duplicate sheet=survey column=name row=4 code=a question=a"}},
		{"an unknown reference", []string{"text|a|A", "text|b|B|${c} = 1"}, []string{"form.reference_unknown sheet=survey column=relevant row=3 reference=c question=b"}},
		{"a reference to a later question", []string{"text|a|A|${b} = 1", "text|b|B"}, []string{"form.reference_later sheet=survey column=relevant row=2 reference=b question=a"}},
		{"a wrong expression of a group", []string{"text|a|A", "begin_group|g|G|${a} =", "text|b|B", "end_group"}, []string{"form.expression_unfinished sheet=survey column=relevant row=3 group=g"}},
		{"an unsupported function", []string{"text|a|A||regex(., 'x')"}, []string{"form.function_unknown sheet=survey column=constraint row=2"}},
		{"a computed required", []string{"text|a|A|||${b} = 1"}, []string{"xlsform.required sheet=survey column=required row=2 value=${b} = 1"}},
		{"an unknown list", []string{"select_one ny|a|A"}, []string{"xlsform.list_unknown sheet=survey column=type row=2 list=ny"}},
		{"no list", []string{"text|b|B", "select_one|a|A"}, []string{"xlsform.list_missing sheet=survey column=type row=3"}},
		{"no name", []string{"text||A"}, []string{"xlsform.name_missing sheet=survey column=name row=2"}},
		{"no type", []string{"|a|A", "text|b|B"}, []string{"xlsform.type_missing sheet=survey column=type row=2"}},
		{"no label", []string{"text|a|"}, []string{"form.label_empty sheet=survey column=label row=2 name=a language=vi"}},
		{"a label in English only", []string{"text|a||||||||A"}, []string{"form.label_empty sheet=survey column=label row=2 name=a language=vi"}},
		{"a group not closed", []string{"begin_group|g|G", "text|a|A"}, []string{"xlsform.group_open sheet=survey column=type row=2 group=g"}},
		{"a group not opened", []string{"text|a|A", "end_group"}, []string{"xlsform.group_end sheet=survey column=type row=3"}},
		{"groups crossed", []string{"begin_group|g|G", "begin group|h|H", "text|a|A", "end_group|g", "end group|h"}, []string{
			"xlsform.group_mismatch sheet=survey column=name row=5 group=h name=g", "xlsform.group_mismatch sheet=survey column=name row=6 group=g name=h"}},
		{"a required group", []string{"begin_group|g|G|||yes", "text|a|A", "end_group"}, []string{"xlsform.not_for_groups sheet=survey column=required row=2 column=required"}},
		{"a required note", []string{"note|a|A|||yes"}, []string{"form.note_required sheet=survey column=required row=2 question=a"}},
	} {
		lines := append([]string{titles}, c.lines...)
		_, problems := Read(workbook(t, grid("survey", lines...), goodChoices, goodSettings), DefaultLimits)
		var got []string
		for _, p := range problems {
			if p.Stops() {
				got = append(got, p.String())
			}
		}
		if len(got) != len(c.want) {
			t.Errorf("%s:\n got %q\nwant %q", c.name, got, c.want)
			continue
		}
		for i := range got {
			if !strings.HasPrefix(got[i], c.want[i]) {
				t.Errorf("%s: %s, want %s", c.name, got[i], c.want[i])
			}
		}
	}
}

func TestReadReportsWhatItLeavesOut(t *testing.T) {
	_, problems := Read(workbook(t,
		grid("survey", "type|name|label|labell|appearance", "text|a|A|x|multiline", "select_one yn|b|B||likert"),
		grid("choices", "list_name|name|label|color", "yn|1|Có|red", "yn|0|Không", "xx|1|Thừa"),
		grid("Settings", "form_title|form_id|version|style", "Phiếu|thu|1|pages"),
		grid("Ghi chú", "cho người soạn")), DefaultLimits)
	want := []string{
		"xlsform.column_unknown sheet=survey column=labell row=1",
		"xlsform.column_unknown sheet=choices column=color row=1",
		"xlsform.column_unknown sheet=settings column=style row=1",
		"xlsform.sheet_ignored sheet=Ghi chú",
		"xlsform.appearance_ignored sheet=survey column=appearance row=2",
		"xlsform.list_unused sheet=choices column=list_name row=4",
	}
	if len(problems) != len(want) {
		t.Fatalf("%v, want %q", problems, want)
	}
	for i, p := range problems {
		if !strings.HasPrefix(p.String(), want[i]) || p.Stops() {
			t.Errorf("%s (%s), want %s", p, p.Severity, want[i])
		}
	}
}

func TestSettingsAndChoicesHavePlacesToo(t *testing.T) {
	_, problems := Read(workbook(t,
		grid("survey", "type|name|label", "select_one yn|a|A", "select_one yn|b|B", "select_one yn|c|C"),
		grid("choices", "list_name|name|label", "yn|1|Có", "yn|1|Không", "yn|không biết|?", "|2|Hai", "yn|4|"),
		grid("settings", "form_title|form_id", "|"), grid("entities", "x")), DefaultLimits)
	want := []string{
		"xlsform.sheet_refused sheet=entities",
		"xlsform.list_name_missing sheet=choices column=list_name row=5",
		"form.id sheet=settings column=form_id row=2",
		"form.version sheet=settings column=version row=2",
		"form.choice_duplicate sheet=choices column=name row=3",
		"form.choice_value sheet=choices column=name row=4",
		"form.label_empty sheet=settings column=form_title row=2",
		"form.label_empty sheet=choices column=label row=6",
	}
	for i, p := range problems {
		if i >= len(want) || !strings.HasPrefix(p.String(), want[i]) {
			t.Errorf("problem %d: %s, want %q", i, p, want[min(i, len(want)-1)])
		}
	}
	if len(problems) != len(want) {
		t.Errorf("%d problems, want %d", len(problems), len(want))
	}
}

func TestAFormWithoutTitleIsCalledByItsID(t *testing.T) {
	q, problems := Read(workbook(t, grid("survey", "type|name|label", "text|a|A"), grid("settings", "id_string|version", "thu|1")), DefaultLimits)
	if q.Title["vi"] != "thu" || len(problems) != 1 || problems[0].String() != "xlsform.title_missing sheet=settings column=form_title row=2 title=thu" || problems[0].Stops() {
		t.Errorf("%v %v", q.Title, problems)
	}
}

func TestLanguagesComeFromTheColumns(t *testing.T) {
	for _, c := range []struct {
		name, titles, settings string
		want                   string // languages, or the first problem
	}{
		{"plain columns are Vietnamese", "type|name|label", "", "[vi]"},
		{"plain columns in the default language", "type|name|label", "Tày (tyz)", "[tyz]"},
		{"the first column leads", "type|name|label::English (en)", "", "[en]"},
		{"a code alone", "type|name|label::en", "", "[en]"},
		{"the default stands first", "type|name|label::English (en)|label::Tiếng Việt (vi)", "Tiếng Việt (vi)", "[vi en]"},
		{"no code", "type|name|label::Vietnamese", "", "xlsform.language_unclear sheet=survey column=label::Vietnamese row=1 language=Vietnamese"},
		{"a language twice", "type|name|label::English (en)|label::Anh (en)", "", "xlsform.column_duplicate sheet=survey column=label::Anh (en) row=1 column=label::Anh (en)"},
		{"plain and named", "type|name|label|label::Tiếng Việt (vi)", "vi", "xlsform.column_duplicate sheet=survey column=label::Tiếng Việt (vi) row=1 column=label::Tiếng Việt (vi)"},
	} {
		q, problems := Read(workbook(t, grid("survey", c.titles, "text|a|A|A"),
			grid("settings", "form_title|form_id|version|default_language", "Phiếu|thu|1|"+c.settings)), DefaultLimits)
		got := fmt.Sprint(q.Languages)
		if len(problems) > 0 && problems[0].Stops() {
			got = problems[0].String()
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// Numbers, booleans and decomposed letters come as Excel stores them.
func TestCellsAreReadAsTheirAuthorSawThem(t *testing.T) {
	book := excelize.NewFile()
	if err := fill(book, []sheet{
		grid("survey", "type|name|label|required", "select_one yn|a|Ho\u0300a", "note|n| Dòng một\r\nDòng hai "), goodChoices, goodSettings}); err != nil {
		t.Fatal(err)
	}
	for cell, v := range map[string]any{"survey!D2": true, "choices!B2": 1, "settings!C2": 2026.1} {
		name, axis, _ := strings.Cut(cell, "!")
		if err := book.SetCellValue(name, axis, v); err != nil {
			t.Fatal(err)
		}
	}
	data, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	stored := rezip(t, data.Bytes(), "<v>2026.1</v>", "<v>2026.0999999999999</v>") // as Excel writes it
	q, problems := Read(stored, DefaultLimits)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if q.Version != "2026.1" || !q.Questions[0].Required || q.Questions[0].Choices[0].Value != "1" ||
		q.Questions[0].Label["vi"] != "H\u00f2a" || q.Questions[1].Label["vi"] != "Dòng một\nDòng hai" {
		t.Errorf("%+v", q)
	}
}

// rezip replaces a text in every part of a workbook.
func rezip(t *testing.T, data []byte, old, new string) []byte {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range archive.File {
		part, err := archive.Open(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		var content bytes.Buffer
		if _, err := content.ReadFrom(part); err != nil {
			t.Fatal(err)
		}
		to, err := w.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := to.Write(bytes.ReplaceAll(content.Bytes(), []byte(old), []byte(new))); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestReadRefusesFilesThatAreNotQuestionnaires(t *testing.T) {
	good := workbook(t, grid("survey", "type|name|label", "text|a|A"), goodSettings)
	asked := workbook(t, grid("survey", "type|name|label", "select_one yn|a|A", "select_one yn|b|B"), goodChoices, goodSettings)
	tight := func(change func(*Limits)) Limits {
		l := DefaultLimits
		change(&l)
		return l
	}
	for _, c := range []struct {
		name   string
		data   []byte
		limits Limits
		want   string
	}{
		{"empty", nil, DefaultLimits, "xlsform.not_xlsx"},
		{"a text", []byte("type,name,label"), DefaultLimits, "xlsform.not_xlsx"},
		{"an encrypted workbook", append([]byte("PK\x03\x04"), oleMark...), DefaultLimits, "xlsform.not_xlsx"},
		{"cut off", good[:len(good)/2], DefaultLimits, "xlsform.unreadable"},
		{"too many bytes", good, tight(func(l *Limits) { l.Bytes = 100 }), "xlsform.too_large"},
		{"too much when unzipped", good, tight(func(l *Limits) { l.Unzipped = 1000 }), "xlsform.too_large_unzipped"},
		{"too many rows", good, tight(func(l *Limits) { l.Rows = 1 }), "xlsform.too_many_rows"},
		{"a cell far to the right", rezip(t, good, `r="A2"`, `r="XFD2"`), DefaultLimits, "xlsform.too_many_columns"},
		{"a long list used often", asked, tight(func(l *Limits) { l.Choices = 3 }), "xlsform.too_many_choices"},
		{"a bomb", rezip(t, good, "text", strings.Repeat(" ", 65<<20)), DefaultLimits, "xlsform.too_large_unzipped"},
		{"no survey sheet", workbook(t, grid("Sheet9", "a"), goodSettings), DefaultLimits, "xlsform.sheet_ignored xlsform.no_survey"},
	} {
		_, problems := Read(c.data, c.limits)
		var codes []string
		for _, p := range problems {
			codes = append(codes, p.Code)
		}
		if got := strings.Join(codes, " "); got != c.want {
			t.Errorf("%s: %v, want %s", c.name, problems, c.want)
		}
	}
}

// fullForm uses everything that a questionnaire can hold.
func fullForm() survey.Questionnaire {
	two := func(vi, en string) survey.Labels { return survey.Labels{"vi": vi, "en": en} }
	scale := []survey.Choice{{Value: "1", Label: two("Không", "No")}, {Value: "5", Label: two("Có", "Yes")}}
	return survey.Questionnaire{
		ID: "day-du", Version: "2026.1-b", Title: two("Phiếu đầy đủ", "Full form"), Languages: []string{"vi", "en"},
		Groups: []survey.Group{
			{ID: "part", Label: two("Phần", "Part")},
			{ID: "element", Parent: "part", Relevant: "${one} = 'x'"},
			{ID: "deep", Parent: "element", Label: two("Sâu", "Deep")},
			{ID: "next", Parent: "part", Label: two("Tiếp", "Next")},
		},
		Questions: []survey.Question{
			{Code: "hello", Kind: survey.KindNote, Label: two("=1+1\nDòng hai", "_x0041_ & <b>")},
			{Code: "one", Kind: survey.KindSingle, Label: two("Một?", "One?"), Hint: survey.Labels{"vi": "Gợi ý"}, Choices: []survey.Choice{{Value: "x", Label: two("X", "X")}}},
			{Code: "many", Kind: survey.KindMultiple, Label: two("Nhiều?", "Many?"), Group: "part", Choices: scale, Constraint: "count-selected(.) < 2", ConstraintMessage: two("Một thôi", "One only")},
			{Code: "rate", Kind: survey.KindRating, Label: two("Chấm", "Rate"), Group: "deep", Required: true, Choices: scale},
			{Code: "rating", Kind: survey.KindRating, Label: two("Chấm", "Rate"), Group: "deep", Choices: scale[:1]},
			{Code: "age", Kind: survey.KindNumber, Label: two("007", "1.50"), Group: "element", Constraint: ". > 17"},
			{Code: "words", Kind: survey.KindText, Label: two("Lời", "Words"), Group: "next", Relevant: "${rate} = 1"},
			{Code: "end", Kind: survey.KindText, Label: two("Hết", "End")},
		},
	}
}

func TestReadUndoesWrite(t *testing.T) {
	q := fullForm()
	data, err := Write(q)
	if err != nil {
		t.Fatal(err)
	}
	back, problems := Read(data, DefaultLimits)
	if !reflect.DeepEqual(back, q) {
		t.Errorf("got  %+v\nwant %+v", back, q)
	}
	for _, p := range problems {
		if p.Code != "form.language_incomplete" {
			t.Error(p)
		}
	}
}

func TestWriteRefusesAQuestionnaireThatDoesNotCompile(t *testing.T) {
	q := fullForm()
	q.Questions[1].Group = "nowhere"
	if _, err := Write(q); !fault.Is(err, fault.Invalid) {
		t.Errorf("%v", err)
	}
}
