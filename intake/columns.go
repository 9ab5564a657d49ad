package intake

// The columns of the files that the program takes, with the headers that
// officers and open data give them. Spellings without marks, in other case or
// with other punctuation are understood without being listed. The field names
// are those that packages territory and sampling read.

// UnitColumns are those of a list of administrative units: the general form
// has level and parent; the form of the official commune list has the province
// in two columns of its own.
var UnitColumns = []Column{
	{Field: "code", Required: true, Names: []string{"Mã đơn vị", "Mã", "Mã số", "Mã đơn vị hành chính", "Mã ĐVHC", "Mã xã", "Mã phường xã", "Mã xã phường", "Mã thôn", "Mã tổ dân phố", "unit code", "commune code"}},
	{Field: "name", Required: true, Names: []string{"Tên đơn vị", "Tên", "Tên đơn vị hành chính", "Tên ĐVHC", "Tên xã", "Tên xã phường", "Tên phường xã", "Xã phường", "Tên thôn", "Thôn tổ dân phố", "Tên thôn tổ dân phố", "unit name", "commune"}},
	{Field: "kind", Names: []string{"Loại", "Loại đơn vị", "Loại hình", "Cấp loại", "type"}},
	{Field: "level", Names: []string{"Cấp", "Cấp đơn vị", "Cấp hành chính"}},
	{Field: "parent", Names: []string{"Mã đơn vị cấp trên", "Mã cấp trên", "Thuộc đơn vị", "Đơn vị cấp trên", "parent code"}},
	{Field: "province_code", Names: []string{"Mã tỉnh", "Mã tỉnh thành phố", "Mã tỉnh thành"}},
	{Field: "province", Names: []string{"Tỉnh", "Tên tỉnh", "Tỉnh thành phố", "Tỉnh thành", "province name"}},
	{Field: "area_km2", Names: []string{"Diện tích", "Diện tích tự nhiên", "Diện tích km2", "area"}},
	{Field: "population", Names: []string{"Dân số", "Quy mô dân số", "Số dân", "Số nhân khẩu", "Nhân khẩu", "pop"}},
	{Field: "from", Names: []string{"Hiệu lực từ", "Có hiệu lực từ", "Từ ngày", "valid from"}},
	{Field: "to", Names: []string{"Hiệu lực đến", "Hết hiệu lực", "Đến ngày", "valid to"}},
}

// SuccessionColumns are those of a list of old units with their successors.
var SuccessionColumns = []Column{
	{Field: "old_code", Required: true, Names: []string{"Mã đơn vị cũ", "Mã cũ", "Mã xã cũ", "old commune code"}},
	{Field: "old_name", Names: []string{"Tên đơn vị cũ", "Tên cũ", "Tên xã cũ", "Đơn vị cũ", "old commune"}},
	{Field: "old_district_code", Names: []string{"Mã huyện cũ", "Mã quận huyện cũ"}},
	{Field: "old_district", Names: []string{"Huyện cũ", "Tên huyện cũ", "Quận huyện cũ"}},
	{Field: "old_province_code", Names: []string{"Mã tỉnh cũ", "Mã tỉnh thành phố cũ"}},
	{Field: "old_province", Names: []string{"Tỉnh cũ", "Tên tỉnh cũ", "Tỉnh thành phố cũ"}},
	{Field: "new_code", Required: true, Names: []string{"Mã đơn vị mới", "Mã mới", "Mã xã mới", "new commune code"}},
	{Field: "divided", Names: []string{"Bị chia tách", "Chia tách", "Chia cắt", "old commune divided"}},
}

// PyramidColumns are those of a table of people by unit, sex and age group.
var PyramidColumns = []Column{
	{Field: "code", Required: true, Names: []string{"Mã đơn vị", "Mã", "Mã đơn vị hành chính", "Mã ĐVHC", "Mã xã", "Mã tỉnh", "Mã thôn", "unit", "unit code"}},
	{Field: "year", Required: true, Names: []string{"Năm", "Năm số liệu", "Thời điểm"}},
	{Field: "sex", Required: true, Names: []string{"Giới tính", "Giới"}},
	{Field: "ages", Required: true, Names: []string{"Nhóm tuổi", "Độ tuổi", "Tuổi", "Khoảng tuổi", "age", "age group"}},
	{Field: "people", Required: true, Names: []string{"Số người", "Dân số", "Số dân", "population", "persons"}},
}

