package sampling

import (
	"slices"
	"strings"
	"unicode"

	"hailong/territory"
)

// villageIndex finds villages by what a list calls them. Each map is tried in
// turn: what is written fully wins over what is abbreviated.
type villageIndex struct {
	units []territory.Unit
	maps  [4]map[string][]int // by full name, by name, and both without marks
}

func indexVillages(units []territory.Unit) villageIndex {
	x := villageIndex{units: units}
	for i := range x.maps {
		x.maps[i] = map[string][]int{}
	}
	for i, u := range units {
		full, name := villageKey(u.FullName()), villageKey(u.Name)
		for k, key := range []string{full, name, territory.Plain(full), territory.Plain(name)} {
			x.maps[k][key] = append(x.maps[k][key], i)
		}
	}
	return x
}

// villageKey folds a name, with numbers without leading zeros: "Thôn 01" is
// "thôn 1".
func villageKey(name string) string {
	words := strings.FieldsFunc(territory.Fold(name), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
	for i, word := range words {
		if strings.Trim(word, "0123456789") == "" && len(word) > 1 {
			words[i] = strings.TrimLeft(word[:len(word)-1], "0") + word[len(word)-1:]
		}
	}
	return strings.Join(words, " ")
}

// find returns the villages that a text can mean.
func (x villageIndex) find(text string) []int {
	for i, u := range x.units {
		if string(u.Code) == text {
			return []int{i}
		}
	}
	key := villageKey(text)
	for _, m := range x.maps {
		if found := m[key]; len(found) > 0 {
			return found
		}
	}
	return nil
}

// nearest lists up to three villages whose names are close to a text, the
// closest first.
func (x villageIndex) nearest(text string) []string {
	type near struct {
		name     string
		distance int
	}
	wanted := territory.Plain(villageKey(text))
	var close []near
	limit := max(2, len(wanted)/3)
	for _, u := range x.units {
		full, name := territory.Plain(villageKey(u.FullName())), territory.Plain(villageKey(u.Name))
		if len(wanted)-len(full) > limit { // so is the distance; a cell may hold pages of text
			continue
		}
		distance := min(editDistance(wanted, full), editDistance(wanted, name))
		if distance <= limit {
			close = append(close, near{u.FullName(), distance})
		}
	}
	slices.SortStableFunc(close, func(a, b near) int { return a.distance - b.distance })
	var names []string
	for _, n := range close[:min(3, len(close))] {
		names = append(names, n.name)
	}
	return names
}

// editDistance is Levenshtein's: the fewest insertions, deletions and
// replacements that make one text of the other.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}

// village finds the row's village among those the file may list.
func (c *listCheck) village() int {
	text := c.value("village")
	if text == "" && len(c.rules.Villages) == 1 {
		return 0
	}
	if _, column := c.rules.Headers["village"]; text == "" && !column && c.rules.Headers != nil {
		c.failOnce("list.no_village_column")
		return -1
	}
	if text == "" {
		c.fail("village", "list.village_missing")
		return -1
	}
	found := c.villages.find(text)
	switch len(found) {
	case 1:
		return found[0]
	case 0:
		if names := c.villages.nearest(text); len(names) > 0 {
			c.fail("village", "list.village_unknown_like", "value", text, "like", names)
		} else {
			c.fail("village", "list.village_unknown", "value", text)
		}
		return -1
	}
	names := make([]string, len(found))
	for i, v := range found {
		names[i] = c.rules.Villages[v].FullName()
	}
	c.fail("village", "list.village_ambiguous", "value", text, "villages", names)
	return -1
}
