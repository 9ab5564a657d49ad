package page

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"hailong/fault"
	"hailong/static"
)

// Gallery serves pages with canned data and no database, to look at them.
type Gallery []Fixture

// GalleryIndex lists the pages of a gallery.
type GalleryIndex struct{ Names []string }

var galleryIndex = New[GalleryIndex](Source{
	Files:  []string{"shared/gallery.html", "shared/head.html"},
	Styles: []string{"shared/base.css"},
})

// Routes brings the list at / and a page at each number.
func (g Gallery) Routes(r fiber.Router) {
	r.Get("/", func(c *fiber.Ctx) error {
		var index GalleryIndex
		for _, f := range g {
			index.Names = append(index.Names, f.Name)
		}
		return galleryIndex.Send(c, fiber.StatusOK, Lang(c), index)
	})
	r.Get("/:number<int>", func(c *fiber.Ctx) error {
		n, err := strconv.Atoi(c.Params("number"))
		if err != nil || n < 0 || n >= len(g) {
			return fault.New(fault.NotFound, "http.no_page")
		}
		html, err := g[n].Render(static.ParseLang(c.Query("lang")))
		if err != nil {
			return err
		}
		c.Set(fiber.HeaderContentSecurityPolicy, g[n].policy)
		return SendHTML(c, fiber.StatusOK, html)
	})
}
