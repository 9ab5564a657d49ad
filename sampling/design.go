package sampling

import "math/big"

// setProbabilities fills in the probabilities and the weight. The stage's is
// the double nearest to the exact fraction; the overall one is its product with
// the parent's, and the weight the reciprocal, each rounded to nearest.
func (u *Drawn) setProbabilities(ch choice, above *Drawn) {
	if ch.role == RoleReserve {
		return
	}
	fraction := new(big.Rat).SetFrac(new(big.Int).SetUint64(ch.num), new(big.Int).SetUint64(ch.den))
	u.StageProb, _ = fraction.Float64()
	u.InclusionProb = u.StageProb
	if above != nil {
		u.InclusionProb = above.InclusionProb * u.StageProb
	}
	u.Weight = 1 / u.InclusionProb
}

// setDesign fills in the columns that estimation starts from. A unit without a
// drawn parent is its own PSU. Below a parent that was taken with probability
// 1 and is its own PSU, the units become PSUs and the parent their stratum;
// below any other parent they belong to its PSU.
func (u *Drawn) setDesign(c *cell, above *Drawn) {
	switch {
	case above == nil:
		u.PSU, u.VarianceStratum, u.FPC = string(u.Key), c.label(), u.StageProb
	case above.selfRepresenting():
		u.PSU, u.FPC = joined(above.PSU, string(u.Key)), u.StageProb
		u.VarianceStratum = above.ownStratum()
		if c.stratum != "" {
			u.VarianceStratum = joined(u.VarianceStratum, string(c.stratum))
		}
	default:
		u.PSU, u.SSU, u.VarianceStratum, u.FPC = above.PSU, above.SSU, above.VarianceStratum, above.FPC
		if u.SSU == "" {
			u.SSU = string(u.Key)
		}
		return
	}
	if u.Role == RoleCertainty {
		u.VarianceStratum = joined(u.VarianceStratum, string(u.Key))
	}
}

// selfRepresenting reports whether the unit's own units are PSUs.
func (u Drawn) selfRepresenting() bool { return u.StageProb == 1 && u.SSU == "" }

// ownStratum is the variance stratum that a self-representing unit forms.
func (u Drawn) ownStratum() string {
	if u.Role == RoleCertainty {
		return u.VarianceStratum
	}
	return joined(u.VarianceStratum, string(u.Key))
}
