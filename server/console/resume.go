package console

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"hailong/account"
	"hailong/server/page"
)

// A session may end while somebody fills in a form. What they then send is not
// lost: if its token shows that it came from a page of theirs, the sign-in page
// carries the fields along, and after the sign-in a button sends them again.
// Passwords and files are not carried.

// keptField is one field that is carried along.
type keptField struct{ Name, Value string }

// keptPrefix marks the carried fields among those of the sign-in form.
const keptPrefix = "kept."

// notKept are the fields that are never carried: secrets, and what is made anew.
var notKept = []string{"csrf", "password", "old", "new", "again", "secret"}

// fromOurForm reports whether a form was posted from a page of the session
// whose cookie still is there, though the session has ended.
func (v *visit) fromOurForm() bool {
	secret, ok := account.ParseSecret(v.Cookies(sessionCookie))
	return ok && v.Method() == fiber.MethodPost && secret.CheckCSRF(v.form.value("csrf")) == nil
}

// kept are the carried fields of a sign-in form.
func (f form) kept() []keptField {
	var kept []keptField
	for name, values := range f.values {
		if field, ok := strings.CutPrefix(name, keptPrefix); ok {
			for _, value := range values {
				kept = append(kept, keptField{field, value})
			}
		}
	}
	slices.SortFunc(kept, func(a, b keptField) int { return strings.Compare(a.Name, b.Name) })
	return kept
}

// interrupted answers what was posted after the end of the session with the
// sign-in page.
func (c *Console) interrupted(v *visit) error {
	posted := v.form
	v.form = form{values: map[string][]string{"resume": {v.Path()}}}
	for name, values := range posted.values {
		if !slices.Contains(notKept, name) {
			v.form.values[keptPrefix+name] = values
		}
	}
	v.setCookie(sessionCookie, account.Secret{}, 0)
	c.meetVisitor(v)
	s := v.signInView()
	s.Ended = true
	return signInTemplate.Send(v.Ctx, fiber.StatusUnauthorized, v.lang, s)
}

// resumeView offers to send again what a sign-in interrupted.
type resumeView struct {
	frame
	Action string
	Kept   []keptField
}

var resumeTemplate = page.New[resumeView](source("resume"))

// resumed signs the user in and shows what was interrupted.
func (c *Console) resumed(v *visit, user account.User, s signInView) error {
	if err := c.openSession(v, user, account.SigningIn{}); err != nil {
		return err
	}
	return resumeTemplate.Send(v.Ctx, fiber.StatusOK, v.lang, resumeView{v.frame("console.resume.title"), s.Resume, s.Kept})
}
