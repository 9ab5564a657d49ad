package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"strconv"

	"github.com/spf13/cobra"

	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
	"hailong/survey"
	"hailong/territory"
)

// inventing makes files for a rehearsal: what communes would send, invented.
type inventing struct {
	*system
	round survey.RoundID
	out   string
	rng   *rand.Rand
	size  int
}

func newRoundInventCommand() *cobra.Command {
	var p place
	var x inventing
	var seed uint64
	cmd := &cobra.Command{
		Use:   "invent ID villages|lists",
		Short: "For a rehearsal: invent the villages of the drawn communes, or the lists of the drawn villages, as CSV files",
		Long: "For a rehearsal: invent the villages of the drawn communes, or the lists of the drawn villages, as CSV files.\n" +
			"Only for a round that was created as simulated.",
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			work, ok := map[string]func(inventing, context.Context) error{"villages": inventing.villages, "lists": inventing.lists}[args[1]]
			if !ok {
				return usageError{fault.New(fault.Invalid, "usage.choice", "flag", "WHAT", "value", args[1], "known", "villages, lists")}
			}
			return p.with(cmd, func(ctx context.Context, s *system) error {
				x.system, x.round, x.rng = s, survey.RoundID(args[0]), rand.New(rand.NewPCG(seed, 1))
				r, err := s.store.Round(ctx, x.round)
				if err == nil && !r.Simulated {
					err = fault.New(fault.Denied, "simulate.real_round")
				}
				if err != nil {
					return err
				}
				return work(x, ctx)
			})
		},
	}
	p.bind(cmd)
	cmd.Flags().StringVar(&x.out, "out", "invented", "folder to write to")
	cmd.Flags().IntVar(&x.size, "size", 8, "villages a commune, or people a list")
	cmd.Flags().Uint64Var(&seed, "seed", 1, "seed of the invention")
	return cmd
}

// villages writes villages.csv: the communes' population dealt out at random.
func (x inventing) villages(ctx context.Context) error {
	sample, err := x.desk.CurrentSample(ctx, x.round, conduct.Communes)
	if err != nil {
		return err
	}
	rows := [][]string{{"code", "name", "kind", "level", "parent", "population"}}
	for _, u := range sample.Units {
		commune, err := x.store.Unit(ctx, territory.Code(u.Key))
		if err != nil {
			return err
		}
		for i := range x.size {
			share := float64(commune.Population) / float64(x.size) * (0.5 + x.rng.Float64())
			rows = append(rows, []string{
				fmt.Sprintf("%s-%02d", commune.Code, i+1), fmt.Sprintf("%s %d", commune.Name, i+1), string(villageKind(commune.Kind)),
				string(territory.Village), string(commune.Code), strconv.Itoa(max(int(share), 1)),
			})
		}
	}
	return x.write("villages.csv", rows)
}

// lists writes a file for every drawn village, named after its code.
func (x inventing) lists(ctx context.Context) error {
	villages, err := x.desk.Listed(ctx, x.round)
	if err != nil {
		return err
	}
	sexes := map[bool]string{true: "Nữ", false: "Nam"}
	for _, v := range villages {
		rows := [][]string{{"STT", "Họ và tên", "Năm sinh", "Giới tính", "Số hộ", "Địa chỉ"}}
		for i, p := range demoList(x.rng, v, x.size, now().Year()).People {
			rows = append(rows, []string{
				strconv.Itoa(i + 1), p.Name, strconv.Itoa(p.BirthYear), sexes[p.Sex == sampling.Female], p.Household, p.Address,
			})
		}
		if err := x.write(string(v.Code)+".csv", rows); err != nil {
			return err
		}
	}
	return nil
}

// write writes a CSV that a spreadsheet opens with its marks intact.
func (x inventing) write(name string, rows [][]string) error {
	b := bytes.NewBufferString("\ufeff")
	if err := csv.NewWriter(b).WriteAll(rows); err != nil {
		return err
	}
	return writeFolder(x.out, map[string][]byte{name: b.Bytes()})
}
