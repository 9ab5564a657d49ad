// Package static holds everything that is shown and embedded in the binary:
// page templates, style sheets, scripts, and the locales that turn codes with
// arguments into sentences. One folder a page.
package static

import "embed"

// Files is the embedded tree: locales/, and one folder a page.
//
//go:embed all:locales
var Files embed.FS
