package public

import (
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"hailong/conduct"
	"hailong/sampling"
	"hailong/server/files"
	"hailong/static"
)

// shortly lets a page be kept as long as what it says may be old.
const shortly = "public, max-age=30"

// listPage lists the rounds that can be checked.
func (p *Part) listPage(c *fiber.Ctx) error {
	all, err := p.list.Get(c.UserContext(), struct{}{})
	if err != nil {
		return refuse(c, err)
	}
	lang := langOf(c)
	view := ListPage{frame: newFrame(c, "/verify")}
	for _, d := range all {
		view.Rounds = append(view.Rounds, headOf(d, lang))
	}
	slices.Reverse(view.Rounds)
	c.Set(fiber.HeaderCacheControl, shortly)
	return listPage.Send(c, fiber.StatusOK, lang, view)
}

func headOf(d dossier, lang static.Lang) RoundHead {
	head := RoundHead{
		ID: d.round.ID, Title: d.round.Title.In(string(lang), "vi", "en"), Asker: d.round.Asker,
		Attempts: len(d.attempts), Editions: len(d.editions), Simulated: d.round.Simulated,
	}
	for _, stage := range conduct.Stages {
		if last, _ := conduct.Current(d.attempts, stage); last.Done() {
			head.Drawn++
		}
	}
	return head
}

// roundPage shows what is public of a round.
func (p *Part) roundPage(c *fiber.Ctx) error {
	d, err := p.find(c)
	if err != nil {
		return refuse(c, err)
	}
	lang := langOf(c)
	view := newRoundPage(d, lang, p.cfg.Now())
	view.frame = newFrame(c, "/verify/"+string(d.round.ID))
	view.Simulated = d.round.Simulated
	c.Set(fiber.HeaderCacheControl, shortly)
	return roundPage.Send(c, fiber.StatusOK, lang, view)
}

func newRoundPage(d dossier, lang static.Lang, now time.Time) RoundPage {
	view := RoundPage{
		ID: d.round.ID, Title: d.round.Title.In(string(lang), "vi", "en"), Asker: d.round.Asker, Contact: d.round.Contact,
		Commands: files.VerifyDraws(d.attempts), Population: d.round.Population(), Offices: d.round.Transactions != nil,
	}
	for i, attempt := range d.attempts {
		if n := len(view.Stages); n == 0 || view.Stages[n-1].Stage != attempt.Stage {
			view.Stages = append(view.Stages, StageView{Stage: attempt.Stage, Name: attempt.Name()})
		}
		last := &view.Stages[len(view.Stages)-1]
		last.Attempts = append(last.Attempts, newAttempt(attempt, conduct.StateOf(d.attempts, i, now)))
		view.People = view.People || attempt.Stage == conduct.People
	}
	for _, head := range slices.Backward(d.editions) {
		view.Editions = append(view.Editions, EditionView{
			Number: head.Number, At: clock(head.At), Interim: head.Interim, Simulated: head.Simulated, Digest: head.Tally,
			Folder: files.EditionFolder(head.Number), Files: files.OfEdition, Verify: files.VerifyEdition(head.Number),
		})
	}
	return view
}

func newAttempt(d conduct.Draw, state conduct.AttemptState) AttemptView {
	a := AttemptView{
		Attempt: d.Attempt, State: state, Late: d.Late(), CommittedAt: clock(d.Commitment.At), Source: d.Commitment.Source,
		Published: d.Commitment.Source.Published(), Reason: d.Commitment.Reason, Method: d.Plan.Method, Units: d.Units,
		Folder: files.DrawFolder(d), Files: files.OfDraw(d), Digests: digestsOf(d),
	}
	if at, known := d.Commitment.Source.Time(); known {
		a.EventAt = clock(at)
	}
	if d.Done() {
		a.Beacon, a.Seed, a.DrawnAt = d.Receipt.Beacon, d.Receipt.Seed, clock(d.DrawnAt)
		for _, cell := range d.Receipt.Counts {
			a.Main, a.Certainty, a.Reserve = a.Main+cell.Main, a.Certainty+cell.Certainty, a.Reserve+cell.Reserve
		}
	}
	return a
}

// digestsOf are the digests that bind an attempt to its files, to the attempt
// before and to the stage before.
func digestsOf(d conduct.Draw) []DigestView {
	views := []DigestView{
		{"public.digest.commitment", d.Commitment.Digest()}, {"public.digest.previous", d.Commitment.Previous},
		{"public.digest.frame", d.Commitment.FrameDigest}, {"public.digest.plan", d.Commitment.PlanDigest},
		{"public.digest.parent", d.Commitment.ParentDigest},
	}
	if d.Done() {
		views = append(views, DigestView{"public.digest.sample", d.Receipt.SampleDigest}, DigestView{"public.digest.receipt", d.ReceiptDigest()})
	}
	return slices.DeleteFunc(views, func(v DigestView) bool { return v.Digest == sampling.Digest("") })
}

// vietnam is the one time zone of the country, which has no summer time.
var vietnam = time.FixedZone("ICT", 7*60*60)

// clock writes a moment as the country counts.
func clock(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(vietnam).Format("15:04 02/01/2006")
}
