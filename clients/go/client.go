package loci

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"

	"loci.dev/go/lociv1"
)

// Client of one server, for any number of goroutines. Make it with [New], and close it.
type Client struct {
	// The methods of each service, with all that this client adds to a call.

	Graphs     lociv1.GraphServiceClient
	Nodes      lociv1.NodeServiceClient
	Edges      lociv1.EdgeServiceClient
	Commits    lociv1.CommitServiceClient
	Searches   lociv1.SearchServiceClient
	Traversals lociv1.TraversalServiceClient
	Memories   lociv1.MemoryServiceClient
	Admin      lociv1.AdminServiceClient
	// Bulk and Watches have the bare streams; Import, Export, Watch and WatchAll of the client go on when these are cut.
	Bulk    lociv1.BulkServiceClient
	Watches lociv1.WatchServiceClient

	conn   *grpc.ClientConn
	calls  *caller
	logger *slog.Logger
}

// New makes a client. It opens no connection; the first call does. It fails for options that cannot be meant, and where the
// API key or token would leave this machine unencrypted.
func New(options ...Option) (*Client, error) {
	settings, shown, err := settle(options)
	if err != nil {
		return nil, err
	}
	where := place{settings.address, settings.tls != nil}
	calls := &caller{timeout: settings.timeout, credential: shown, place: where}
	dial := append(settings.dialOptions(shown),
		grpc.WithChainUnaryInterceptor(calls.unary), grpc.WithChainStreamInterceptor(calls.stream))
	conn, err := grpc.NewClient(settings.address, dial...)
	if err != nil {
		return nil, refused("%v", err)
	}
	return &Client{
		Graphs:     lociv1.NewGraphServiceClient(conn),
		Nodes:      lociv1.NewNodeServiceClient(conn),
		Edges:      lociv1.NewEdgeServiceClient(conn),
		Commits:    lociv1.NewCommitServiceClient(conn),
		Searches:   lociv1.NewSearchServiceClient(conn),
		Traversals: lociv1.NewTraversalServiceClient(conn),
		Memories:   lociv1.NewMemoryServiceClient(conn),
		Admin:      lociv1.NewAdminServiceClient(conn),
		Bulk:       lociv1.NewBulkServiceClient(conn),
		Watches:    lociv1.NewWatchServiceClient(conn),
		conn:       conn,
		calls:      calls,
		logger:     settings.logger,
	}, nil
}

// Conn is what all calls go over, for stubs of other services; it adds to theirs what it adds to Loci's.
func (c *Client) Conn() grpc.ClientConnInterface { return c.conn }

// String names the address, and never the API key or token.
func (c *Client) String() string { return fmt.Sprintf("loci.Client(%s)", c.calls.place.address) }

// WaitReady returns once there is a connection, or with Unavailable when the context ends.
func (c *Client) WaitReady(ctx context.Context) error {
	for {
		c.conn.Connect()
		state := c.conn.GetState()
		switch state {
		case connectivity.Ready:
			return nil
		case connectivity.Shutdown:
			return typed(grpc.ErrClientConnClosing)
		}
		if !c.conn.WaitForStateChange(ctx, state) {
			failure := unavailable("there is no connection")
			failure.cause = ctx.Err()
			return c.calls.located(failure, false)
		}
	}
}

// Close ends the connection and all that runs over it; what is called then fails with Cancelled. A second Close does nothing.
func (c *Client) Close() error {
	if err := c.conn.Close(); err != nil && !errors.Is(err, grpc.ErrClientConnClosing) {
		return typed(err)
	}
	return nil
}
