package scorecard

import (
	"math"

	"hailong/sampling"
)

// Disclose is the form in which the fieldwork of a round may be read by anybody,
// those who made the contacts included. work has the province first; it is left as
// it is.
//
// Who visited somebody knows what is on record of them. If one person of a commune
// is on record as refusing and an edition counts no refusal there, that person has
// answered after all; and the same holds for every other outcome. Therefore
//
//   - of communes only the numbers of drawn and answered are told, which the n of
//     their figures tells anyway, and no outcome;
//   - of the province an outcome other than an answer is told by itself if at least k
//     people have it. Those of fewer, of none too, are told as one sum, together with
//     the next larger ones in the order of Categories until it is the sum of two at
//     least and of k people, so that taking the others from the whole gives nothing.
//
// At least k people without an answer then stand behind whatever is told, of whom the
// records of a commune can hold all, some or none. k is Definition.MinCell.
func Disclose(work []Fieldwork, k int) []Fieldwork {
	disclosed := make([]Fieldwork, len(work))
	for i, f := range work {
		if disclosed[i] = f; i > 0 || f.Outcomes == nil {
			disclosed[i].Outcomes = nil
			continue
		}
		told := f.Outcomes.join(smallOutcomes(f.Outcomes.People, float64(k)))
		disclosed[i].Outcomes = &told
	}
	return disclosed
}

// unanswered are the outcomes that the records of those who visit may hold.
var unanswered = []sampling.Category{sampling.Refusal, sampling.NonContact, sampling.OtherNonresponse,
	sampling.UnknownHousehold, sampling.UnknownOther, sampling.Ineligible}

// smallOutcomes are the categories that must not be told by themselves.
func smallOutcomes(people sampling.Outcomes, k float64) map[sampling.Category]bool {
	small := make(map[sampling.Category]bool)
	sum := 0.0
	for _, c := range unanswered {
		if n := people.Of(c); n < k {
			small[c] = true
			sum += n
		}
	}
	for len(small) > 0 && len(small) < len(unanswered) && (len(small) < 2 || sum < k) {
		next := smallestOther(people, small)
		small[next] = true
		sum += people.Of(next)
	}
	return small
}

// smallestOther is the category with the fewest people outside of the set, the first
// of equals.
func smallestOther(people sampling.Outcomes, set map[sampling.Category]bool) sampling.Category {
	var least sampling.Category
	for _, c := range unanswered {
		if !set[c] && (least == "" || people.Of(c) < people.Of(least)) {
			least = c
		}
	}
	return least
}

// join moves the categories into one sum.
func (o Outcomes) join(small map[sampling.Category]bool) Outcomes {
	if len(small) == 0 {
		return o
	}
	joined := Joined{}
	for _, c := range unanswered {
		if small[c] {
			joined.Of = append(joined.Of, c)
			joined.People += o.People.Of(c)
			joined.Weighted += o.Weighted.Of(c)
			o.People.Set(c, math.NaN())
			o.Weighted.Set(c, math.NaN())
		}
	}
	o.Joined = &joined
	return o
}
