package scorecard

import (
	"math"
	"slices"

	"hailong/fault"
	"hailong/stats"
	"hailong/survey"
	"hailong/territory"
)

// QualityAlarm is the chance, for each test of answer quality, of flagging anything in
// a round in which nothing is wrong.
const QualityAlarm = 0.05

// fastOneIn says what a fast sheet is: one as short as one of so many would be.
const fastOneIn = 50

// Sheets gathers answer sheets for the tests of their quality.
type Sheets struct {
	ratings []survey.QuestionCode
	numbers []survey.QuestionCode
	values  map[survey.QuestionCode]map[string]uint8
	blocks  []int

	answers  [][]uint8
	straight []bool
	seconds  []int
	days     []string
	hours    []string
	digits   [][]string // by question of numbers
	units    []string
	scopes   []string
}

// NewSheets prepares for the answers to a questionnaire.
func NewSheets(q survey.Questionnaire) *Sheets {
	s := &Sheets{ratings: q.Ratings(), values: map[survey.QuestionCode]map[string]uint8{}}
	groups := map[survey.GroupID]int{}
	for _, code := range s.ratings {
		question, _ := q.Question(code)
		if _, ok := groups[question.Group]; !ok {
			groups[question.Group] = len(groups)
		}
		s.blocks = append(s.blocks, groups[question.Group])
		values := map[string]uint8{}
		for i, c := range question.Choices {
			values[c.Value] = uint8(i + 1)
		}
		s.values[code] = values
	}
	for _, question := range q.Questions {
		if question.Kind == survey.KindNumber {
			s.numbers = append(s.numbers, question.Code)
		}
	}
	s.digits = make([][]string, len(s.numbers))
	return s
}

// Add takes a sheet. Its unit is a village or a counter's unit, and its scope what it
// is compared within: the commune.
func (s *Sheets) Add(r survey.Response, scope territory.Code) {
	answers := make([]uint8, len(s.ratings))
	given := 0
	for i, code := range s.ratings {
		if answers[i] = s.values[code][r.Answers.First(code)]; answers[i] > 0 {
			given++
		}
	}
	s.answers = append(s.answers, answers)
	s.straight = append(s.straight, given >= minStraight && stats.LongestRun(answers) == len(answers))
	s.seconds = append(s.seconds, r.Seconds)
	day, hour := string(r.Day), ""
	if r.Origin == survey.OriginCounter {
		day, hour = "", r.Quarter
		if len(hour) > 2 {
			hour = hour[:2]
		}
	}
	s.days, s.hours = append(s.days, day), append(s.hours, hour)
	for k, code := range s.numbers {
		digit := r.Answers.First(code)
		if digit != "" {
			digit = digit[len(digit)-1:]
		}
		s.digits[k] = append(s.digits[k], digit)
	}
	s.units, s.scopes = append(s.units, string(r.Origin)+" "+string(r.Unit)), append(s.scopes, string(r.Origin)+" "+string(scope))
}

// minStraight is the least number of ratings that one answer throughout says anything about.
const minStraight = 8

// QualityTest names a test.
type QualityTest string

// The tests.
const (
	StraightLines QualityTest = "straight" // one answer to all ratings
	FastSheets    QualityTest = "fast"     // shorter than one of fifty would be
	Days          QualityTest = "days"     // sent on other days than the commune's other villages
	Hours         QualityTest = "hours"    // of the day, at counters
	LastDigits    QualityTest = "digits"   // of numbers
	Copies        QualityTest = "copies"   // two sheets more alike than chance allows
)

// Finding is a unit that stands out in a test.
type Finding struct {
	Test     QualityTest         `json:"test"`
	Origin   survey.Origin       `json:"origin"`
	Unit     territory.Code      `json:"unit"`
	Question survey.QuestionCode `json:"question,omitempty"` // of digits
	N        int                 `json:"n"`                  // its sheets
	Observed Float               `json:"observed"`
	Expected Float               `json:"expected"`
	P        Float               `json:"p"` // undefined for copies
	// Of copies: the unit of the other sheet, and Observed of so many answers are equal.
	Other territory.Code `json:"other,omitempty"`
	Of    int            `json:"of,omitempty"`
}

// QualityReport is what the tests found.
type QualityReport struct {
	Sheets    int           `json:"sheets"`
	Alarm     Float         `json:"alarm"`      // chance of any false finding, of each test
	FastBelow Float         `json:"fast_below"` // seconds
	Tests     []QualityTest `json:"tests"`      // that could be made
	Findings  []Finding     `json:"findings"`
}

