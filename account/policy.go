package account

import (
	"slices"

	"hailong/fault"
)

// Action is one kind of thing that is done in the console or at the command
// line: what the policy allows or not, and what an audit record names.
type Action string

// The actions.
const (
	SignIn     Action = "session.sign_in"
	SignOut    Action = "session.sign_out"
	ChangeSelf Action = "self.change" // one's own password and language

	ReadHome    Action = "home.read"
	ReadUsers   Action = "user.read"
	AddUser     Action = "user.add"
	ChangeUser  Action = "user.change"
	LinkUser    Action = "user.link" // hand out a one-time sign-in link
	ReadRecords Action = "record.read"

	ReadUnits   Action = "unit.read"
	ImportUnits Action = "unit.import"
	SettleSize  Action = "unit.size" // confirm or correct a doubtful population

	ReadQuestionnaires  Action = "questionnaire.read"
	ImportQuestionnaire Action = "questionnaire.import"

	ReadRound   Action = "round.read"
	CreateRound Action = "round.create"
	OpenRound   Action = "round.open"
	CloseRound  Action = "round.close"

	ReadDraws   Action = "draw.read"
	CommitDraw  Action = "draw.commit"
	Draw        Action = "draw.run"
	ReadList    Action = "list.read" // the named list of a village
	ImportList  Action = "list.import"
	JudgeDouble Action = "list.double" // decide about entries that may be one person
	UndoList    Action = "list.undo"

	CheckLists    Action = "list.check"   // compare the lists with the population and with each other
	GiveCensus    Action = "list.census"  // the figures that lists are compared with
	HandOutLine   Action = "list.line"    // a person's own line, to that person
	ReturnVisit   Action = "list.visit"   // contacts with drawn people, read and written down
	FollowUp      Action = "list.follow"  // see which drawn people have not answered yet
	ReplacePerson Action = "list.replace" // by the next reserve

	ReadRecheck    Action = "recheck.read"   // plan, commitment and the rate of confirmed sheets
	CommitRecheck  Action = "recheck.commit" // and draw
	HandOutRecheck Action = "recheck.list"   // the names to re-check; the round says besides whether a commune's own officers may
	RecordRecheck  Action = "recheck.record"

	ProduceSlips Action = "slip.produce" // the round says besides whether a commune's own officers may
	ReadCounters Action = "counter.read" // with their posters
	AddCounter   Action = "counter.add"

	CountAnswers   Action = "answer.count"  // by unit, with how many were drawn
	ReadRates      Action = "rate.read"     // what became of the drawn people, by unit
	ExportAnswers  Action = "answer.export" // pseudonymous microdata
	WithdrawAnswer Action = "answer.withdraw"
	ReadQuality    Action = "quality.read" // tests of the answers, by unit
	ReadEditions   Action = "edition.read"
	ComputeEdition Action = "edition.compute"
	PublishEdition Action = "edition.publish"
)

// reach says which units an action may be done on.
type reach uint8

const (
	below  reach = iota // the unit lies in the user's scope
	around              // that, or the scope lies in the unit: an officer reads the province's round
	own                 // no unit: the user's own account, or what is nobody's in particular
)

// grant is one row of the policy.
type grant struct {
	reach reach
	roles []Role
}

var (
	everyone = Roles
	province = []Role{Admin, Analyst}
	handling = []Role{Admin, Analyst, Officer} // those who handle named lists
	admins   = []Role{Admin}
	watching = []Role{Admin, Watcher}

	overseeing = []Role{Admin, Analyst, Watcher}
)

// grants is the whole policy. An action that is not in it is allowed to nobody.
var grants = map[Action]grant{
	SignIn:     {own, everyone},
	SignOut:    {own, everyone},
	ChangeSelf: {own, everyone},

	ReadHome:    {own, everyone},
	ReadUsers:   {below, admins},
	AddUser:     {below, admins},
	ChangeUser:  {below, admins},
	LinkUser:    {below, admins},
	ReadRecords: {below, watching},

	ReadUnits:   {below, everyone},
	ImportUnits: {below, province},
	SettleSize:  {below, province},

	ReadQuestionnaires:  {own, everyone},
	ImportQuestionnaire: {own, province},

	ReadRound:   {around, everyone},
	CreateRound: {below, province},
	OpenRound:   {below, province},
	CloseRound:  {below, province},

	ReadDraws:   {around, everyone},
	CommitDraw:  {below, province},
	Draw:        {below, province},
	ReadList:    {below, handling},
	ImportList:  {below, handling},
	JudgeDouble: {below, handling},
	UndoList:    {below, handling},

	CheckLists:    {below, province},
	GiveCensus:    {below, province},
	HandOutLine:   {below, handling},
	ReturnVisit:   {below, handling},
	FollowUp:      {below, handling},
	ReplacePerson: {below, handling},

	ReadRecheck:    {below, overseeing},
	CommitRecheck:  {below, province},
	HandOutRecheck: {below, handling},
	RecordRecheck:  {below, province},

	ProduceSlips: {below, handling},
	ReadCounters: {below, handling},
	AddCounter:   {below, province},

	CountAnswers:   {below, everyone},
	ReadRates:      {below, overseeing},
	ExportAnswers:  {below, province},
	WithdrawAnswer: {below, province},
	ReadQuality:    {below, province},
	ReadEditions:   {around, everyone},
	ComputeEdition: {below, province},
	PublishEdition: {below, province},
}

// Actions lists every action of the policy, sorted.
func Actions() []Action {
	actions := make([]Action, 0, len(grants))
	for action := range grants {
		actions = append(actions, action)
	}
	slices.Sort(actions)
	return actions
}

// Permits reports whether the role may do the action at all, on whatever unit:
// what a menu shows. Allows decides.
func Permits(role Role, action Action) bool { return slices.Contains(grants[action].roles, role) }

// OnUnits reports whether the action is done on a unit, so that Allows needs
// the unit's path.
func OnUnits(action Action) bool { return grants[action].reach != own }

// Allows is the policy: nil, or a Denied error that says why the user may not
// do the action on the unit. home is the path of the user's scope, unit the
// path of the unit acted on; both are ignored for actions that are on no unit.
// A disabled user, an unknown action and a missing unit are denied.
func Allows(u User, home Path, action Action, unit Path) error {
	g, known := grants[action]
	switch {
	case !known || u.Disabled || !slices.Contains(g.roles, u.Role):
		return fault.New(fault.Denied, "account.role_may_not")
	case g.reach == own, unit.In(u.Scope):
		return nil
	case g.reach == around && unit.Unit() != "" && slices.Contains(home, unit.Unit()):
		return nil
	}
	return fault.New(fault.Denied, "account.foreign_unit")
}
