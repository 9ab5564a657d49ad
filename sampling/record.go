package sampling

import "strings"

// appendRecord appends one row in canonical form, without the closing LF:
// RFC 4180 with quotes only around values that hold a comma, a quote, CR or
// LF, and around the only value of a row if it is empty (else the row would be
// a blank line).
func appendRecord(dst []byte, values []string) []byte {
	if len(values) == 1 && values[0] == "" {
		return append(dst, '"', '"')
	}
	for i, value := range values {
		if i > 0 {
			dst = append(dst, ',')
		}
		if needsQuotes(value) {
			dst = append(dst, '"')
			dst = append(dst, strings.ReplaceAll(value, `"`, `""`)...)
			dst = append(dst, '"')
		} else {
			dst = append(dst, value...)
		}
	}
	return dst
}

func needsQuotes(value string) bool {
	for i := range len(value) {
		switch value[i] {
		case ',', '"', '\r', '\n':
			return true
		}
	}
	return false
}

// missing reports whether a value of a frame counts as not given.
func missing(value string) bool { return value == "" || value == "NA" }
