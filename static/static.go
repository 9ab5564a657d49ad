// Package static holds everything that is shown and embedded in the binary:
// page templates, style sheets, scripts, the shipped questionnaire, and the
// locales that turn codes with arguments into sentences. One folder a page.
package static

import "embed"

// Files is the embedded tree: locales/, shared/, questionnaires/ with the shipped
// XLSForms, and one folder a page under citizen/ and console/.
//
//go:embed all:locales all:shared all:citizen all:console all:public questionnaires/*.xlsx
var Files embed.FS
