package console

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"hailong/account"
	"hailong/survey"
	"hailong/territory"
)

// route is one row of the console: an address, what is done there, on which
// units, and who answers.
type route struct {
	method, path string // the path below Root
	open         bool   // for visitors who are not signed in; everything else needs an action
	action       account.Action
	units        unitSource // where the units acted on come from; nil for an action on no unit
	upload       bool       // reads a file; few at a time
	handle       func(*Console, *visit) error
}

const (
	get  = fiber.MethodGet
	post = fiber.MethodPost
)

// routes is every address of the console. A test walks it with every role and
// with own and foreign units.
var routes = []route{
	{method: get, path: "/sign-in", open: true, handle: (*Console).signInPage},
	{method: post, path: "/sign-in", open: true, handle: (*Console).signIn},
	{method: get, path: "/link/:secret", open: true, handle: (*Console).linkPage},
	{method: post, path: "/link", open: true, handle: (*Console).signInByLink},
	{method: post, path: "/sign-out", action: account.SignOut, handle: (*Console).signOut},

	{method: get, path: "", action: account.ReadHome, handle: (*Console).home},
	{method: get, path: "/me", action: account.ReadHome, handle: (*Console).me},
	{method: post, path: "/me/password", action: account.ChangeSelf, handle: (*Console).changePassword},
	{method: post, path: "/me/language", action: account.ChangeSelf, handle: (*Console).changeLanguage},

	{method: get, path: "/users", action: account.ReadUsers, units: underQuery, handle: (*Console).users},
	{method: get, path: "/new-user", action: account.AddUser, units: ownScope, handle: (*Console).newUser},
	{method: post, path: "/new-user", action: account.AddUser, units: scopeField, handle: (*Console).addUser},
	{method: get, path: "/users/:name", action: account.ReadUsers, units: scopeOfUser, handle: (*Console).user},
	{method: post, path: "/users/:name", action: account.ChangeUser, units: each(scopeOfUser, scopeField), handle: (*Console).changeUser},
	{method: post, path: "/users/:name/link", action: account.LinkUser, units: scopeOfUser, handle: (*Console).makeLink},

	{method: get, path: "/records", action: account.ReadRecords, units: underQuery, handle: (*Console).records},

	{method: get, path: "/units", action: account.ReadUnits, units: underQuery, handle: (*Console).units},
	{method: get, path: "/import-units", action: account.ImportUnits, units: ownScope, handle: (*Console).importUnitsPage},
	{method: post, path: "/import-units", action: account.ImportUnits, units: ownScope, upload: true, handle: (*Console).previewUnits},
	{method: post, path: "/import-units/confirm", action: account.ImportUnits, units: ownScope, upload: true, handle: (*Console).importUnits},
	{method: get, path: "/units/:code", action: account.ReadUnits, units: codeParam, handle: (*Console).unit},
	{method: post, path: "/units/:code/size", action: account.SettleSize, units: codeParam, handle: (*Console).settleSize},

	{method: get, path: "/questionnaires", action: account.ReadQuestionnaires, handle: (*Console).questionnaires},
	{method: get, path: "/import-questionnaire", action: account.ImportQuestionnaire, handle: (*Console).importQuestionnairePage},
	{method: post, path: "/import-questionnaire", action: account.ImportQuestionnaire, upload: true, handle: (*Console).previewQuestionnaire},
	{method: post, path: "/import-questionnaire/confirm", action: account.ImportQuestionnaire, upload: true, handle: (*Console).publishQuestionnaire},
	{method: get, path: "/rounds", action: account.ReadRound, units: ownScope, handle: (*Console).rounds},
	{method: get, path: "/new-round", action: account.CreateRound, units: ownScope, handle: (*Console).newRound},
	{method: post, path: "/new-round", action: account.CreateRound, units: scopeField, handle: (*Console).createRound},
	{method: get, path: "/rounds/:round", action: account.ReadRound, units: roundParam, handle: (*Console).roundPage},
	{method: get, path: "/rounds/:round/open", action: account.OpenRound, units: roundParam, handle: (*Console).openPage},
	{method: post, path: "/rounds/:round/open", action: account.OpenRound, units: roundParam, handle: (*Console).openRound},
	{method: get, path: "/rounds/:round/close", action: account.CloseRound, units: roundParam, handle: (*Console).closePage},
	{method: post, path: "/rounds/:round/close", action: account.CloseRound, units: roundParam, handle: (*Console).closeRound},

	{method: get, path: "/rounds/:round/draws", action: account.ReadDraws, units: roundParam, handle: (*Console).draws},
	{method: get, path: "/rounds/:round/margins", action: account.CommitDraw, units: roundParam, handle: (*Console).margins},
	{method: get, path: "/rounds/:round/draws.zip", action: account.ReadDraws, units: roundParam, handle: (*Console).drawArchive},
	{method: get, path: "/rounds/:round/draws/:stage", action: account.ReadDraws, units: roundParam, handle: (*Console).stage},
	{method: post, path: "/rounds/:round/draws/:stage/commit", action: account.CommitDraw, units: roundParam, handle: (*Console).commitDraw},
	{method: post, path: "/rounds/:round/draws/:stage/run", action: account.Draw, units: roundParam, handle: (*Console).runDraw},
	{method: get, path: "/rounds/:round/draws/:stage/:attempt/:file", action: account.ReadDraws, units: roundParam, handle: (*Console).drawFile},

	{method: get, path: "/rounds/:round/lists", action: account.ReadList, units: underQuery, handle: (*Console).lists},
	{method: get, path: "/rounds/:round/lists/:code", action: account.ReadList, units: codeParam, handle: (*Console).list},
	{method: post, path: "/rounds/:round/lists/:code", action: account.ImportList, units: codeParam, upload: true, handle: (*Console).previewList},
	{method: post, path: "/rounds/:round/lists/:code/confirm", action: account.ImportList, units: codeParam, upload: true, handle: (*Console).importList},
	{method: post, path: "/rounds/:round/lists/:code/marked.xlsx", action: account.ImportList, units: codeParam, upload: true, handle: (*Console).markedList},
	{method: get, path: "/rounds/:round/lists/:code/undo", action: account.UndoList, units: codeParam, handle: (*Console).undoPage},
	{method: post, path: "/rounds/:round/lists/:code/undo", action: account.UndoList, units: codeParam, handle: (*Console).undoList},
	{method: get, path: "/rounds/:round/lists/:code/sample.xlsx", action: account.ReadList, units: codeParam, handle: (*Console).sampleList},
	{method: get, path: "/rounds/:round/lists-check", action: account.CheckLists, units: roundParam, handle: (*Console).listsReport},
	{method: post, path: "/rounds/:round/lists-check", action: account.GiveCensus, units: roundParam, upload: true, handle: (*Console).giveCensus},
	{method: get, path: "/rounds/:round/lists/:code/own-line", action: account.HandOutLine, units: codeParam, handle: (*Console).ownLinePage},
	{method: post, path: "/rounds/:round/lists/:code/own-line", action: account.HandOutLine, units: codeParam, handle: (*Console).ownLine},
	{method: get, path: "/rounds/:round/lists/:code/slips", action: account.ProduceSlips, units: codeParam, handle: (*Console).slipsPage},
	{method: post, path: "/rounds/:round/lists/:code/slips", action: account.ProduceSlips, units: codeParam, handle: (*Console).slips},

	{method: get, path: "/rounds/:round/doubles", action: account.ReadList, units: underQuery, handle: (*Console).doubles},
	{method: post, path: "/rounds/:round/doubles", action: account.JudgeDouble, units: pairFields, handle: (*Console).judgeDouble},
	{method: get, path: "/rounds/:round/field", action: account.ReturnVisit, units: underQuery, handle: (*Console).fieldwork},
	{method: get, path: "/rounds/:round/field/:code", action: account.ReturnVisit, units: codeParam, handle: (*Console).visits},
	{method: post, path: "/rounds/:round/field/:code", action: account.ReturnVisit, units: codeParam, handle: (*Console).writeVisit},
	{method: get, path: "/rounds/:round/field/:code/open", action: account.FollowUp, units: codeParam, handle: (*Console).openVisits},
	{method: post, path: "/rounds/:round/field/:code/replace", action: account.ReplacePerson, units: codeParam, handle: (*Console).replacePerson},
	{method: post, path: "/rounds/:round/field/:code/file", action: account.ReturnVisit, units: codeParam, upload: true, handle: (*Console).visitsFile},
	{method: get, path: "/rounds/:round/field/:code/contacts.xlsx", action: account.ReadList, units: codeParam, handle: (*Console).contactForm},
	{method: get, path: "/rounds/:round/rates", action: account.ReadRates, units: underQuery, handle: (*Console).rates},
	{method: get, path: "/rounds/:round/rates.csv", action: account.ReadRates, units: underQuery, handle: (*Console).ratesCSV},

	{method: get, path: "/rounds/:round/counters", action: account.ReadCounters, units: underQuery, handle: (*Console).counters},
	{method: post, path: "/rounds/:round/counters", action: account.AddCounter, units: scopeField, handle: (*Console).addCounter},
	{method: get, path: "/rounds/:round/counters/:counter/poster.pdf", action: account.ReadCounters, units: counterParam, handle: (*Console).poster},

	{method: get, path: "/rounds/:round/answers", action: account.CountAnswers, units: underQuery, handle: (*Console).answers},
	{method: get, path: "/rounds/:round/recheck", action: account.ReadRecheck, units: roundParam, handle: (*Console).recheck},
	{method: post, path: "/rounds/:round/recheck/commit", action: account.CommitRecheck, units: roundParam, handle: (*Console).commitRecheck},
	{method: post, path: "/rounds/:round/recheck/run", action: account.CommitRecheck, units: roundParam, handle: (*Console).runRecheck},
	{method: get, path: "/rounds/:round/recheck/:attempt/files.zip", action: account.ReadRecheck, units: roundParam, handle: (*Console).recheckFiles},
	{method: get, path: "/rounds/:round/recheck-results/:code", action: account.RecordRecheck, units: codeParam, handle: (*Console).recheckCommune},
	{method: post, path: "/rounds/:round/recheck-results/:code", action: account.RecordRecheck, units: codeParam, upload: true, handle: (*Console).recordRecheck},
	{method: get, path: "/rounds/:round/recheck-list/:code", action: account.HandOutRecheck, units: codeParam, handle: (*Console).recheckList},
	{method: get, path: "/rounds/:round/quality", action: account.ReadQuality, units: roundParam, handle: (*Console).quality},
	{method: post, path: "/rounds/:round/withdraw", action: account.WithdrawAnswer, units: roundParam, handle: (*Console).withdraw},

	{method: get, path: "/rounds/:round/editions", action: account.ReadEditions, units: roundParam, handle: (*Console).editions},
	{method: post, path: "/rounds/:round/editions", action: account.ComputeEdition, units: roundParam, handle: (*Console).computeEdition},
	{method: get, path: "/rounds/:round/editions/:number", action: account.ReadEditions, units: roundParam, handle: (*Console).edition},
	{method: get, path: "/rounds/:round/editions/:number/:file", action: account.ReadEditions, units: roundParam, handle: (*Console).editionFile},

	{method: get, path: "/questionnaires/:ref", action: account.ReadQuestionnaires, handle: (*Console).questionnaire},
}

