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
		if strings.ContainsAny(value, ",\"\r\n") {
			dst = append(dst, '"')
			dst = append(dst, strings.ReplaceAll(value, `"`, `""`)...)
			dst = append(dst, '"')
		} else {
			dst = append(dst, value...)
		}
	}
	return dst
}

// missing reports whether a value of a frame counts as not given.
func missing(value string) bool { return value == "" || value == "NA" }
