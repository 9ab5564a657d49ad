package sampling_test

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"sort"
	"strconv"
	"strings"
)

// This file is the second verifier: the draw written again from docs/draw.md in
// the plainest code, with unlimited integers and without package sampling. Its
// texts are expected in NFC.

// second is one draw.
type second struct {
	frame  [][]string // header first
	plan   map[string]any
	parent map[string]map[string]string // key → row of the parent's sample, nil without
	source string
	beacon string
}

// row is a unit with what the draw finds out about it.
type row struct {
	values  map[string]string
	at      int
	size    *big.Int
	certain bool
	role    string
	prob    *big.Rat
}

// cellOf is one stratum of one parent.
type cellOf struct {
	parent, stratum string
	rows            []*row
	n, reserve      int
}

func sha(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func canonicalRow(values []string) string {
	if len(values) == 1 && values[0] == "" {
		return `""`
	}
	quoted := make([]string, len(values))
	for i, v := range values {
		if strings.ContainsAny(v, ",\"\r\n") {
			v = `"` + strings.ReplaceAll(v, `"`, `""`) + `"`
		}
		quoted[i] = v
	}
	return strings.Join(quoted, ",")
}

func (s second) frameDigest() string {
	lines := ""
	for _, values := range s.frame {
		lines += sha(canonicalRow(values)) + "\n"
	}
	return "sha256:" + sha(lines)
}

// planDigest leaves out what is unset and writes the rest with sorted members.
func (s second) planDigest() string {
	var out strings.Builder
	encoder := json.NewEncoder(&out) // of maps: members sorted, no spaces
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(set(s.plan)); err != nil {
		panic(err)
	}
	return "sha256:" + sha(strings.TrimSuffix(out.String(), "\n"))
}

func set(members map[string]any) map[string]any {
	out := map[string]any{}
	for name, v := range members {
		if inner, ok := v.(map[string]any); ok && name == "allocation" {
			v = set(inner)
		}
		if list, ok := v.([]any); v == nil || v == "" || v == 0.0 || ok && len(list) == 0 {
			continue
		}
		out[name] = v
	}
	return out
}

func (s second) seed(planDigest string) string {
	return sha("hailong draw 1\nframe " + s.frameDigest() + "\nplan " + planDigest + "\nsource " + s.source + "\nbeacon " + strings.TrimSpace(s.beacon) + "\n")
}

func (s second) text(member string) string { t, _ := s.plan[member].(string); return t }

func (s second) list(member string) (out []string) {
	items, _ := s.plan[member].([]any)
	for _, item := range items {
		out = append(out, item.(string))
	}
	return out
}

// cells sorts the rows into cells.
func (s second) cells() []*cellOf {
	var cells []*cellOf
	for i, values := range s.frame[1:] {
		r := &row{values: map[string]string{}, at: i, size: big.NewInt(1)}
		for j, name := range s.frame[0] {
			r.values[name] = values[j]
		}
		if !s.inScope(r) {
			continue
		}
		if column := s.text("size"); column != "" {
			r.size, _ = new(big.Int).SetString(r.values[column], 10)
		}
		for _, key := range s.list("certainty") {
			r.certain = r.certain || key == r.values[s.text("key")]
		}
		var labels []string
		for _, column := range s.list("strata") {
			labels = append(labels, r.values[column])
		}
		cells = put(cells, r, r.values[s.text("parent_key")], strings.Join(labels, "|"))
	}
	return cells
}

func put(cells []*cellOf, r *row, parent, stratum string) []*cellOf {
	for _, c := range cells {
		if c.parent == parent && c.stratum == stratum {
			c.rows = append(c.rows, r)
			return cells
		}
	}
	return append(cells, &cellOf{parent: parent, stratum: stratum, rows: []*row{r}})
}

// inScope knows the conditions that the test uses: == a text, > a number.
func (s second) inScope(r *row) bool {
	conditions, _ := s.plan["where"].([]any)
	for _, item := range conditions {
		c := item.(map[string]any)
		value := r.values[c["var"].(string)]
		if c["op"] == "==" && value != c["value"] {
			return false
		}
		if number, err := strconv.Atoi(value); c["op"] == ">" && (err != nil || float64(number) <= c["value"].(float64)) {
			return false
		}
	}
	_, drawn := s.parent[r.values[s.text("parent_key")]]
	return s.parent == nil || drawn
}

func (c *cellOf) label() string {
	switch {
	case c.parent+c.stratum == "":
		return "-"
	case c.parent == "" || c.stratum == "":
		return c.parent + c.stratum
	}
	return c.parent + "|" + c.stratum
}

// sortRows puts the rows of all cells into the plan's order.
func (s second) sortRows(cells []*cellOf) {
	order := s.list("order")
	for o := len(order) - 1; o >= 0; o-- { // stable sorts, the last column first
		numbers := true
		for _, c := range cells {
			for _, r := range c.rows {
				v := r.values[order[o]]
				numbers = numbers && (v == "" || v == "NA" || strings.Trim(v, "0123456789") == "")
			}
		}
		for _, c := range cells {
			sort.SliceStable(c.rows, func(i, j int) bool {
				a, b := c.rows[i].values[order[o]], c.rows[j].values[order[o]]
				if a == "NA" {
					a = ""
				}
				if b == "NA" {
					b = ""
				}
				if numbers && a != "" && b != "" {
					x, _ := new(big.Int).SetString(a, 10)
					y, _ := new(big.Int).SetString(b, 10)
					return x.Cmp(y) < 0
				}
				return a < b
			})
		}
	}
}

// count sets n and reserve of every cell.
func (s second) count(cells []*cellOf) {
	for _, c := range cells {
		name := c.stratum
		if len(s.list("strata")) == 0 && s.text("parent_key") != "" {
			name = c.parent
		}
		c.n, c.reserve = number(s.plan["n"], name), number(s.plan["reserve"], name)
		if s.text("method") == "all" {
			c.n = len(c.rows)
		}
	}
	if a, ok := s.plan["allocation"].(map[string]any); ok {
		groups := map[string][]*cellOf{}
		for _, c := range cells {
			group := c.parent
			if len(s.list("strata")) == 0 {
				group = ""
			}
			groups[group] = append(groups[group], c)
		}
		for _, group := range groups {
			allocatePlainly(a, group)
		}
	}
}

func number(v any, name string) int {
	switch v := v.(type) {
	case float64:
		return int(v)
	case map[string]any:
		return int(v[name].(float64))
	}
	return 0
}

// claim is what one cell has in an allocation.
type claim struct{ weight, low, top *big.Rat }

func claims(a map[string]any, cells []*cellOf) (out []claim) {
	for _, c := range cells {
		weight := big.NewRat(1, 1)
		if a["rule"] == "proportional" {
			weight.SetInt(sumOf(c.rows))
		}
		certain := 0
		for _, r := range c.rows {
			if r.certain {
				certain++
			}
		}
		low := min(max(number(a["min"], ""), certain+1), len(c.rows))
		out = append(out, claim{weight, big.NewRat(int64(low), 1), big.NewRat(int64(len(c.rows)), 1)})
	}
	return out
}

// sharesAt returns min(max(λw, low), top) of all claims, and their sum.
func sharesAt(lambda *big.Rat, all []claim) (shares []*big.Rat, sum *big.Rat) {
	sum = new(big.Rat)
	for _, c := range all {
		x := new(big.Rat).Mul(lambda, c.weight)
		if x.Cmp(c.low) < 0 {
			x = c.low
		}
		if x.Cmp(c.top) > 0 {
			x = c.top
		}
		shares, sum = append(shares, x), sum.Add(sum, x)
	}
	return shares, sum
}

// allocatePlainly shares a total in proportion to size or equally: λ lies
// between two neighbouring places where a stratum reaches a bound.
func allocatePlainly(a map[string]any, cells []*cellOf) {
	all := claims(a, cells)
	var bends []*big.Rat
	for _, c := range all {
		bends = append(bends, new(big.Rat).Quo(c.low, c.weight), new(big.Rat).Quo(c.top, c.weight))
	}
	sort.Slice(bends, func(i, j int) bool { return bends[i].Cmp(bends[j]) < 0 })
	want := big.NewRat(int64(a["total"].(float64)), 1)
	if _, top := sharesAt(bends[len(bends)-1], all); a["or_all"] == true && want.Cmp(top) > 0 {
		want = top
	}
	b := 0
	for _, sum := sharesAt(bends[b], all); sum.Cmp(want) < 0; _, sum = sharesAt(bends[b], all) {
		b++
	}
	shares, high := sharesAt(bends[b], all)
	if b > 0 && high.Cmp(want) > 0 { // linear between the bends
		_, below := sharesAt(bends[b-1], all)
		part := new(big.Rat).Quo(new(big.Rat).Sub(want, below), new(big.Rat).Sub(high, below))
		step := new(big.Rat).Mul(part, new(big.Rat).Sub(bends[b], bends[b-1]))
		shares, _ = sharesAt(step.Add(step, bends[b-1]), all)
	}
	roundPlainly(int(a["total"].(float64)), shares, cells)
}

// roundPlainly gives the units left after rounding down to the largest
// remainders, the first of equals first.
func roundPlainly(left int, shares []*big.Rat, cells []*cellOf) {
	rest := make([]*big.Rat, len(cells))
	for i, x := range shares {
		cells[i].n = int(new(big.Int).Quo(x.Num(), x.Denom()).Int64())
		rest[i] = new(big.Rat).Sub(x, big.NewRat(int64(cells[i].n), 1))
		left -= cells[i].n
	}
	for ; left > 0; left-- {
		best := 0
		for i := range rest {
			if rest[i].Cmp(rest[best]) > 0 {
				best = i
			}
		}
		cells[best].n++
		rest[best] = big.NewRat(-1, 1)
	}
}

func sumOf(rows []*row) *big.Int {
	sum := new(big.Int)
	for _, r := range rows {
		sum.Add(sum, r.size)
	}
	return sum
}

// sample is the content of sample.csv.
func (s second) sample(planDigest string) string {
	cells := s.cells()
	s.sortRows(cells)
	s.count(cells)
	out := canonicalRow(append(append([]string{}, s.frame[0]...), "stratum", "draw_order", "role", "stage_prob",
		"inclusion_prob", "weight", "psu", "ssu", "variance_stratum", "fpc")) + "\n"
	for _, c := range cells {
		key, _ := hex.DecodeString(sha("hailong cell 1\nseed " + s.seed(planDigest) + "\ncell " + c.label() + "\n"))
		stream := &plainStream{chacha8rand{key: [32]byte(key)}}
		for i, r := range stream.draw(c, s.text("method")) {
			out += canonicalRow(append(append([]string{}, s.frame[r.at+1]...), s.columns(c, r, i+1)...)) + "\n"
		}
	}
	return out
}

// columns are what sample.csv adds to the frame's.
func (s second) columns(c *cellOf, r *row, order int) []string {
	stage, inclusion, weight := 0.0, 0.0, 0.0
	up := s.parent[c.parent]
	if r.role != "reserve" {
		stage, _ = r.prob.Float64()
		inclusion = stage
		if s.parent != nil {
			above, _ := strconv.ParseFloat(up["inclusion_prob"], 64)
			inclusion = above * stage
		}
		weight = 1 / inclusion
	}
	key := r.values[s.text("key")]
	psu, ssu, variance, fpc := key, "", c.label(), decimalText(stage)
	switch {
	case s.parent == nil:
	case up["stage_prob"] == "1" && up["ssu"] == "":
		psu, variance = up["psu"]+"|"+key, up["variance_stratum"]
		if up["role"] != "certainty" {
			variance += "|" + c.parent
		}
		if c.stratum != "" {
			variance += "|" + c.stratum
		}
	default:
		psu, ssu, variance, fpc = up["psu"], up["ssu"], up["variance_stratum"], up["fpc"]
		if ssu == "" {
			ssu = key
		}
	}
	if r.role == "certainty" && ssu == "" {
		variance += "|" + key
	}
	return []string{c.stratum, strconv.Itoa(order), r.role, decimalText(stage), decimalText(inclusion), decimalText(weight), psu, ssu, variance, fpc}
}

func decimalText(x float64) string {
	if x == 0 {
		return ""
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

// readSecondParent reads the parent's sample.csv.
func readSecondParent(sample []byte, key string) map[string]map[string]string {
	rows, err := csv.NewReader(strings.NewReader(string(sample))).ReadAll()
	if err != nil {
		panic(fmt.Sprint("the parent's sample: ", err))
	}
	out := map[string]map[string]string{}
	for _, values := range rows[1:] {
		r := map[string]string{}
		for i, name := range rows[0] {
			r[name] = values[i]
		}
		if r["role"] != "reserve" {
			out[r[key]] = r
		}
	}
	return out
}
