package export

import (
	"math"
	"strings"

	"hailong/fault"
	"hailong/scorecard"
	"hailong/static"
)

// Chart names a figure of the report.
type Chart string

// The charts: the province's elements, and the whole index of the communes.
const (
	ChartGroups   Chart = "groups"
	ChartCommunes Chart = "communes"
)

// The geometry of a dot-and-interval chart, in units of which a page has
// chartWide; a unit is 0.25 mm in a report and a pixel on a screen. Labels stand
// on the left, numbers on the right, the plot between them.
const (
	chartWide   = 700.0
	chartHead   = 24.0 // above the first row
	chartFoot   = 30.0 // axis and its numbers
	chartRow    = 26.0
	chartSize   = 12.0 // type
	plotLeft    = 280.0
	plotRight   = 545.0
	labelLetter = 0.50 // mean width of a letter in ems, to break labels
)

// drawing is a figure as marks on a plane, for any backend. Its upper left
// corner is 0, 0.
type drawing struct {
	title, summary string
	wide, high     float64
	marks          []mark
}

// role says what a mark is; backends give it colour and weight.
type role string

const (
	roleGrid   role = "grid"   // a line of the axis
	roleWhole  role = "whole"  // the line of the whole
	roleSpan   role = "span"   // an interval
	roleDot    role = "dot"    // a value
	roleLabel  role = "label"  // a row's name
	roleNumber role = "number" // a row's number
	roleQuiet  role = "quiet"  // axis numbers and what is not published
)

// mark is a line from x, y to x2, y2, a dot of radius r at x, y, or words whose
// baseline begins (ends, if toRight; is centred, if centred) at x, y.
type mark struct {
	role             role
	x, y, x2, y2, r  float64
	words            string
	toRight, centred bool
}

// chartRows are a figure's rows: what to call them and the figures.
type chartRows struct {
	title, summary string
	labels         []string
	figures        []scorecard.Figure
	whole          scorecard.Float // reference line, undefined for none
	low, high      float64         // of the axis
	step           float64
}

// rows chooses the rows of a chart. The first domain is the whole province.
func (r Report) rows(lang static.Lang, chart Chart) (chartRows, error) {
	domains := r.domains()
	if len(domains) == 0 {
		return chartRows{}, fault.New(fault.Invalid, "export.no_figures")
	}
	rows := chartRows{title: text(lang, "chart_"+string(chart)), whole: scorecard.Undefined()}
	if whole := r.figures(domains[0].Unit, scorecard.TierOverall); len(whole) == 1 && shown(whole[0]) {
		rows.whole = whole[0].Value
	}
	switch chart {
	case ChartGroups:
		rows.figures = r.figures(domains[0].Unit, scorecard.TierGroup)
		for _, f := range rows.figures {
			rows.labels = append(rows.labels, r.label(lang, f.Tier, f.Code))
		}
	case ChartCommunes:
		for _, domain := range domains[1:] {
			for _, f := range r.figures(domain.Unit, scorecard.TierOverall) {
				rows.figures = append(rows.figures, f)
				rows.labels = append(rows.labels, domain.Name)
			}
		}
	default:
		return chartRows{}, fault.New(fault.NotFound, "export.chart", "chart", string(chart))
	}
	rows.setAxis()
	rows.summary = text(lang, "chart_summary", "rows", len(rows.figures), "whole", number(lang, rows.whole))
	return rows, nil
}

// draw lays out the chart.
func (rows chartRows) draw(lang static.Lang) drawing {
	d := drawing{title: rows.title, summary: rows.summary, wide: chartWide,
		high: chartHead + chartRow*float64(len(rows.figures)) + chartFoot}
	at := func(value float64) float64 {
		return plotLeft + (value-rows.low)/(rows.high-rows.low)*(plotRight-plotLeft)
	}
	bottom := d.high - chartFoot
	for tick := rows.low; tick <= rows.high; tick += rows.step {
		d.add(mark{role: roleGrid, x: at(tick), y: chartHead - 6, x2: at(tick), y2: bottom},
			mark{role: roleQuiet, x: at(tick), y: bottom + 16, words: static.Number(lang, tick, 0), centred: true})
	}
	if rows.whole.Defined() {
		x := at(float64(rows.whole))
		d.add(mark{role: roleWhole, x: x, y: chartHead - 6, x2: x, y2: bottom},
			mark{role: roleQuiet, x: x, y: chartHead - 10, words: text(lang, "chart_whole", "value", number(lang, rows.whole)), centred: true})
	}
	for i, f := range rows.figures {
		y := chartHead + chartRow*(float64(i)+0.5)
		d.label(rows.labels[i], y)
		d.estimate(lang, f, y, at)
	}
	return d
}

