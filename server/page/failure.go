package page

import (
	"encoding/json"
	"errors"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"hailong/fault"
	"hailong/static"
)

// statuses is the one map from kinds of error to HTTP.
var statuses = map[fault.Kind]int{
	fault.Internal:    fiber.StatusInternalServerError,
	fault.Invalid:     fiber.StatusUnprocessableEntity,
	fault.Unreadable:  fiber.StatusBadRequest,
	fault.NotFound:    fiber.StatusNotFound,
	fault.Denied:      fiber.StatusForbidden,
	fault.Conflict:    fiber.StatusConflict,
	fault.Gone:        fiber.StatusGone,
	fault.TooLarge:    fiber.StatusRequestEntityTooLarge,
	fault.TooMany:     fiber.StatusTooManyRequests,
	fault.Unavailable: fiber.StatusServiceUnavailable,
}

// Status is the HTTP status of an error.
func Status(err error) int {
	var own *fiber.Error
	if errors.As(err, &own) {
		return own.Code
	}
	return statuses[fault.KindOf(err)]
}

// frameworkCodes are the texts for what Fiber itself refuses; its own texts are
// never shown.
var frameworkCodes = map[int]*fault.Error{
	fiber.StatusBadRequest:                  fault.New(fault.Unreadable, "http.unreadable"),
	fiber.StatusNotFound:                    fault.New(fault.NotFound, "http.no_page"),
	fiber.StatusMethodNotAllowed:            fault.New(fault.NotFound, "http.method"),
	fiber.StatusRequestTimeout:              fault.New(fault.Unavailable, "http.slow"),
	fiber.StatusRequestEntityTooLarge:       fault.New(fault.TooLarge, "http.too_large"),
	fiber.StatusRequestHeaderFieldsTooLarge: fault.New(fault.TooLarge, "http.too_large"),
}

// Known returns err as an error of package fault: its own, or what we say for
// one of Fiber's.
func Known(err error) error {
	var own *fiber.Error
	if !errors.As(err, &own) {
		return err
	}
	if known, ok := frameworkCodes[own.Code]; ok {
		return known
	}
	return fault.Wrap(err, fault.Internal, "internal")
}

// retryAfter is how many seconds to wait before trying again, unless the
// problem has an argument "seconds".
const retryAfter = 5

// SetRetry tells the reader when to try again, if trying again can help.
func SetRetry(c *fiber.Ctx, err error) {
	if kind := fault.KindOf(err); kind != fault.Unavailable && kind != fault.TooMany {
		return
	}
	seconds := retryAfter
	for _, p := range fault.ProblemsOf(err) {
		for _, a := range p.Args {
			if n, ok := a.Value.(int); ok && a.Name == "seconds" {
				seconds = max(n, 1)
			}
		}
	}
	c.Set(fiber.HeaderRetryAfter, strconv.Itoa(seconds))
}

// FieldProblem is one entry of a problem document's "errors".
type FieldProblem struct {
	Field  string `json:"field,omitempty"` // the question or input it belongs to
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// ProblemDocument is a problem as RFC 9457 writes it, with the code of the first
// problem and all of them under "errors". The type is about:blank: the status
// says what kind it is, the codes say the rest.
type ProblemDocument struct {
	Type   string         `json:"type"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Detail string         `json:"detail"`
	Code   string         `json:"code"`
	Errors []FieldProblem `json:"errors"`
}

// SendProblem answers with an error as application/problem+json; the title is a
// code, or "" for that of the error's kind.
func SendProblem(c *fiber.Ctx, lang static.Lang, title string, err error) error {
	status, known := Status(err), Known(err)
	if title == "" {
		title = titleCode(known)
	}
	document := ProblemDocument{
		Type: "about:blank", Title: static.Text(lang, title), Status: status,
		Errors: make([]FieldProblem, 0, 1),
	}
	for _, p := range fault.ProblemsOf(known) {
		document.Errors = append(document.Errors, FieldProblem{Field(p), p.Code, static.Text(lang, p.Code, p.Args...)})
	}
	document.Code, document.Detail = document.Errors[0].Code, document.Errors[0].Detail
	body, err := json.Marshal(document)
	if err != nil {
		return err
	}
	SetRetry(c, known)
	c.Status(status).Set(fiber.HeaderContentType, "application/problem+json")
	return c.Send(body)
}

// Field is the input that a problem belongs to: its argument "question" or
// "field", or "".
func Field(p fault.Problem) string {
	for _, a := range p.Args {
		if name, ok := a.Value.(string); ok && (a.Name == "question" || a.Name == "field") {
			return name
		}
	}
	return ""
}

// titleCode is the code of an error's headline: "http.title.conflict".
func titleCode(err error) string { return "http.title." + fault.KindOf(err).String() }

// Failure is the page for an error that no page of its own explains.
type Failure struct {
	Title    string // a code
	Problems []fault.Problem
	Home     string // the address to go on from
}

var failure = New[Failure](Source{
	Files:  []string{"shared/failure.html", "shared/head.html"},
	Styles: []string{"shared/base.css"},
})

// SendFailure answers with an error as a page or as a problem document, as the
// reader wants it: the page in the language of its address, as all public pages, the
// document in that which the caller accepts. It is what the server's error handler
// calls.
func SendFailure(c *fiber.Ctx, home string, err error) error {
	if WantsJSON(c) {
		return SendProblem(c, Lang(c), "", err)
	}
	known := Known(err)
	SetRetry(c, known)
	return failure.Send(c, Status(err), static.ParseLang(c.Query("lang")), Failure{titleCode(known), fault.ProblemsOf(known), home})
}

// failureKey keeps a failure beside the request for the access log.
const failureKey = "failure"

// NoteFailure leaves an error for the log to a handler that answers it with a
// page of its own.
func NoteFailure(c *fiber.Ctx, err error) { c.Locals(failureKey, err) }

// NotedFailure is the error that was left, or nil.
func NotedFailure(c *fiber.Ctx) error {
	err, _ := c.Locals(failureKey).(error)
	return err
}
