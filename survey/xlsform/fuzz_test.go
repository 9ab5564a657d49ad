package xlsform

import (
	"reflect"
	"strings"
	"testing"

	"hailong/fault"
	"hailong/survey"
)

// Whatever the cells hold, reading ends without a panic; and a questionnaire
// that was understood is written and read as the same again.
func FuzzCells(f *testing.F) {
	f.Add("type|name|label\ntext|a|A", "list_name|name|label", "form_id|version|form_title\na|1|A")
	f.Add("type|name|label::Tiếng Việt (vi)|label::en|relevant|constraint|required|appearance\n"+
		"begin_group|g|G||\nselect_one l|a|A|B||. = 1|yes|likert\nend_group\ntext|b|B||${a} = '1'",
		"list_name|name|label::Tiếng Việt (vi)\nl|1|Một\nl|2|Hai", "form_id|version|form_title\na|1|A")
	f.Add("type|name|label\nend_group\nbegin_group|g\nbegin_group|g\nnote||\n||x", "list_name\n|1", "")
	f.Fuzz(func(t *testing.T, questions, choices, settings string) {
		sheets := []sheet{
			grid("survey", strings.Split(questions, "\n")...), grid("choices", strings.Split(choices, "\n")...),
			grid("settings", strings.Split(settings, "\n")...),
		}
		q, problems := assemble(sheets, DefaultLimits.Choices)
		if fault.Of(fault.Invalid, problems) != nil {
			return
		}
		form, _ := survey.Compile(q)
		if form == nil {
			t.Fatalf("read without problems, but does not compile: %v", problems)
		}
		form.Check(nil)
		data, err := Write(q)
		if err != nil {
			t.Fatal(err)
		}
		back, problems := Read(data, DefaultLimits)
		if fault.Of(fault.Invalid, problems) != nil || !reflect.DeepEqual(back, q) {
			t.Fatalf("%v\n got %+v\nwant %+v", problems, back, q)
		}
	})
}

// A damaged workbook is refused, never a panic.
func FuzzRead(f *testing.F) {
	data, err := Write(fullForm())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, data []byte) {
		limits := DefaultLimits
		limits.Unzipped = 1 << 20
		if q, problems := Read(data, limits); fault.Of(fault.Invalid, problems) == nil {
			if form, _ := survey.Compile(q); form == nil {
				t.Fatalf("read without problems, but does not compile: %v", problems)
			}
		}
	})
}
