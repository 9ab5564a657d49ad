package intake

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// format is what a cell's number format means for its text.
type format struct {
	date   bool
	digits int // a code shown with leading zeros, format "00000", has 5
	font   font
}

// builtinDates are the numbers of the date and time formats that a workbook
// uses without spelling them out (ECMA-376 part 1, 18.8.30, with the East Asian
// ones, which Vietnamese Excel also writes).
func builtinDate(id int) bool {
	return 14 <= id && id <= 22 || 27 <= id && id <= 36 || 45 <= id && id <= 47 || 50 <= id && id <= 58
}

var (
	literals  = regexp.MustCompile(`"[^"]*"|\\.|_.|\*.|\[[^\]]*\]`)
	zeroCodes = regexp.MustCompile(`^0{2,20}$`)
)

// parseFormat reads the first section of a number format code.
func parseFormat(code string) format {
	if zeroCodes.MatchString(code) {
		return format{digits: len(code)}
	}
	section, _, _ := strings.Cut(literals.ReplaceAllString(code, ""), ";")
	if strings.EqualFold(section, "general") || strings.EqualFold(section, "standard") {
		return format{}
	}
	return format{date: strings.ContainsAny(strings.ToLower(section), "dmyhs")}
}

// numberText writes a stored number as the reader means it: a date as
// 2006-01-02, a code with its leading zeros, a number without exponent and
// without the noise of the seventeenth digit (Excel itself shows fifteen).
func numberText(raw string, f format, from1904 bool) string {
	x, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(x, 0) || math.IsNaN(x) || math.Abs(x) >= 1e15 {
		return raw
	}
	if f.date {
		if text, ok := serialDate(x, from1904); ok {
			return text
		}
	}
	text := strconv.FormatFloat(x, 'f', -1, 64)
	if rounded, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 15, 64), 64); err == nil {
		text = strconv.FormatFloat(rounded, 'f', -1, 64)
	}
	if short := f.digits - len(text); short > 0 && x >= 0 && !strings.Contains(text, ".") {
		text = strings.Repeat("0", short) + text
	}
	return text
}

// lastSerial is 9999-12-31 in the 1900 system, Excel's last day.
const lastSerial = 2958465

// serialDate turns a spreadsheet's serial day number into "2006-01-02", with
// " 15:04:05" if it has a time of day. In the 1900 system day 60 is a 29
// February that never was, kept for the sake of Lotus 1-2-3: it is refused, and
// so is what lies outside 1900–9999.
func serialDate(serial float64, from1904 bool) (string, bool) {
	day, part := math.Modf(serial)
	if from1904 {
		day += 1462
	}
	if day < 1 || day > lastSerial || day == 60 {
		return "", false
	}
	if day < 60 {
		day++ // before the day that never was, the count is one short
	}
	at := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(day))
	if seconds := math.Round(part * 86400); seconds > 0 {
		return at.Add(time.Duration(seconds) * time.Second).Format("2006-01-02 15:04:05"), true
	}
	return at.Format(time.DateOnly), true
}
