package spec

import (
	"math"
	"strconv"
	"testing"
)

func TestWeightsAreWrittenInTheirShortestDecimals(t *testing.T) {
	want := weightsHeader
	var weights []float64
	for i := range 20_000 { // more than are remembered, and every third again
		w := float64(i/3*2%9001) / 7
		weights = append(weights, w, -w)
		want += strconv.FormatFloat(w, 'g', -1, 64) + "\n" + strconv.FormatFloat(-w, 'g', -1, 64) + "\n"
	}
	weights = append(weights, 0, math.Copysign(0, -1), -math.SmallestNonzeroFloat64, -2.2250738585072014e-308, math.MaxFloat64)
	want += "0\n-0\n-5e-324\n-2.2250738585072014e-308\n1.7976931348623157e+308\n"
	if got := string(encodeWeights(weights)); got != want {
		t.Errorf("weights are not written as by strconv")
	}
}
