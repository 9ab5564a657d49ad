package console

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/xuri/excelize/v2"

	"hailong/account"
	"hailong/server/browsertest"
)

// messy is an officer's workbook: titles, headers and names in TCVN3, a column
// for the households that no header explains, a year of two digits, a double and
// a missing year. Rows count from 1; the first person is in row 5.
func messy(t *testing.T, village string) []byte {
	return workbook(t, "DS", [][]any{
		{"UBND x· §«ng X¸"}, {"Danh s¸ch nh©n khÈu tõ 18 tuæi"}, {},
		{"TT", "Hä vµ tªn", "N¨m sinh", "Giíi tÝnh", "Cét x", "Ghi chó"},
		{1, "TrÇn ThÞ Hoµ", 1956, "N÷", "01", "chñ hé"},
		{2, "NguyÔn V¨n B×nh", "57", "Nam", "01", ""},
		{3, "Lª ThÞ T­¬i", "", "N÷", "02", ""},
		{4, "§Æng Quèc Kh¸nh", 1970, "Nam", "02", ""},
		{5, "§Æng Quèc Kh¸nh", 1970, "Nam", "02", ""},
	})
}

// An officer with a messy list: the preview shows what was read and what is
// wrong, the marked workbook is corrected and handed in as it is, with the column
// that was chosen for the households still chosen; then the list is undone.
func TestBrowserAMessyListIsFixedInItsMarkedWorkbook(t *testing.T) {
	for name, view := range map[string]browsertest.View{
		"phone, no script": {Width: 360, Height: 640, NoScript: true}, "desk": browsertest.Desk,
	} {
		t.Run(name, func(t *testing.T) {
			b := browsertest.Open(t, view)
			s, officer, here, village := listing(t)
			base := serve(t, s.server)
			user, err := s.store.User(t.Context(), "hoa")
			s.check(err)
			link, secret := account.NewLink(user, s.tick())
			s.check(s.store.AddLink(t.Context(), account.NewRecord(s.tick(), user, account.LinkUser, "hoa"), link))
			path := filepath.Join(t.TempDir(), "ds.xlsx")
			s.check(os.WriteFile(path, messy(t, village), 0o600))

			b.Visit(base + Root + "/link/" + secret.Reveal())
			b.Click("main button")
			says(b, "Xin chào")
			b.Visit(base + here)
			b.Choose("#file", path)
			b.Click("#check")
			says(b, "dòng 6, cột Năm sinh", "dòng 7", "trùng với dòng 8", "“TrÇn ThÞ Hoµ” → “Trần Thị Hoà”")
			b.Wide()
			b.FullShot("officer-loop-wrong-" + view2name(view))
			b.Type("#col_household", "E") // the option "E – …"
			b.Click("#check")
			says(b, "dòng 6, cột Năm sinh")
			marked := b.Download("#marked")

			f, err := excelize.OpenFile(marked)
			s.check(err)
			if note, _ := f.GetCellValue("DS", "G6"); note == "" {
				t.Error("no note beside row 6")
			}
			s.check(f.SetCellStr("DS", "C6", "1957"))
			s.check(f.SetCellStr("DS", "C7", "1961"))
			s.check(f.RemoveRow("DS", 9))
			fixed := filepath.Join(t.TempDir(), "ds da sua.xlsx")
			s.check(f.SaveAs(fixed))
			s.check(f.Close())

			b.Choose("#file", fixed)
			b.Click("#check")
			says(b, "4 người", "Lê Thị Tươi", "Nộp danh sách này")
			b.Wide()
			b.FullShot("officer-loop-fixed-" + view2name(view))
			b.Click("main form.actions button")
			says(b, "Đã nhận danh sách", "ds da sua.xlsx")
			heads, err := s.store.ListHeads(t.Context(), roundID, "")
			s.check(err)
			list, err := s.store.List(t.Context(), heads[0])
			s.check(err)
			if len(list.People) != 4 || list.People[1].Name != "Nguyễn Văn Bình" || list.People[1].BirthYear != 1957 || list.People[3].Household != "02" {
				t.Errorf("taken %+v", list.People)
			}
			b.Visit(base + here + "/undo")
			b.Click("main form.card button")
			says(b, "Đã huỷ danh sách")
			officer.get(here).wants(200, "!ds da sua.xlsx")
		})
	}
}

func view2name(v browsertest.View) string {
	if v.NoScript {
		return "phone"
	}
	return "desk"
}
