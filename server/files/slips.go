package files

import (
	"io"
	"net/url"
	"strconv"
	"time"

	"hailong/conduct"
	"hailong/export"
	"hailong/static"
	"hailong/survey"
	"hailong/territory"
)

// SlipSheet is what the slips of a village have in common.
type SlipSheet struct {
	Round   survey.Round
	Village territory.Unit
	Commune string
	Base    *url.URL // the public address, in codes and to type
	At      time.Time
}

// PDF writes the sealed slips of those for whom they were made.
func (s SlipSheet) PDF(w io.Writer, lang static.Lang, made []conduct.Slip) error {
	slips := export.Slips{
		Round: s.Round.Title, Asker: s.Round.Asker, Contact: s.Round.Contact, TypeAt: s.Base.String(), Simulated: s.Round.Simulated, Produced: s.At,
	}
	for _, one := range made {
		slips.People = append(slips.People, export.Slip{
			Number: strconv.Itoa(one.Order), Name: one.Person.Name, Address: Where(lang, one.Person), Village: s.Village.FullName(),
			Commune: s.Commune, Token: one.Token, Link: s.Base.JoinPath("p", string(one.Token)).String(),
		})
	}
	return export.SlipsPDF(w, lang, slips)
}
