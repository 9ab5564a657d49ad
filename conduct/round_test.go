package conduct_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
	"hailong/scorecard"
	"hailong/store"
	"hailong/store/sqlitestore"
	"hailong/survey"
	"hailong/territory"
)

var (
	analyst = account.User{Name: "an", Role: account.Analyst, Scope: "98"}
	officer = account.User{Name: "of", Role: account.Officer, Scope: "98001"}
	start   = time.Date(2026, 7, 1, 8, 0, 0, 0, time.FixedZone("ICT", 7*3600))
)

// seeded is a source of bytes that is the same in every run.
type seeded struct{ *rand.ChaCha8 }

func newDesk(t *testing.T) (conduct.Desk, *store.Store) {
	t.Helper()
	engine, err := sqlitestore.Open(context.Background(), filepath.Join(t.TempDir(), "round.db"))
	if err != nil {
		t.Fatal(err)
	}
	st := store.New(engine)
	t.Cleanup(func() {
		st.Close()
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	random := seeded{rand.NewChaCha8([32]byte{1})}
	keys, err := survey.NewKeys(random)
	if err != nil {
		t.Fatal(err)
	}
	now := start
	return conduct.Desk{
		Store: st, Keys: keys, Formulas: scorecard.Shipped(), Random: random, Program: "test",
		Clock: func() time.Time { now = now.Add(time.Minute); return now },
	}, st
}

// smallProvince has six communes of two kinds with four villages each.
func smallProvince() []territory.Unit {
	units := []territory.Unit{{Code: "98", Name: "Thử", Level: territory.Province, Kind: "Tỉnh", Population: 1}}
	for c := 1; c <= 6; c++ {
		commune := territory.Code(fmt.Sprintf("980%02d", c))
		kind := territory.Kind("Xã")
		if c <= 3 {
			kind = "Phường"
		}
		units = append(units, territory.Unit{Code: commune, Name: fmt.Sprint("Xã ", c), Level: territory.Commune, Kind: kind,
			Parent: "98", Population: int64(4000 + 500*c), Size: territory.SizePlausible})
		for v := 1; v <= 4; v++ {
			units = append(units, territory.Unit{Code: territory.Code(fmt.Sprintf("%s-%02d", commune, v)), Name: fmt.Sprint("Thôn ", v),
				Level: territory.Village, Kind: "Thôn", Parent: commune, Population: int64(800 + 100*v), Size: territory.SizePlausible})
		}
	}
	return units
}

func smallQuestionnaire() survey.Questionnaire {
	q := survey.Questionnaire{ID: "q", Version: "1", Title: survey.Labels{"vi": "Thử"}, Languages: []string{"vi"},
		Groups: []survey.Group{
			{ID: "policy", Label: survey.Labels{"vi": "P"}}, {ID: "a", Parent: "policy", Label: survey.Labels{"vi": "A"}},
			{ID: "service", Label: survey.Labels{"vi": "S"}}, {ID: "b", Parent: "service", Label: survey.Labels{"vi": "B"}},
		}}
	scale := []survey.Choice{}
	for _, v := range []string{"1", "2", "3", "4", "5", "9"} {
		scale = append(scale, survey.Choice{Value: v, Label: survey.Labels{"vi": v}})
	}
	for i, group := range []survey.GroupID{"a", "a", "b", "b", "b"} {
		q.Questions = append(q.Questions, survey.Question{Code: survey.QuestionCode(fmt.Sprint("i", i+1)), Kind: survey.KindRating,
			Label: survey.Labels{"vi": "?"}, Group: group, Choices: scale, Required: true})
	}
	return q
}

const round = survey.RoundID("r-2026")

func newRound() survey.Round {
	return survey.Round{ID: round, Title: survey.Labels{"vi": "Đợt thử"}, Unit: "98", Questionnaire: "q@1", Formula: "sipas-items@1",
		Asker: "Sở Nội vụ", Contact: "1900 0000", SlipsBy: survey.SlipsByProvince, Simulated: true, Grace: survey.DefaultGrace}
}

var plans = map[conduct.Stage]sampling.Plan{
	conduct.Communes: {Key: "code", Strata: []string{"kind"}, Method: sampling.PPSSystematic, Size: "population",
		N: sampling.Counts{By: map[string]int{"Phường": 2, "Xã": 2}}, Certainty: []sampling.Key{"98001"}},
	conduct.Villages: {Key: "code", ParentKey: "commune", Method: sampling.PPSSystematic, Size: "population", N: sampling.Counts{Each: 3}},
	conduct.People:   {Key: "key", ParentKey: "village", Method: sampling.SRS, N: sampling.Counts{Each: 12}, Reserve: sampling.Counts{Each: 3}},
}

// prepare creates the round and draws its first stages, up to the one given.
func prepare(t *testing.T, d conduct.Desk, st *store.Store, upTo conduct.Stage) {
	t.Helper()
	ctx := context.Background()
	must(t, st.PutUnits(ctx, account.NewRecord(start, analyst, account.ImportUnits, ""), smallProvince()))
	must(t, st.AddQuestionnaire(ctx, account.NewRecord(start, analyst, account.ImportQuestionnaire, ""), smallQuestionnaire()))
	_, err := d.CreateRound(ctx, analyst, newRound())
	must(t, err)
	for _, stage := range conduct.Stages {
		if stage > upTo {
			return
		}
		if stage == conduct.People {
			addLists(t, d)
		}
		draw(t, d, stage)
	}
}

func draw(t *testing.T, d conduct.Desk, stage conduct.Stage) {
	t.Helper()
	ctx := context.Background()
	_, err := d.Commit(ctx, analyst, round, stage, conduct.Intent{Plan: plans[stage], Source: "lottery:XSMB:2026-12-31", Reason: "of another attempt only"})
	must(t, err)
	_, err = d.Run(ctx, analyst, round, stage, "12345")
	must(t, err)
}

func addLists(t *testing.T, d conduct.Desk) {
	t.Helper()
	villages, err := d.Listed(context.Background(), round)
	must(t, err)
	for _, v := range villages {
		_, err := d.AddList(context.Background(), officer, round, string(v.Code)+".xlsx", villageList(v.Code))
		must(t, err)
	}
}

func villageList(village territory.Code) sampling.List {
	list := sampling.List{Village: village}
	for i := range 40 {
		list.People = append(list.People, sampling.Person{Name: fmt.Sprintf("Nguyễn Thị %s %d", village, i), BirthYear: 1950 + i, Sex: sampling.Female})
	}
	return list
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	if !fault.Is(err, kind) || fault.ProblemsOf(err)[0].Code != code {
		t.Errorf("got %v, want %v %s", err, kind, code)
	}
}

func TestEveryStoredDrawCanBeVerifiedFromItsPublicFiles(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, conduct.People)
	ctx := context.Background()
	draws, err := st.Draws(ctx, round)
	must(t, err)
	if len(draws) != 3 {
		t.Fatalf("%d draws, want 3", len(draws))
	}
	var parent *sampling.Parent
	for _, draw := range draws {
		frame, err := sampling.ReadFrame(bytes.NewReader(blob(t, st, draw.Frame)))
		must(t, err)
		sample := blob(t, st, draw.Sample)
		read, err := sampling.ReadReceipt(bytes.NewReader(draw.Receipt.Encode()))
		must(t, err)
		if err := sampling.Verify(frame, read, sampling.Evidence{Sample: sample, Parent: parent}); err != nil {
			t.Errorf("stage %d: %v", draw.Stage, err)
		}
		parent, err = sampling.ReadParent(draw.Receipt.Encode(), sample)
		must(t, err)
	}
}

func blob(t *testing.T, st *store.Store, digest string) []byte {
	t.Helper()
	r, err := st.OpenBlob(context.Background(), digest)
	must(t, err)
	defer r.Close()
	raw, err := io.ReadAll(r)
	must(t, err)
	return raw
}

func TestStepsOutOfOrderAreRefused(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, conduct.Communes)
	ctx := context.Background()
	_, err := d.Run(ctx, analyst, round, conduct.Communes, "1")
	wantCode(t, err, fault.Conflict, "stage.drawn")
	_, err = d.Run(ctx, analyst, round, conduct.Villages, "1")
	wantCode(t, err, fault.Conflict, "stage.not_committed")
	_, err = d.Commit(ctx, analyst, round, conduct.People, conduct.Intent{Plan: plans[conduct.People], Source: "lottery:XSMB:2026-12-31"})
	wantCode(t, err, fault.Conflict, "stage.parent_missing")
	draw(t, d, conduct.Villages)
	_, err = d.Commit(ctx, analyst, round, conduct.Communes, conduct.Intent{Plan: plans[conduct.Communes], Source: "lottery:XSMB:2026-12-31"})
	wantCode(t, err, fault.Conflict, "stage.later_committed")
	_, err = d.Commit(ctx, analyst, round, conduct.People, conduct.Intent{Plan: plans[conduct.People], Source: "lottery:XSMB:2026-12-31"})
	wantCode(t, err, fault.Invalid, "stage.list_missing")
	_, err = d.Compute(ctx, analyst, round)
	wantCode(t, err, fault.Conflict, "round.not_open")
}

