package citizen

import (
	"errors"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"

	"hailong/fault"
	"hailong/server/page"
	"hailong/static"
	"hailong/survey"
)

// source names the files of a citizen's page.
func source(name string, scripts ...string) page.Source {
	return page.Source{
		Files:   []string{"citizen/" + name + "/" + name + ".html", "citizen/frame.html", "shared/head.html"},
		Styles:  []string{"shared/base.css", "citizen/citizen.css"},
		Scripts: scripts,
	}
}

var (
	formPage    = page.New[FormPage](source("form", "shared/logic.js", "citizen/form/form.js"))
	enterPage   = page.New[EnterPage](source("enter"))
	stopPage    = page.New[StopPage](source("stop"))
	againPage   = page.New[AgainPage](source("again"))
	receiptPage = page.New[ReceiptPage](source("receipt"))
)

// EnterPage is where a code is typed.
type EnterPage struct {
	Typed   string
	Problem *fault.Problem // what is wrong with what was typed
}

func sendEnter(c *fiber.Ctx, status int, typed string, err error) error {
	view := EnterPage{Typed: typed}
	if err != nil {
		view.Problem = &fault.ProblemsOf(err)[0]
	}
	return enterPage.Send(c, status, interfaceLang(c), view)
}

// interfaceLang is the language of a citizen's page without a questionnaire.
// See langOf for why the phone's language does not count.
func interfaceLang(c *fiber.Ctx) static.Lang { return static.ParseLang(c.Query("lang")) }

// StopPage says that a code or a ballot leads no further, and keeps the answers
// on the screen.
type StopPage struct {
	Title     string // a code
	Problem   fault.Problem
	Contact   string
	Simulated bool
	Kept      []Kept
}

// Kept is one answer that was not taken, for the reader to keep.
type Kept struct{ Question, Answer string }

// AgainPage keeps a sending that the system could not take just now, ready to
// be sent again as it was.
type AgainPage struct {
	Title     string // a code
	Problem   fault.Problem
	Simulated bool
	Fields    []survey.Field
}

// ReceiptPage says thank you.
type ReceiptPage struct {
	Code      survey.Receipt
	Title     string // of the round; "" while the store is away
	Contact   string
	Simulated bool
	Drawn     survey.RoundID // the round whose draw is public; "" if nobody was drawn
}

// notice is what there is to say when a request leads no further.
type notice struct {
	err   error
	round *survey.Round // if it is known
	lang  string
	kept  []Kept
}

// stop answers with why it does not go on.
func (p *Part) stop(c *fiber.Ctx, n notice) error {
	if page.WantsJSON(c) {
		return n.err
	}
	lang := interfaceLang(c)
	if n.lang != "" {
		lang = static.ParseLang(n.lang)
	}
	view := StopPage{Title: stopTitle(n.err), Problem: fault.ProblemsOf(n.err)[0], Kept: n.kept}
	if n.round != nil {
		view.Contact, view.Simulated = n.round.Contact, n.round.Simulated
	}
	page.SetRetry(c, n.err)
	page.NoteFailure(c, n.err)
	return stopPage.Send(c, page.Status(n.err), lang, view)
}

// stopTitle is the headline's code: of the problem if it has one of its own.
func stopTitle(err error) string {
	if own := "citizen.title." + fault.ProblemsOf(err)[0].Code; static.Has(static.Vietnamese, own) {
		return own
	}
	return "http.title." + fault.KindOf(err).String()
}

// skeletons are the forms' pages rendered once for every round and language.
type skeletons struct {
	mu  sync.RWMutex
	all map[head]*page.Skeleton
}

// maxSkeletons bounds the memory; rounds × languages are far fewer.
const maxSkeletons = 128

func newSkeletons() *skeletons { return &skeletons{all: make(map[head]*page.Skeleton)} }

// of returns the page that fits the head, with a hole for the place and one for
// the ballot.
func (s *skeletons) of(h head, f *survey.Form) (*page.Skeleton, error) {
	s.mu.RLock()
	ready, ok := s.all[h]
	s.mu.RUnlock()
	if ok {
		return ready, nil
	}
	html, err := formPage.Render(static.ParseLang(h.Lang), FormPage{
		head: h, Place: page.Hole(0), Ballot: page.Hole(1),
		Languages: languages(f, h.Lang), Nodes: newViewer(f, h.Lang, given{}).nodes(), Logic: logic(f),
	})
	if err != nil {
		return nil, err
	}
	if ready, err = page.NewSkeleton(html, 2); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.all) >= maxSkeletons {
		clear(s.all)
	}
	s.all[h] = ready
	return ready, nil
}

// enter shows the page to type a code on, and sends on those who typed one.
func (p *Part) enter(c *fiber.Ctx) error {
	typed := c.Query("code")
	if c.Method() == fiber.MethodPost {
		typed = string(c.Context().PostArgs().Peek("code"))
	} else if typed == "" {
		return sendEnter(c, fiber.StatusOK, "", nil)
	}
	address, err := addressOf(typed)
	if err != nil {
		return sendEnter(c, fiber.StatusUnprocessableEntity, typed, err)
	}
	return c.Redirect(address, fiber.StatusSeeOther)
}

// addressOf reads a code that is either personal or of a counter.
func addressOf(typed string) (string, error) {
	if strings.TrimSpace(typed) == "" {
		return "", fault.New(fault.Invalid, "citizen.code_empty")
	}
	token, errToken := survey.ParseToken(typed)
	if errToken == nil {
		return "/p/" + string(token), nil
	}
	counter, errCounter := survey.ParseCounterCode(typed)
	if errCounter == nil {
		return "/q/" + string(counter), nil
	}
	if code(errToken) != "code.length" {
		return "", errToken
	}
	if code(errCounter) != "code.length" {
		return "", errCounter
	}
	return "", fault.New(fault.NotFound, "citizen.code_length")
}

// code is the code of an error's first problem.
func code(err error) string {
	var known *fault.Error
	if !errors.As(err, &known) || len(known.Problems) == 0 {
		return ""
	}
	return known.Problems[0].Code
}
