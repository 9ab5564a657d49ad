package account_test

import (
	"strings"
	"testing"

	"hailong/account"
	"hailong/fault"
)

// letters names the roles in the table below.
var letters = map[string]account.Role{
	"a": account.Admin, "n": account.Analyst, "o": account.Officer, "w": account.Watcher,
}

// The policy written out a second time, for a user whose scope is the commune
// 06994: which roles may act on their own commune, on its province, and on
// another commune. "-" is nobody; one's own account and what belongs to no unit
// do not depend on the unit.
var policy = []struct {
	action                 account.Action
	own, province, foreign string
}{
	{account.SignIn, "anow", "anow", "anow"},
	{account.SignOut, "anow", "anow", "anow"},
	{account.ChangeSelf, "anow", "anow", "anow"},
	{account.ReadHome, "anow", "anow", "anow"},
	{account.ReadUsers, "a", "-", "-"},
	{account.AddUser, "a", "-", "-"},
	{account.ChangeUser, "a", "-", "-"},
	{account.LinkUser, "a", "-", "-"},
	{account.ReadRecords, "aw", "-", "-"},
	{account.ReadUnits, "anow", "-", "-"},
	{account.ImportUnits, "an", "-", "-"},
	{account.SettleSize, "an", "-", "-"},
	{account.ReadQuestionnaires, "anow", "anow", "anow"},
	{account.ImportQuestionnaire, "an", "an", "an"},
	{account.ReadRound, "anow", "anow", "-"},
	{account.CreateRound, "an", "-", "-"},
	{account.OpenRound, "an", "-", "-"},
	{account.CloseRound, "an", "-", "-"},
	{account.ReadDraws, "anow", "anow", "-"},
	{account.CommitDraw, "an", "-", "-"},
	{account.Draw, "an", "-", "-"},
	{account.ReadList, "ano", "-", "-"},
	{account.ImportList, "ano", "-", "-"},
	{account.JudgeDouble, "ano", "-", "-"},
	{account.UndoList, "ano", "-", "-"},
	{account.CheckLists, "an", "-", "-"},
	{account.GiveCensus, "an", "-", "-"},
	{account.HandOutLine, "ano", "-", "-"},
	{account.ReturnVisit, "ano", "-", "-"},
	{account.FollowUp, "ano", "-", "-"},
	{account.ReplacePerson, "ano", "-", "-"},
	{account.ReadRecheck, "anw", "-", "-"},
	{account.CommitRecheck, "an", "-", "-"},
	{account.HandOutRecheck, "ano", "-", "-"},
	{account.RecordRecheck, "an", "-", "-"},
	{account.ProduceSlips, "ano", "-", "-"},
	{account.ReadCounters, "ano", "-", "-"},
	{account.AddCounter, "an", "-", "-"},
	{account.ReadRates, "anw", "-", "-"},
	{account.CountAnswers, "anow", "-", "-"},
	{account.ExportAnswers, "an", "-", "-"},
	{account.WithdrawAnswer, "an", "-", "-"},
	{account.ReadQuality, "an", "-", "-"},
	{account.ReadEditions, "anow", "anow", "-"},
	{account.ComputeEdition, "an", "-", "-"},
	{account.PublishEdition, "an", "-", "-"},
}

func TestPolicy(t *testing.T) {
	if len(policy) != len(account.Actions()) {
		t.Errorf("%d actions in the table, %d in the policy", len(policy), len(account.Actions()))
	}
	home := account.Path{"06994", "22"}
	for _, row := range policy {
		for _, c := range []struct {
			name, allowed string
			unit          account.Path
		}{
			{"own unit", row.own, home},
			{"a village of it", row.own, account.Path{"06994-03", "06994", "22"}},
			{"its province", row.province, account.Path{"22"}},
			{"foreign unit", row.foreign, account.Path{"06997", "22"}},
			{"another province", row.foreign, account.Path{"31"}},
		} {
			for letter, role := range letters {
				u := account.User{Role: role, Scope: "06994"}
				err := account.Allows(u, home, row.action, c.unit)
				if want := strings.Contains(c.allowed, letter); (err == nil) != want || err != nil && !fault.Is(err, fault.Denied) {
					t.Errorf("%s by %s on %s: %v", row.action, role, c.name, err)
				}
			}
		}
	}
}

func TestDeniedByDefault(t *testing.T) {
	everywhere := account.Path{account.Everywhere}
	root := account.User{Role: account.Admin, Scope: account.Everywhere}
	if err := account.Allows(root, everywhere, account.ReadUsers, account.Path{"06994", "22"}); err != nil {
		t.Errorf("the administrator of everything: %v", err)
	}
	for name, err := range map[string]error{
		"unknown action": account.Allows(root, everywhere, "round.burn", account.Path{"22"}),
		"no unit":        account.Allows(root, everywhere, account.ReadUsers, nil),
		"unknown role":   account.Allows(account.User{Role: "king", Scope: account.Everywhere}, everywhere, account.ReadHome, nil),
		"no scope":       account.Allows(account.User{Role: account.Admin}, nil, account.ReadUsers, account.Path{"22"}),
		"disabled":       account.Allows(account.User{Role: account.Admin, Scope: account.Everywhere, Disabled: true}, everywhere, account.ReadHome, nil),
		"everything, by a province": account.Allows(account.User{Role: account.Admin, Scope: "22"}, account.Path{"22"},
			account.AddUser, everywhere),
	} {
		if !fault.Is(err, fault.Denied) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