// minSheets is the least number of sheets that is tested.
const minSheets = 20

// Report makes the tests. Each is made at the rate QualityAlarm over all units together.
func (s *Sheets) Report() (QualityReport, error) {
	r := QualityReport{Sheets: len(s.answers), Alarm: QualityAlarm, FastBelow: Float(stats.FastLimit(s.seconds, fastOneIn))}
	if len(s.answers) < minSheets {
		return r, nil
	}
	unit, scope := stats.NewLabels("unit", s.units), stats.NewLabels("scope", s.scopes)
	fast := make([]bool, len(s.seconds))
	for i, x := range s.seconds {
		fast[i] = x > 0 && float64(x) < float64(r.FastBelow)
	}
	for test, marked := range map[QualityTest][]bool{StraightLines: s.straight, FastSheets: fast} {
		found, err := stats.Concentration(marked, unit, QualityAlarm)
		if err != nil {
			return r, err
		}
		r.take(test, "", found)
	}
	patterns := []struct {
		test     QualityTest
		question survey.QuestionCode
		values   []string
	}{{Days, "", s.days}, {Hours, "", s.hours}}
	for k, code := range s.numbers {
		patterns = append(patterns, struct {
			test     QualityTest
			question survey.QuestionCode
			values   []string
		}{LastDigits, code, s.digits[k]})
	}
	for _, p := range patterns {
		within := scope
		if p.test == Hours {
			within = stats.NewLabels("all", slices.Repeat([]string{"all"}, len(s.units))) // counters are compared across communes
		}
		found, err := stats.Patterns(stats.NewLabels("value", p.values), unit, within, stats.PatternOptions{Alpha: QualityAlarm})
		if err != nil {
			return r, err
		}
		if len(found) > 0 {
			r.take(p.test, p.question, found)
		}
	}
	err := s.copies(&r, scope)
	slices.SortStableFunc(r.Findings, func(a, b Finding) int { return testOrder(a.Test) - testOrder(b.Test) })
	slices.SortFunc(r.Tests, func(a, b QualityTest) int { return testOrder(a) - testOrder(b) })
	r.Tests = slices.Compact(r.Tests)
	return r, err
}

func testOrder(t QualityTest) int {
	return slices.Index([]QualityTest{Copies, StraightLines, FastSheets, Days, Hours, LastDigits}, t)
}

// take keeps the flagged units of a test.
func (r *QualityReport) take(test QualityTest, question survey.QuestionCode, found []stats.Suspicion) {
	r.Tests = append(r.Tests, test)
	for _, s := range found {
		if s.Flagged {
			origin, unit := splitUnit(s.Unit)
			r.Findings = append(r.Findings, Finding{Test: test, Origin: origin, Unit: unit, Question: question, N: s.N,
				Observed: Float(s.Observed), Expected: Float(s.Expected), P: Float(s.P)})
		}
	}
}

func splitUnit(label string) (survey.Origin, territory.Code) {
	for i := range label {
		if label[i] == ' ' {
			return survey.Origin(label[:i]), territory.Code(label[i+1:])
		}
	}
	return "", territory.Code(label)
}

// copies looks for copied sheets; of a pair one finding remains.
func (s *Sheets) copies(r *QualityReport, scope stats.Labels) error {
	if len(s.ratings) < minStraight {
		return nil
	}
	twins, _, err := stats.Duplicates(stats.AnswerSheets{Answers: s.answers, Block: s.blocks, Scope: scope}, stats.DuplicateOptions{Alpha: QualityAlarm})
	if err != nil {
		return fault.Wrap(err, fault.Internal, "quality.shape", "sheets", len(s.answers), "units", len(s.ratings))
	}
	r.Tests = append(r.Tests, Copies)
	seen := map[[2]int]bool{}
	for _, t := range twins {
		pair := [2]int{min(t.Sheet, t.Other), max(t.Sheet, t.Other)}
		if seen[pair] {
			continue
		}
		seen[pair] = true
		origin, unit := splitUnit(s.units[t.Sheet])
		_, other := splitUnit(s.units[t.Other])
		n := 0
		for _, u := range s.units {
			if u == s.units[t.Sheet] {
				n++
			}
		}
		r.Findings = append(r.Findings, Finding{Test: Copies, Origin: origin, Unit: unit, Other: other, N: n,
			Observed: Float(t.Equal), Of: len(s.ratings), Expected: Float(t.Expected), P: Float(math.NaN())})
	}
	return nil
}
