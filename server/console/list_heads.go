package console

import "hailong/sampling"

// headcount says who is on a list, for an officer to compare with what they
// know of the village.
type headcount struct {
	People, Men, Women int
	Ages               []ageGroup
}

// ageGroup is one of the age groups of the questionnaire's first page.
type ageGroup struct {
	From, To int // years; To is 0 in the last group
	People   int
}

// ageBounds are the first years of the groups: 18–24, 25–34, 35–49, 50–60, over 60.
var ageBounds = []int{18, 25, 35, 50, 61}

// countHeads counts the people of a list by sex and age. Ages are those that
// people reach in the year.
func countHeads(list sampling.List, year int) headcount {
	c := headcount{People: len(list.People), Ages: make([]ageGroup, len(ageBounds))}
	for i, from := range ageBounds {
		c.Ages[i].From = from
		if i+1 < len(ageBounds) {
			c.Ages[i].To = ageBounds[i+1] - 1
		}
	}
	for _, p := range list.People {
		switch p.Sex {
		case sampling.Male:
			c.Men++
		case sampling.Female:
			c.Women++
		}
		group := 0
		for i, from := range ageBounds {
			if year-p.BirthYear >= from {
				group = i
			}
		}
		c.Ages[group].People++
	}
	return c
}

// Unknown is how many people have no sex in the list.
func (c headcount) Unknown() int { return c.People - c.Men - c.Women }