func TestADoubtfulSizeStopsTheDrawByName(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, 0)
	ctx := context.Background()
	u, err := st.Unit(ctx, "98003")
	must(t, err)
	u.Size = territory.SizeDoubtful
	must(t, st.PutUnits(ctx, account.NewRecord(start, analyst, account.ImportUnits, ""), []territory.Unit{u}))
	_, err = d.Commit(ctx, analyst, round, conduct.Communes, conduct.Intent{Plan: plans[conduct.Communes], Source: "lottery:XSMB:2026-12-31"})
	wantCode(t, err, fault.Invalid, "stage.size_doubtful")
	if u, err = u.Confirm("niên giám"); err != nil {
		t.Fatal(err)
	}
	must(t, st.PutUnits(ctx, account.NewRecord(start, analyst, account.SettleSize, ""), []territory.Unit{u}))
	draw(t, d, conduct.Communes)
}

// A plan is tried without leaving an attempt behind.
func TestAPlanIsTriedBeforeItIsCommitted(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, 0)
	ctx := context.Background()
	must(t, d.TryPlan(ctx, round, conduct.Communes, plans[conduct.Communes]))
	tooMany := plans[conduct.Communes]
	tooMany.N = sampling.Counts{Each: 99}
	if err := d.TryPlan(ctx, round, conduct.Communes, tooMany); !fault.Is(err, fault.Invalid) {
		t.Errorf("99 of 3 communes: %v", err)
	}
	wantCode(t, d.TryPlan(ctx, round, conduct.Villages, plans[conduct.Villages]), fault.Conflict, "stage.parent_missing")
	attempts, err := st.Draws(ctx, round)
	must(t, err)
	if len(attempts) != 0 {
		t.Errorf("%d attempts after trying", len(attempts))
	}
}

