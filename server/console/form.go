package console

import (
	"bytes"
	"io"
	"mime/multipart"
	"strings"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/text/unicode/norm"

	"hailong/fault"
)

// form is what was posted: never what stood in the address.
type form struct {
	values map[string][]string
	file   upload
}

// upload is one uploaded file. Its name is shown to the reader and used for
// nothing else.
type upload struct {
	name string
	data []byte
}

// value is a field's text in normal form C, without white space around it.
func (f form) value(name string) string { return strings.TrimSpace(f.password(name)) }

// password is a field's text in normal form C exactly as typed: two keyboards
// may compose "ế" differently, and it is the same password.
func (f form) password(name string) string {
	if values := f.values[name]; len(values) > 0 {
		return norm.NFC.String(values[0])
	}
	return ""
}

// The bounds of a form: its fields, the bytes of one that is typed, and of one
// with a file.
const (
	maxFields = 200
	maxTyped  = 64 << 10
	maxUpload = 32 << 20
)

// readForm reads a posted form of either kind into memory, unless it announces
// more bytes than the limit; nothing touches the disk.
func readForm(c *fiber.Ctx, limit int) (form, error) {
	if c.Request().Header.ContentLength() > limit {
		return form{}, fault.New(fault.TooLarge, "http.too_large")
	}
	body := c.Request().Body() // whole, though the server streams, and never unpacked
	if boundary := string(c.Request().Header.MultipartFormBoundary()); boundary != "" {
		return readMultipart(multipart.NewReader(bytes.NewReader(body), boundary))
	}
	f := form{values: map[string][]string{}}
	args := c.Request().PostArgs()
	if args.Len() > maxFields {
		return form{}, fault.New(fault.TooLarge, "http.too_large")
	}
	args.VisitAll(func(key, value []byte) {
		f.values[string(key)] = append(f.values[string(key)], string(value))
	})
	return f, nil
}

func readMultipart(r *multipart.Reader) (form, error) {
	f := form{values: map[string][]string{}}
	for parts := 0; ; parts++ {
		part, err := r.NextPart()
		if err == io.EOF {
			return f, nil
		}
		if err != nil {
			return form{}, fault.Wrap(err, fault.Unreadable, "http.unreadable")
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return form{}, fault.Wrap(err, fault.Unreadable, "http.unreadable")
		}
		if parts > maxFields {
			return form{}, fault.New(fault.TooLarge, "http.too_large")
		}
		if part.FormName() == "file" {
			f.file = upload{part.FileName(), data}
		} else {
			f.values[part.FormName()] = append(f.values[part.FormName()], string(data))
		}
	}
}
