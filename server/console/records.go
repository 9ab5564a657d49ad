package console

import (
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"hailong/account"
	"hailong/server/page"
	"hailong/static"
	"hailong/territory"
)

// recordsView is the audit log.
type recordsView struct {
	frame
	Actor, Action string
	Since, Until  string // ISO days
	Actions       []account.Action
	Rows          []recordRow
	Newest, Older string // addresses, "" if there is nothing there
	Filtered      bool
}

// recordRow is one record as the log shows it.
type recordRow struct {
	At, Actor string
	Role      account.Role
	Action    account.Action
	Unit      string
	Subject   string
	Details   []detailRow
	Attempted bool // intended, and never marked as done
}

// detailRow is one fact of a record; Code names it in the reader's language if
// it has a text there.
type detailRow struct{ Code, Name, Value string }

var recordsTemplate = page.New[recordsView](source("records"))

func (c *Console) records(v *visit) error {
	tree, err := c.Units.UnitTree(v.ctx())
	if err != nil {
		return err
	}
	w := v.view()
	query := account.RecordQuery{
		Scope: v.unit(), Actor: account.Name(w.get("actor")), Action: account.Action(w.get("action")),
		Since: dayStart(w.get("since"), 0), Until: dayStart(w.get("until"), 1),
		Before: account.RecordID(w.get("before")), Limit: pageSize + 1,
	}
	found, err := c.Records.Records(v.ctx(), query)
	if err != nil {
		return err
	}
	view := recordsView{
		frame: v.frame("console.records.title"), Actor: w.get("actor"), Action: w.get("action"),
		Since: w.get("since"), Until: w.get("until"), Actions: changes(),
		Filtered: w.get("actor")+w.get("action")+w.get("since")+w.get("until") != "",
	}
	if len(found) > pageSize {
		found = found[:pageSize]
		view.Older = w.with("before", string(found[pageSize-1].ID))
	}
	if query.Before != "" {
		view.Newest = w.with("before", "")
	}
	for _, r := range found {
		view.Rows = append(view.Rows, newRecordRow(r, tree))
	}
	return recordsTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, view)
}

func newRecordRow(r account.Record, tree *territory.Tree) recordRow {
	row := recordRow{
		At: r.At.In(vietnam).Format("02/01/2006 15:04:05"), Actor: string(r.Actor), Role: r.Role, Action: r.Action,
		Unit: unitName(tree, r.Path.Unit()), Subject: r.Subject, Attempted: r.State != account.Done,
	}
	for _, d := range r.Details {
		detail := detailRow{Name: d.Name, Value: d.Value}
		if code := "console.detail." + d.Name; hasText(code) {
			detail.Code = code
		}
		row.Details = append(row.Details, detail)
	}
	return row
}

// changes are the actions that leave records: all that are not mere reading;
// a list of names handed out is more than that.
func changes() []account.Action {
	return slices.DeleteFunc(account.Actions(), func(a account.Action) bool {
		return slices.Contains([]account.Action{
			account.ReadHome, account.ReadUsers, account.ReadRecords, account.ReadUnits, account.ReadQuestionnaires,
			account.ReadRound, account.ReadDraws, account.ReadCounters, account.CountAnswers, account.ReadEditions,
		}, a)
	})
}

// dayStart is the beginning, in Vietnam, of an ISO day and some days after it;
// the zero time for what is no day.
func dayStart(day string, after int) time.Time {
	at, err := time.ParseInLocation(time.DateOnly, day, vietnam)
	if err != nil {
		return time.Time{}
	}
	return at.AddDate(0, 0, after)
}

func hasText(code string) bool { return static.Has(static.Vietnamese, code) }
