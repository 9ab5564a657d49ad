package console

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"hailong/account"
	"hailong/server/browsertest"
)

// An officer at a phone without script: a list with a child and a twin, the same
// file again with the children left out, the mended file, and the list is taken.
// Nothing is chosen twice but the file that changed.
func TestBrowserAnOfficerMendsAListAndHandsItIn(t *testing.T) {
	b := browsertest.Open(t, browsertest.View{Width: 360, Height: 640, NoScript: true})
	s, officer, here, village := listing(t)
	base := serve(t, s.server)
	user, err := s.store.User(t.Context(), "hoa")
	s.check(err)
	link, secret := account.NewLink(user, s.tick())
	s.check(s.store.AddLink(t.Context(), account.NewRecord(s.tick(), user, account.LinkUser, "hoa"), link))

	folder := t.TempDir()
	file := func(name, more string) string {
		path := filepath.Join(folder, name)
		s.check(os.WriteFile(path, append(villageList(village, 30), []byte(more)...), 0o600))
		return path
	}
	bad := file("danh sách.csv", "31,Lê Thị Bé,2019,nữ,031,"+village+"\n32,Nguyễn Văn An Bình,1951,nữ,001,"+village+"\n")
	good := file("danh sách đã sửa.csv", "31,Lê Thị Bé,2019,nữ,031,"+village+"\n")

	b.Visit(base + Root + "/link/" + secret.Reveal())
	b.Click("main button")
	says(b, "Xin chào")
	b.Visit(base + here)
	b.Choose("#file", bad)
	b.Shot("officer-list-choosing")
	b.Click("#check")
	says(b, "dòng 32, cột Năm sinh", "dòng 33", "trùng với dòng 2")
	b.Wide()
	b.Shot("officer-list-wrong")

	b.Click("input[name=children]") // the same file, not chosen again
	b.Click("#check")
	says(b, "nên không đưa vào danh sách", "dòng 33", "trùng với dòng 2")

	b.Choose("#file", good) // the tick of before stays
	b.Click("#check")
	says(b, "30 người", "Nguyễn Văn An Bình", "Nộp danh sách này")
	b.Wide()
	b.Shot("officer-list-preview")
	b.Click("main form.actions button")
	says(b, "Đã nhận danh sách", "danh sách đã sửa.csv")
	officer.get(here).wants(200, "danh sách đã sửa.csv")
}

// says waits until the page shows the texts.
func says(b *browsertest.Browser, texts ...string) {
	for _, text := range texts {
		b.Await(fmt.Sprintf("document.readyState == 'complete' && document.body.innerText.includes(%q)", text))
	}
}
