package console

import (
	"bytes"
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
	edition := files.Edition{Report: r, Head: head, Lang: v.lang, Read: c.reader(v)}
	var content []byte
	name := v.param("file")
	switch {
	case name == editionArchive:
		var out bytes.Buffer
		err = files.Archive(&out, edition.Entries())
		content = out.Bytes()
	case slices.Contains(files.OfEdition, name):
		content, err = edition.File(name)
	default:
		err = fault.New(fault.NotFound, "http.no_page")
	}
	if err != nil {
		return err
	}
	return v.file(fmt.Sprintf("%s-%d-%s", v.round.ID, r.Edition.Number, name), content)
}