// unitSource finds the units that a request acts on. The gate asks the policy
// about each; a source that finds none is refused.
type unitSource func(*Console, *visit) ([]account.Path, error)

// ownScope is the user's own scope: for a page that begins something there.
func ownScope(_ *Console, v *visit) ([]account.Path, error) { return []account.Path{v.home}, nil }

// underQuery is the unit of ?under=, for a list of what lies below it; the
// user's own scope without it.
func underQuery(c *Console, v *visit) ([]account.Path, error) {
	if under := v.Query("under"); under != "" {
		return c.pathOf(v, territory.Code(under))
	}
	return ownScope(c, v)
}

// codeParam is the unit named in the address.
func codeParam(c *Console, v *visit) ([]account.Path, error) {
	return c.pathOf(v, territory.Code(v.param("code")))
}

// scopeOfUser is the scope of the user named in the address.
func scopeOfUser(c *Console, v *visit) ([]account.Path, error) {
	u, err := c.Accounts.User(v.ctx(), account.Name(v.param("name")))
	if err != nil {
		return nil, err
	}
	return c.pathOf(v, u.Scope)
}

// roundParam is the province of the round named in the address.
func roundParam(c *Console, v *visit) ([]account.Path, error) {
	if err := c.loadRound(v); err != nil {
		return nil, err
	}
	return c.pathOf(v, v.round.Unit)
}

