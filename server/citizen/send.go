package citizen

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"hailong/fault"
	"hailong/server/page"
	"hailong/static"
	"hailong/survey"
)

// The fields of a sending that belong to the page; every other name is a
// question's code.
const (
	fieldBallot  = "ballot"
	fieldLang    = "_lang"    // the language that the page was read in
	fieldShow    = "_show"    // only show the form again, in this language
	fieldSeconds = "_seconds" // from opening to sending, as the phone measured
	fieldMode    = "_mode"    // assisted, if somebody helped
)

// sending is one arrival at /b, filled as far as it was understood, so that
// whatever is wrong with it can be answered with the answers kept.
type sending struct {
	text    string // the ballot as it travelled
	lang    string
	show    string
	seconds int
	mode    survey.Mode
	page    []survey.Field // the page's, as they came
	given   []survey.Field // the questions', as they came

	ballot survey.Ballot
	round  *survey.Round
	form   *survey.Form
}

// read takes a request apart.
func read(c *fiber.Ctx) (*sending, error) {
	s := &sending{mode: survey.ModeSelf}
	if !strings.HasPrefix(c.Get(fiber.HeaderContentType), fiber.MIMEApplicationForm) {
		return s, fault.New(fault.Unreadable, "http.unreadable")
	}
	return s, s.parse(string(c.Request().Body()))
}

// parse takes a form-urlencoded body apart into its fields, in their order.
func (s *sending) parse(body string) error {
	s.given = make([]survey.Field, 0, strings.Count(body, "&")+1)
	for pair := range strings.SplitSeq(body, "&") {
		field, err := readField(pair)
		if err != nil {
			return err
		}
		switch {
		case field.Name == "":
		case s.own(field):
			s.page = append(s.page, field)
		default:
			s.given = append(s.given, field)
		}
	}
	return nil
}

// readField reads a name and its value, each form-urlencoded.
func readField(pair string) (f survey.Field, err error) {
	f.Name, f.Value, _ = strings.Cut(pair, "=")
	if f.Name, err = unescape(f.Name); err == nil {
		f.Value, err = unescape(f.Value)
	}
	return f, err
}

// unescape reads form-urlencoded text; codes, which are nearly all there is, stand
// for themselves.
func unescape(s string) (string, error) {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return s, nil
	}
	plain, err := url.QueryUnescape(s)
	if err != nil {
		return "", fault.Wrap(err, fault.Unreadable, "http.unreadable")
	}
	return plain, nil
}

// own takes a field that belongs to the page and reports whether it does.
func (s *sending) own(f survey.Field) bool {
	switch f.Name {
	case fieldBallot:
		s.text = f.Value
	case fieldLang:
		s.lang = f.Value
	case fieldShow:
		s.show = f.Value
	case fieldSeconds:
		s.seconds, _ = strconv.Atoi(f.Value) // a phone that cannot count says nothing
	case fieldMode:
		if survey.Mode(f.Value) == survey.ModeAssisted {
			s.mode = survey.ModeAssisted
		}
	default:
		return false
	}
	return true
}

// values are what was given, by question.
func (s *sending) values() map[survey.QuestionCode][]string {
	values := make(map[survey.QuestionCode][]string, len(s.given))
	for _, f := range s.given {
		code := survey.QuestionCode(f.Name)
		values[code] = append(values[code], f.Value)
	}
	return values
}

// send takes a form that was filled in.
func (p *Part) send(c *fiber.Ctx) error {
	s, err := read(c)
	if err == nil {
		err = p.admit(c, s)
	}
	if err != nil {
		return p.refuse(c, s, err)
	}
	if s.show != "" {
		s.lang = s.show
		return p.sendForm(c, fiber.StatusOK, s, nil)
	}
	outcome, err := p.take(c, s)
	if err != nil {
		return p.refuse(c, s, err)
	}
	return p.thank(c, s, outcome)
}

// admit verifies the ballot and finds its round and form.
func (p *Part) admit(c *fiber.Ctx, s *sending) (err error) {
	if s.ballot, err = p.cfg.Keys.Open(s.text); err != nil {
		return err
	}
	round, form, err := p.roundAndForm(c.UserContext(), s.ballot.Round, s.ballot.Questionnaire)
	if err != nil {
		return away(err)
	}
	s.round, s.form = &round, form
	s.lang = langOf(form, s.lang)
	if err := round.Accepts(s.ballot, p.cfg.Now()); err != nil {
		return err
	}
	return p.slow(s.ballot)
}

// slow counts a sending by its ballot, or by the unit if it comes from a
// counter.
func (p *Part) slow(b survey.Ballot) error {
	if b.Origin.Personal() {
		return p.byToken.Take(string(b.ID()), p.cfg.Now())
	}
	return p.byCounter.Take("b "+string(b.Round)+" "+string(b.Unit), p.cfg.Now())
}

