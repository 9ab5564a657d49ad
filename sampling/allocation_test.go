package sampling_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"hailong/sampling"
)

// allocated draws by an allocation over strata A, B, … of the given numbers of
// units and returns what each got. S and c are the strata's values.
func allocated(t *testing.T, allocation string, units []int, s, c []string) ([]int, error) {
	t.Helper()
	var frame strings.Builder
	frame.WriteString("key,group,sd,cost\n")
	for h, n := range units {
		for i := range n {
			fmt.Fprintf(&frame, "%c%d,%c,%s,%s\n", 'A'+h, i, 'A'+h, at(s, h), at(c, h))
		}
	}
	p := mustPlan(t, `{"key":"key","strata":["group"],"method":"srs","allocation":`+allocation+`}`)
	_, r, err := sampling.Draw(mustFrame(t, frame.String()), p, sampling.DrawInput{Beacon: "b"})
	got := make([]int, len(r.Counts))
	for i, count := range r.Counts {
		got[i] = count.Main
	}
	return got, err
}

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

func TestAllocationsAddUpExactly(t *testing.T) {
	for _, c := range []struct {
		rule, allocation string
		units            []int
		s, cost          []string
		want             []int
	}{
		// 100·(50, 30, 20)/100
		{"proportional", `{"total":10,"rule":"proportional"}`, []int{50, 30, 20}, nil, nil, []int{5, 3, 2}},
		// 10/3 each: 3, 3, 3 and the odd one to the earliest of equals
		{"ties go to the earlier stratum", `{"total":10,"rule":"proportional"}`, []int{30, 30, 30}, nil, nil, []int{4, 3, 3}},
		// 7·(50, 30, 20)/100 = 3.5, 2.1, 1.4: the largest remainder is the first's
		{"largest remainder", `{"total":7,"rule":"proportional"}`, []int{50, 30, 20}, nil, nil, []int{4, 2, 1}},
		{"equal", `{"total":9,"rule":"equal"}`, []int{50, 30, 20}, nil, nil, []int{3, 3, 3}},
		// equal shares of 20 are 6.67, but the last holds 4: the others share 16
		{"no more than there are", `{"total":20,"rule":"equal"}`, []int{50, 30, 4}, nil, nil, []int{8, 8, 4}},
		// proportional 9.6, 0.3, 0.1 with at least 2: the first gives them up
		{"minimum", `{"total":10,"rule":"proportional","min":2}`, []int{96, 3, 2}, nil, nil, []int{6, 2, 2}},
		// √(100, 25, 9) = 10, 5, 3 of 18
		{"power", `{"total":18,"rule":"power","power":0.5}`, []int{100, 25, 9}, nil, nil, []int{10, 5, 3}},
		// N·S = 400, 600, 200 of 1200, times 12 (Cochran 1977, eq. 5.26)
		{"neyman", `{"total":12,"rule":"neyman","sd":"sd"}`, []int{40, 30, 20}, []string{"10", "20", "10"}, nil, []int{4, 6, 2}},
		// N·S/√c = 400/1, 600/2, 200/2 of 800, times 16 (Cochran 1977, eq. 5.23)
		{"optimal", `{"total":16,"rule":"optimal","sd":"sd","cost":"cost"}`, []int{40, 30, 20}, []string{"10", "20", "10"}, []string{"1", "4", "4"}, []int{8, 6, 2}},
		// N·S = 3712.6 and 3586.1 of 7298.7, times 24 = 12.2 and 11.8
		{"neyman, few units that differ much", `{"total":24,"rule":"neyman","sd":"sd"}`, []int{16, 48}, []string{"232.04", "74.71"}, nil, []int{12, 12}},
		{"a stratum without variance gets one", `{"total":5,"rule":"neyman","sd":"sd"}`, []int{40, 30}, []string{"1.5", "0"}, nil, []int{4, 1}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			got, err := allocated(t, c.allocation, c.units, c.s, c.cost)
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("got %v (%v), want %v", got, err, c.want)
			}
		})
	}
}

func TestAllocationsThatCannotBeAreRefused(t *testing.T) {
	for _, c := range []struct{ allocation, want string }{
		{`{"total":1,"rule":"equal"}`, "draw.allocation_out_of_reach"},
		{`{"total":6,"rule":"equal"}`, "draw.allocation_out_of_reach"},
		{`{"total":3,"rule":"neyman","sd":"sd"}`, "draw.not_constant"},
		{`{"total":3,"rule":"optimal","sd":"cost","cost":"sd"}`, "draw.not_constant"},
		{`{"total":3,"rule":"optimal","sd":"cost","cost":"cost"}`, "draw.cost_not_positive"},
		{`{"total":3,"rule":"neyman"}`, "plan.no_column"},
		{`{"total":0,"rule":"best"}`, "plan.allocation_rule plan.allocation_total"},
		{`{"total":3,"rule":"power"}`, "plan.allocation_power"},
	} {
		if _, err := allocated(t, c.allocation, []int{3, 2}, nil, []string{"0", "0"}); codes(err) != c.want {
			t.Errorf("%s: %v, want %s", c.allocation, err, c.want)
		}
	}
}
