package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"hailong/static"
)

// Every code that a package reports has a text in both languages, with the
// argument names that the code passes.
func TestEveryCodeHasItsTexts(t *testing.T) {
	seen := 0
	eachGoFile(t, func(name string, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			code, pairs, ok := codeOf(call)
			if !ok {
				return true
			}
			seen++
			for _, lang := range static.Langs {
				if !static.Has(lang, code) {
					t.Errorf("%s: %q has no text in %s", name, code, lang)
				}
			}
			checkArguments(t, name, code, pairs)
			return true
		})
	})
	if seen < 100 {
		t.Errorf("only %d codes found: the search is broken", seen)
	}
}

// codeOf returns the code and the argument pairs of a call of fault.P, New or
// Wrap whose code is a literal.
func codeOf(call *ast.CallExpr) (code string, pairs []ast.Expr, ok bool) {
	fun, isSelector := call.Fun.(*ast.SelectorExpr)
	if !isSelector {
		return "", nil, false
	}
	pkg, isIdent := fun.X.(*ast.Ident)
	at, known := map[string]int{"P": 0, "New": 1, "Wrap": 2}[fun.Sel.Name]
	if !isIdent || pkg.Name != "fault" || !known || len(call.Args) <= at {
		return "", nil, false
	}
	code, ok = literal(call.Args[at])
	return code, call.Args[at+1:], ok
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

// checkArguments reports a placeholder of a text that the call does not fill.
func checkArguments(t *testing.T, name, code string, pairs []ast.Expr) {
	t.Helper()
	given := map[string]bool{}
	for i := 0; i < len(pairs); i += 2 {
		arg, ok := literal(pairs[i])
		if !ok {
			return // made at run time
		}
		given[arg] = true
	}
	for _, lang := range static.Langs {
		for _, part := range strings.Split(static.Text(lang, code), "{")[1:] {
			if placeholder, _, ok := strings.Cut(part, "}"); ok && !given[placeholder] {
				t.Errorf("%s: %s (%s) wants {%s}, which the call does not give", name, code, lang, placeholder)
			}
		}
	}
}

// eachGoFile parses every source file of the module that is not a test.
func eachGoFile(t *testing.T, visit func(name string, file *ast.File)) {
	t.Helper()
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "wire" || strings.HasPrefix(entry.Name(), ".") && entry.Name() != ".."):
			return filepath.SkipDir
		case entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		visit(strings.TrimPrefix(path, root+string(filepath.Separator)), file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
