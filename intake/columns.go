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

// PersonColumns are those of a village's list of people. Numbers of identity
// papers are not among them: nothing here needs them.
var PersonColumns = []Column{
	{Field: "number", Names: []string{"STT", "TT", "Số TT", "Số thứ tự", "No"}},
	{Field: "name", Required: true, Names: []string{"Họ và tên", "Họ tên", "Họ, chữ đệm và tên", "Họ, chữ đệm, tên", "Họ và tên công dân", "Họ và tên người dân", "Họ và tên người được khảo sát", "Họ tên đầy đủ", "full name"}},
	{Field: "family_name", Names: []string{"Họ", "Họ đệm", "Họ và đệm", "Họ lót", "Họ và chữ đệm", "Họ và tên đệm"}},
	{Field: "given_name", InsteadOf: "name", Names: []string{"Tên", "Tên gọi"}},
	{Field: "birth_year", Required: true, Names: []string{"Năm sinh", "Sinh năm", "year of birth"}},
	{Field: "birth_date", InsteadOf: "birth_year", Names: []string{"Ngày sinh", "Ngày tháng năm sinh", "Ngày, tháng, năm sinh", "Ngày/tháng/năm sinh", "Sinh ngày", "date of birth", "dob"}},
	{Field: "birth_male", InsteadOf: "birth_year", Names: []string{"Năm sinh / Nam", "Năm sinh nam", "Ngày sinh / Nam", "Ngày tháng năm sinh / Nam"}},
	{Field: "birth_female", InsteadOf: "birth_year", Names: []string{"Năm sinh / Nữ", "Năm sinh nữ", "Ngày sinh / Nữ", "Ngày tháng năm sinh / Nữ"}},
	{Field: "sex", Names: []string{"Giới tính", "Giới", "Nam/Nữ", "gender"}},
	{Field: "sex_male", Names: []string{"Giới tính / Nam", "Nam"}},
	{Field: "sex_female", Names: []string{"Giới tính / Nữ", "Nữ"}},
	{Field: "household", Names: []string{"Số hộ", "Mã hộ", "Hộ", "Hộ số", "Số thứ tự hộ", "STT hộ", "Hộ gia đình"}},
	{Field: "household_head", Names: []string{"Chủ hộ", "Họ tên chủ hộ", "Họ và tên chủ hộ", "Tên chủ hộ"}},
	{Field: "address", Names: []string{"Địa chỉ", "Nơi ở", "Nơi ở hiện nay", "Nơi ở hiện tại", "Chỗ ở hiện nay", "Nơi cư trú", "Địa chỉ cư trú", "Địa chỉ thường trú", "Thường trú"}},
	{Field: "phone", Names: []string{"Điện thoại", "Số điện thoại", "SĐT", "ĐT", "Số ĐT", "Di động", "tel", "mobile"}},
	{Field: "village", Names: []string{"Thôn", "Thôn, tổ dân phố", "Thôn/Tổ dân phố", "Thôn/TDP", "Tổ dân phố", "TDP", "Thôn bản", "Thôn, bản", "Bản", "Ấp", "Khu phố", "Khu", "Xóm", "Buôn", "Tên thôn", "Tổ", "Mã thôn"}},
}
