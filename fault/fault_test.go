package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"hailong/fault"
)

func TestAnErrorNobodyClassifiedIsInternal(t *testing.T) {
	if got := fault.KindOf(errors.New("boom")); got != fault.Internal {
		t.Errorf("KindOf(plain error) = %v, want internal", got)
	}
	if got := fault.ProblemsOf(errors.New("boom"))[0].Code; got != "internal" {
		t.Errorf("ProblemsOf(plain error) = %q, want internal", got)
	}
}

func TestKindSurvivesWrapping(t *testing.T) {
	inner := fault.New(fault.Gone, "round.closed", "round", "r1")
	err := fmt.Errorf("submit: %w", inner)
	if !fault.Is(err, fault.Gone) {
		t.Errorf("Is(wrapped, Gone) = false")
	}
	if fault.Is(nil, fault.Internal) {
		t.Errorf("no error has no kind")
	}
}

func TestWarningsAloneAreNoError(t *testing.T) {
	warning := fault.P("list.old_person", "age", 101).Warn()
	if err := fault.Of(fault.Invalid, []fault.Problem{warning}); err != nil {
		t.Errorf("Of(only warnings) = %v, want nil", err)
	}
	err := fault.Of(fault.Invalid, []fault.Problem{warning, fault.P("list.duplicate").AtRow(7, "Họ và tên")})
	if got := len(fault.ProblemsOf(err)); got != 1 {
		t.Errorf("%d problems, want the one that stops", got)
	}
}

func TestProblemNamesItsPlaceAndArguments(t *testing.T) {
	p := fault.P("list.duplicate", "first", 3).At(fault.Place{File: "a.xlsx", Sheet: "Thôn 1", Row: 9, Column: "B"})
	want := "list.duplicate file=a.xlsx sheet=Thôn 1 column=B row=9 first=3"
	if got := p.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestInFileKeepsAFileAlreadyNamed(t *testing.T) {
	err := fault.InFile(&fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{
		fault.P("a"), fault.P("b").At(fault.Place{File: "inner.csv"}),
	}}, "outer.csv")
	got := fault.ProblemsOf(err)
	if got[0].Place.File != "outer.csv" || got[1].Place.File != "inner.csv" {
		t.Errorf("places %v", got)
	}
}
