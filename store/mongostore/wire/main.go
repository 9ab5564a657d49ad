// Command mongowire is a server of MongoDB's wire protocol for tests, on
// machines where no mongod can be installed: FerretDB with its SQLite backend,
// within one process and without a C compiler.
//
// It listens on loopback, prints its address as a mongodb:// line, and ends when
// its input is closed or it is told to terminate, so it does not outlive the test
// that started it. It is a module of its own, because nothing of it belongs in
// the program.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "loopback `address`; port 0 takes a free one")
	data := flag.String("data", "", "`folder` of the data; empty means a temporary one, removed at the end")
	flag.Parse()
	if err := run(*listen, *data); err != nil {
		fmt.Fprintln(os.Stderr, "mongowire:", err)
		os.Exit(1)
	}
}

func run(listen, data string) error {
	if data == "" {
		folder, err := os.MkdirTemp("", "mongowire")
		if err != nil {
			return err
		}
		defer os.RemoveAll(folder)
		data = folder
	}
	server, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: listen},
		Handler:   "sqlite",
		SQLiteURL: "file:" + data + "/",
		Logger:    slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
	})
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	go func() {
		io.Copy(io.Discard, os.Stdin) // returns when whoever started us is gone
		stop()
	}()
	go func() { fmt.Println(server.MongoDBURI()) }() // waits until Run listens
	return server.Run(ctx)
}