// counterParam is the unit of the counter named in the address.
func counterParam(c *Console, v *visit) ([]account.Path, error) {
	counter, err := c.Rounds.Counter(v.ctx(), survey.CounterCode(v.param("counter")))
	if err != nil {
		return nil, err
	}
	return c.pathOf(v, counter.Unit)
}

// scopeField is the unit that the field "scope" names by its code or by a name
// that only one unit has. For a text that names none it is the user's own
// scope, and the handler finds the field at fault.
func scopeField(c *Console, v *visit) ([]account.Path, error) {
	found, err := c.unitNamed(v.ctx(), v.form.value("scope"))
	if err != nil {
		return nil, err
	}
	if len(found) != 1 {
		return ownScope(c, v)
	}
	return c.pathOf(v, found[0])
}

// pairFields are the villages that the fields "one" and "other" name.
func pairFields(c *Console, v *visit) ([]account.Path, error) {
	var paths []account.Path
	for _, name := range []string{"one", "other"} {
		path, err := c.path(v.ctx(), territory.Code(v.form.value(name)))
		if err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// each asks about the units of several sources.
func each(sources ...unitSource) unitSource {
	return func(c *Console, v *visit) ([]account.Path, error) {
		var all []account.Path
		for _, source := range sources {
			paths, err := source(c, v)
			if err != nil {
				return nil, err
			}
			all = slices.Concat(all, paths)
		}
		return all, nil
	}
}

func (c *Console) pathOf(v *visit, unit territory.Code) ([]account.Path, error) {
	path, err := c.path(v.ctx(), unit)
	return []account.Path{path}, err
}
