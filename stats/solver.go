package stats

import (
	"math"

	"gonum.org/v1/gonum/floats"

	"hailong/fault"
)

// solver finds g with Σ w·g·x = totals by Newton's method: g = F(x·η/σ²) for the
// distance's F.
type solver struct {
	x            *auxiliary
	weights      []float64
	sigma2       []float64
	totals       []float64
	distance     Distance
	lower, upper float64
}

func (s *solver) bounded() bool { return s.lower != 0 || s.upper != 0 }

func (s *solver) check() error {
	switch s.distance {
	case DistanceLinear, DistanceRaking, DistanceLogit:
	default:
		return fault.New(fault.Invalid, "stats.distance_unknown", "distance", string(s.distance))
	}
	if s.bounded() && !(s.lower < 1 && s.upper > 1) || s.distance == DistanceLogit && !s.bounded() {
		return fault.New(fault.Invalid, "stats.calibrate_bounds", "lower", s.lower, "upper", s.upper)
	}
	if len(s.sigma2) != len(s.weights) {
		return &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{lengthProblem("variance", len(s.sigma2), len(s.weights))}}
	}
	for i, v := range s.sigma2 {
		if s.weights[i] > 0 && !(v > 0) {
			return &fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{
				fault.P("stats.variance_invalid", "value", v).AtRow(i+1, "variance")}}
		}
	}
	return nil
}

// factor returns F(u) and its derivative.
func (s *solver) factor(u float64) (g, slope float64) {
	switch s.distance {
	case DistanceLinear:
		g, slope = 1+u, 1
	case DistanceRaking:
		g = math.Exp(u)
		slope = g
	case DistanceLogit:
		return s.logit(u)
	}
	if s.bounded() && (g < s.lower || g > s.upper) {
		return min(max(g, s.lower), s.upper), 0
	}
	return g, slope
}

// logit is F(u) = (L(U-1) + U(1-L)e^{Au}) / (U-1 + (1-L)e^{Au}) with A = (U-L)/((1-L)(U-1)).
func (s *solver) logit(u float64) (g, slope float64) {
	low, high := s.lower, s.upper
	a := (high - low) / ((1 - low) * (high - 1))
	e := math.Exp(a * u)
	if math.IsInf(e, 1) {
		return high, 0
	}
	below := high - 1 + (1-low)*e
	g = (low*(high-1) + high*(1-low)*e) / below
	return g, a * (1 - low) * (high - 1) * (high - low) * e / (below * below)
}

// state is the fit at some η.
type state struct {
	eta, g, slope, misfit []float64
	worst                 float64 // largest |misfit|/(1+|total|)
	at                    int     // its column
}

// state makes room for one at η = 0.
func (s *solver) state() *state {
	n, p := len(s.weights), len(s.totals)
	return &state{eta: make([]float64, p), g: make([]float64, n), slope: make([]float64, n), misfit: make([]float64, p)}
}

// evaluate fills in what follows from the state's η.
func (s *solver) evaluate(st *state) {
	s.x.predict(st.g, s.weights, st.eta)
	for i, w := range s.weights {
		if w > 0 {
			st.g[i], st.slope[i] = s.factor(st.g[i] / s.sigma2[i])
		}
	}
	s.x.total(st.misfit, s.weights, st.g)
	st.worst, st.at = 0, 0
	for j, total := range s.totals {
		st.misfit[j] = total - st.misfit[j]
		if miss := math.Abs(st.misfit[j]) / (1 + math.Abs(total)); !(miss <= st.worst) {
			st.worst, st.at = miss, j
		}
	}
}

// solve iterates until the totals are met. A step that makes things worse is
// halved.
func (s *solver) solve() ([]float64, error) {
	st, next, fit := s.state(), s.state(), make([]float64, len(s.weights))
	s.evaluate(st)
	for range iterations {
		if st.worst < converged {
			break
		}
		for i, w := range s.weights {
			fit[i] = w * st.slope[i] / s.sigma2[i]
		}
		step := solved(s.x.crossproduct(fit), st.misfit)
		floats.AddTo(next.eta, st.eta, step)
		s.evaluate(next)
		for range 30 {
			if !math.IsNaN(next.worst) && !math.IsInf(next.worst, 0) && (next.worst < 2*st.worst || next.worst < acceptable) {
				break
			}
			for j := range step {
				step[j] /= 2
			}
			floats.AddTo(next.eta, st.eta, step)
			s.evaluate(next)
		}
		if next.worst >= st.worst && st.worst < acceptable {
			break // as exact as the arithmetic allows
		}
		st, next = next, st
	}
	if !(st.worst < acceptable) {
		return nil, fault.New(fault.Invalid, "stats.calibrate_failed", "column", s.x.names[st.at],
			"total", s.totals[st.at], "reached", s.totals[st.at]-st.misfit[st.at])
	}
	return st.g, nil
}
