package citizen

import (
	"hailong/fault"
	"hailong/server/page"
	"hailong/static"
	"hailong/survey"
	"hailong/territory"
)

// Fixtures are the respondent's pages with canned data.
func Fixtures() []page.Fixture {
	form, problems := survey.Compile(fixtureQuestionnaire())
	if form == nil {
		panic(fault.Of(fault.Invalid, problems)) // the questionnaire is a constant
	}
	contact := "Sở Nội vụ tỉnh Minh Hải, điện thoại 0200 000 000"
	mistyped := fault.P("code.mistyped")
	kept := []Kept{{"Cán bộ cư xử lịch sự", "Hài lòng"}, {"Ông/bà mong muốn cải thiện điều gì nhất?", "Bớt phải đi lại <nhiều lần>."}}
	return []page.Fixture{
		formPage.FixedBy("citizen/form", func(lang static.Lang) FormPage { return fixtureForm(form, string(lang), given{}, nil) }),
		formPage.FixedBy("citizen/form, with problems", func(lang static.Lang) FormPage {
			return fixtureForm(form, string(lang), given{
				values: map[survey.QuestionCode][]string{"polite": {"4"}, "age": {"hai mươi"}, "wish": {"Bớt phải đi lại."}},
			}, []fault.Problem{
				fault.P("answer.not_a_whole_number", "question", "age", "value", "hai mươi"), fault.P("answer.required", "question", "on_time"),
			})
		}),
		enterPage.Fixed("citizen/enter", EnterPage{}),
		enterPage.Fixed("citizen/enter, mistyped", EnterPage{Typed: "K7M-4TQ-9ZY", Problem: &mistyped}),
		stopPage.Fixed("citizen/stop, answered", StopPage{
			Title: "citizen.title.ballot.answered", Problem: fault.P("ballot.answered"), Contact: contact,
		}),
		stopPage.Fixed("citizen/stop, closed", StopPage{
			Title: "citizen.title.round.closed", Problem: fault.P("round.closed"), Contact: contact, Simulated: true, Kept: kept,
		}),
		againPage.Fixed("citizen/again", AgainPage{
			Title: "citizen.title.citizen.away", Problem: fault.P("citizen.away"), Fields: []survey.Field{{Name: "polite", Value: "4"}},
		}),
		receiptPage.Fixed("citizen/receipt", ReceiptPage{Code: "k3vh-ab2c-d4ef-gh5j", Title: "Khảo sát sự hài lòng năm 2026", Contact: contact, Simulated: true, Drawn: "minh-hai-2026"}),
		receiptPage.Fixed("citizen/receipt, store away", ReceiptPage{Code: "k3vh-ab2c-d4ef-gh5j"}),
	}
}

func fixtureForm(f *survey.Form, lang string, g given, problems []fault.Problem) FormPage {
	summary := newViewer(f, lang, g).summary(problems)
	g.problems = make(map[survey.QuestionCode]string)
	for _, p := range summary {
		g.problems[p.Code] = p.Text
	}
	round := survey.Round{
		Title: f.Questionnaire().Title, Asker: "Sở Nội vụ tỉnh Minh Hải", Contact: "Sở Nội vụ, điện thoại 0200 000 000", Simulated: true,
		ID: "minh-hai-2026", Places: map[territory.Code]survey.Placing{"98001-01": {}},
	}
	return FormPage{
		head: newHead(round, f, lang), Place: "Bộ phận một cửa, phường An Hoà", Ballot: "AQ.1.x", Problems: summary,
		Languages: languages(f, lang), Nodes: newViewer(f, lang, g).nodes(), Logic: logic(f),
	}
}

// fixtureQuestionnaire has a question of every kind.
func fixtureQuestionnaire() survey.Questionnaire {
	both := func(vi, en string) survey.Labels { return survey.Labels{"vi": vi, "en": en} }
	scale := []survey.Choice{
		{Value: "1", Label: both("Rất không hài lòng", "Very dissatisfied")}, {Value: "2", Label: both("Không hài lòng", "Dissatisfied")},
		{Value: "3", Label: both("Bình thường", "Neither")}, {Value: "4", Label: both("Hài lòng", "Satisfied")}, {Value: "5", Label: both("Rất hài lòng", "Very satisfied")},
	}
	yesNo := []survey.Choice{{Value: "yes", Label: both("Có", "Yes")}, {Value: "no", Label: both("Không", "No")}}
	return survey.Questionnaire{
		ID: "pages", Version: "1", Title: both("Khảo sát sự hài lòng năm 2026", "Satisfaction survey 2026"), Languages: []string{"vi", "en"},
		Groups: []survey.Group{
			{ID: "about", Label: both("Về ông/bà", "About you")}, {ID: "service", Label: both("Cung cấp dịch vụ", "Services")},
			{ID: "staff", Parent: "service", Label: both("Cán bộ", "Staff")}, {ID: "results", Parent: "service", Label: both("Kết quả", "Results")},
		},
		Questions: []survey.Question{
			{Code: "intro", Kind: survey.KindNote, Group: "about", Label: both("Vài câu về ông/bà, để biết nhóm nào được phục vụ ra sao.", "A few questions about you.")},
			{Code: "age", Kind: survey.KindNumber, Group: "about", Label: both("Năm nay ông/bà bao nhiêu tuổi?", "How old are you?"), Hint: both("Ghi bằng số.", "In digits."), Constraint: ". >= 18"},
			{Code: "visited", Kind: survey.KindSingle, Group: "about", Required: true, Choices: yesNo,
				Label: both("Trong 12 tháng qua, ông/bà có làm thủ tục ở xã, phường không?", "Did you have an errand at the commune in the last 12 months?")},
			{Code: "polite", Kind: survey.KindRating, Group: "staff", Choices: scale, Label: both("Cán bộ cư xử lịch sự", "The staff are polite")},
			{Code: "clear", Kind: survey.KindRating, Group: "staff", Choices: scale, Label: both("Cán bộ hướng dẫn rõ ràng, đầy đủ ngay từ đầu", "The staff explain clearly and completely at once")},
			{Code: "on_time", Kind: survey.KindRating, Group: "results", Required: true, Relevant: "${visited} = 'yes'", Choices: scale,
				Label: both("Kết quả được trả đúng hẹn", "Results come on time")},
			{Code: "channels", Kind: survey.KindMultiple, Group: "results", Label: both("Ông/bà biết thông tin qua đâu?", "Where do you get information?"), Choices: []survey.Choice{
				{Value: "radio", Label: both("Loa truyền thanh", "Loudspeakers")}, {Value: "phone", Label: both("Điện thoại, Zalo", "Telephone, Zalo")}, {Value: "board", Label: both("Bảng tin ở thôn", "Village notice board")},
			}},
			{Code: "wish", Kind: survey.KindText, Group: "results", Label: both("Ông/bà mong muốn cải thiện điều gì nhất?", "What should improve first?")},
		},
	}
}
