package intake

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"

	"hailong/fault"
)

// The workbook is read here and not through excelize, because excelize's
// streaming reader gives no cell's style, without which 20526 cannot be told
// from 12/03/1956, and its other reader holds the whole sheet as a tree. The
// tests write their workbooks with excelize.

// workbook holds the parts that the sheets refer to.
type workbook struct {
	parts    map[string]*zip.File // by lower-case name; names are looked up, never opened as paths
	shared   []string
	runFonts map[int]font // of shared strings with fonts of their own
	formats  []format
	from1904 bool
	limits   Limits
	cells    int // over all sheets
}

// readXLSX reads every worksheet of a workbook.
func readXLSX(data []byte, limits Limits) ([]grid, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fault.Wrap(err, fault.Unreadable, "file.damaged")
	}
	w := workbook{limits: limits}
	if err := w.open(archive); err != nil {
		return nil, err
	}
	sheets, err := w.sheets()
	if err != nil {
		return nil, err
	}
	if err := errors.Join(w.readShared(), w.readStyles()); err != nil {
		return nil, err
	}
	grids := make([]grid, 0, len(sheets))
	for _, s := range sheets {
		g, err := w.readSheet(s)
		if err != nil {
			return nil, inSheet(err, s.name)
		}
		grids = append(grids, g)
	}
	return grids, nil
}

