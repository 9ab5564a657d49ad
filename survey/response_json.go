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
func (s Sheet) AppendJSON(out []byte) []byte {
	w := objectWriter{out: append(out, '{')}
	w.text("id", string(s.ID))
	w.text("round", string(s.Round))
	w.text("questionnaire", string(s.Questionnaire))
	w.text("origin", string(s.Origin))
	w.text("mode", string(s.Mode))
	w.text("unit", string(s.Unit))
	if s.Placing != (Placing{}) {
		w.member("placing")
		placing := objectWriter{out: append(w.out, '{')}
		placing.textIfAny("stratum", s.Placing.Stratum)
		placing.textIfAny("psu", s.Placing.PSU)
		placing.textIfAny("ssu", s.Placing.SSU)
		w.out = append(placing.out, '}')
	}
	w.text("day", string(s.Day))
	w.textIfAny("quarter", s.Quarter)
	w.member("seconds")
	w.out = strconv.AppendInt(w.out, int64(s.Seconds), 10)
	w.text("lang", s.Lang)
	w.text("digest", s.Digest)
	if s.Simulated {
		w.member("simulated")
		w.out = append(w.out, "true"...)
	}
	w.text("answers", s.Line)
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
