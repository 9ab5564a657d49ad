package spec_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"hailong/fault"
	"hailong/stats/spec"
)

// The traps of survey estimation: each test states one rule. The figures are those of R's
// package survey 4.1.1, whose code stands beside them, with
//
//	d <- read.csv(text = small); k <- read.csv(text = certain)
//	D <- svydesign(~psu, strata = ~h, weights = ~w, nest = TRUE, data = d)
const (
	small = "h,psu,w,N,y,g,t\na,1,2,9,3,1,1\na,1,3,9,5,0,2\na,2,2,9,2,1,1\na,3,4,9,9,1,2\n" +
		"b,1,5,12,4,0,1\nb,2,1,12,7,0,2\nb,2,2,12,1,0,2\nb,3,3,12,6,1,1\n"
	nested   = `"ids":["psu"],"strata":["h"],"weights":"w","nest":true`
	meanOfY  = `"stat":"mean","vars":["y"]`
	totalOfY = `"stat":"total","vars":["y"]`
	inG      = `,"where":[{"var":"g","op":"==","value":1}]`
)

// trap runs one estimate over a text and returns its rows.
func trap(t *testing.T, data, design, more, estimate string) spec.Output {
	t.Helper()
	return mustRun(t, fmt.Sprintf(`{"data":"d.csv","design":{%s}%s,"estimates":[{"id":"x",%s}]}`, design, more, estimate),
		map[string]string{"d.csv": data})
}

func trapRow(t *testing.T, data, design, more, estimate string) spec.Row {
	t.Helper()
	return trap(t, data, design, more, estimate).Results[0].Rows[0]
}

