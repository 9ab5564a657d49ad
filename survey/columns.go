package survey

import (
	"slices"
	"strings"

	"hailong/fault"
)

// Columns are the codes of a questionnaire's questions in the order of their
// bytes. Published questionnaires never change, so the columns name the answers
// of every sheet, which is kept without the codes: they are most of its length.
type Columns []QuestionCode

// ColumnsOf returns the columns of a questionnaire.
func ColumnsOf(q Questionnaire) Columns {
	columns := make(Columns, 0, len(q.Questions))
	for _, question := range q.Questions {
		if question.Kind != KindNote {
			columns = append(columns, question.Code)
		}
	}
	slices.Sort(columns)
	return columns
}

// The marks of a line of answers.
const (
	nextColumn = '|'
	nextValue  = ';'
	literally  = '\\' // before a mark that belongs to a value
)

// Pack writes answers as one line: the values in the order of the columns, with
// "|" between columns and ";" between several values of one; an unanswered
// question leaves its place empty. In a value, "|", ";" and "\" have a "\"
// before them. It returns an Internal error for an answer without a column.
func (c Columns) Pack(a Answers) (string, error) {
	line := make([]byte, 0, usualLine)
	column := 0
	for _, answer := range a {
		for ; column < len(c) && c[column] != answer.Question; column++ {
			line = append(line, nextColumn)
		}
		if column == len(c) {
			return "", fault.New(fault.Internal, "answer.unknown_question", "question", string(answer.Question))
		}
		for i, value := range answer.Values {
			if i > 0 {
				line = append(line, nextValue)
			}
			line = appendValue(line, value)
		}
	}
	return string(line), nil
}

// usualLine is room for a usual line; a constant, so that it needs no heap.
const usualLine = 1 << 10

func appendValue(line []byte, value string) []byte {
	for i := range len(value) {
		if c := value[i]; c == nextColumn || c == nextValue || c == literally {
			line = append(line, literally)
		}
		line = append(line, value[i])
	}
	return line
}

// Unpack is the inverse of Pack. All values share the line and one array.
func (c Columns) Unpack(line string) (Answers, error) {
	n := strings.Count(line, string(nextColumn)) + 1
	answers, values := make(Answers, 0, n), make([]string, 0, n+strings.Count(line, string(nextValue)))
	for column := 0; line != ""; column++ {
		first := len(values)
		for again := true; again; {
			var value string
			value, line, again = cutValue(line)
			if value != "" {
				values = append(values, value)
			}
		}
		if len(values) == first {
			continue
		}
		if column >= len(c) {
			return nil, fault.New(fault.Internal, "store.damaged")
		}
		answers = append(answers, Answer{c[column], values[first:len(values):len(values)]})
	}
	return answers, nil
}

// cutValue takes a value off a line, and reports whether the next belongs to the
// same column.
func cutValue(line string) (value, rest string, again bool) {
	escaped := false
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case literally:
			escaped = true
			i++
		case nextColumn, nextValue:
			return plainValue(line[:i], escaped), line[i+1:], line[i] == nextValue
		}
	}
	return plainValue(line, escaped), "", false
}

func plainValue(value string, escaped bool) string {
	if !escaped {
		return value
	}
	var plain strings.Builder
	for i := 0; i < len(value); i++ {
		if value[i] == literally && i+1 < len(value) {
			i++
		}
		plain.WriteByte(value[i])
	}
	return plain.String()
}
