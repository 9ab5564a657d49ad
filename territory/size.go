package territory

import (
	"strings"

	"hailong/fault"
)

// Confirm returns the unit with its population confirmed by a person who looked
// at it, source saying why it is right ("một đảo nhỏ, niên giám 2025"). The error
// is of kind Invalid if there is no population to confirm or no source.
func (u Unit) Confirm(source string) (Unit, error) {
	if u.Population <= 0 {
		return u, fault.New(fault.Invalid, "units.nothing_to_confirm", "name", u.FullName())
	}
	if source = strings.TrimSpace(source); source == "" {
		return u, fault.New(fault.Invalid, "units.source_needed", "name", u.FullName())
	}
	u.Size, u.SizeSource = SizeConfirmed, source
	return u, nil
}

// Correct returns the unit with another population and where it comes from. The
// error is of kind Invalid if the population is not positive or no source is
// given.
func (u Unit) Correct(population int64, source string) (Unit, error) {
	if population <= 0 {
		return u, fault.New(fault.Invalid, "units.population_not_positive", "name", u.FullName(), "population", population)
	}
	if source = strings.TrimSpace(source); source == "" {
		return u, fault.New(fault.Invalid, "units.source_needed", "name", u.FullName())
	}
	u.Population, u.Size, u.SizeSource = population, SizeCorrected, source
	return u, nil
}

// Unusable lists the problems of units whose size may not enter a draw by size.
func Unusable(units []Unit) []fault.Problem {
	var problems []fault.Problem
	for _, u := range units {
		if !u.Size.Usable() {
			problems = append(problems, fault.P("units.size_unusable", "code", u.Code, "name", u.FullName()))
		}
	}
	return problems
}

// KeepDecisions returns newly imported units with the confirmations of the
// stored ones where area and population are still the same, and with their
// corrections where the file still has no population or is otherwise in doubt.
func KeepDecisions(imported, stored []Unit) []Unit {
	before := make(map[Code]Unit, len(stored))
	for _, u := range stored {
		before[u.Code] = u
	}
	kept := make([]Unit, len(imported))
	for i, u := range imported {
		old := before[u.Code]
		confirmed := old.Size == SizeConfirmed && old.Population == u.Population && old.AreaKm2 == u.AreaKm2
		if confirmed || old.Size == SizeCorrected && !u.Size.Usable() {
			u.Population, u.Size, u.SizeSource = old.Population, old.Size, old.SizeSource
		}
		kept[i] = u
	}
	return kept
}
