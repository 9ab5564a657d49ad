package citizen_test

import (
	"fmt"

	"hailong/survey"
)

// items are 33 satisfaction items in nine groups and two parts, worded as long
// as real ones are, so that the size of the page is a real size.
var items = []struct {
	part, group string
	texts       []string
}{
	{"Chính sách", "Trách nhiệm giải trình", []string{
		"Ông/bà dễ tìm được thông tin về chính sách khi cần", "Thông tin về chính sách đầy đủ và dễ hiểu"}},
	{"Chính sách", "Sự tham gia của người dân", []string{
		"Ông/bà có nhiều cách để góp ý trước khi chính sách được ban hành", "Ông/bà có nhiều cách để phản hồi sau khi chính sách được thực hiện"}},
	{"Chính sách", "Chất lượng chính sách", []string{
		"Chính sách phát triển kinh tế, tạo việc làm", "Chính sách khám bệnh, chữa bệnh", "Chính sách giáo dục phổ thông", "Chính sách giữ gìn an ninh, trật tự",
		"Chính sách làm và sửa đường sá", "Chính sách cung cấp điện sinh hoạt", "Chính sách cung cấp nước sạch", "Chính sách an sinh, trợ giúp xã hội"}},
	{"Chính sách", "Tác động của chính sách", []string{
		"Nhờ chính sách, kinh tế gia đình ông/bà tốt lên", "Nhờ chính sách, chất lượng cuộc sống của ông/bà tốt lên"}},
	{"Dịch vụ", "Tiếp cận dịch vụ", []string{
		"Ông/bà dễ tìm được thông tin về thủ tục", "Biển chỉ dẫn ở nơi làm thủ tục rõ ràng", "Nơi ngồi chờ sạch sẽ, đủ chỗ", "Máy móc, thiết bị phục vụ người dân hoạt động tốt"}},
	{"Dịch vụ", "Thủ tục hành chính", []string{
		"Thủ tục được niêm yết công khai, đầy đủ", "Thành phần hồ sơ phải nộp đúng quy định", "Phí, lệ phí phải nộp đúng quy định", "Thời hạn giải quyết đúng quy định"}},
	{"Dịch vụ", "Cán bộ, công chức", []string{
		"Cán bộ cư xử lịch sự, tôn trọng người dân", "Cán bộ trả lời đầy đủ các câu hỏi của người dân", "Cán bộ hướng dẫn rõ ràng, một lần là đủ",
		"Cán bộ làm đúng quy định", "Cán bộ tận tình, trách nhiệm với công việc"}},
	{"Dịch vụ", "Kết quả dịch vụ", []string{
		"Kết quả được trả đúng hẹn", "Kết quả ghi đầy đủ, chính xác", "Kết quả giải quyết công bằng với mọi người"}},
	{"Dịch vụ", "Tiếp nhận, xử lý phản ánh, kiến nghị", []string{
		"Ông/bà dễ gửi phản ánh, kiến nghị", "Phản ánh, kiến nghị được xử lý đúng quy định", "Kết quả xử lý được báo lại kịp thời"}},
}

// testQuestionnaire has the 33 items, and one question of every other kind.
func testQuestionnaire() survey.Questionnaire {
	both := func(vi, en string) survey.Labels { return survey.Labels{"vi": vi, "en": en} }
	scale := []survey.Choice{
		{Value: "1", Label: both("Rất không hài lòng", "Very dissatisfied")}, {Value: "2", Label: both("Không hài lòng", "Dissatisfied")},
		{Value: "3", Label: both("Bình thường", "Neither")}, {Value: "4", Label: both("Hài lòng", "Satisfied")}, {Value: "5", Label: both("Rất hài lòng", "Very satisfied")},
	}
	q := survey.Questionnaire{
		ID: "test", Version: "1", Languages: []string{"vi", "en"}, Title: both("Khảo sát sự hài lòng", "Satisfaction survey"),
		Groups: []survey.Group{{ID: "about", Label: both("Về ông/bà", "About you")}},
		Questions: []survey.Question{
			{Code: "visited", Kind: survey.KindSingle, Group: "about", Required: true, Label: both("Ông/bà có làm thủ tục trong năm qua không?", "Had an errand?"),
				Choices: []survey.Choice{{Value: "yes", Label: both("Có", "Yes")}, {Value: "no", Label: both("Không", "No")}}},
			{Code: "age", Kind: survey.KindNumber, Group: "about", Label: both("Tuổi", "Age"), Constraint: ". >= 18 and . <= 120",
				ConstraintMessage: both("Cuộc khảo sát dành cho người từ 18 tuổi.", "This survey is for people of 18 and over.")},
			{Code: "channels", Kind: survey.KindMultiple, Group: "about", Label: both("Ông/bà biết tin qua đâu?", "Sources?"), Choices: []survey.Choice{
				{Value: "c1", Label: both("Loa", "Radio")}, {Value: "c2", Label: both("Zalo", "Zalo")}, {Value: "c3", Label: both("Bảng tin", "Board")}}},
		},
	}
	n := 0
	for i, group := range items {
		part := survey.GroupID("part_" + map[string]string{"Chính sách": "a", "Dịch vụ": "b"}[group.part])
		if i == 0 || items[i-1].part != group.part {
			q.Groups = append(q.Groups, survey.Group{ID: part, Label: both(group.part, group.part)})
		}
		id := survey.GroupID(fmt.Sprintf("g%d", i+1))
		q.Groups = append(q.Groups, survey.Group{ID: id, Parent: part, Label: both(group.group, group.group)})
		for _, text := range group.texts {
			n++
			q.Questions = append(q.Questions, survey.Question{
				Code: survey.QuestionCode(fmt.Sprintf("q%02d", n)), Kind: survey.KindRating, Group: id, Label: both(text, "Item "+fmt.Sprint(n)), Choices: scale,
			})
		}
	}
	q.Questions = append(q.Questions, survey.Question{Code: "wish", Kind: survey.KindText, Label: both("Ông/bà mong cải thiện điều gì nhất?", "Wishes?")})
	return q
}