func (d *drawing) add(marks ...mark) { d.marks = append(d.marks, marks...) }

// label writes a row's name on one or two lines around y.
func (d *drawing) label(words string, y float64) {
	lines := brokenLines(words, int((plotLeft-16)/(chartSize*labelLetter)))
	for i, line := range lines {
		offset := (float64(i) - float64(len(lines)-1)/2) * chartSize * 1.1
		d.add(mark{role: roleLabel, x: plotLeft - 12, y: y + offset + chartSize*0.35, words: line, toRight: true})
	}
}

// estimate draws interval, dot and numbers of a figure, or that it is withheld.
func (d *drawing) estimate(lang static.Lang, f scorecard.Figure, y float64, at func(float64) float64) {
	base := y + chartSize*0.35
	if !shown(f) {
		d.add(mark{role: roleQuiet, x: plotRight + 14, y: base, words: text(lang, "withheld")})
		return
	}
	value := static.Number(lang, float64(f.Value), 1)
	if f.Logit.Low.Defined() && f.Logit.High.Defined() {
		d.add(mark{role: roleSpan, x: at(float64(f.Logit.Low)), y: y, x2: at(float64(f.Logit.High)), y2: y})
		value = text(lang, "chart_value", "value", value,
			"low", static.Number(lang, float64(f.Logit.Low), 1), "high", static.Number(lang, float64(f.Logit.High), 1))
	}
	d.add(mark{role: roleDot, x: at(float64(f.Value)), y: y, r: 4.5},
		mark{role: roleNumber, x: plotRight + 14, y: base, words: value})
}

// parts cuts the rows into charts that are no higher than so many units and
// share one axis; without rows it is one chart without rows.
func (rows chartRows) parts(high float64) []chartRows {
	most := max(1, int((high-chartHead-chartFoot)/chartRow))
	var parts []chartRows
	for from := 0; from == 0 || from < len(rows.figures); from += most {
		part, to := rows, min(from+most, len(rows.figures))
		part.figures, part.labels = rows.figures[from:to], rows.labels[from:to]
		parts = append(parts, part)
	}
	return parts
}

// setAxis chooses the least round span that holds every interval.
func (rows *chartRows) setAxis() {
	low, high := 100.0, 0.0
	hold := func(values ...scorecard.Float) {
		for _, x := range values {
			if x.Defined() {
				low, high = min(low, float64(x)), max(high, float64(x))
			}
		}
	}
	hold(rows.whole)
	for _, f := range rows.figures {
		if shown(f) {
			hold(f.Value, f.Logit.Low, f.Logit.High)
		}
	}
	if low > high {
		low, high = 0, 100 // nothing is published
	}
	step := 10.0
	if high-low < 30 {
		step = 5
	} else if high-low > 60 {
		step = 20
	}
	rows.low, rows.high, rows.step = math.Floor(low/step)*step, math.Ceil(high/step)*step, step
	if rows.low == rows.high {
		rows.low, rows.high = max(rows.low-step, 0), min(rows.high+step, 100)
	}
}

// brokenLines breaks words into at most two lines of so many letters; what is
// left over is cut off with an ellipsis.
func brokenLines(words string, letters int) []string {
	lines := []string{""}
	for _, word := range strings.Fields(words) {
		last := &lines[len(lines)-1]
		if joint := joined(" ", *last, word); len([]rune(joint)) <= letters || *last == "" {
			*last = joint
		} else if len(lines) < 2 {
			lines = append(lines, word)
		} else {
			*last += "…"
			break
		}
	}
	return lines
}
