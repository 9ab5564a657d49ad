// Package export writes what leaves the house: village lists, slips with codes,
// counter posters, and editions as spreadsheets, CSV, JSON and reports.
//
// Every function takes plain values and a writer and has no clock and no
// store: the same values give the same bytes, but for workbooks, whose cells are
// the same while the library orders the parts of the file as it likes. A file of
// a simulated round says so on every page, on every sheet and in the first
// column of every CSV. The answers of single people are never exported here.
package export

import (
	"strings"

	"hailong/fault"
	"hailong/static"
)

// text is the sentence of a code of this package; pairs are as for fault.P.
func text(lang static.Lang, code string, pairs ...any) string {
	return static.Text(lang, "export."+code, fault.P(code, pairs...).Args...)
}

// labelsIn picks a label in the reader's language, or in the other one.
func labelsIn(labels map[string]string, lang static.Lang) string {
	if label := labels[string(lang)]; label != "" {
		return label
	}
	for _, other := range static.Langs {
		if label := labels[string(other)]; label != "" {
			return label
		}
	}
	return ""
}

// shortDigest shortens "sha256:3f9a…" to its first twelve hexadecimal digits,
// enough to compare by eye with the full one in the receipt.
func shortDigest(digest string) string {
	_, hexadecimal, found := strings.Cut(digest, ":")
	if !found {
		hexadecimal = digest
	}
	if len(hexadecimal) > 12 {
		hexadecimal = hexadecimal[:12]
	}
	return hexadecimal
}

// shownAddress is a web address as people type it: without the scheme.
func shownAddress(link string) string {
	for _, scheme := range []string{"https://", "http://"} {
		link = strings.TrimPrefix(link, scheme)
	}
	return strings.TrimSuffix(link, "/")
}

// joined puts the parts that are not empty together.
func joined(separator string, parts ...string) string {
	var kept []string
	for _, part := range parts {
		if part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, separator)
}
