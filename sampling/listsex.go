package sampling

import (
	"regexp"

	"hailong/territory"
)

// sexWords are the words for the sexes in lists, without marks. "nu" is nữ;
// no word for a man reads so.
var sexWords = map[string]Sex{
	"nam": Male, "male": Male, "m": Male, "trai": Male, "ong": Male, "nam gioi": Male, "dan ong": Male,
	"nu": Female, "female": Female, "f": Female, "gai": Female, "ba": Female, "nu gioi": Female, "dan ba": Female,
}

var (
	codeThenWord = regexp.MustCompile(`\b(\d)\s*[=:.\-–]*\s*(?:la\s+)?(nam|nu)\b`)
	wordThenCode = regexp.MustCompile(`\b(nam|nu)\s*[=:\-–]*\s*(?:la\s+)?(\d)\b`)
)

// sexCodes reads the codes that a header explains: "Giới tính (1 = nam, 0 =
// nữ)" or "Nam: 1, Nữ: 2". Both sexes must be explained, each by its own code.
func sexCodes(header string) map[string]Sex {
	plain := territory.Plain(header)
	for _, form := range []struct {
		pattern    *regexp.Regexp
		code, word int
	}{{codeThenWord, 1, 2}, {wordThenCode, 2, 1}} {
		codes := map[string]Sex{}
		sexes := map[Sex]bool{}
		for _, m := range form.pattern.FindAllStringSubmatch(plain, -1) {
			codes[m[form.code]] = sexWords[m[form.word]]
			sexes[sexWords[m[form.word]]] = true
		}
		if len(codes) == 2 && len(sexes) == 2 {
			return codes
		}
	}
	return nil
}

// sex reads the row's sex from its column, its mark columns, or the column that
// its birth year stood in.
func (c *listCheck) sex(ofBirth Sex) Sex {
	sex, field := ofBirth, "birth_female"
	for _, source := range []struct {
		field string
		read  func(string) Sex
	}{
		{"sex", c.sexWord},
		{"sex_male", func(text string) Sex { return c.sexMark(text, "sex_male", Male) }},
		{"sex_female", func(text string) Sex { return c.sexMark(text, "sex_female", Female) }},
	} {
		text := c.value(source.field)
		if text == "" {
			continue
		}
		read := source.read(text)
		if read != "" && sex != "" && read != sex {
			c.fail(source.field, "list.sex_contradiction", "other", c.columnName(field))
			return ""
		}
		if read != "" {
			sex, field = read, source.field
		}
	}
	if sex == "" && !c.failed {
		c.noteSex()
	}
	return sex
}

// sexWord reads a word or, where the header explains it, a code.
func (c *listCheck) sexWord(text string) Sex {
	plain := territory.Plain(text)
	if sex := sexWords[plain]; sex != "" {
		return sex
	}
	if sex := c.sexCodes[plain]; sex != "" {
		return sex
	}
	if len(plain) == 1 && '0' <= plain[0] && plain[0] <= '9' {
		c.fail("sex", "list.sex_code", "value", text)
	} else {
		c.fail("sex", "list.sex_unreadable", "value", text)
	}
	return ""
}

// sexMark reads a mark in the column of one sex. Anything else may be a column
// of another meaning, "NAM" for năm (year).
func (c *listCheck) sexMark(text, field string, sex Sex) Sex {
	switch plain := territory.Plain(text); plain {
	case "x", "1", "v", "+", "✓", "✔":
		return sex
	default:
		if sexWords[plain] == sex {
			return sex
		}
	}
	c.fail(field, "list.sex_unreadable", "value", text)
	return ""
}

// noteSex warns of a missing sex: once if no column has it.
func (c *listCheck) noteSex() {
	for _, field := range []string{"sex", "sex_male", "sex_female"} {
		if _, ok := c.fields[field]; ok {
			c.warn(field, "list.sex_missing")
			return
		}
	}
	c.warnOnce("", "list.no_sex_column")
}

// columnName is the header of a field, or the field where headers are unknown.
func (c *listCheck) columnName(field string) string {
	if header := c.rules.Headers[field]; header != "" {
		return header
	}
	return field
}
