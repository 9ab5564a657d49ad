package conduct_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
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
	villages, err := d.DrawnVillages(context.Background(), round)
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

func TestAListCanBeUndoneUntilTheDrawIsCommitted(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, conduct.Villages)
	ctx := context.Background()
	addLists(t, d)
	villages, err := d.DrawnVillages(ctx, round)
	must(t, err)
	village := villages[0].Code
	longer := villageList(village)
	longer.People = longer.People[:35]
	_, err = d.AddList(ctx, officer, round, "second.xlsx", longer)
	must(t, err)
	current, err := d.CurrentLists(ctx, round)
	must(t, err)
	if got := current[village]; got.Number != 2 || got.People != 35 {
		t.Fatalf("current list %+v, want the second", got)
	}
	must(t, d.UndoList(ctx, officer, round, village))
	current, err = d.CurrentLists(ctx, round)
	must(t, err)
	if got := current[village]; got.Number != 1 || got.People != 40 {
		t.Errorf("after undoing %+v, want the first", got)
	}
	_, err = d.Commit(ctx, analyst, round, conduct.People, conduct.Intent{Plan: plans[conduct.People], Source: "lottery:XSMB:2026-12-31"})
	must(t, err)
	wantCode(t, d.UndoList(ctx, officer, round, village), fault.Conflict, "lists.committed")
	_, err = d.AddList(ctx, officer, round, "late.xlsx", longer)
	wantCode(t, err, fault.Conflict, "lists.committed")
}

func TestTheListOfOneVillageIsNotTakenForAnother(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, conduct.Villages)
	ctx := context.Background()
	villages, err := d.DrawnVillages(ctx, round)
	must(t, err)
	list := villageList(villages[0].Code)
	_, err = d.AddList(ctx, officer, round, "thôn 1.xlsx", list)
	must(t, err)
	_, err = d.AddList(ctx, officer, round, "thôn 1 gửi lại.xlsx", list)
	must(t, err)
	list.Village = villages[1].Code
	slices.Reverse(list.People)
	_, err = d.AddList(ctx, officer, round, "thôn 2.xlsx", list)
	wantCode(t, err, fault.Conflict, "lists.same_people")
}

func TestProducingSlipsAgainVoidsTheCodesBefore(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, conduct.People)
	ctx := context.Background()
	villages, err := d.DrawnVillages(ctx, round)
	must(t, err)
	village := villages[0].Code
	_, err = d.ProduceSlips(ctx, officer, round, village)
	wantCode(t, err, fault.Denied, "slips.by_province")
	first, err := d.ProduceSlips(ctx, analyst, round, village)
	must(t, err)
	second, err := d.ProduceSlips(ctx, analyst, round, village)
	must(t, err)
	if len(first) != 12 || len(second) != 12 {
		t.Fatalf("%d and %d slips, want 12 (reserves get none)", len(first), len(second))
	}
	nonces := map[survey.Nonce]bool{}
	for i := range first {
		old, err := st.Pass(ctx, d.Keys.TokenHash(first[i].Token))
		must(t, err)
		fresh, err := st.Pass(ctx, d.Keys.TokenHash(second[i].Token))
		must(t, err)
		if !old.Voided || fresh.Voided {
			t.Errorf("slip %d: voided %v and %v, want the old one only", i, old.Voided, fresh.Voided)
		}
		if old.Nonce(d.Keys) != fresh.Nonce(d.Keys) {
			t.Errorf("slip %d: the new code leads to another ballot", i)
		}
		nonces[fresh.Nonce(d.Keys)] = true
	}
	if len(nonces) != 12 {
		t.Errorf("%d ballots for 12 people", len(nonces))
	}
}

// Codes of a draw that another attempt supersedes lead nowhere.
func TestDrawingPeopleAgainVoidsEveryCode(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, conduct.People)
	ctx := context.Background()
	villages, err := d.DrawnVillages(ctx, round)
	must(t, err)
	made, err := d.ProduceSlips(ctx, analyst, round, villages[0].Code)
	must(t, err)
	_, err = d.Commit(ctx, analyst, round, conduct.People, conduct.Intent{Plan: plans[conduct.People], Source: "lottery:XSMB:2026-12-31", Reason: "thiếu người"})
	must(t, err)
	for _, slip := range made {
		if pass, err := st.Pass(ctx, d.Keys.TokenHash(slip.Token)); err != nil || !pass.Voided {
			t.Errorf("a code of the draw before is still good: %v, %v", pass.Voided, err)
		}
	}
}

