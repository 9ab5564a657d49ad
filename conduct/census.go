package conduct

import (
	"context"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"hailong/account"
	"hailong/fault"
	"hailong/intake"
	"hailong/sampling"
	"hailong/survey"
	"hailong/territory"
)

// CensusHead says where figures come from.
type CensusHead struct {
	Round  survey.RoundID `json:"round"`
	File   string         `json:"file"`   // the analyst's name for it
	Source string         `json:"source"` // as the analyst states it
	Units  int            `json:"units"`
	By     account.Name   `json:"by"` // "" for the command line
	At     time.Time      `json:"at"`
}

// Census is what the lists of a round are compared with: people by sex and age of
// communes or of the province. Of a round the last one given counts.
type Census struct {
	CensusHead
	Pyramids []sampling.Pyramid `json:"pyramids"`
}

type censuses interface {
	// Census returns the figures of a round, NotFound if none were given.
	Census(ctx context.Context, round survey.RoundID) (Census, error)
	PutCensus(ctx context.Context, rec account.Record, c Census) error
}

// CensusFile is a file of figures with what the analyst states about it.
type CensusFile struct {
	Name   string
	Data   []byte
	Source string
}

// maxSource bounds the source, in characters.
const maxSource = 300

// GiveCensus takes the figures that the lists of a round are compared with, all
// or none: see sampling.ReadPyramids. Their units are the round's province and
// what lies in it (pyramid.foreign_unit); without a source they say nothing
// (picked.source_needed).
func (d Desk) GiveCensus(ctx context.Context, by account.User, round survey.RoundID, f CensusFile) (Census, error) {
	r, err := d.Store.Round(ctx, round)
	if err != nil {
		return Census{}, err
	}
	c := Census{CensusHead: CensusHead{Round: round, File: f.Name, Source: strings.TrimSpace(f.Source), By: by.Name, At: d.Clock()}}
	if c.Source == "" || utf8.RuneCountInString(c.Source) > maxSource {
		return Census{}, fault.New(fault.Invalid, "picked.source_needed")
	}
	tree, err := d.tree(ctx)
	if err != nil {
		return Census{}, err
	}
	if c.Pyramids, err = readCensus(f, func(code territory.Code) bool { return tree.Within(r.Unit, code) }); err != nil {
		return Census{}, err
	}
	c.Units = len(c.Pyramids)
	rec, err := d.record(ctx, by, account.GiveCensus, subject{round, r.Unit, []string{"file", f.Name, "source", c.Source, "units", strconv.Itoa(c.Units)}})
	if err != nil {
		return Census{}, err
	}
	return c, d.Store.PutCensus(ctx, rec, c)
}

// readCensus reads the pyramids of a file; inside says which units may be in it.
func readCensus(f CensusFile, inside func(territory.Code) bool) ([]sampling.Pyramid, error) {
	book, err := intake.Open(f.Data, intake.DefaultLimits)
	if err != nil {
		return nil, fault.InFile(err, f.Name)
	}
	sheet, err := book.Find(intake.Want{Columns: intake.PyramidColumns})
	if err != nil {
		return nil, fault.InFile(err, f.Name)
	}
	pyramids, problems := sampling.ReadPyramids(sheet.Records())
	for _, p := range pyramids {
		if !inside(p.Unit) {
			problems = append(problems, fault.P("pyramid.foreign_unit", "unit", string(p.Unit)))
		}
	}
	return pyramids, fault.InFile(fault.Of(fault.Invalid, append(sheet.Problems, sheet.Locate(problems)...)), f.Name)
}

func (d Desk) tree(ctx context.Context) (*territory.Tree, error) {
	units, err := d.Store.Units(ctx)
	if err != nil {
		return nil, err
	}
	return territory.NewTree(units)
}

// pyramids are the figures that hold for each of some villages: its own, else
// those of the nearest unit above it that has any.
func (c Census) pyramids(tree *territory.Tree, villages []territory.Unit) map[territory.Code]sampling.Pyramid {
	of := make(map[territory.Code]sampling.Pyramid, len(c.Pyramids))
	for _, p := range c.Pyramids {
		of[p.Unit] = p
	}
	found := make(map[territory.Code]sampling.Pyramid)
	for _, village := range villages {
		for u, ok := village, true; ok; u, ok = tree.Unit(u.Parent) {
			if p, known := of[u.Code]; known {
				found[village.Code] = p
				break
			}
		}
	}
	return found
}
