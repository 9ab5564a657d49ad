package console

import (
	"context"
	"fmt"
	"slices"

	"hailong/fault"
	"hailong/server/files"
)

// editionArchive holds all public files of an edition.
const editionArchive = "edition.zip"

// editionFile sends an edition in one of its forms, or in all of them.
func (c *Console) editionFile(v *visit) error {
	r, head, err := c.loadEdition(v)
	if err != nil {
		return err
	}
	edition := files.Edition{Report: r, Head: head, Lang: v.lang, Read: c.reader(v.ctx())}
	var content []byte
	name := v.param("file")
	as := fmt.Sprintf("%s-%d-%s", v.round.ID, r.Edition.Number, name)
	switch {
	case name == editionArchive:
		return v.archive(as, files.EditionEntries(head.Number, func(ctx context.Context) (files.Edition, error) {
			edition.Read = c.reader(ctx) // the request's own context has ended by then
			return edition, nil
		}))
	case slices.Contains(files.OfEdition, name):
		content, err = edition.File(name)
	default:
		err = fault.New(fault.NotFound, "http.no_page")
	}
	if err != nil {
		return err
	}
	return v.file(as, content)
}
