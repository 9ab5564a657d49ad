// Package subject prepares what is measured: a database with the shipped
// questionnaire, an open round and many counters, and the complete answers of
// citizens at them.
package subject

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	mrand "math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"hailong/account"
	"hailong/fault"
	"hailong/static"
	"hailong/store"
	"hailong/store/sqlitestore"
	"hailong/survey"
	"hailong/survey/xlsform"
	"hailong/territory"
)

// counters is how many counters there are, each in a commune of its own: so
// many that no limit on one of them is what is measured.
const counters = 400

// Subject is a prepared database and its keys.
type Subject struct {
	Folder   string
	KeyFile  string
	Counters []survey.CounterCode
	keys     survey.Keys
	form     *survey.Form
	round    survey.Round
}

// Prepare makes the database in a folder that must be empty.
func Prepare(ctx context.Context, folder string) (*Subject, error) {
	s := &Subject{Folder: filepath.Join(folder, "data"), KeyFile: filepath.Join(folder, "keys", "keys.json")}
	if err := errors.Join(os.MkdirAll(s.Folder, 0o700), os.MkdirAll(filepath.Dir(s.KeyFile), 0o700)); err != nil {
		return nil, err
	}
	var err error
	if s.keys, err = survey.NewKeys(rand.Reader); err != nil {
		return nil, err
	}
	raw, err := json.Marshal(s.keys)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(s.KeyFile, raw, 0o600); err != nil {
		return nil, err
	}
	engine, err := sqlitestore.Open(ctx, filepath.Join(s.Folder, "hailong.db"))
	if err != nil {
		return nil, err
	}
	if err := store.Migrate(ctx, engine, store.Migrations...); err != nil {
		return nil, errors.Join(err, engine.Close())
	}
	st := store.New(engine)
	err = s.seed(ctx, st)
	st.Close()
	return s, errors.Join(err, engine.Close())
}

func (s *Subject) seed(ctx context.Context, st *store.Store) error {
	raw, err := static.Files.ReadFile("questionnaires/sipas-2026.xlsx")
	if err != nil {
		return err
	}
	q, problems := xlsform.Read(raw, xlsform.DefaultLimits)
	if err := fault.Of(fault.Invalid, problems); err != nil {
		return err
	}
	if s.form, problems = survey.Compile(q); s.form == nil {
		return fault.Of(fault.Invalid, problems)
	}
	now := time.Now()
	s.round = survey.Round{
		ID: "bench", Title: q.Title, Unit: "22", Questionnaire: q.Ref(), State: survey.RoundOpen, Opened: now,
		Grace: survey.DefaultGrace, Asker: "Sở Nội vụ", Contact: "0200 000 000", Simulated: true, CreatedAt: now,
	}
	record := func(action account.Action) account.Record {
		return account.NewRecord(now, account.User{}, action, "bench")
	}
	if err := errors.Join(st.BindKeys(ctx, s.keys.Fingerprint()),
		st.AddQuestionnaire(ctx, record("questionnaire.add"), q), st.AddRound(ctx, record("round.add"), s.round)); err != nil {
		return err
	}
	for i := range counters {
		code, err := survey.NewCounterCode(rand.Reader)
		if err != nil {
			return err
		}
		counter := survey.Counter{Code: code, Round: s.round.ID, Unit: unit(i), Name: fmt.Sprintf("Bộ phận một cửa %d", i+1), CreatedAt: now}
		if err := st.AddCounter(ctx, record("counter.add"), counter); err != nil {
			return err
		}
		s.Counters = append(s.Counters, code)
	}
	if _, problems := s.form.Check(survey.FieldsOf(s.answers(mrand.New(mrand.NewPCG(1, 1))))); len(problems) > 0 {
		return fault.Of(fault.Invalid, problems)
	}
	return nil
}

func unit(i int) territory.Code { return territory.Code(fmt.Sprintf("%05d", i+1)) }

// answers is a complete set of answers: everything that applies is answered.
func (s *Subject) answers(random *mrand.Rand) map[survey.QuestionCode][]string {
	given := map[survey.QuestionCode][]string{}
	for _, q := range s.form.Questionnaire().Questions {
		switch {
		case len(q.Choices) > 0:
			given[q.Code] = []string{q.Choices[random.IntN(len(q.Choices))].Value}
		case q.Kind == survey.KindNumber:
			given[q.Code] = []string{fmt.Sprint(18 + random.IntN(60))}
		case q.Kind == survey.KindText:
			given[q.Code] = []string{"Mong cán bộ hướng dẫn đầy đủ ngay từ đầu để người dân bớt phải đi lại."}
		}
	}
	return given
}

// Answers is the encoded form of one citizen's answers, without the ballot.
func (s *Subject) Answers(random *mrand.Rand) string {
	form := url.Values{"_lang": {"vi"}, "_seconds": {"300"}}
	for code, values := range s.answers(random) {
		form[string(code)] = values
	}
	return form.Encode()
}

// Ballot signs the ballot of a new citizen at one of the counters, as opening
// the page would have.
func (s *Subject) Ballot(random *mrand.Rand) string {
	return s.keys.Sign(survey.Ballot{
		Round: s.round.ID, Questionnaire: s.round.Questionnaire, Origin: survey.OriginCounter, Unit: unit(random.IntN(counters)),
		Nonce: survey.Nonce(fmt.Sprintf("%016x%016x", random.Uint64(), random.Uint64())), Issued: time.Now(), Page: fmt.Sprintf("%011x", random.Uint64()),
	})
}

// Keys are the keys that the database belongs to.
func (s *Subject) Keys() survey.Keys { return s.keys }
