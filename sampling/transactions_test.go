package sampling_test

import (
	"crypto/rand"
	"fmt"
	"strings"
	"testing"

	"hailong/sampling"
)

var nineMonths = sampling.TransactionRules{From: "2026-01-01", To: "2026-09-30", MinAge: 18, Unit: "06994"}

const transactionHeader = "file_number|field|returned|name|birth_date|phone|id_number"

// who writes applicants as "name×count field".
func who(applicants []sampling.Applicant) string {
	var out []string
	for _, a := range applicants {
		out = append(out, fmt.Sprintf("%s×%d %s", a.Name, a.Count, a.Field))
	}
	return strings.Join(out, "; ")
}

func TestManyTransactionsAreOnePersonByNameAndOneThingMore(t *testing.T) {
	kept, problems := sampling.CheckTransactions(table(transactionHeader,
		"H1|đất đai|05/01/2026|Trần Thị Hoà||0912345678|034056001234",
		"H2|hộ tịch|12/05/2026 08:15|TRẦN THỊ HÒA|12/03/1956||034056001234", // the same paper
		"H3|đất đai|30/09/2026|Trần Thị Hoà|12/03/1956||",                   // the same date of birth
		"H4|hộ tịch|2026-02-01|Trần Thị Hoà|01/01/1980||",                   // a namesake
		"H5|hộ tịch|2026-02-01|Lê Văn Tám||+84 912 345 678|",                // her phone, another name
		"H6|hộ tịch|02/10/2026|Lê Văn Tám||0912345678|",                     // after the period
		"H7|hộ tịch||Lê Văn Tám||0912345678|",                               // no result yet
		"H5|hộ tịch|2026-02-01|Lê Văn Tám||0912345678|",                     // repeated
		"H8|xây dựng|2026-02-01|Công ty TNHH Sao Mai||0203|",
		"H9|hộ tịch|2026-02-01|Vi Thị Bé|01/06/2010||",
		"|||Tổng cộng: 9|||"), nineMonths)
	if got := brief(problems); got != "0  transactions.no_applicant?; 0  transactions.not_done?; 0  transactions.outside?; 0  transactions.organisation?; 0  transactions.child?; 0  transactions.repeated?" {
		t.Errorf("problems %s", got)
	}
	for rule, want := range map[sampling.Representative]string{
		sampling.Latest: "H3 Trần Thị Hoà×3; H4 Trần Thị Hoà×1; H5 Lê Văn Tám×1",
		sampling.First:  "H1 Trần Thị Hoà×3; H4 Trần Thị Hoà×1; H5 Lê Văn Tám×1",
	} {
		var got []string
		for _, a := range sampling.Applicants(kept, rule) {
			got = append(got, fmt.Sprintf("%s %s×%d", a.FileNumber, a.Name, a.Count))
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%s: %s, want %s", rule, strings.Join(got, "; "), want)
		}
	}
}

// The forms in which one-stop offices' programs write a day; what carries another
// zone than Việt Nam's could be another day, and is not guessed.
func TestDaysAreReadWithOrWithoutATime(t *testing.T) {
	for text, counts := range map[string]bool{
		"05/09/2026": true, "5.9.2026": true, "2026-09-05": true, "46270": true, "46270.5": true,
		"05/09/2026 08:15": true, "05/09/2026 08:15 SA": true, "08:15 05/09/2026": true, "8h15 05/09/2026": true, "2026-09-05 08:15:00": true,
		"2026-09-05T08:15:30": true, "2026-09-05T08:15:30.123+07:00": true,
		"5 tháng 9 năm 2026": true, "ngày 5 tháng 9 năm 2026": true,
		"2026-09-05T20:00:00Z": false, "05/09": false, "tháng 9 năm 2026": false,
	} {
		kept, _ := sampling.CheckTransactions(table(transactionHeader, "H1|đất đai|"+text+"|Trần Thị Hoà||0912345678|"), nineMonths)
		if len(kept) == 1 != counts || counts && kept[0].Done != "2026-09-05" {
			t.Errorf("%q: %+v", text, kept)
		}
	}
}

