package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
)

// TestMain lets the test binary stand in for hailong in the scripts.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"hailong": func() { os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs the command line as its users do: one file a story.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("HAILONG_LANG", "en")
			questionnaires, err := filepath.Abs("../../static/questionnaires")
			env.Setenv("QUESTIONNAIRES", questionnaires)
			env.Setenv("COMMUNES", realCommunes(t))
			return err
		},
		Condition: func(name string) (bool, error) {
			if name == "communes" {
				return realCommunes(t) != "", nil
			}
			return false, fmt.Errorf("unknown condition %q", name)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"xlsx": makeWorkbook},
	})
}

// realCommunes is the official list of communes, which is not part of the
// project: "" where it is not beside it, which is a failure with HAILONG_CI=1.
func realCommunes(t *testing.T) string {
	path, err := filepath.Abs("../../../shared/data/units/communes.csv")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err == nil {
		return path
	}
	if os.Getenv("HAILONG_CI") != "" {
		t.Fatalf("the list of communes is required here: %s", path)
	}
	return ""
}

// makeWorkbook is the script command "xlsx BOOK.xlsx SHEET.csv …", which makes a
// workbook with one sheet a file, all cells text.
func makeWorkbook(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: xlsx BOOK.xlsx SHEET.csv …")
	}
	book := excelize.NewFile()
	for _, file := range args[1:] {
		in := csv.NewReader(strings.NewReader(ts.ReadFile(file)))
		in.FieldsPerRecord = -1
		rows, err := in.ReadAll()
		ts.Check(err)
		sheet := strings.TrimSuffix(file, ".csv")
		_, err = book.NewSheet(sheet)
		ts.Check(err)
		for i, row := range rows {
			for j, text := range row {
				cell, err := excelize.CoordinatesToCellName(j+1, i+1)
				ts.Check(err)
				ts.Check(book.SetCellStr(sheet, cell, text))
			}
		}
	}
	ts.Check(book.DeleteSheet("Sheet1"))
	ts.Check(book.SaveAs(ts.MkAbs(args[0])))
}