// take checks the answers and stores them.
func (p *Part) take(c *fiber.Ctx, s *sending) (survey.Outcome, error) {
	answers, problems := s.form.Check(s.given)
	if err := fault.Of(fault.Invalid, problems); err != nil {
		return "", err
	}
	response := survey.NewResponse(s.ballot, *s.round, survey.Sending{
		Text: s.text, At: p.cfg.Now().In(p.cfg.Zone), Seconds: s.seconds, Mode: s.mode, Lang: s.lang,
	}, answers)
	outcome, err := p.cfg.Store.AddResponse(c.UserContext(), response)
	if fault.Is(err, fault.Conflict) {
		return "", fault.Wrap(err, fault.Conflict, "ballot.answered")
	}
	if err != nil {
		return "", away(err)
	}
	return outcome, nil
}

// thank answers a stored sending with its receipt: the same one every time.
func (p *Part) thank(c *fiber.Ctx, s *sending, outcome survey.Outcome) error {
	receipt := p.cfg.Keys.Receipt(s.ballot.ID())
	if page.WantsJSON(c) {
		status := fiber.StatusCreated
		if outcome == survey.Repeated {
			status = fiber.StatusOK
		}
		return c.Status(status).JSON(struct {
			Receipt survey.Receipt `json:"receipt"`
		}{receipt})
	}
	address := "/r/" + string(receipt)
	if static.ParseLang(s.lang) != static.Vietnamese {
		address += "?lang=" + string(static.ParseLang(s.lang))
	}
	return c.Redirect(address, fiber.StatusSeeOther)
}

// refuse answers a sending that was not stored. Nobody loses answers: what can
// be mended comes back as the form, what can be tried again as a page that sends
// it again, and the rest stays readable.
func (p *Part) refuse(c *fiber.Ctx, s *sending, err error) error {
	page.NoteFailure(c, err)
	if page.WantsJSON(c) {
		return page.SendProblem(c, s.interfaceLang(c), stopTitle(err), s.worded(err))
	}
	switch fault.KindOf(err) {
	case fault.Invalid:
		return p.sendForm(c, page.Status(err), s, fault.ProblemsOf(err))
	case fault.Unavailable, fault.TooMany, fault.Internal:
		return s.again(c, err)
	default:
		return p.stop(c, notice{err: err, round: s.round, lang: string(s.interfaceLang(c)), kept: s.kept(c)})
	}
}

// interfaceLang is the language to answer a sending in.
func (s *sending) interfaceLang(c *fiber.Ctx) static.Lang {
	if s.lang != "" {
		return static.ParseLang(s.lang)
	}
	if page.WantsJSON(c) {
		return page.Lang(c)
	}
	return interfaceLang(c)
}

// worded puts the questionnaire's own messages in the reader's language.
func (s *sending) worded(err error) error {
	if s.form == nil {
		return err
	}
	v := newViewer(s.form, s.lang, given{})
	problems := fault.ProblemsOf(err)
	worded := make([]fault.Problem, len(problems))
	for i, problem := range problems {
		worded[i] = problem
		worded[i].Args = v.worded(problem)
	}
	return &fault.Error{Kind: fault.KindOf(err), Problems: worded, Cause: err}
}

// sendForm shows the form again with what was answered.
func (p *Part) sendForm(c *fiber.Ctx, status int, s *sending, problems []fault.Problem) error {
	s.lang = langOf(s.form, s.lang)
	summary := newViewer(s.form, s.lang, given{}).summary(problems)
	byCode := make(map[survey.QuestionCode]string, len(summary))
	for _, problem := range summary {
		byCode[problem.Code] = problem.Text
	}
	view := FormPage{
		head: newHead(*s.round, s.form, s.lang), Ballot: s.text, Problems: summary,
		Languages: languages(s.form, s.lang), Assisted: s.mode == survey.ModeAssisted,
		Nodes: newViewer(s.form, s.lang, given{s.values(), byCode}).nodes(), Logic: logic(s.form),
	}
	return formPage.Send(c, status, static.ParseLang(s.lang), view)
}

// again keeps the sending in a page that sends the same again.
func (s *sending) again(c *fiber.Ctx, err error) error {
	page.SetRetry(c, err)
	return againPage.Send(c, page.Status(err), s.interfaceLang(c), AgainPage{
		Title: stopTitle(err), Problem: fault.ProblemsOf(err)[0],
		Simulated: s.round != nil && s.round.Simulated, Fields: slices.Concat(s.page, s.given),
	})
}

// kept lists the answers for the reader to keep: in words if the form is known,
// else as they came. A form that another site made the browser send shows
// nothing, or that site could put its words on our page.
func (s *sending) kept(c *fiber.Ctx) []Kept {
	if site := c.Get("Sec-Fetch-Site"); site == "cross-site" {
		return nil
	}
	if s.form == nil {
		var all []Kept
		for _, f := range s.given {
			if f.Name[0] != '_' && f.Value != "" {
				all = append(all, Kept{f.Name, f.Value})
			}
		}
		return all
	}
	return newViewer(s.form, s.lang, given{}).kept(s.values())
}

// kept words the answers to the questions that exist.
func (v viewer) kept(values map[survey.QuestionCode][]string) []Kept {
	var all []Kept
	for _, q := range v.q.Questions {
		for _, value := range values[q.Code] {
			for _, choice := range q.Choices {
				if choice.Value == value {
					value = v.text(choice.Label)
				}
			}
			if value != "" {
				all = append(all, Kept{v.text(q.Label), value})
			}
		}
	}
	return all
}