// open checks the archive against bombs: the directory's sizes are added up
// before anything is unzipped, and archive/zip ends an entry that is longer
// than its directory says.
func (w *workbook) open(archive *zip.Reader) error {
	if len(archive.File) > w.limits.Parts {
		return fault.New(fault.TooLarge, "file.too_many_parts", "limit", w.limits.Parts)
	}
	w.parts = make(map[string]*zip.File, len(archive.File))
	left := uint64(w.limits.Bytes)
	for _, part := range archive.File {
		if part.UncompressedSize64 > left {
			return fault.New(fault.TooLarge, "file.too_large_unzipped", "limit_mb", w.limits.Bytes>>20)
		}
		left -= part.UncompressedSize64
		name := strings.ToLower(strings.ReplaceAll(part.Name, `\`, "/"))
		if w.parts[name] != nil {
			return fault.New(fault.Unreadable, "file.damaged")
		}
		w.parts[name] = part
	}
	if w.parts["xl/workbook.xml"] == nil {
		return fault.New(fault.Unreadable, w.otherZip())
	}
	return nil
}

// otherZip says what an archive without a workbook is.
func (w *workbook) otherZip() string {
	switch {
	case w.parts["xl/workbook.bin"] != nil:
		return "file.is_xlsb"
	case w.parts["content.xml"] != nil:
		return "file.is_ods"
	case w.parts["word/document.xml"] != nil:
		return "file.is_word"
	}
	return "file.is_archive"
}

// each calls visit with every token of a part; a part that is not there has
// none.
func (w *workbook) each(name string, visit func(xml.Token) error) error {
	part := w.parts[strings.ToLower(name)]
	if part == nil {
		return nil
	}
	content, err := part.Open()
	if err != nil {
		return fault.Wrap(err, fault.Unreadable, "file.damaged")
	}
	defer content.Close()
	d := xml.NewDecoder(content)
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fault.Wrap(err, fault.Unreadable, "file.damaged")
		}
		if err := visit(token); err != nil {
			return err
		}
	}
}

// attr returns an attribute by its local name.
func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func truth(s string) bool { return s == "1" || s == "true" }

// sheetPart is one worksheet and the part that holds it.
type sheetPart struct {
	name, part string
	hidden     bool
}

// sheets lists the worksheets in the workbook's order.
func (w *workbook) sheets() ([]sheetPart, error) {
	targets := map[string]string{}
	err := w.each("xl/_rels/workbook.xml.rels", func(t xml.Token) error {
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "Relationship" && strings.HasSuffix(attr(e, "Type"), "/worksheet") {
			targets[attr(e, "Id")] = attr(e, "Target")
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var sheets []sheetPart
	taken := map[string]bool{}
	err = w.each("xl/workbook.xml", func(t xml.Token) error {
		e, ok := t.(xml.StartElement)
		switch {
		case !ok:
		case e.Name.Local == "workbookPr":
			w.from1904 = truth(attr(e, "date1904"))
		case e.Name.Local == "sheet":
			target, isSheet := targets[attr(e, "id")]
			if !isSheet {
				return nil // a chart or a macro sheet
			}
			part := strings.ToLower(strings.TrimPrefix(path.Join("/xl", target), "/"))
			if strings.HasPrefix(target, "/") {
				part = strings.ToLower(strings.TrimPrefix(path.Clean(target), "/"))
			}
			if taken[part] || w.parts[part] == nil {
				return fault.New(fault.Unreadable, "file.damaged")
			}
			if len(sheets) >= w.limits.Sheets {
				return fault.New(fault.TooLarge, "file.too_many_sheets", "limit", w.limits.Sheets)
			}
			taken[part] = true
			state := attr(e, "state")
			sheets = append(sheets, sheetPart{name: tidy(attr(e, "name")), part: part, hidden: state != "" && state != "visible"})
		}
		return nil
	})
	return sheets, err
}

// readShared reads the table of shared strings, without phonetic readings.
func (w *workbook) readShared() error {
	var text strings.Builder
	inText, phonetic, old := false, false, otherFont
	w.runFonts = map[int]font{}
	return w.each("xl/sharedStrings.xml", func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			inText = t.Name.Local == "t" && !phonetic
			phonetic = phonetic || t.Name.Local == "rPh"
			if t.Name.Local == "rFont" && old == otherFont {
				old = fontOf(attr(t, "val"))
			}
		case xml.CharData:
			if inText {
				text.Write(t)
			}
		case xml.EndElement:
			inText = false
			switch t.Name.Local {
			case "rPh":
				phonetic = false
			case "si":
				if len(w.shared) >= w.limits.Cells {
					return fault.New(fault.TooLarge, "file.too_many_cells", "limit", w.limits.Cells)
				}
				if old != otherFont {
					w.runFonts[len(w.shared)] = old
				}
				w.shared = append(w.shared, tidyRaw(unescape(text.String())))
				text.Reset()
				old = otherFont
			}
		}
		return nil
	})
}

// readStyles reads which cell styles are dates or zero-padded codes, and which
// have an old font.
func (w *workbook) readStyles() error {
	custom := map[int]format{}
	var fonts []font
	inFonts, inCells := false, false
	return w.each("xl/styles.xml", func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "numFmt":
				if id, err := strconv.Atoi(attr(t, "numFmtId")); err == nil {
					custom[id] = parseFormat(attr(t, "formatCode"))
				}
			case "fonts":
				inFonts = true
			case "font":
				if inFonts {
					fonts = append(fonts, otherFont)
				}
			case "name":
				if inFonts && len(fonts) > 0 {
					fonts[len(fonts)-1] = fontOf(attr(t, "val"))
				}
			case "cellXfs":
				inCells = true
			case "xf":
				if !inCells {
					return nil
				}
				id, err := strconv.Atoi(attr(t, "numFmtId"))
				f, known := custom[id]
				if err == nil && !known {
					f = format{date: builtinDate(id)}
				}
				if i, err := strconv.Atoi(attr(t, "fontId")); err == nil && i >= 0 && i < len(fonts) {
					f.font = fonts[i]
				}
				w.formats = append(w.formats, f)
			}
		case xml.EndElement:
			inCells = inCells && t.Name.Local != "cellXfs"
			inFonts = inFonts && t.Name.Local != "fonts"
		}
		return nil
	})
}

var escaped = regexp.MustCompile(`(?:_x[0-9A-Fa-f]{4}_)+`)

// unescape undoes the workbook's way of writing characters that XML forbids:
// _x000D_ for a carriage return, in UTF-16 units.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escaped.ReplaceAllStringFunc(s, func(run string) string {
		var units []uint16
		for ; run != ""; run = run[7:] {
			unit, err := strconv.ParseUint(run[2:6], 16, 16)
			if err != nil {
				return run // the pattern admits hexadecimal digits only
			}
			units = append(units, uint16(unit))
		}
		return string(utf16.Decode(units))
	})
}

// inSheet returns err with the sheet filled in wherever a problem has none.
func inSheet(err error, sheet string) error {
	var e *fault.Error
	if !errors.As(err, &e) {
		return err
	}
	placed := &fault.Error{Kind: e.Kind, Cause: e.Cause}
	for _, p := range e.Problems {
		if p.Place.Sheet == "" {
			p.Place.Sheet = sheet
		}
		placed.Problems = append(placed.Problems, p)
	}
	return placed
}
