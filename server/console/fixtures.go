package console

import (
	"strings"
	"time"

	"hailong/account"
	"hailong/conduct"
	"hailong/fault"
	"hailong/server/page"
	"hailong/static"
	"hailong/survey"
	"hailong/territory"
)

// Fixtures are the pages of the console with canned data of a province that
// does not exist: a test executes them, and people look at them without a
// database.
func Fixtures() []page.Fixture {
	return append(append(roundFixtures(), fieldFixtures()...), []page.Fixture{
		signInTemplate.Fixed("console/sign-in", signInView{frame: fixedFrame("console.sign_in.title", ""), Action: Root + "/sign-in", Other: Root + "/sign-in?lang=en"}),
		signInTemplate.Fixed("console/sign-in, wrong password", fixedWrongSignIn()),
		signInTemplate.Fixed("console/sign-in, after the session ended", signInView{
			frame: fixedFrame("console.sign_in.title", ""), Action: Root + "/sign-in", Other: Root + "/sign-in?lang=en",
			Ended: true, Resume: Root + "/units/90004/size", Kept: []keptField{{"source", "Niên giám 2025"}},
		}),
		resumeTemplate.Fixed("console/resume", resumeView{fixedFrame("console.resume.title", account.Analyst), Root + "/units/90004/size", []keptField{{"source", "Niên giám 2025"}}}),
		linkTemplate.Fixed("console/link", linkView{frame: fixedFrame("console.link.title", ""), Secret: "…"}),
		refusalPage.Fixed("console/refusal", refusal{fixedFrame("http.title.denied", account.Officer), []fault.Problem{fault.P("account.foreign_unit")}}),
		homeTemplate.Fixed("console/home, analyst", homeView{
			frame: fixedFrame("console.home.title", account.Analyst), Unit: "Tỉnh Sông Hiền",
			Communes: 12, Villages: 60, Doubtful: 3, MaySettle: true, MayImport: true, MayForms: true, Rounds: []roundHead{fixedHead}, MayLists: true,
		}),
		homeTemplate.Fixed("console/home, first day", homeView{
			frame: fixedFrame("console.home.title", account.Admin), MayImport: true, MaySettle: true, MayForms: true, NoForms: true, NoPass: true,
		}),
		meTemplate.Fixed("console/me", meView{frame: fixedFrame("console.me.title", account.Officer), Unit: "Xã Bến Tre Xanh", HasPassword: true, Language: static.Vietnamese, Languages: static.Langs, MinPassword: account.MinPassword}),
		meTemplate.Fixed("console/me, with errors", fixedPasswordErrors()),
		usersTemplate.Fixed("console/users", fixedUsers()),
		usersTemplate.Fixed("console/users, none found", usersView{frame: fixedFrame("console.users.title", account.Admin), Search: "xyz", Roles: account.Roles}),
		userTemplate.Fixed("console/user", fixedUser()),
		userTemplate.Fixed("console/user, with a link", fixedUserLink()),
		userTemplate.Fixed("console/user, new, with errors", fixedNewUser()),
		recordsTemplate.Fixed("console/records", fixedRecords()),
		recordsTemplate.Fixed("console/records, empty", recordsView{frame: fixedFrame("console.records.title", account.Watcher), Actions: changes()}),
		unitsTemplate.Fixed("console/units", fixedUnits()),
		unitsTemplate.Fixed("console/units, empty", unitsView{frame: fixedFrame("console.units.title", account.Admin), Levels: levels, Sizes: sizes, MayImport: true}),
		unitTemplate.Fixed("console/unit, doubtful", fixedUnit()),
		unitImportTemplate.Fixed("console/import-units", unitImportView{frame: fixedFrame("console.unit_import.title", account.Analyst)}),
		unitImportTemplate.Fixed("console/import-units, preview", fixedUnitPreview()),
		unitImportTemplate.Fixed("console/import-units, with errors", fixedUnitErrors()),
		questionnairesTemplate.Fixed("console/questionnaires", fixedQuestionnaires()),
		questionnairesTemplate.Fixed("console/questionnaires, empty", questionnairesView{frame: fixedFrame("console.questionnaires.title", account.Watcher)}),
		questionnaireTemplate.Fixed("console/questionnaire", publishedView{fixedAbout("console.questionnaire.title", fixedForm.Title["vi"]), newQuestionnaireView(fixedForm, "vi")}),
		questionnaireImportTemplate.Fixed("console/import-questionnaire, preview", questionnaireImportView{
			fixedFrame("console.questionnaire_import.title", account.Analyst), filePreview{File: "sipas-2026.xlsx", Upload: "sha256:…"},
			newQuestionnaireView(fixedForm, "vi"),
		}),
		questionnaireImportTemplate.Fixed("console/import-questionnaire, with errors", fixedFormErrors()),
	}...)
}

