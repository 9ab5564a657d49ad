package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// task is an estimation that all sides do.
type task struct {
	name, title  string
	rows         int
	alternatives []string // further ways of R
	byCommune    bool
	raked        bool
	replicated   bool
}

func tasks(rows int) []task {
	return []task{
		{name: "index", title: "index of the province and 200 communes", rows: rows, byCommune: true},
		{name: "rake", title: "raked index", rows: rows, raked: true, alternatives: []string{"ipf"}},
		{name: "bootstrap", title: "index, 500 bootstrap replicates", rows: rows / 10, replicated: true},
		{name: "bootstrap-raked", title: "index, raked in 500 replicates", rows: rows / 10, replicated: true, raked: true},
	}
}

// object is a JSON object.
type object map[string]any

// write writes the task's specification.
func (t task) write(folder string) error {
	index := object{"id": "all", "stat": "index", "satisfied": []int{4, 5}, "valid": []int{1, 2, 3, 4, 5}, "overall": "mean_of_groups"}
	var names []string
	for i := range items {
		names = append(names, fmt.Sprint("q", i+1))
	}
	var groups []object
	for from := 0; from < items; from += itemsPerElement {
		groups = append(groups, object{"id": fmt.Sprint("g", len(groups)+1), "items": names[from:min(from+itemsPerElement, items)]})
	}
	index["items"], index["groups"] = names, groups
	estimates := []object{index}
	if t.byCommune {
		by := object{}
		for key, value := range index {
			by[key] = value
		}
		by["id"], by["by"] = "communes", []string{"commune"}
		estimates = append(estimates, by)
	}
	spec := object{"data": dataFile(t.rows), "estimates": estimates,
		"design": object{"ids": []string{"psu"}, "strata": []string{"stratum"}, "weights": "w"}}
	if t.raked {
		spec["calibrate"] = []object{{"method": "rake", "margins": marginTotals()}}
	}
	if t.replicated {
		spec["replicates"] = object{"file": "replicates.csv", "key": []string{"psu"}, "type": "subbootstrap", "combined": false}
	}
	document, err := json.Marshal(spec)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, t.name+".json"), document, 0o644)
}

func marginTotals() []object {
	var all []object
	for _, m := range margins {
		var totals []object
		for i, level := range m.levels {
			totals = append(totals, object{m.name: level, "total": population * m.share[i]})
		}
		all = append(all, object{"by": []string{m.name}, "totals": totals})
	}
	return all
}