// PersonColumns are those of a village's list of people. Numbers of identity
// papers are not among them: nothing here needs them.
var PersonColumns = []Column{
	{Field: "number", Names: []string{"STT", "TT", "Số TT", "Số thứ tự", "Thứ tự", "No"}},
	{Field: "name", Required: true, Begins: true, Names: []string{"Họ và tên", "Họ tên", "Họ, chữ đệm và tên", "Họ, chữ đệm, tên", "Họ, tên đệm và tên", "Họ đệm và tên",
		"Họ và tên công dân", "Họ và tên người dân", "Họ và tên nhân khẩu", "Họ và tên cử tri", "Họ và tên người được khảo sát", "Họ và tên khai sinh", "Họ tên đầy đủ", "Tên đầy đủ", "Tên công dân", "Tên người dân", "full name"}},
	{Field: "family_name", Names: []string{"Họ", "Họ đệm", "Họ và đệm", "Họ lót", "Họ và lót", "Họ và chữ đệm", "Họ, chữ đệm", "Họ và tên đệm", "Họ tên đệm"}},
	{Field: "given_name", InsteadOf: "name", Names: []string{"Tên", "Tên gọi"}},
	{Field: "birth_year", Required: true, Begins: true, Names: []string{"Năm sinh", "Sinh năm", "N.sinh", "NS", "year of birth"}},
	{Field: "birth_date", InsteadOf: "birth_year", Begins: true, Names: []string{"Ngày sinh", "Ngày tháng năm sinh", "Ngày, tháng, năm sinh", "Ngày/tháng/năm sinh", "Ngày tháng sinh",
		"Ngày, tháng sinh", "Ngày sinh, tháng sinh, năm sinh", "Ngày th.năm sinh", "Sinh ngày", "NTNS", "Ng.tháng năm sinh", "date of birth", "dob"}},
	{Field: "birth_male", InsteadOf: "birth_year", Names: birthOf("Nam")},
	{Field: "birth_female", InsteadOf: "birth_year", Names: birthOf("Nữ")},
	{Field: "sex", Names: []string{"Giới tính", "Giới", "G.tính", "GT", "Phái", "Nam/Nữ", "Nam, nữ", "Nam hay nữ", "gender"}},
	{Field: "sex_male", Names: []string{"Giới tính / Nam", "Nam"}},
	{Field: "sex_female", Names: []string{"Giới tính / Nữ", "Nữ"}},
	{Field: "household", Names: []string{"Số hộ", "Mã hộ", "Mã số hộ", "Hộ", "Hộ số", "Số TT hộ", "Số thứ tự hộ", "STT hộ", "TT hộ", "Số hộ khẩu", "Số sổ hộ khẩu", "Hộ khẩu số", "Số hộ gia đình", "Mã hộ gia đình", "Hộ gia đình"}},
	{Field: "household_head", Begins: true, Names: []string{"Chủ hộ", "Họ tên chủ hộ", "Họ và tên chủ hộ", "Tên chủ hộ", "Tên hộ", "Họ tên, chủ hộ"}},
	{Field: "address", Begins: true, Names: []string{"Địa chỉ", "Đ/c", "ĐC", "Nơi ở", "Nơi ở hiện nay", "Nơi ở hiện tại", "Chỗ ở", "Chỗ ở hiện nay", "Chỗ ở hiện tại", "Nơi cư trú", "Địa chỉ cư trú", "Địa chỉ thường trú", "Nơi thường trú", "Thường trú", "Hộ khẩu thường trú", "HKTT", "Số nhà", "Nơi ĐKHK thường trú"}},
	{Field: "phone", Names: []string{"Điện thoại", "Số điện thoại", "Số đ.thoại", "Điện thoại liên hệ", "Số điện thoại liên hệ", "SĐT", "ĐT", "Số ĐT", "ĐTDĐ", "Di động", "Số di động", "tel", "mobile"}},
	{Field: "village", Names: []string{"Thôn", "Thôn, tổ dân phố", "Thôn/Tổ dân phố", "Thôn/TDP", "Thôn/xóm", "Thôn, xóm", "Thôn/bản", "Thôn xóm bản", "Thôn/ấp", "Ấp/khu phố", "Tổ dân phố", "TDP", "Tổ DP", "Thôn bản", "Thôn, bản", "Bản", "Làng", "Ấp",
		"Khóm", "Khu phố", "Khu", "Khu dân cư", "KDC", "Xóm", "Buôn", "Buôn/làng", "Phum/sóc", "Tên thôn", "Tên tổ dân phố", "Tên xóm", "Tên ấp", "Tên bản", "Tên khu phố", "Tổ", "Mã thôn"}},
}

