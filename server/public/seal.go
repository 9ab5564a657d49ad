package public

import (
	"bytes"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
	"hailong/server/files"
	"hailong/static"
	"hailong/territory"
)

// sealPage shows where a person's line is checked; the slip's QR code fills in
// the key, which is public.
func (p *Part) sealPage(c *fiber.Ctx) error {
	d, err := p.find(c)
	if err != nil {
		return refuse(c, err)
	}
	view := newSealPage(c, d)
	if key := c.Query("key"); isKey(key) {
		view.Key = key
	}
	return sealPage.Send(c, fiber.StatusOK, langOf(c), view)
}

func newSealPage(c *fiber.Ctx, d dossier) SealPage {
	view := SealPage{
		frame: newFrame(c, "/verify/"+string(d.round.ID)+"/seal"), ID: d.round.ID,
		Title: d.round.Title.In(string(langOf(c)), "vi", "en"), Contact: d.round.Contact,
	}
	view.Simulated = d.round.Simulated
	key, salt, line := static.Text(langOf(c), "public.seal.key_here"), static.Text(langOf(c), "public.seal.salt_here"), static.Text(langOf(c), "public.seal.line_here")
	view.showCommands("", key, salt, line)
	return view
}

// isKey reports whether a text can be the key of a person on a list.
func isKey(key string) bool {
	raw, err := hex.DecodeString(key)
	return err == nil && len(raw) == 8
}

// showCommands writes what the page did as commands that can be copied into a
// shell, whatever was typed.
func (w *SealPage) showCommands(folder, key, salt, line string) {
	w.ByHand = fmt.Sprintf("{ printf %%s %s | xxd -r -p; printf %%s %s; } | sha256sum", quoted(salt), quoted(line))
	w.ByProgram = fmt.Sprintf("hailong verify seal --frame %s --key %s --salt %s --line %s", path.Join(folder, "frame.csv"), quoted(key), quoted(salt), quoted(line))
}

// quoted writes a text as one word of a shell.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// checkSeal computes the seal of what was typed and looks it up. Nothing of it
// is kept.
func (p *Part) checkSeal(c *fiber.Ctx) error {
	d, err := p.find(c)
	if err != nil {
		return refuse(c, err)
	}
	view := newSealPage(c, d)
	form := c.Context().PostArgs()
	view.Key, view.Salt, view.Line, view.Row = string(form.Peek("key")), string(form.Peek("salt")), string(form.Peek("line")), string(form.Peek("row"))
	typed, problems := readSeal(view)
	if view.Problems = problems; len(problems) > 0 {
		return sealPage.Send(c, fiber.StatusUnprocessableEntity, langOf(c), view)
	}
	err = p.heavily(c, func() (err error) {
		view.Result, err = p.lookUp(c, d, typed)
		return err
	})
	if err != nil {
		return refuse(c, err)
	}
	salt, err := typed.salt.MarshalText()
	if err != nil {
		return err
	}
	view.showCommands(view.Result.Folder, string(typed.key), string(salt), string(typed.line))
	return sealPage.Send(c, fiber.StatusOK, langOf(c), view)
}

// typedSeal is what stands on a person's slip.
type typedSeal struct {
	key  sampling.PersonKey
	salt sampling.Salt
	line sampling.PersonalLine
	row  *sampling.PublicRow // nil if none was pasted
}

// readSeal reads what was typed, forgiving spaces around and within, and the
// other ways of writing the same marks.
func readSeal(view SealPage) (typedSeal, []fault.Problem) {
	var problems []fault.Problem
	t := typedSeal{
		key:  sampling.PersonKey(strings.ToLower(strings.Join(strings.Fields(view.Key), ""))),
		line: sampling.PersonalLine(strings.Join(strings.Fields(territory.NFC(view.Line)), " ")),
	}
	if !isKey(string(t.key)) {
		problems = append(problems, fault.P("public.seal.no_key", "field", "key"))
	}
	if t.salt.UnmarshalText([]byte(strings.Join(strings.Fields(view.Salt), ""))) != nil {
		problems = append(problems, fault.P("public.seal.no_salt", "field", "salt"))
	}
	if t.line == "" {
		problems = append(problems, fault.P("public.seal.no_line", "field", "line"))
	}
	if strings.TrimSpace(view.Row) != "" {
		row, ok := sampling.ReadPublicRow(view.Row)
		if !ok || row.Key != t.key {
			problems = append(problems, fault.P("public.seal.no_row", "field", "row"))
		}
		t.row = &row
	}
	return t, problems
}

// Wrong is the code of what is wrong with a field, or "".
func (p SealPage) Wrong(field string) string {
	for _, problem := range p.Problems {
		if problem.Args[0].Value == field {
			return problem.Code
		}
	}
	return ""
}

// lookUp finds the key among the frames of people, that of the last attempt
// first, else in the row that was pasted: frames that were made and drawn at the
// command line are published by those who drew from them, and are no part of the
// round.
func (p *Part) lookUp(c *fiber.Ctx, d dossier, t typedSeal) (*SealResult, error) {
	read := p.reader(c.UserContext())
	result := &SealResult{Computed: sampling.SealOf(t.salt, t.line)}
	for _, attempt := range slices.Backward(d.attempts) {
		if attempt.Stage != conduct.People {
			continue
		}
		frame, err := read(attempt.Frame)
		if err != nil {
			return nil, err
		}
		found, err := result.find(frame, t.key)
		if err != nil {
			return nil, err
		}
		if !found {
			result.OfAnotherDraw = true
			continue
		}
		result.Folder, result.CommittedAt = files.DrawFolder(attempt), clock(attempt.Commitment.At)
		result.FrameDigest, result.Drawn = attempt.Commitment.FrameDigest, attempt.Done()
		if !attempt.Done() || !result.Holds {
			return result, nil
		}
		result.Role, err = roleOf(read, attempt, t.key)
		return result, err
	}
	result.OfAnotherDraw = false
	if t.row != nil {
		result.Known, result.Pasted, result.Published = true, true, string(t.row.Seal)
		result.Holds = t.row.Seal == result.Computed
	}
	return result, nil
}

// find looks the key up in a public frame, row by row.
func (r *SealResult) find(frame []byte, key sampling.PersonKey) (bool, error) {
	rows := csv.NewReader(bytes.NewReader(frame))
	header, err := rows.Read()
	if err != nil {
		return false, err
	}
	order, seal := slices.Index(header, "order"), slices.Index(header, "seal") // the first two are key and village or office
	rows.ReuseRecord = true
	for number := 2; ; number++ {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return false, nil
		} else if err != nil {
			return false, err
		}
		if row[0] != string(key) {
			continue
		}
		r.Known, r.Row, r.Village, r.Published = true, number, row[1], row[seal]
		r.Holds = r.Published == string(r.Computed)
		r.Order, err = strconv.Atoi(row[order])
		return true, err
	}
}

// roleOf is the role of a key in what was drawn, "" if it was not.
func roleOf(read files.Reader, d conduct.Draw, key sampling.PersonKey) (sampling.Role, error) {
	raw, err := read(d.Sample)
	if err != nil {
		return "", err
	}
	sample, err := sampling.ReadSample(bytes.NewReader(raw), d.Plan.Key)
	if err != nil {
		return "", err
	}
	for _, u := range sample.Units {
		if u.Key == sampling.Key(key) {
			return u.Role, nil
		}
	}
	return "", nil
}
