package console

import (
	"bytes"
	"maps"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"hailong/conduct"
	"hailong/export"
	"hailong/sampling"
	"hailong/server/files"
	"hailong/server/page"
	"hailong/territory"
)

// transactionsView is the page where a one-stop office's list of files becomes a
// frame: of people, each once, or of transactions.
type transactionsView struct {
	roundFrame
	tableForm
	From, To string // as typed
	Office   string // of rows that name none
	Each     bool   // a row a transaction
	First    bool   // a person's first transaction stands for them, not the latest
	ByName   bool
	Read     bool // the file was read, whatever is wrong with it
	Plan     conduct.TransactionPlan
	Fields   []fieldCount
	People   []sampling.Applicant // the first rows
}

// fieldCount is how many rows of the frame a field has.
type fieldCount struct {
	Field string
	Rows  int
}

var transactionsTemplate = page.New[transactionsView](roundSource("transactions", tableBlocks))

// transactionFields are those whose column the reader may name.
var transactionFields = []string{
	"file_number", "procedure", "field", "unit", "received", "returned", "name", "birth_date", "birth_year", "phone", "id_number", "address",
}

// transactionSettings are the fields that say which transactions count and how.
var transactionSettings = []string{"from", "to", "office", "each", "first", "by_name"}

func (c *Console) transactionsPage(v *visit) (transactionsView, error) {
	f, err := c.roundFrame(v, "transactions.title")
	view := transactionsView{
		roundFrame: f, From: v.form.value("from"), To: v.form.value("to"), Office: v.form.value("office"),
		Each: v.form.value("each") != "", First: v.form.value("first") != "", ByName: v.form.value("by_name") != "",
	}
	if err == nil {
		view.At = Root + v.roundPath("/transactions")
	}
	return view, err
}

func (c *Console) transactions(v *visit) error {
	view, err := c.transactionsPage(v)
	if err != nil {
		return err
	}
	return transactionsTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, view)
}

// readPeriod says which transactions count. What is no period is in the errors.
func (w *transactionsView) readPeriod() sampling.TransactionRules {
	errs := (*fieldErrors)(&w.Errors)
	good := true
	for _, day := range []struct{ field, typed string }{{"from", w.From}, {"to", w.To}} {
		if _, err := time.Parse(time.DateOnly, day.typed); err != nil {
			errs.add(day.field, "transactions.no_day", "typed", day.typed)
			good = false
		}
	}
	if good && w.From > w.To {
		errs.add("to", "transactions.backward", "from", w.From, "to", w.To)
	}
	return sampling.TransactionRules{From: territory.Day(w.From), To: territory.Day(w.To), Unit: w.Office, ByName: w.ByName}
}

// task reads an uploaded file of transactions into the page's plan.
func (w *transactionsView) task() tableTask {
	rules, rule := w.readPeriod(), sampling.Latest
	if w.First {
		rule = sampling.First
	}
	read := func(file upload, r conduct.Reading) (table conduct.Table, err error) {
		w.Plan, err = conduct.PlanTransactions(conduct.TransactionFile{
			Name: file.name, Data: file.data, Rules: rules, Reading: r, Rule: rule, Each: w.Each,
		})
		return w.Plan.Table, err
	}
	return tableTask{form: &w.tableForm, errs: (*fieldErrors)(&w.Errors), fields: transactionFields, settings: transactionSettings, plan: read}
}

// previewTransactions shows the frame that a file would give.
func (c *Console) previewTransactions(v *visit) error {
	view, err := c.transactionsPage(v)
	if err != nil {
		return err
	}
	if err := c.checkTable(v, view.task()); err != nil {
		return view.refuse(v, err)
	}
	return view.show(v)
}

// show answers with what the file gives.
func (w *transactionsView) show(v *visit) error {
	w.fill()
	return transactionsTemplate.Send(v.Ctx, statusOf(w.frame), v.lang, *w)
}

func (w *transactionsView) fill() {
	w.Read = true
	counts := w.Plan.Fields()
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		w.Fields = append(w.Fields, fieldCount{name, counts[name]})
	}
	w.People = w.Plan.Applicants[:min(len(w.Plan.Applicants), previewed)]
}

// refuse answers with why a file was not taken.
func (w *transactionsView) refuse(v *visit, err error) error {
	if !(*fieldErrors)(&w.Errors).from("file", err) {
		return err
	}
	return transactionsTemplate.Send(v.Ctx, fiber.StatusUnprocessableEntity, v.lang, *w)
}

// withKeptTransactions reads the file that a preview kept, for what is done with it.
func (c *Console) withKeptTransactions(v *visit, do func(view *transactionsView, file string) error) error {
	view, err := c.transactionsPage(v)
	if err != nil {
		return err
	}
	file, err := c.keptTable(v, view.task())
	if err != nil {
		return view.refuse(v, err)
	}
	return do(&view, file.name)
}

// markedTransactions sends the office's own table with its faults marked.
func (c *Console) markedTransactions(v *visit) error {
	return c.withKeptTransactions(v, func(view *transactionsView, _ string) error {
		return v.sendMarked(string(v.round.ID)+"-transactions", view.Plan.Table)
	})
}

// transactionFrame sends the public frame and, apart, the names behind it. Salts
// are made anew each time, so each frame is another one; that it was made is
// recorded with its digest.
func (c *Console) transactionFrame(v *visit) error {
	return c.withKeptTransactions(v, func(view *transactionsView, file string) error {
		if len(view.Errors) > 0 {
			return view.show(v)
		}
		frame, err := c.Desk.MakeFrame(v.ctx(), v.user, v.round, file, view.Plan)
		if err != nil {
			return view.refuse(v, err)
		}
		var out bytes.Buffer
		err = files.Archive(&out, []files.Entry{
			{Name: "public/frame.csv", Content: func() ([]byte, error) {
				var csv bytes.Buffer
				err := frame.WriteCSV(&csv)
				return csv.Bytes(), err
			}},
			{Name: "secret/names.csv", Content: func() ([]byte, error) {
				var csv bytes.Buffer
				err := export.NamesCSV(&csv, view.Plan.Applicants)
				return csv.Bytes(), err
			}},
		})
		if err != nil {
			return err
		}
		return v.file(string(v.round.ID)+"-transactions.zip", out.Bytes())
	})
}