var fixedTime = time.Date(2026, 9, 21, 7, 23, 45, 0, time.UTC)

// fixedFrame is a frame as the role sees it; "" is a visitor.
func fixedFrame(title string, role account.Role) frame {
	f := frame{Title: title, CSRF: "…", Here: Root}
	if role == "" {
		return f
	}
	f.Reader = reader{"lan.nguyen", "Nguyễn Thị Lan", role}
	area := strings.TrimSuffix(strings.SplitN(title, ".", 3)[1], "_import") // "units", or "unit" for its pages
	for _, m := range menu {
		if account.Permits(role, m.action) {
			section := strings.TrimPrefix(m.code, "console.menu.")
			f.Menu = append(f.Menu, menuItem{m.code, Root + m.path, strings.TrimSuffix(section, "s") == strings.TrimSuffix(area, "s")})
		}
	}
	return f
}

func fixedAbout(title, about string) frame {
	f := fixedFrame(title, account.Admin)
	f.About = about
	return f
}

func fixedWrongSignIn() signInView {
	s := signInView{frame: fixedFrame("console.sign_in.title", ""), UserName: "lan.nguyen", Action: Root + "/sign-in", Other: Root + "/sign-in?lang=en"}
	s.Errors = fieldErrors{{"name", fault.P("console.sign_in.wrong")}}
	return s
}

func fixedPasswordErrors() meView {
	m := meView{frame: fixedFrame("console.me.title", account.Officer), Unit: "Xã Bến Tre Xanh", HasPassword: true, Language: static.Vietnamese, Languages: static.Langs, MinPassword: account.MinPassword}
	m.Errors = fieldErrors{{"old", fault.P("console.me.old_wrong")}, {"again", fault.P("console.me.again_differs")}}
	return m
}

var fixedTree = func() *territory.Tree {
	tree, err := territory.NewTree([]territory.Unit{
		{Code: "90", Name: "Sông Hiền", Kind: "Tỉnh", Level: territory.Province},
		{Code: "90001", Name: "Bến Tre Xanh", Kind: "Xã", Level: territory.Commune, Parent: "90", Population: 8421, AreaKm2: 31.2, Size: territory.SizePlausible},
		{Code: "90004", Name: "Cù Lao Mây", Kind: "Đặc khu", Level: territory.Commune, Parent: "90", Population: 412, AreaKm2: 9.75, Size: territory.SizeDoubtful},
		{Code: "90007", Name: "Đồng Sen", Kind: "Phường", Level: territory.Commune, Parent: "90", Population: 23118, AreaKm2: 6.4, Size: territory.SizeConfirmed, SizeSource: "Niên giám thống kê 2025, trang 31"},
		{Code: "90010", Name: "Núi Voi", Kind: "Xã", Level: territory.Commune, Parent: "90", AreaKm2: 88, Size: territory.SizeMissing},
		{Code: "90001-01", Name: "Thôn Thượng", Level: territory.Village, Parent: "90001", Population: 610},
	})
	if err != nil {
		panic(err) // the units stand above
	}
	return tree
}()

