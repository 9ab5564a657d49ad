package server

import (
	"errors"
	"net"
	"sync"
)

// quietListener closes, with itself, the connections that never sent anything.
// Browsers open such connections ahead of need; the framework takes them for
// requests under way and would wait for them when it stops.
type quietListener struct {
	net.Listener

	mu     sync.Mutex
	silent map[*quietConn]struct{}
}

// quietConn is a connection that tells its listener when it first speaks.
type quietConn struct {
	net.Conn
	listener *quietListener
	spoke    bool // used by the one goroutine that reads
}

func newQuietListener(l net.Listener) *quietListener {
	return &quietListener{Listener: l, silent: make(map[*quietConn]struct{})}
}

// Accept waits for the next connection.
func (l *quietListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	quiet := &quietConn{Conn: c, listener: l}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.silent[quiet] = struct{}{}
	return quiet, nil
}

// Close stops listening and closes the connections that never spoke.
func (l *quietListener) Close() error {
	err := l.Listener.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.silent {
		err = errors.Join(err, c.Conn.Close())
	}
	clear(l.silent)
	return err
}

func (l *quietListener) forget(c *quietConn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.silent, c)
}

// Read reads, and notes that the connection spoke.
func (c *quietConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 && !c.spoke {
		c.spoke = true
		c.listener.forget(c)
	}
	return n, err
}

// Close closes the connection.
func (c *quietConn) Close() error {
	c.listener.forget(c)
	return c.Conn.Close()
}
