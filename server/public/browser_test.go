package public_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"

	"hailong/server"
	"hailong/server/browsertest"
	"hailong/server/page"
	"hailong/server/public"
)

// Every public page on a phone and on a desk by night: nothing is wider than the
// screen, what is tapped is large enough, and axe finds nothing.
func TestBrowserPublicPagesAreAccessible(t *testing.T) {
	b := browsertest.Open(t, browsertest.Phone)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- server.New(server.Config{}, page.Gallery(public.Fixtures())).Serve(ctx, listener, nil)
	}()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("stopping: %v", err)
		}
	})
	for _, v := range []struct {
		name string
		view browsertest.View
	}{{"phone", browsertest.Phone}, {"desk-dark", browsertest.DeskDark}} {
		b.Look(v.view)
		for i, f := range public.Fixtures() {
			t.Run(v.name+" "+f.Name, func(t *testing.T) {
				b.For(t)
				b.Visit(fmt.Sprintf("http://%s/%d", listener.Addr(), i))
				b.FullShot(strings.NewReplacer("/", "-", ", ", "-", " ", "-").Replace(f.Name) + "-" + v.name)
				b.Wide()
				b.Targets(44)
				if browsertest.HasAxe() {
					b.Axe()
				}
			})
		}
	}
}
