package main

import (
	"net"
	"sync"
)

// connections are those that a listener has accepted, to be cut.
type connections struct {
	net.Listener
	mutex sync.Mutex
	open  []*net.TCPConn
}

func (all *connections) Accept() (net.Conn, error) {
	connection, err := all.Listener.Accept()
	if err != nil {
		return nil, err
	}
	all.mutex.Lock()
	defer all.mutex.Unlock()
	all.open = append(all.open, connection.(*net.TCPConn))
	return connection, nil
}

// cut ends them as a crash does: the other side gets RST.
func (all *connections) cut() {
	all.mutex.Lock()
	defer all.mutex.Unlock()
	for _, connection := range all.open {
		_ = connection.SetLinger(0)
		_ = connection.Close()
	}
	all.open = nil
}
