package scorecard

import (
	"math/big"
	"strconv"
	"strings"
)

// Points is an exact amount: points, or a percentage. Sheets count in decimals
// such as 6.64, which have no exact float64, and shares of a maximum need not
// end in any number of digits, so sums are kept as fractions and rounded once,
// when they are written. The zero Points is 0, and no method changes a value.
type Points struct{ fraction *big.Rat }

// The bounds of a number in a sheet: what a person would write, and small
// enough that no exponent makes the program count in millions of digits.
const (
	maxNumberLength = 40
	maxExponent     = 18
)

// ParsePoints reads a decimal number such as "6.64" or "1e2".
func ParsePoints(text string) (Points, bool) {
	if len(text) > maxNumberLength || strings.ContainsAny(text, "/_xXpP") {
		return Points{}, false
	}
	if _, exponent, ok := strings.Cut(strings.ToLower(text), "e"); ok {
		if e, err := strconv.Atoi(exponent); err != nil || e < -maxExponent || e > maxExponent {
			return Points{}, false
		}
	}
	r, ok := new(big.Rat).SetString(text)
	return Points{r}, ok
}

// decimal is a finite float64 as the decimal that it prints as.
func decimal(f float64) Points {
	r, _ := new(big.Rat).SetString(strconv.FormatFloat(f, 'f', -1, 64))
	return Points{r}
}

// WholePoints is an integer as Points.
func WholePoints(n int64) Points { return Points{big.NewRat(n, 1)} }

func (p Points) rat() *big.Rat {
	if p.fraction == nil {
		return new(big.Rat)
	}
	return p.fraction
}

// Add returns p + q.
func (p Points) Add(q Points) Points { return Points{new(big.Rat).Add(p.rat(), q.rat())} }

// Sub returns p − q.
func (p Points) Sub(q Points) Points { return Points{new(big.Rat).Sub(p.rat(), q.rat())} }

// Abs returns |p|.
func (p Points) Abs() Points { return Points{new(big.Rat).Abs(p.rat())} }

// Times returns p·q.
func (p Points) Times(q Points) Points { return Points{new(big.Rat).Mul(p.rat(), q.rat())} }

// Per returns p/q; q must not be 0.
func (p Points) Per(q Points) Points { return Points{new(big.Rat).Quo(p.rat(), q.rat())} }

// Cmp compares p and q: -1, 0 or 1.
func (p Points) Cmp(q Points) int { return p.rat().Cmp(q.rat()) }

// Sign is -1, 0 or 1.
func (p Points) Sign() int { return p.rat().Sign() }

// PercentOf returns 100·p/whole, or nil where whole is not above 0.
func (p Points) PercentOf(whole Points) *Points {
	if whole.Sign() <= 0 {
		return nil
	}
	percent := p.Times(WholePoints(100)).Per(whole)
	return &percent
}

// Float is the float64 nearest to p.
func (p Points) Float() float64 {
	f, _ := p.rat().Float64()
	return f
}

// MarshalJSON writes the shortest decimal that reads back as the nearest
// float64: 51.39, never 51.390000000000001.
func (p Points) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, p.Float(), 'f', -1, 64), nil
}
