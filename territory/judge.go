package territory

import (
	"math"
	"slices"
)

// judge holds what a unit is compared with.
type judge struct {
	names      map[Code]string
	counted    map[Level]bool // levels of which some unit has a population
	population map[Kind][]float64
	byKind     map[Kind][]float64
	byParent   map[peerKey][]float64
	twins      map[figures][]Unit
}

type peerKey struct {
	parent Code
	kind   Kind
}

type figures struct {
	population int64
	area       float64
}

// newJudge collects the figures to compare with, each list sorted.
func newJudge(units []Unit) *judge {
	j := &judge{
		names: map[Code]string{}, counted: map[Level]bool{}, population: map[Kind][]float64{}, byKind: map[Kind][]float64{},
		byParent: map[peerKey][]float64{}, twins: map[figures][]Unit{},
	}
	for _, u := range units {
		j.names[u.Code] = u.FullName()
		if u.Population <= 0 {
			continue
		}
		j.counted[u.Level] = true
		j.population[u.Kind] = append(j.population[u.Kind], float64(u.Population))
		if u.AreaKm2 > 0 {
			log := math.Log(u.density())
			peers := peerKey{u.Parent, u.Kind}
			j.byKind[u.Kind] = append(j.byKind[u.Kind], log)
			j.byParent[peers] = append(j.byParent[peers], log)
			j.twins[figures{u.Population, u.AreaKm2}] = append(j.twins[figures{u.Population, u.AreaKm2}], u)
		}
	}
	for _, lists := range []map[Kind][]float64{j.population, j.byKind} {
		for _, list := range lists {
			slices.Sort(list)
		}
	}
	for _, list := range j.byParent {
		slices.Sort(list)
	}
	return j
}

func (u Unit) density() float64 { return float64(u.Population) / u.AreaKm2 }

func (j *judge) judge(u Unit) Doubt {
	d := Doubt{Unit: u, Parent: j.names[u.Parent]}
	if u.Population <= 0 {
		if j.counted[u.Level] {
			d.Reasons = []Reason{NoPopulation}
		}
		return d
	}
	j.compareDensity(&d)
	d.Median = median(j.population[u.Kind])
	if len(j.population[u.Kind]) >= leastPeers && float64(u.Population)*tinyDivisor < d.Median {
		d.Reasons = append(d.Reasons, Tiny)
	}
	for _, twin := range j.twins[figures{u.Population, u.AreaKm2}] {
		if twin.Code != u.Code {
			d.Twins = append(d.Twins, Twin{twin, j.names[twin.Parent]})
		}
	}
	if len(d.Twins) > 0 {
		d.Reasons = append(d.Reasons, Repeated)
	}
	return d
}

// compareDensity sets the density's figures and reason.
func (j *judge) compareDensity(d *Doubt) {
	if d.Unit.AreaKm2 <= 0 {
		return
	}
	d.Density = d.Unit.density()
	peers := j.byParent[peerKey{d.Unit.Parent, d.Unit.Kind}]
	if len(peers) < leastPeers {
		peers = j.byKind[d.Unit.Kind]
	}
	if len(peers) < leastPeers {
		return
	}
	middle := median(peers)
	d.Usual, d.Peers = math.Exp(middle), len(peers)
	d.Score = (math.Log(d.Density) - middle) / max(1.4826*deviation(peers, middle), leastScale)
	switch {
	case d.Score < -doubtScore:
		d.Reasons = append(d.Reasons, TooThin)
	case d.Score > doubtScore:
		d.Reasons = append(d.Reasons, TooDense)
	}
}

// median of a sorted list; 0 of an empty one.
func median(sorted []float64) float64 {
	n := len(sorted)
	if n == 0 {
		return 0
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// deviation is the median absolute deviation from the middle.
func deviation(list []float64, middle float64) float64 {
	away := make([]float64, len(list))
	for i, x := range list {
		away[i] = math.Abs(x - middle)
	}
	slices.Sort(away)
	return median(away)
}
