package public

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
	"hailong/server/page"
	"hailong/static"
	"hailong/survey"
)

func source(name string) page.Source {
	return page.Source{
		Files:  []string{"public/" + name + "/" + name + ".html", "public/frame.html", "shared/head.html"},
		Styles: []string{"shared/base.css", "public/public.css"},
	}
}

var (
	listPage    = page.New[ListPage](source("list"))
	roundPage   = page.New[RoundPage](source("round"))
	sealPage    = page.New[SealPage](source("seal"))
	missingPage = page.New[MissingPage](source("missing"))
)

// frame is what all public pages have around them.
type frame struct {
	Other     string // the address of this page in the other language
	Query     string // "?lang=en", "" in Vietnamese: what addresses of other pages end with
	Simulated bool
}

// newFrame makes the frame of a page at an address; "" is the address asked for.
func newFrame(c *fiber.Ctx, path string) frame {
	if path == "" {
		path = (&url.URL{Path: c.Path()}).EscapedPath()
	}
	if langOf(c) == static.English {
		return frame{Other: path, Query: "?lang=en"}
	}
	return frame{Other: path + "?lang=en"}
}

// MissingPage says that there is nothing to see.
type MissingPage struct {
	frame
	Title   string // a code
	Problem fault.Problem
}

// ListPage lists the rounds that can be checked, the newest first.
type ListPage struct {
	frame
	Rounds []RoundHead
}

// RoundHead is one round of the list.
type RoundHead struct {
	ID        survey.RoundID
	Title     string
	Asker     string
	Attempts  int
	Drawn     int // stages that are drawn
	Editions  int
	Simulated bool
}

// RoundPage is all that is public of a round.
type RoundPage struct {
	frame
	ID             survey.RoundID
	Title          string
	Asker, Contact string
	Stages         []StageView
	Commands       []string // that repeat the draws that count
	Editions       []EditionView
	Population     fault.Problem // who is asked, as a sentence
	Offices        bool          // people with a transaction are
	People         bool          // there is a frame of people, in which a seal can be looked up
}

// Drawn reports whether anything was committed to.
func (p RoundPage) Drawn() bool { return len(p.Stages) > 0 }

// StageView is one stage with all attempts, in the order in which they were
// committed.
type StageView struct {
	Stage    conduct.Stage
	Name     string // for texts
	Attempts []AttemptView
}

// AttemptView is one attempt without anything of a person: who committed and
// who drew is in the house's own record.
type AttemptView struct {
	Attempt                  int
	State                    conduct.AttemptState
	Late                     bool // committed to when the event had happened
	CommittedAt              string
	Source                   sampling.Source
	EventAt, Published       string // "" if the event's name does not say
	Reason                   string
	Method                   sampling.Method
	Units                    int
	Beacon, Seed, DrawnAt    string // "" until it is drawn
	Main, Certainty, Reserve int
	Digests                  []DigestView
	Folder                   string
	Files                    []string
}

// DigestView is one digest with what it is of, a code.
type DigestView struct {
	Of     string
	Digest sampling.Digest
}

// EditionView is one edition that is public.
type EditionView struct {
	Number    int
	At        string
	Interim   bool
	Simulated bool
	Digest    string // of the tally
	Folder    string
	Files     []string
	Verify    string
}

// SealPage is where one person's line is checked against its seal.
type SealPage struct {
	frame
	ID              survey.RoundID
	Title           string
	Contact         string
	Key, Salt, Line string // as typed
	Row             string // of a published frame that the round does not hold, as pasted
	Problems        []fault.Problem
	Result          *SealResult
	// The same check by hand and by the program, as they can be copied.
	ByHand, ByProgram string
}

// SealResult is what came of a check.
type SealResult struct {
	Holds         bool
	Known         bool // the key is in the frame
	Pasted        bool // the seal is that of the row that was pasted
	Computed      sampling.Seal
	Published     string // the seal in the frame
	Row           int    // of frame.csv, the header is row 1
	Village       string
	Order         int
	Role          sampling.Role // "" if not drawn
	Drawn         bool          // the stage was drawn
	Folder        string
	FrameDigest   sampling.Digest
	CommittedAt   string
	OfAnotherDraw bool // a later attempt superseded this one
}
