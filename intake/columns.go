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