func fixedUsers() usersView {
	w := view{path: Root + "/users"}
	var rows []userRow
	for _, u := range []account.User{
		{Name: "lan.nguyen", FullName: "Nguyễn Thị Lan", Role: account.Admin, Scope: account.Everywhere, PasswordHash: "…", LastSignIn: fixedTime},
		{Name: "minh", FullName: "Trần Quang Minh", Role: account.Analyst, Scope: "90", PasswordHash: "…", LastSignIn: fixedTime.AddDate(0, 0, -3)},
		{Name: "hoa.bentre", FullName: "Lê Thị Hoà", Role: account.Officer, Scope: "90001"},
		{Name: "mattran", FullName: "Phạm Văn Sơn (Mặt trận Tổ quốc)", Role: account.Watcher, Scope: "90", PasswordHash: "…", Disabled: true},
	} {
		rows = append(rows, newUserRow(u, fixedTree))
	}
	view := usersView{frame: fixedFrame("console.users.title", account.Admin), Roles: account.Roles}
	view.Headings = arrange(w, rows, userColumns)
	view.Rows, view.Pager = paginate(w, rows)
	return view
}

func fixedUser() userView {
	known := account.User{Name: "hoa.bentre", FullName: "Lê Thị Hoà", Role: account.Officer, Scope: "90001"}
	view := userView{
		frame: fixedAbout("console.user.title", known.FullName), Roles: account.Roles, Choices: fixedTree.Descendants(""),
		Known: newUserRow(known, fixedTree), LinkMins: int(account.LinkLife.Minutes()),
	}
	view.fill(known)
	return view
}

func fixedUserLink() userView {
	view := fixedUser()
	view.Link = "https://khaosat.songhien.example/console/link/0mGk3W2VbT8XqLr5Yd1cZs9uAhEoNfPi7jQwRtKxBvC"
	return view
}

func fixedNewUser() userView {
	view := fixedUser()
	view.frame = fixedFrame("console.user.new", account.Admin)
	view.New, view.Name, view.Scope = true, "Hoà", "Bến"
	view.Errors = fieldErrors{{"name", fault.P("account.name")}, {"scope", fault.P("console.user.scope_unknown", "typed", "Bến")}}
	return view
}

func fixedRecords() recordsView {
	by := account.User{Name: "lan.nguyen", Role: account.Admin}
	records := []account.Record{
		account.NewRecord(fixedTime, by, account.ChangeUser, "hoa.bentre", "role", "watcher → officer").On(account.Path{"90001", "90"}),
		account.NewRecord(fixedTime.Add(-time.Hour), by, account.SettleSize, "90007", "how", "corrected", "population", "2311 → 23118", "source", "Niên giám thống kê 2025, trang 31").On(account.Path{"90007", "90"}),
		account.NewRecord(fixedTime.Add(-2*time.Hour), account.User{}, account.AddUser, "lan.nguyen", "role", "admin").On(account.Path{account.Everywhere}),
	}
	view := recordsView{frame: fixedFrame("console.records.title", account.Admin), Actions: changes(), Older: Root + "/records?before=1"}
	for i, r := range records {
		if i != 1 {
			r.State = account.Done
		}
		view.Rows = append(view.Rows, newRecordRow(r, fixedTree))
	}
	return view
}

func fixedUnits() unitsView {
	w := view{path: Root + "/units"}
	view := unitsView{
		frame: fixedFrame("console.units.title", account.Analyst), Scope: "Tỉnh Sông Hiền", Levels: levels, Sizes: sizes,
		Stored: fixedTree.Len(), Unsettled: 2, UnsettledHref: "?size=unsettled", MayImport: true,
	}
	var rows []unitRow
	for _, u := range fixedTree.Descendants("") {
		rows = append(rows, newUnitRow(u, fixedTree))
	}
	rows[3].Reasons = []territory.Reason{territory.Tiny}
	view.Headings = arrange(w, rows, unitColumns)
	view.Rows, view.Pager = paginate(w, rows)
	return view
}

func fixedDoubt() []fault.Problem {
	return []fault.Problem{fault.P("units.size_tiny", "code", "90004", "name", "Đặc khu Cù Lao Mây", "parent", "Tỉnh Sông Hiền", "population", 412, "median", 9100.0).Warn()}
}

func fixedUnit() unitView {
	u, _ := fixedTree.Unit("90004")
	view := unitView{frame: fixedAbout("console.unit.title", u.FullName()), Unit: newUnitRow(u, fixedTree), Doubts: fixedDoubt(), Above: fixedTree.Ancestors(u.Code), Below: 4, MaySettle: true, Population: "4.12o"}
	view.Errors = fieldErrors{{"population", fault.P("console.unit.not_a_number", "typed", "4.12o")}, {"source", fault.P("units.source_needed", "name", u.FullName())}}
	return view
}

