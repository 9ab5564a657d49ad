package territory

import "golang.org/x/text/unicode/norm"

// NFC returns the text in Unicode normalisation form C, the form in which all
// text is kept and compared: "ề" is one letter, not a letter and two marks.
func NFC(s string) string { return norm.NFC.String(s) }
