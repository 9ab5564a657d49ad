package public

import (
	"slices"
	"time"

	"hailong/conduct"
	"hailong/fault"
	"hailong/sampling"
	"hailong/server/page"
	"hailong/static"
	"hailong/survey"
)

var fixedTime = time.Date(2026, 9, 21, 7, 23, 45, 0, time.UTC)

// Fixtures are the public pages with canned data of a province that does not
// exist.
func Fixtures() []page.Fixture {
	round := func(d dossier) func(static.Lang) RoundPage {
		return func(lang static.Lang) RoundPage {
			view := newRoundPage(d, lang, fixedTime)
			view.frame = frame{Other: "?lang=en", Simulated: d.round.Simulated}
			return view
		}
	}
	d := fixedDossier()
	early := d
	early.attempts, early.editions, early.round.Simulated = slices.Clone(d.attempts[:1]), nil, false
	early.attempts[0].Receipt, early.attempts[0].Commitment.Source = nil, "dice:Hội trường tỉnh:2026-09-25T09:00:00+07:00"
	seal := fixedSeal()
	broken, unknown, wrong := seal, seal, SealPage{ID: seal.ID, Title: seal.Title, Key: "x", ByHand: "…", ByProgram: "…"}
	broken.Result = &SealResult{Known: true, Computed: sampling.SealOf(sampling.Salt{2}, "x"), Published: string(sampling.SealOf(sampling.Salt{1}, "x"))}
	unknown.Result = &SealResult{Computed: sampling.SealOf(sampling.Salt{2}, "x")}
	wrong.Row = "aa00000000000001,90001,Đất đai"
	_, wrong.Problems = readSeal(wrong)
	pasted := seal
	pasted.Row = "5dca1f0e77b2a390,90001,Đất đai,17," + string(sampling.SealOf(sampling.Salt{1}, "x"))
	pasted.Result = &SealResult{Holds: true, Known: true, Pasted: true, Computed: sampling.SealOf(sampling.Salt{1}, "x"), Published: string(sampling.SealOf(sampling.Salt{1}, "x"))}
	empty := SealPage{ID: seal.ID, Title: seal.Title, ByHand: "…", ByProgram: "…"}
	return []page.Fixture{
		listPage.FixedBy("public/list", func(lang static.Lang) ListPage {
			return ListPage{frame: frame{Other: "?lang=en"}, Rounds: []RoundHead{headOf(fixedDossier(), lang), headOf(early, lang), {ID: "quay-2026", Title: "Khảo sát tại bộ phận một cửa", Asker: "Sở Nội vụ"}}}
		}),
		listPage.Fixed("public/list, empty", ListPage{frame: frame{Other: "?lang=en"}}),
		roundPage.FixedBy("public/round", round(fixedDossier())),
		roundPage.FixedBy("public/round, before the first event", round(early)),
		roundPage.FixedBy("public/round, nobody drawn", round(dossier{round: d.round})),
		sealPage.Fixed("public/seal", empty),
		sealPage.Fixed("public/seal, holds", seal),
		sealPage.Fixed("public/seal, of an applicant", pasted),
		sealPage.Fixed("public/seal, broken", broken),
		sealPage.Fixed("public/seal, unknown", unknown),
		sealPage.Fixed("public/seal, with problems", wrong),
		missingPage.Fixed("public/missing", MissingPage{frame{Other: "?lang=en"}, "http.title.not_found", fault.P("public.no_round", "round", "qn-2027")}),
	}
}

// fixedDossier has an attempt of every kind.
func fixedDossier() dossier {
	receipt := func(beacon string, main int) *sampling.Receipt {
		return &sampling.Receipt{Beacon: beacon, Seed: string(sampling.SealOf(sampling.Salt{9}, "seed")), SampleDigest: sampling.DigestOf([]byte("sample")), Counts: []sampling.CellCount{{Main: main, Certainty: 1, Reserve: 2}}}
	}
	attempt := func(stage conduct.Stage, number int, source sampling.Source, receipt *sampling.Receipt) conduct.Draw {
		at := fixedTime.AddDate(0, 0, int(stage)*3-12+number)
		return conduct.Draw{
			Stage: stage, Attempt: number, Plan: sampling.Plan{Method: sampling.PPSSystematic}, Units: 48, Receipt: receipt, DrawnAt: at.Add(26 * time.Hour),
			Commitment: sampling.Commitment{Source: source, At: at, Attempt: number, FrameDigest: sampling.DigestOf([]byte("frame")), PlanDigest: sampling.DigestOf([]byte("plan"))},
		}
	}
	again := attempt(conduct.Villages, 3, "lottery:XSMB:2026-09-19", receipt("93827 18", 23))
	again.Commitment.Reason, again.Commitment.Previous = "Ba thôn của xã Bến Tre Xanh đã nhập làm một", sampling.DigestOf([]byte("previous"))
	return dossier{
		round: survey.Round{
			ID: "song-hien-2026", Title: survey.Labels{"vi": "Khảo sát sự hài lòng năm 2026", "en": "Satisfaction survey 2026"}, State: survey.RoundOpen,
			Asker: "Sở Nội vụ tỉnh Sông Hiền", Contact: "Sở Nội vụ, điện thoại 0200 000 000", Simulated: true,
		},
		attempts: []conduct.Draw{
			attempt(conduct.Communes, 1, "dice:Hội trường tỉnh:2026-09-14T09:00:00+07:00", receipt("3 5 1 6 2 4 4 1", 7)),
			attempt(conduct.Villages, 1, "lottery:XSMB:2026-09-17", receipt("10233 71", 23)),
			attempt(conduct.Villages, 2, "lottery:XSMB:2026-09-17", nil),
			again,
			attempt(conduct.People, 1, sampling.QuicknetAt(fixedTime.AddDate(0, 0, 2)), nil),
			attempt(conduct.Recheck, 1, "dice:Hội trường Mặt trận tỉnh:2026-09-25T09:00:00+07:00", nil),
		},
		editions: []conduct.EditionHead{{Number: 1, At: fixedTime, Simulated: true, Interim: true, Tally: string(sampling.DigestOf([]byte("tally")))}},
	}
}

func fixedSeal() SealPage {
	person := sampling.Person{Name: "Trần Thị Hoà", BirthYear: 1956, Sex: sampling.Female, Household: "012", Address: "Ngõ 3, Đông Xá", Salt: sampling.Salt{1, 2, 3}}
	line := person.Line("90001-01")
	view := SealPage{
		frame: frame{Other: "?lang=en"}, ID: "song-hien-2026", Title: "Khảo sát sự hài lòng năm 2026", Contact: "Sở Nội vụ, điện thoại 0200 000 000",
		Key: "5dca1f0e77b2a390", Salt: "01020300000000000000000000000000", Line: string(line),
		Result: &SealResult{
			Holds: true, Known: true, Computed: sampling.SealOf(person.Salt, line), Published: string(sampling.SealOf(person.Salt, line)),
			Row: 118, Village: "90001-01", Order: 17, Role: sampling.RoleMain, Drawn: true, CommittedAt: "14:00 20/09/2026", Folder: "draw-3-attempt-1",
		},
	}
	view.showCommands(view.Result.Folder, view.Key, view.Salt, view.Line)
	return view
}
