package stats

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"hailong/fault"
)

// AnswerSheets are the ratings of people, for a search for copied sheets.
type AnswerSheets struct {
	Answers [][]uint8 // a sheet each, of equal length; 0 for no answer
	// Block is the group of each item, within which answers are exchanged.
	Block []int
	// Scope is where each sheet is compared: with all others of its commune, say.
	// Sheets without one are left out.
	Scope Labels
}

// DuplicateOptions say how sure a flag is to be.
type DuplicateOptions struct {
	Alpha float64 // chance of any false flag; 0 means 0.05
	Draws int     // of the null; 0 means 200
	Seed  uint64
}

// Twin is a sheet that agrees with another more than chance allows.
type Twin struct {
	Sheet, Other int     // places in AnswerSheets
	Equal        int     // answers in which they agree
	Expected     float64 // largest agreement of the sheet with any other, on average under the null
	Excess       float64 // standard deviations above that
}

// Duplicates finds sheets that were likely copied. A fixed share of equal answers (85 %
// is often used) flags honest sheets wherever most people are satisfied with most
// things, so the largest agreement of every sheet is compared with what it is for
// this questionnaire and these people by chance. The null keeps how often each answer
// stands in each sheet's blocks of items and in each item: answers x, y of one sheet
// are exchanged with y, x of another, in two items of one block, again and again
// (Besag and Clifford, Biometrika 76, 1989). Sheets of one answer throughout are never
// changed by this, nor flagged for being alike: see Concentration for those.
//
// A sheet is flagged if its agreement lies more standard deviations above its mean
// than the largest such excess of all sheets does in all but alpha of the draws, so
// that alpha is the chance of any false flag among all sheets together. The second
// result is that limit.
func Duplicates(in AnswerSheets, o DuplicateOptions) ([]Twin, float64, error) {
	o.Alpha, o.Draws = cmp.Or(o.Alpha, 0.05), cmp.Or(o.Draws, 200)
	if err := in.check(o); err != nil {
		return nil, 0, err
	}
	s := newShuffle(in, o.Seed)
	observed := s.agreements()
	draws := make([][]agreement, o.Draws)
	s.exchange(burnIn)
	for b := range draws {
		s.exchange(between)
		draws[b] = s.agreements()
	}
	mean, sd := moments(append(draws, observed)) // with the observed one, so that all are alike under the null
	largest := make([]float64, o.Draws)
	for b, d := range draws {
		for i, a := range d {
			largest[b] = max(largest[b], excess(a, mean[i], sd[i]))
		}
	}
	slices.Sort(largest)
	at := int(math.Ceil((1 - o.Alpha) * float64(o.Draws+1)))
	limit := largest[min(at, o.Draws)-1]
	var twins []Twin
	for i, a := range observed {
		if e := excess(a, mean[i], sd[i]); e > limit {
			twins = append(twins, Twin{i, a.other, a.equal, mean[i], e})
		}
	}
	slices.SortStableFunc(twins, func(a, b Twin) int { return cmp.Compare(b.Excess, a.Excess) })
	return twins, limit, nil
}

// maxScope bounds the sheets of a scope that are compared: of more, so many are drawn at
// random. A counter may have tens of thousands, and all pairs are compared in each draw.
const maxScope = 800

// burnIn and between are the exchanges tried, as multiples of the number of answers,
// before the first and between two draws of the null.
const (
	burnIn  = 20
	between = 3
)

func (in AnswerSheets) check(o DuplicateOptions) error {
	if len(in.Scope.Codes) != len(in.Answers) || !(o.Alpha > 0 && o.Alpha < 1) || o.Draws < 20 {
		return fault.New(fault.Invalid, "quality.options", "sheets", len(in.Answers), "alpha", o.Alpha, "draws", o.Draws)
	}
	for _, a := range in.Answers {
		if len(a) != len(in.Block) {
			return fault.New(fault.Internal, "quality.shape", "sheets", len(a), "units", len(in.Block))
		}
	}
	return nil
}

// agreement is a sheet's largest agreement with any other of its scope.
type agreement struct{ equal, other int }

