package spec

import (
	"strconv"

	"hailong/fault"
	"hailong/stats"
)

// readJoint reads the joint probabilities: a CSV of i, j and pi, where i and j are
// labels of the first ids column, or without ids the numbers of data rows from 1.
func (s Spec) readJoint(t *table, open Open) ([]stats.JointProbability, error) {
	name := *s.Design.Joint
	in, err := open(name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	file, err := readTable(in, name, wantedColumns{labels: []string{"i", "j", "pi"}})
	if err != nil {
		return nil, err
	}
	pi, err := file.numbers("pi")
	if err != nil {
		return nil, file.placed(err)
	}
	rows := s.rowsOfUnits(t)
	find := func(column string, at int) (int, error) {
		labels := file.columns[column]
		if c := labels.Codes[at]; c != stats.Missing {
			if row, ok := rows[labels.Levels[c]]; ok {
				return row, nil
			}
		}
		return 0, file.placed(&fault.Error{Kind: fault.Invalid, Problems: []fault.Problem{
			fault.P("stats.joint_unit").AtRow(at+1, column)}})
	}
	joint := make([]stats.JointProbability, file.rows)
	for k := range joint {
		joint[k].P = pi.Values[k]
		if joint[k].I, err = find("i", k); err != nil {
			return nil, err
		}
		if joint[k].J, err = find("j", k); err != nil {
			return nil, err
		}
	}
	return joint, nil
}

// rowsOfUnits gives a row of each primary unit by its name in the joint file.
func (s Spec) rowsOfUnits(t *table) map[string]int {
	rows := map[string]int{}
	if len(s.Design.IDs) == 0 {
		for row := range t.rows {
			rows[strconv.Itoa(row+1)] = row
		}
		return rows
	}
	ids := t.columns[s.Design.IDs[0]]
	for row, c := range ids.Codes {
		if c != stats.Missing {
			rows[ids.Levels[c]] = row
		}
	}
	return rows
}