func fixedUnitPreview() unitImportView {
	units := fixedTree.Children("90")
	return unitImportView{
		frame: fixedFrame("console.unit_import.title", account.Analyst),
		filePreview: filePreview{
			File: "don-vi-2026.csv", Upload: "sha256:…",
			Warnings: []fault.Problem{fault.P("file.hidden_rows", "rows", 2).At(fault.Place{File: "don-vi-2026.csv", Row: 8}).Warn()},
		},
		Plan:   conduct.UnitPlan{Rows: 4, Units: units, New: 3, Changed: 1, Doubts: make([]territory.Doubt, 1)},
		Sample: units, Doubts: fixedDoubt(),
	}
}

func fixedUnitErrors() unitImportView {
	view := unitImportView{frame: fixedFrame("console.unit_import.title", account.Analyst), filePreview: filePreview{File: "don-vi-2026.xlsx"}, Plan: conduct.UnitPlan{Sheet: "Sheet1", Rows: 4}}
	view.sortProblems([]fault.Problem{
		fault.P("units.code_missing").At(fault.Place{File: view.File, Sheet: "Sheet1", Row: 7, Column: "Mã xã"}),
		fault.P("units.not_a_population", "value", "ba nghìn").At(fault.Place{File: view.File, Sheet: "Sheet1", Row: 9, Column: "Dân số"}),
	})
	view.Errors = fieldErrors{{"problems", fault.P("console.import.stopped", "problems", 2)}}
	return view
}

var fixedForm = survey.Questionnaire{
	ID: "sipas", Version: "2026.1", Title: survey.Labels{"vi": "Đo lường sự hài lòng của người dân", "en": "Citizen satisfaction"},
	Languages: []string{"vi", "en"},
	Groups: []survey.Group{
		{ID: "service", Label: survey.Labels{"vi": "Cung ứng dịch vụ", "en": "Services"}},
		{ID: "access", Parent: "service", Label: survey.Labels{"vi": "Tiếp cận", "en": "Access"}, Relevant: "${used} = 'yes'"},
	},
	Questions: []survey.Question{
		{Code: "used", Kind: survey.KindSingle, Required: true, Label: survey.Labels{"vi": "Năm qua ông/bà có làm thủ tục ở xã không?", "en": "Did you use the commune's counter in the last year?"},
			Choices: []survey.Choice{{Value: "yes", Label: survey.Labels{"vi": "Có", "en": "Yes"}}, {Value: "no", Label: survey.Labels{"vi": "Không", "en": "No"}}}},
		{Code: "a1", Kind: survey.KindRating, Group: "access", Label: survey.Labels{"vi": "Dễ tìm thông tin về thủ tục", "en": "Information on procedures is easy to find"},
			Choices: []survey.Choice{{Value: "1", Label: survey.Labels{"vi": "Rất không hài lòng"}}, {Value: "5", Label: survey.Labels{"vi": "Rất hài lòng"}}}},
	},
}

func fixedQuestionnaires() questionnairesView {
	w := view{path: Root + "/questionnaires"}
	rows := []questionnaireRow{newQuestionnaireRow(fixedForm, "vi")}
	view := questionnairesView{frame: fixedFrame("console.questionnaires.title", account.Analyst), MayImport: true}
	view.Headings = arrange(w, rows, questionnaireColumns)
	view.Rows, view.Pager = paginate(w, rows)
	return view
}

func fixedFormErrors() questionnaireImportView {
	view := questionnaireImportView{frame: fixedFrame("console.questionnaire_import.title", account.Analyst), filePreview: filePreview{File: "bang-hoi.xlsx"}}
	view.sortProblems([]fault.Problem{fault.P("internal").At(fault.Place{Sheet: "survey", Row: 12, Column: "type"})})
	view.Errors = fieldErrors{{"problems", fault.P("console.import.stopped", "problems", 1)}}
	return view
}