// birthOf are the headers of a column with the births of one sex.
func birthOf(sex string) []string {
	return []string{"Năm sinh / " + sex, "Năm sinh " + sex, sex + " sinh năm", sex + " năm sinh", "Sinh năm / " + sex, "Sinh năm " + sex,
		"Ngày sinh / " + sex, "Ngày tháng năm sinh / " + sex, "Ngày, tháng, năm sinh / " + sex, "Năm sinh, giới tính / " + sex}
}

// PersonColumnsBySex are PersonColumns for a list that has births in two
// columns headed by nothing but the sex, "Nam" and "Nữ".
var PersonColumnsBySex = func() []Column {
	var columns []Column
	for _, c := range PersonColumns {
		switch c.Field {
		case "sex_male", "sex_female":
			continue
		case "birth_male":
			c.Names = append(c.Names[:len(c.Names):len(c.Names)], "Nam", "Giới tính / Nam")
		case "birth_female":
			c.Names = append(c.Names[:len(c.Names):len(c.Names)], "Nữ", "Giới tính / Nữ")
		}
		columns = append(columns, c)
	}
	return columns
}()

// AddedColumns are the headers of columns that the program adds to a workbook in
// which it marks faults. A file that comes back with them is read without.
var AddedColumns = []string{"Cần sửa", "To correct"}

// TransactionColumns are those of a one-stop office's list of files. The number
// of an identity paper serves to know a person again and is not kept.
var TransactionColumns = []Column{
	{Field: "file_number", Required: true, Names: []string{"Mã hồ sơ", "Số hồ sơ", "Mã số hồ sơ", "Mã HS", "Số HS", "Số biên nhận", "Mã biên nhận", "Mã tra cứu", "file number"}},
	{Field: "procedure", Names: []string{"Thủ tục", "Tên thủ tục", "Thủ tục hành chính", "Tên thủ tục hành chính", "TTHC", "Tên TTHC", "procedure name"}},
	{Field: "field", Required: true, Names: []string{"Lĩnh vực", "Tên lĩnh vực", "Lĩnh vực TTHC", "Lĩnh vực thủ tục", "Nhóm thủ tục"}},
	{Field: "unit", Names: []string{"Mã đơn vị", "Đơn vị", "Đơn vị tiếp nhận", "Nơi tiếp nhận", "Cơ quan tiếp nhận", "Cơ quan", "Đơn vị giải quyết", "Cơ quan giải quyết", "Bộ phận một cửa"}},
	{Field: "received", InsteadOf: "returned", Begins: true, Names: []string{"Ngày tiếp nhận", "Ngày nhận", "Ngày nhận hồ sơ", "Ngày nộp", "Ngày nộp hồ sơ", "Thời gian tiếp nhận", "Thời điểm tiếp nhận"}},
	{Field: "returned", Required: true, Begins: true, Names: []string{"Ngày trả kết quả", "Ngày trả", "Ngày hoàn thành", "Ngày kết thúc", "Ngày có kết quả", "Ngày kết thúc xử lý", "Thời gian trả kết quả", "Ngày trả thực tế", "Ngày hoàn thành thực tế"}},
	{Field: "name", Required: true, Begins: true, Names: []string{"Người nộp", "Tên người nộp", "Họ tên người nộp", "Họ và tên người nộp", "Người nộp hồ sơ", "Họ và tên người nộp hồ sơ", "Chủ hồ sơ", "Tên chủ hồ sơ",
		"Họ tên chủ hồ sơ", "Họ và tên", "Họ tên", "Tổ chức, cá nhân", "Cá nhân, tổ chức", "Tên tổ chức, cá nhân", "Tổ chức, cá nhân nộp hồ sơ", "Người yêu cầu", "applicant"}},
	{Field: "birth_date", Names: []string{"Ngày sinh", "Ngày tháng năm sinh", "Ngày, tháng, năm sinh"}},
	{Field: "birth_year", Names: []string{"Năm sinh"}},
	{Field: "phone", Begins: true, Names: []string{"Điện thoại", "Số điện thoại", "SĐT", "ĐT", "Số ĐT", "Di động", "Điện thoại liên hệ", "Số điện thoại liên hệ"}},
	{Field: "id_number", Begins: true, Names: []string{"CCCD", "Số CCCD", "CMND", "Số CMND", "CMND/CCCD", "CCCD/CMND", "Số CMND/CCCD", "Số giấy tờ", "Số định danh", "Số định danh cá nhân", "Căn cước", "Số căn cước", "Số giấy tờ tuỳ thân"}},
	{Field: "address", Begins: true, Names: []string{"Địa chỉ", "Địa chỉ người nộp", "Địa chỉ chủ hồ sơ", "Nơi ở", "Nơi cư trú", "Thường trú"}},
}
