// Package console holds the pages of those who conduct a survey: provinces,
// analysts, communes and watchers.
//
// Adding a page takes one row in the table of routes.go, one file here and one
// folder of static/console. The row says which action of package account the
// page is and where the unit acted on comes from; the gate checks session, form
// token and policy by it before any handler runs, and nothing else does.
package console

import (
	"context"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"hailong/account"
	"hailong/conduct"
)

// Config is what the console needs.
type Config struct {
	Accounts       Accounts
	Records        Records
	Units          Units
	Questionnaires Questionnaires
	Uploads        Uploads
	Rounds         Rounds
	Desk           conduct.Desk
	Hasher         *account.Hasher
	Throttle       *account.Throttle
	Base           *url.URL // the public address, for links that are handed over
	Clock          func() time.Time
}

// Console answers for the addresses below /console.
type Console struct {
	Config
	uploads chan struct{}
}

// maxUploads is how many uploaded files are read at the same time.
const maxUploads = 2

// New makes the console.
func New(cfg Config) *Console {
	return &Console{Config: cfg, uploads: make(chan struct{}, maxUploads)}
}

// Root is the address of the console's first page.
const Root = "/console"

// Routes registers every row of the table behind the gate.
func (c *Console) Routes(router fiber.Router) {
	for _, r := range routes {
		router.Add(r.method, Root+r.path, c.gate(r))
	}
}

// checkTimeout bounds the look at a session before an upload is read.
const checkTimeout = 5 * time.Second

// MayUpload reports whether a request comes from a session that lives, before
// its body is read.
func (c *Console) MayUpload(request *fiber.Ctx) bool {
	ctx, cancel := context.WithTimeout(context.Background(), checkTimeout)
	defer cancel()
	request.SetUserContext(ctx)
	return c.resume(&visit{Ctx: request, at: c.Clock()}) == nil
}

// vietnam is the one time zone of the country, which has no summer time.
var vietnam = time.FixedZone("ICT", 7*60*60)