func TestARoundDoesNotOpenOverAnUndrawnCommitment(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, conduct.People)
	ctx := context.Background()
	_, err := d.Commit(ctx, analyst, round, conduct.People, conduct.Intent{Plan: plans[conduct.People], Source: "lottery:XSMB:2026-12-31", Reason: "thử lại"})
	must(t, err)
	_, err = d.OpenRound(ctx, analyst, round)
	wantCode(t, err, fault.Conflict, "stage.not_drawn")
	_, err = d.Run(ctx, analyst, round, conduct.People, "54321")
	must(t, err)
	_, err = d.OpenRound(ctx, analyst, round)
	must(t, err)
}

func TestACounterStandsInTheProvinceOfItsRound(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, 0)
	ctx := context.Background()
	foreign := territory.Unit{Code: "97", Name: "Khác", Level: territory.Province, Kind: "Tỉnh"}
	must(t, st.PutUnits(ctx, account.NewRecord(start, analyst, account.ImportUnits, ""), []territory.Unit{foreign}))
	for _, unit := range []territory.Code{"97", account.Everywhere} {
		_, err := d.AddCounter(ctx, analyst, round, unit, "Một cửa")
		wantCode(t, err, fault.Invalid, "counter.unit")
	}
	_, err := d.AddCounter(ctx, analyst, round, "98002", "Một cửa")
	must(t, err)
	for _, unit := range []territory.Code{"98001", account.Everywhere} {
		r := newRound()
		r.ID, r.Unit = "r-other", unit
		_, err := d.CreateRound(ctx, analyst, r)
		wantCode(t, err, fault.Invalid, "round.unit")
	}
}
