package survey

import "strconv"

// Sheet is a response as a store keeps it: with its answers as one line.
type Sheet struct {
	Response
	Line string `json:"answers"` // Columns.Pack of the answers; in JSON it stands for Response.Answers
}

// Sheet packs the answers by the columns of the response's questionnaire.
func (r Response) Sheet(c Columns) (Sheet, error) {
	line, err := c.Pack(r.Answers)
	return Sheet{Response: r, Line: line}, err
}

// Open returns the response with its answers.
func (s Sheet) Open(c Columns) (r Response, err error) {
	r = s.Response
	r.Answers, err = c.Unpack(s.Line)
	return r, err
}

// AppendJSON appends the sheet as encoding/json would write it, without the
// detour over reflection: answers arrive by the thousand a second, and writing
// them so was a sixth of what one cost.
func (r Sheet) AppendJSON(out []byte) []byte {
	w := objectWriter{out: append(out, '{')}
	w.text("id", string(r.ID))
	w.text("round", string(r.Round))
	w.text("questionnaire", string(r.Questionnaire))
	w.text("origin", string(r.Origin))
	w.text("mode", string(r.Mode))
	w.text("unit", string(r.Unit))
	if r.Placing != (Placing{}) {
		w.member("placing")
		placing := objectWriter{out: append(w.out, '{')}
		placing.textIfAny("stratum", r.Placing.Stratum)
		placing.textIfAny("psu", r.Placing.PSU)
		placing.textIfAny("ssu", r.Placing.SSU)
		w.out = append(placing.out, '}')
	}
	w.text("day", string(r.Day))
	w.textIfAny("quarter", r.Quarter)
	w.member("seconds")
	w.out = strconv.AppendInt(w.out, int64(r.Seconds), 10)
	w.text("lang", r.Lang)
	w.text("digest", r.Digest)
	if r.Simulated {
		w.member("simulated")
		w.out = append(w.out, "true"...)
	}
	w.text("answers", r.Line)
	return append(w.out, '}')
}

// objectWriter writes the members of one JSON object.
type objectWriter struct {
	out  []byte
	some bool
}

func (w *objectWriter) member(name string) {
	if w.some {
		w.out = append(w.out, ',')
	}
	w.some = true
	w.out = append(append(append(w.out, '"'), name...), '"', ':')
}

func (w *objectWriter) text(name, value string) {
	w.member(name)
	w.out = appendJSON(w.out, value)
}

func (w *objectWriter) textIfAny(name, value string) {
	if value != "" {
		w.text(name, value)
	}
}