func TestAnEditionIsReproducedFromItsPublicTally(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, conduct.People)
	ctx := context.Background()
	_, err := d.AddCounter(ctx, analyst, round, "98001", "Một cửa")
	must(t, err)
	_, err = d.OpenRound(ctx, analyst, round)
	must(t, err)
	n, err := d.Simulate(ctx, round, conduct.Simulation{Seed: 3, Response: 0.8, PerCounter: 10})
	must(t, err)
	edition, err := d.Compute(ctx, analyst, round)
	must(t, err)
	read, head, err := d.Edition(ctx, round, edition.Number)
	must(t, err)
	if !read.Simulated || !read.Interim || read.InputDigest != head.Tally {
		t.Errorf("flags or digest lost: %+v", head)
	}
	field := read.Fieldwork[0]
	if field.Sampled != 4*3*12 || field.Answered != n-10 {
		t.Errorf("fieldwork %+v, want 144 drawn and %d answers", field, n-10)
	}
	if len(read.Apart) != 1 || read.Apart[0].N != 10 || read.Apart[0].Origin != survey.OriginCounter {
		t.Errorf("counter answers %+v, want 10 apart", read.Apart)
	}
	q := smallQuestionnaire()
	if problems, err := scorecard.Recompute(read, q, scorecard.Shipped(), blob(t, st, head.Tally)); err != nil || len(problems) > 0 {
		t.Errorf("recomputing: %v %v", problems, err)
	}
	overall, ok := read.Find("98", scorecard.TierOverall, "overall")
	if !ok || !overall.SE.Defined() || overall.SE <= 0 || overall.N == 0 {
		t.Errorf("overall %+v", overall)
	}
	if v := float64(overall.Value); math.IsNaN(v) || v < float64(overall.Logit.Low) || v > float64(overall.Logit.High) {
		t.Errorf("value %v outside of %v", v, overall.Logit)
	}
}

// A tally or a response that held a person's key would tell who answered.
func TestNoPersonKeyReachesAResponseOrAPublicTally(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, conduct.People)
	ctx := context.Background()
	opened, err := d.OpenRound(ctx, analyst, round)
	must(t, err)
	_, err = d.Simulate(ctx, round, conduct.Simulation{Seed: 3, Response: 0.8})
	must(t, err)
	edition, err := d.Compute(ctx, analyst, round)
	must(t, err)
	_, head, err := d.Edition(ctx, round, edition.Number)
	must(t, err)
	sample, err := d.CurrentSample(ctx, round, conduct.People)
	must(t, err)
	places, err := json.Marshal(opened.Places)
	must(t, err)
	public := append(blob(t, st, head.Tally), blob(t, st, head.Edition)...)
	for r, err := range st.Responses(ctx, survey.RoundPrefix(round)) {
		must(t, err)
		raw, err := json.Marshal(r)
		must(t, err)
		public = append(public, raw...)
	}
	public = append(public, places...)
	for _, u := range sample.Units {
		if bytes.Contains(public, []byte(u.Key)) {
			t.Fatalf("the key %s of a drawn person is where answers are", u.Key)
		}
	}
}

// Whether a commune was taken with certainty or not, its figures rest on its
// villages.
func TestEveryCommuneHasItsOwnFigures(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, conduct.People)
	ctx := context.Background()
	_, err := d.OpenRound(ctx, analyst, round)
	must(t, err)
	_, err = d.Simulate(ctx, round, conduct.Simulation{Seed: 3, Response: 1})
	must(t, err)
	edition, err := d.Compute(ctx, analyst, round)
	must(t, err)
	if len(edition.Fieldwork) != 1+4 {
		t.Fatalf("fieldwork of %d units, want the province and 4 communes", len(edition.Fieldwork))
	}
	for _, f := range edition.Fieldwork[1:] {
		got, ok := edition.Find(f.Domain.Unit, scorecard.TierOverall, "overall")
		if !ok || got.N != 36 || got.PSUs != 3 || got.DF != 2 || !(got.SE > 0) {
			t.Errorf("%s: %+v, want 36 answers from 3 villages", f.Domain.Name, got)
		}
	}
}

func TestAWithdrawnAnswerIsGoneAndCounted(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, conduct.People)
	ctx := context.Background()
	_, err := d.OpenRound(ctx, analyst, round)
	must(t, err)
	n, err := d.Simulate(ctx, round, conduct.Simulation{Seed: 3, Response: 0.8})
	must(t, err)
	var receipt survey.Receipt
	for r, err := range st.Responses(ctx, survey.RoundPrefix(round)) {
		must(t, err)
		receipt = d.Keys.Receipt(r.ID)
		break
	}
	must(t, d.Withdraw(ctx, analyst, round, receipt))
	wantCode(t, d.Withdraw(ctx, analyst, round, receipt), fault.NotFound, "receipt.unknown")
	left, err := st.CountResponses(ctx, survey.RoundPrefix(round))
	must(t, err)
	if int(left) != n-1 {
		t.Errorf("%d answers left, want %d", left, n-1)
	}
	edition, err := d.Compute(ctx, analyst, round)
	must(t, err)
	if edition.Withdrawn != 1 {
		t.Errorf("edition counts %d withdrawn, want 1", edition.Withdrawn)
	}
}

