package stats

// WithinPSU reports whether all rows of the domain lie in one primary sampling unit, so that
// the design has no standard error for it.
func (d *Design) WithinPSU(in Domain) bool {
	psus, _ := d.present(in.rows)
	return psus == 1
}

// Conditional returns the design that is left when the primary unit of the domain is given:
// its second-stage units are the primary units, with their own strata and finite
// populations, and rows outside it have weight 0. It is the design of the unit's own
// result; from the main design its variance would come out as 0. The weights stay as they
// are: within the unit they are in proportion to the conditional ones, and what calibration
// to totals of the whole takes off the variance is not claimed. A design of one stage, and
// one whose unit has a single second-stage unit, leaves figures without standard errors. A
// second-stage stratum of one unit is centred at the mean of the unit's, which overstates
// its part, unless the design has another rule.
func (d *Design) Conditional(in Domain) *Design {
	out := *d
	psu := d.stages[0].unit[in.rows[0]]
	out.adjustments = nil
	if out.lonely == LonelyFail {
		out.lonely = LonelyAdjust // strata of one unit within the unit were no matter before
	}
	out.weights = make([]float64, d.rows)
	for row, u := range d.stages[0].unit {
		if u == psu {
			out.weights[row] = d.weights[row]
		}
	}
	if len(d.stages) == 1 {
		return &out
	}
	out.stages = append([]stage(nil), d.stages[1:]...)
	inside := d.stages[0].fraction[psu]
	for s := range out.stages {
		st := &out.stages[s]
		st.factor = make([]float64, len(st.stratum))
		for u := range st.factor {
			st.factor[u] = 1
			if s > 0 {
				st.factor[u] = d.stages[s+1].factor[u] / inside
			}
		}
		parent := d.stages[0].unit
		st.drawn = 0
		counted := make([]bool, len(st.stratum))
		for row, u := range st.unit {
			if parent[row] == psu && !counted[u] {
				counted[u], st.drawn = true, st.drawn+1
			}
		}
	}
	return &out
}