// excess is how many standard deviations an agreement lies above its mean. Where the
// null never varies, a difference of one answer counts as one.
func excess(a agreement, mean, sd float64) float64 {
	return (float64(a.equal) - mean) / max(sd, minSpread)
}

// minSpread keeps agreements that hardly vary under the null from counting for more
// than they say: a third of an answer.
const minSpread = 1.0 / 3

func moments(draws [][]agreement) (mean, sd []float64) {
	n := len(draws[0])
	mean, sd = make([]float64, n), make([]float64, n)
	for _, d := range draws {
		for i, a := range d {
			mean[i] += float64(a.equal) / float64(len(draws))
		}
	}
	for _, d := range draws {
		for i, a := range d {
			miss := float64(a.equal) - mean[i]
			sd[i] += miss * miss / float64(len(draws)-1)
		}
	}
	for i := range sd {
		sd[i] = math.Sqrt(sd[i])
	}
	return mean, sd
}

// shuffle is the state of the null: answers that are exchanged.
type shuffle struct {
	answers [][]uint8
	scopes  [][]int // sheets of each scope
	blocks  [][]int // items of each block that has more than one
	rng     *rand.Rand
}

func newShuffle(in AnswerSheets, seed uint64) *shuffle {
	s := &shuffle{scopes: make([][]int, len(in.Scope.Levels)), rng: rand.New(rand.NewPCG(seed, 4))}
	for i, a := range in.Answers {
		s.answers = append(s.answers, slices.Clone(a))
		if c := in.Scope.Codes[i]; c != Missing {
			s.scopes[c] = append(s.scopes[c], i)
		}
	}
	s.scopes = slices.DeleteFunc(s.scopes, func(sheets []int) bool { return len(sheets) < 2 })
	for i, sheets := range s.scopes {
		if len(sheets) > maxScope {
			s.rng.Shuffle(len(sheets), func(a, b int) { sheets[a], sheets[b] = sheets[b], sheets[a] })
			s.scopes[i] = slices.Sorted(slices.Values(sheets[:maxScope]))
		}
	}
	byBlock := map[int][]int{}
	var order []int
	for item, b := range in.Block {
		if byBlock[b] == nil {
			order = append(order, b)
		}
		byBlock[b] = append(byBlock[b], item)
	}
	for _, b := range order {
		if len(byBlock[b]) > 1 {
			s.blocks = append(s.blocks, byBlock[b])
		}
	}
	return s
}

// exchange tries times × the number of answers exchanges between two sheets of a
// scope. Each is as likely as the one that undoes it, so that all arrangements with
// the same counts are equally likely in the long run.
func (s *shuffle) exchange(times int) {
	if len(s.blocks) == 0 {
		return
	}
	for _, sheets := range s.scopes {
		for range times * len(sheets) * len(s.answers[sheets[0]]) {
			a, b := s.answers[sheets[s.rng.IntN(len(sheets))]], s.answers[sheets[s.rng.IntN(len(sheets))]]
			block := s.blocks[s.rng.IntN(len(s.blocks))]
			i, j := block[s.rng.IntN(len(block))], block[s.rng.IntN(len(block))]
			if a[i] == b[j] && a[j] == b[i] {
				a[i], a[j], b[i], b[j] = a[j], a[i], b[j], b[i]
			}
		}
	}
}

// agreements compares every sheet with all others of its scope; sheets of none agree
// with nobody.
func (s *shuffle) agreements() []agreement {
	out := make([]agreement, len(s.answers))
	for i := range out {
		out[i].other = i
	}
	for _, sheets := range s.scopes {
		words := make([]packed, len(sheets))
		for k, i := range sheets {
			words[k] = pack(s.answers[i])
		}
		n := len(s.answers[sheets[0]])
		for k, i := range sheets {
			for l, j := range sheets[:k] {
				equal := words[k].equal(words[l], n)
				if equal > out[i].equal {
					out[i] = agreement{equal, j}
				}
				if equal > out[j].equal {
					out[j] = agreement{equal, i}
				}
			}
		}
	}
	return out
}