func trapRefused(t *testing.T, data, design, code string) {
	t.Helper()
	_, err := run(t, fmt.Sprintf(`{"data":"d.csv","design":{%s},"estimates":[{"id":"x",%s}]}`, design, meanOfY), map[string]string{"d.csv": data})
	if err == nil || fault.ProblemsOf(err)[0].Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func same(t *testing.T, what string, got spec.Number, want float64) {
	t.Helper()
	if !(math.Abs(float64(got)-want) <= 1e-9*math.Abs(want)) {
		t.Errorf("%s: got %.15g, want %.15g", what, got, want)
	}
}

func TestASingletonStratumFailsUnlessARuleIsChosen(t *testing.T) {
	// l <- rbind(d, data.frame(h = "c", psu = 1, w = 6, N = 5, y = 8, g = 1, t = 1))
	// options(survey.lonely.psu = rule); SE(svymean(~y, svydesign(~psu, strata = ~h, weights = ~w, nest = TRUE, data = l)))
	const data = small + "c,1,6,5,8,1,1\n"
	trapRefused(t, data, nested, "stats.lonely_psu")
	trapRefused(t, data, nested+`,"lonely_psu":"fail"`, "stats.lonely_psu")
	for rule, se := range map[string]float64{"remove": 0.807687063370787, "certainty": 0.807687063370787,
		"adjust": 0.960824150783949, "average": 0.989210588552705} {
		same(t, rule, trapRow(t, data, nested+`,"lonely_psu":"`+rule+`"`, "", meanOfY).SE, se)
	}
}

func TestALabelReusedAcrossStrataIsAnotherUnitOnlyIfNested(t *testing.T) {
	trapRefused(t, small, strings.Replace(nested, "true", "false", 1), "stats.psu_in_two_strata")
	row := trapRow(t, small, nested, "", meanOfY) // SE(svymean(~y, D)); degf(D)
	same(t, "nested", row.SE, 1.0350724158655)
	same(t, "nested df", row.DF, 4)
	row = trapRow(t, small, `"ids":["psu"],"weights":"w"`, "", meanOfY) // without strata a label is one unit
	same(t, "without strata", row.SE, 1.34573143738418)
	same(t, "without strata df", row.DF, 2)
}

func TestADomainsDegreesOfFreedomAreOfTheUnitsItReaches(t *testing.T) {
	row := trapRow(t, small, nested, "", meanOfY+inG) // S <- subset(D, g == 1); svymean(~y, S); degf(S)
	same(t, "estimate", row.Estimate, 5.81818181818182)
	same(t, "se", row.SE, 1.76805429286401)
	same(t, "df", row.DF, 2) // three units of a and one of b, less two strata
}

func TestADomainIsAWeightOfZeroNotAFilteredFile(t *testing.T) {
	// d0 <- d; d0$w[d0$g == 0] <- 0: SE(svytotal(~y, subset(D, g == 1))) is that of d0 in the same design. In the
	// filtered file, with survey.lonely.psu = "certainty", the units without anybody of the domain are missing.
	zeroed, filtered := "h,psu,w,N,y,g,t\n", "h,psu,w,N,y,g,t\n"
	for _, line := range strings.Split(strings.TrimSpace(small), "\n")[1:] {
		f := strings.Split(line, ",")
		if f[5] == "1" {
			filtered += line + "\n"
		} else {
			f[2] = "0"
		}
		zeroed += strings.Join(f, ",") + "\n"
	}
	same(t, "domain", trapRow(t, small, nested, "", totalOfY+inG).SE, 35.8887168898527)
	same(t, "weights of zero", trapRow(t, zeroed, nested, "", totalOfY).SE, 35.8887168898527)
	same(t, "filtered", trapRow(t, filtered, nested+`,"lonely_psu":"certainty"`, "", totalOfY).SE, 31.04834939252)
}

func TestPopulationSizesAndSamplingRatesAreOneThingAMixtureIsNone(t *testing.T) {
	const sizes = nested + `,"fpc":["N"]`
	same(t, "sizes", trapRow(t, small, sizes, "", meanOfY).SE, 0.852411500514304) // svydesign(…, fpc = ~N)
	rates := strings.NewReplacer(",9,", ",0.33333333333333333,", ",12,", ",0.25,").Replace(
		strings.Replace(small, "a,3,4,9,9,", "a,3,4,9,9.0,", 1)) // 3 of 9 and 3 of 12
	same(t, "rates", trapRow(t, rates, sizes, "", meanOfY).SE, 0.852411500514304)
	trapRefused(t, strings.ReplaceAll(small, ",12,", ",0.25,"), sizes, "stats.fpc_mixed")
}

// Rows are those of the file, its header the first, wherever a message names one.
func TestMessagesCountRowsAsTheFileDoes(t *testing.T) {
	const mean, plain = `"estimates":[{"id":"m","stat":"mean","vars":["y"]}]}`, `{"data":"d.csv","design":{"weights":"w"},`
	for name, c := range map[string]struct{ data, document, want string }{
		"a size that varies": {"w,N,y\n1,9,1\n1,9,2\n1,8,3\n", `{"data":"d.csv","design":{"weights":"w","fpc":["N"]},` + mean,
			"stats.fpc_varies d.csv 4 N first_row=2"},
		"sizes and rates": {"w,N,y\n1,0.5,1\n1,9,2\n", `{"data":"d.csv","design":{"weights":"w","fpc":["N"]},` + mean,
			"stats.fpc_mixed d.csv 2 N size_row=3"},
		"a cell without answers": {"w,g,r,y\n1,a,1,1\n1,b,0,2\n1,a,1,3\n", `{"data":"d.csv","design":{"weights":"w"},
			"nonresponse":{"responded":"r","cells":["g"]},` + mean, "stats.cell_without_answers d.csv 3 g cell=b"},
		"answered neither way": {"w,r,y\n1,1,1\n1,2,2\n", `{"data":"d.csv","design":{"weights":"w"},"nonresponse":{"responded":"r"},` + mean,
			"stats.responded_invalid d.csv 3 r value=2"},
	} {
		_, err := run(t, c.document, map[string]string{"d.csv": c.data})
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		p := fault.ProblemsOf(err)[0]
		got := fmt.Sprint(p.Code, " ", p.Place.File, " ", p.Place.Row, " ", p.Place.Column)
		for _, arg := range p.Args {
			if s := fmt.Sprintf("%s=%v", arg.Name, arg.Value); strings.HasSuffix(c.want, " "+s) {
				got += " " + s
			}
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestTextsAreACategoryWhereNumbersAreFew(t *testing.T) {
	rows := trap(t, "w,y\n1,1\n1,2\n1,\" 3\"\n1,4+\n", `"weights":"w"`, "", meanOfY).Results[0].Rows
	if len(rows) != 4 || rows[3].Label != "y4+" {
		t.Errorf("%d rows, the last %s", len(rows), rows[len(rows)-1].Label)
	}
	same(t, "spaces and exponents", trapRow(t, "w,y\n1e+00,1e+05\n1, 300000\n1,2E5 \n", `"weights":"w"`, "", meanOfY).Estimate, 200000)
}

// As R's vcov of a svyquantile: the squared errors, and nothing between them.
func TestTheCovarianceOfQuantilesIsTheirVariances(t *testing.T) {
	out := mustRun(t, `{`+clus1+`,"estimates":[{"id":"q","stat":"quantile","vars":["api00"],"p":[0.5,0.75]}]}`, nil)
	rows, cov := out.Results[0].Rows, out.Results[0].Cov
	if cov[0][0] != rows[0].SE*rows[0].SE || cov[1][1] != rows[1].SE*rows[1].SE || !math.IsNaN(float64(cov[0][1])) || !math.IsNaN(float64(cov[1][0])) {
		t.Errorf("covariance %v of errors %v and %v", cov, rows[0].SE, rows[1].SE)
	}
}

func TestDeffComparesWithASimpleSampleOfTheRowsUsedOutOfTheirWeights(t *testing.T) {
	const sizes = nested + `,"fpc":["N"]`
	for _, c := range []struct {
		estimate string
		deff, wr float64 // attr(svymean(~y, F, deff = TRUE), "deff"), and deff = "replace"
	}{{meanOfY, 1.31401051959816, 0.836188512471553}, {meanOfY + inG, 1.26209777483663, 0.803153129441491}} {
		row := trapRow(t, small, sizes, "", c.estimate)
		same(t, "deff", row.Deff, c.deff)
		same(t, "deff_wr", row.DeffWR, c.wr)
		// W people, n of them: the two differ by the simple sample's own correction.
		same(t, "ratio", row.DeffWR/row.Deff, 1-float64(row.N)/float64(row.SumWeights))
	}
}

func TestACalibratedVarianceIsOfResidualsByTheWeightsBeforeTimesTheWeightsAfter(t *testing.T) {
	// C <- calibrate(D, ~t, c("(Intercept)" = 25, t = 40)); svytotal(~y, C). With its weights alone, as if nothing
	// had been calibrated, svydesign(…, weights = weights(C)) gives 43.98.
	const totals = `,"calibrate":[{"method":"linear","terms":["t"],"totals":{"(Intercept)":25,"t":40}}]`
	row := trapRow(t, small, nested, totals, totalOfY)
	same(t, "estimate", row.Estimate, 130)
	same(t, "se", row.SE, 28.2547931037078)
	if se := trapRow(t, small, nested, totals, `"stat":"total","vars":["t"]`).SE; !(se < 1e-12) {
		t.Errorf("standard error of what was calibrated to is %v, want 0", se)
	}
}

func TestACertaintyUnitIsAStratumOfItsOwnWhoseSecondStageRemains(t *testing.T) {
	// K <- svydesign(~psu + ssu, strata = ~h, fpc = ~N + M, data = k); svytotal(~y, K). By hand, the big unit alone:
	// 20²·(1 - 3/20)/3 · s², s² = 13.
	const certain = "h,psu,ssu,N,M,y\nbig,1,1,1,20,3\nbig,1,2,1,20,5\nbig,1,3,1,20,10\nrest,2,1,6,8,4\nrest,2,2,6,8,6\n" +
		"rest,3,1,6,10,1\nrest,3,2,6,10,2\nrest,4,1,6,5,7\nrest,4,2,6,5,3\n"
	const design = `"ids":["psu","ssu"],"strata":["h"],"fpc":["N","M"]`
	row := trapRow(t, certain, design, "", totalOfY)
	same(t, "estimate", row.Estimate, 280)
	same(t, "se", row.SE, 51.7622771266231)
	big := math.Sqrt(20 * 20 * (1 - 3.0/20) / 3 * 13)
	rest := trapRow(t, strings.Replace(certain, "big,1,2,1,20,5\nbig,1,3,1,20,10\n", "", 1), design+`,"lonely_psu":"certainty"`, "", totalOfY)
	same(t, "by hand", spec.Number(math.Hypot(big, float64(rest.SE))), 51.7622771266231)
}

func TestTiesInAWeightedQuantileAreDecidedByTheRule(t *testing.T) {
	// svyquantile(~y, svydesign(~1, weights = ~w, data = q), c(.2, .25, .5, .8), qrule = rule): half of the weight lies
	// exactly at a value, a fifth exactly at the first.
	const q = "w,y\n1,2\n2,1\n1,2\n3,3\n1,2\n2,3\n"
	for rule, want := range map[string][4]float64{
		"math": {1, 2, 2, 3}, "school": {1.5, 2, 2.5, 3}, "hf1": {1, 2, 2, 3}, "hf2": {1.5, 2, 2.5, 3}, "hf3": {2, 2, 2, 3}, "hf4": {1, 1.5, 2, 3},
		"hf5": {5.0 / 3, 2, 2.25, 3}, "hf6": {1.4, 2, 7.0 / 3, 3}, "hf7": {1.8, 2, 2, 3}, "hf8": {1.6, 2, 16.0 / 7, 3},
		"hf9": {1.61818181818182, 2, 2.27777777777778, 3},
	} {
		out := trap(t, q, `"weights":"w"`, "", `"stat":"quantile","vars":["y"],"p":[0.2,0.25,0.5,0.8],"rule":"`+rule+`"`)
		for i, row := range out.Results[0].Rows {
			same(t, fmt.Sprintf("%s, p %v", rule, *row.P), row.Estimate, want[i])
		}
	}
}

func TestANegativeVarianceIsNoStandardErrorOfZero(t *testing.T) {
	// By hand: four units of π = 0.2 with π_ij = 0.01 have 1 - π²/π_ij = -3 off the diagonal and 0.8 on it; t = 5y, so the
	// Horvitz-Thompson form of the total of ones is 4·25·0.8 - 12·25·3 = -820. R has NaN:
	// svytotal(~y, svydesign(~1, fpc = ~p, pps = ppsmat(J), data = n)). The Yates-Grundy form of y = 1, -1, 2, 3 is
	// 3·25·Σ(y_i - y_j)² = 2625.
	joint := "i,j,pi\n"
	for i := 1; i <= 4; i++ {
		for j := i + 1; j <= 4; j++ {
			joint += fmt.Sprintf("%d,%d,0.01\n", i, j)
		}
	}
	texts := map[string]string{"j.csv": joint, "d.csv": "p,y,x,z\n0.2,1,1,1\n0.2,1,-1,-1\n0.2,1,2,1\n0.2,1,3,-1\n"}
	const document = `{"data":"d.csv","design":{"fpc":["p"],"pps":"%s","joint":"j.csv"},"estimates":[{"id":"x","stat":"total","vars":["y","x","z"]}]}`
	out := mustRun(t, fmt.Sprintf(document, "ht"), texts)
	for _, row := range out.Results[0].Rows[:2] {
		if !math.IsNaN(float64(row.SE)) || row.CI != nil || !math.IsNaN(float64(row.Deff)) || !math.IsNaN(float64(row.DeffWR)) {
			t.Errorf("%s: %+v, want no standard error, interval or design effect", row.Label, row)
		}
	}
	// Σz = 0: 100·0.8 + 3·100 = 380 is a variance like any other.
	if z := out.Results[0].Rows[2]; math.Abs(float64(z.SE)-math.Sqrt(380)) > 1e-9 || !math.IsNaN(float64(out.Results[0].Cov[2][0])) {
		t.Errorf("z: %+v, covariance %v", z, out.Results[0].Cov)
	}
	if len(out.Warnings) != 2 || out.Warnings[0].Code != "stats.variance_negative" {
		t.Errorf("warnings %v", out.Warnings)
	}
	same(t, "yg", mustRun(t, fmt.Sprintf(document, "yg"), texts).Results[0].Rows[1].SE, math.Sqrt(2625))
}