func TestARealRoundIsNeverSimulated(t *testing.T) {
	d, st := newDesk(t)
	ctx := context.Background()
	must(t, st.PutUnits(ctx, account.NewRecord(start, analyst, account.ImportUnits, ""), smallProvince()))
	must(t, st.AddQuestionnaire(ctx, account.NewRecord(start, analyst, account.ImportQuestionnaire, ""), smallQuestionnaire()))
	real := newRound()
	real.Simulated = false
	_, err := d.CreateRound(ctx, analyst, real)
	must(t, err)
	_, err = d.OpenRound(ctx, analyst, round)
	must(t, err)
	_, err = d.Simulate(ctx, round, conduct.Simulation{Seed: 1, Response: 1})
	wantCode(t, err, fault.Denied, "simulate.real_round")
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

func TestAListHandedOutIsRecorded(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, conduct.People)
	ctx := context.Background()
	villages, err := d.DrawnVillages(ctx, round)
	must(t, err)
	drawn, err := d.HandOutList(ctx, officer, round, villages[0].Code)
	must(t, err)
	records, err := st.Records(ctx, account.RecordQuery{Scope: villages[0].Code, Action: account.ReadList})
	must(t, err)
	if len(drawn) != 15 || len(records) != 1 || records[0].Actor != officer.Name || records[0].State != account.Done {
		t.Errorf("%d people, records %+v", len(drawn), records)
	}
}

// A list that comes in while the draw of people is being committed is not among
// those that the commitment fixed: nobody may be drawn whom no list names.
func TestADrawWhoseListsChangedIsRefused(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, conduct.Villages)
	addLists(t, d)
	ctx := context.Background()
	_, err := d.Commit(ctx, analyst, round, conduct.People, conduct.Intent{Plan: plans[conduct.People], Source: "lottery:XSMB:2026-12-31", Reason: "thử lại"})
	must(t, err)
	villages, err := d.DrawnVillages(ctx, round)
	must(t, err)
	village := villages[0].Code
	late := villageList(village)
	must(t, late.Seal(d.Random))
	head := conduct.ListHead{Round: round, Village: village, Number: 2, People: len(late.People)}
	rec := account.NewRecord(start, officer, account.ImportList, string(round))
	must(t, st.AddList(ctx, rec, head, late)) // as by a request that had looked before the commitment
	_, err = d.Run(ctx, analyst, round, conduct.People, "12345")
	wantCode(t, err, fault.Conflict, "lists.changed")
	draw(t, d, conduct.People)
	drawn, err := d.VillageSample(ctx, round, village)
	must(t, err)
	for _, one := range drawn {
		if one.Person.Name == "" {
			t.Fatalf("a drawn person without a name: %+v", one)
		}
	}
	err = st.DeleteList(ctx, account.NewRecord(start, officer, account.UndoList, string(round)), head)
	wantCode(t, err, fault.Conflict, "lists.drawn") // by the store's own rule, whoever asks
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

// A share of a handful of sheets is the opinion of people whom the counter knows.
func TestACounterOfFewAnswersHasNoShare(t *testing.T) {
	for _, c := range []struct {
		answers int
		shown   bool
	}{{4, false}, {5, true}} {
		d, st := newDesk(t)
		prepare(t, d, st, conduct.People)
		ctx := context.Background()
		_, err := d.AddCounter(ctx, analyst, round, "98001", "Một cửa")
		must(t, err)
		_, err = d.OpenRound(ctx, analyst, round)
		must(t, err)
		_, err = d.Simulate(ctx, round, conduct.Simulation{Seed: 3, Response: 0.8, PerCounter: c.answers})
		must(t, err)
		edition, err := d.Compute(ctx, analyst, round)
		must(t, err)
		if a := edition.Apart[0]; a.N != c.answers || a.Satisfied.Defined() != c.shown {
			t.Errorf("%d answers at a counter: %+v", c.answers, a)
		}
	}
}

func TestAnEditionIsInterimUntilTheGraceIsOver(t *testing.T) {
	d, st := newDesk(t)
	prepare(t, d, st, conduct.People)
	ctx := context.Background()
	_, err := d.OpenRound(ctx, analyst, round)
	must(t, err)
	_, err = d.Simulate(ctx, round, conduct.Simulation{Seed: 3, Response: 0.8})
	must(t, err)
	closed, err := d.CloseRound(ctx, analyst, round)
	must(t, err)
	for _, c := range []struct {
		after   time.Duration
		interim bool
	}{{time.Hour, true}, {closed.Grace, true}, {closed.Grace + time.Second, false}} {
		d.Clock = func() time.Time { return closed.Closed.Add(c.after) }
		edition, err := d.Compute(ctx, analyst, round)
		must(t, err)
		if edition.Interim != c.interim {
			t.Errorf("%v after closing: interim %v", c.after, edition.Interim)
		}
	}
}
