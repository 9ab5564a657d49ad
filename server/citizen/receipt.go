package citizen

import (
	"github.com/gofiber/fiber/v2"

	"hailong/fault"
	"hailong/server/page"
	"hailong/survey"
)

// receipt says thank you. It shows no answers, and looks the same whether or not
// they are still stored.
func (p *Part) receipt(c *fiber.Ctx) error {
	lang := interfaceLang(c)
	receipt, err := survey.ParseReceipt(c.Params("receipt"))
	if err != nil {
		return p.stop(c, notice{err: err})
	}
	view := ReceiptPage{Code: receipt}
	rounds, err := p.known.Get(c.UserContext(), struct{}{})
	if err != nil { // the answer is stored whether or not we can say for which round
		page.NoteFailure(c, err)
		return receiptPage.Send(c, fiber.StatusOK, lang, view)
	}
	for _, r := range rounds {
		if p.cfg.Keys.ReceiptOf(receipt, r.ID) {
			view.Title, view.Contact, view.Simulated = r.Title.In(string(lang), "vi", "en"), r.Contact, r.Simulated
			if len(r.Places) > 0 {
				view.Drawn = r.ID
			}
			return receiptPage.Send(c, fiber.StatusOK, lang, view)
		}
	}
	return p.stop(c, notice{err: fault.New(fault.NotFound, "citizen.receipt_unknown")})
}