func TestWhoCannotBeKnownAgainIsAnErrorUnlessNamesMaySuffice(t *testing.T) {
	rows := table(transactionHeader, "H1|đất đai|05/01/2026|Trần Thị Hoà|||", "H2|đất đai|06/01/2026|Trần Thị Hoà|||", "H3|đất đai|sáng thứ hai|Lê Văn Tám|||")
	_, problems := sampling.CheckTransactions(rows, nineMonths)
	if got := brief(problems); !strings.Contains(got, "2 name transactions.unknown_person!; 3 name transactions.unknown_person!; 4 returned transactions.day!") {
		t.Errorf("problems %s", got)
	}
	rules := nineMonths
	rules.ByName = true
	kept, _ := sampling.CheckTransactions(rows, rules)
	if got := who(sampling.Applicants(kept, sampling.Latest)); got != "Trần Thị Hoà×2 đất đai" {
		t.Errorf("by name: %s", got)
	}
}

// Hand arithmetic: A has 3 transactions, B 1, C 2. A simple random sample of n of
// the 6 gives every row the weight 6/n; weight ÷ of_person added over all rows is
// 3 people, whatever n.
func TestFramesOfPeopleAndOfTransactions(t *testing.T) {
	kept, _ := sampling.CheckTransactions(table(transactionHeader,
		"H1|đất đai|05/01/2026|A Văn Một||0900000001|", "H2|hộ tịch|06/01/2026|A Văn Một||0900000001|", "H3|hộ tịch|07/01/2026|B Văn Hai||0900000002|",
		"H4|đất đai|08/01/2026|C Văn Ba||0900000003|", "H5|đất đai|09/01/2026|A Văn Một||0900000001|", "H6|đất đai|10/01/2026|C Văn Ba||0900000003|"), nineMonths)
	people := sampling.Applicants(kept, sampling.Latest)
	each, persons := sampling.EachTransaction(kept)
	for _, list := range [][]sampling.Applicant{people, each} {
		if err := sampling.SealApplicants(list, rand.Reader); err != nil {
			t.Fatal(err)
		}
	}
	frame, err := sampling.ApplicantFrame(people)
	if err != nil || frame.Len() != 3 {
		t.Fatalf("%v, %d people", err, frame.Len())
	}
	if err := sampling.CheckSeal(frame, people[0].Key, people[0].Salt, people[0].Line()); err != nil {
		t.Error(err)
	}
	plan := sampling.Plan{Unit: "person", Key: "key", Strata: []string{"field"}, Method: sampling.SRS, N: sampling.Counts{Each: 1}}
	sample, _, err := sampling.Draw(frame, plan, sampling.DrawInput{Beacon: "b"})
	if err != nil || len(sample.Units) != 2 {
		t.Errorf("drawn %d, %v", len(sample.Units), err)
	}
	frame, err = sampling.TransactionFrame(each, persons)
	if err != nil || frame.Len() != 6 {
		t.Fatalf("%v, %d transactions", err, frame.Len())
	}
	var counts []string
	for i := range frame.Len() {
		counts = append(counts, frame.Value(i, "person")+"/"+frame.Value(i, "of_person"))
	}
	if got := strings.Join(counts, " "); got != "1/3 1/3 2/1 3/2 1/3 3/2" {
		t.Errorf("persons %s", got)
	}
}

func FuzzTransactionsOfThePeriodOnly(f *testing.F) {
	f.Add("05/09/2026 08:15", "Trần Thị Hoà", "034056001234")
	f.Add("46000", "Công ty A", "x")
	f.Add("31/02/2026T", "", "0")
	f.Fuzz(func(t *testing.T, day, name, id string) {
		rows := func(yield func(int, map[string]string) bool) {
			for i := range 3 {
				if !yield(i+2, map[string]string{"file_number": fmt.Sprint(i), "field": "đất đai", "returned": day, "name": name, "id_number": id}) {
					return
				}
			}
		}
		kept, _ := sampling.CheckTransactions(rows, nineMonths)
		for _, k := range kept {
			if k.Done < nineMonths.From || k.Done > nineMonths.To {
				t.Errorf("%q counts as %s", day, k.Done)
			}
		}
		if people := sampling.Applicants(kept, sampling.Latest); len(people) > 1 {
			t.Errorf("%q with %q is %d people", name, id, len(people))
		}
	})
}
