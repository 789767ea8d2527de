package loci

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"loci.dev/go/lociv1"
)

// standIn is a server that answers as a test tells it to, over a real socket.
type standIn struct {
	lociv1.UnimplementedNodeServiceServer
	lociv1.UnimplementedAdminServiceServer
	lociv1.UnimplementedWatchServiceServer
	lociv1.UnimplementedBulkServiceServer

	address string
	stop    func()

	lock    sync.Mutex
	created []*lociv1.CreateNodeRequest
	headers []metadata.MD
	// answers to writes in their order; the last is repeated. nil: it worked.
	answers []error
	calls   int

	nodes   func(context.Context, *lociv1.ListNodesRequest) (*lociv1.ListNodesResponse, error)
	watch   func(*lociv1.WatchRequest, grpc.ServerStreamingServer[lociv1.WatchResponse]) error
	imports func(grpc.BidiStreamingServer[lociv1.ImportRequest, lociv1.ImportResponse]) error
	exports func(*lociv1.ExportRequest, grpc.ServerStreamingServer[lociv1.ExportResponse]) error
	audit   func(*lociv1.ExportAuditEntriesRequest, grpc.ServerStreamingServer[lociv1.ExportAuditEntriesResponse]) error
}

// errNothing ends a call well, but without its answer.
var errNothing = errors.New("nothing")

// answerless makes such an end of errNothing, which no handler of a unary method can.
func answerless(service any, stream grpc.ServerStream) error {
	method, _ := grpc.MethodFromServerStream(stream)
	for _, unary := range lociv1.NodeService_ServiceDesc.Methods {
		if !strings.HasSuffix(method, "/"+unary.MethodName) {
			continue
		}
		answer, err := unary.Handler(service, stream.Context(), stream.RecvMsg, nil)
		if errors.Is(err, errNothing) {
			return nil
		} else if err != nil {
			return err
		}
		return stream.SendMsg(answer)
	}
	return status.Error(codes.Unimplemented, method)
}

// serving runs a stand-in, and a client of it.
func serving(t *testing.T, options ...Option) (*standIn, *Client) {
	t.Helper()
	server := &standIn{}
	server.listen(t, "127.0.0.1:0")
	return server, connected(t, server.address, options...)
}

func connected(t testing.TB, address string, options ...Option) *Client {
	t.Helper()
	client, err := New(append([]Option{WithAddress(address), WithAPIKey("key-of-a-test")}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func (s *standIn) listen(t testing.TB, address string) {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer(grpc.MaxRecvMsgSize(maxMessageBytes),
		grpc.UnknownServiceHandler(func(_ any, stream grpc.ServerStream) error { return answerless(s, stream) }))
	lociv1.RegisterAdminServiceServer(server, s)
	lociv1.RegisterWatchServiceServer(server, s)
	lociv1.RegisterBulkServiceServer(server, s)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	s.address, s.stop = listener.Addr().String(), server.Stop
}

// will answer writes so.
func (s *standIn) will(answers ...error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.answers, s.calls, s.created = answers, 0, nil
}

func (s *standIn) next(ctx context.Context) error {
	header, _ := metadata.FromIncomingContext(ctx)
	s.headers = append(s.headers, header)
	s.calls++
	if len(s.answers) == 0 {
		return nil
	}
	return s.answers[min(s.calls, len(s.answers))-1]
}

func (s *standIn) CreateNode(ctx context.Context, request *lociv1.CreateNodeRequest) (*lociv1.CreateNodeResponse, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.created = append(s.created, request)
	if err := s.next(ctx); err != nil {
		return nil, err
	}
	return &lociv1.CreateNodeResponse{Node: &lociv1.Node{Name: NodeName(request.GetParent(), request.GetNodeId())}}, nil
}

func (s *standIn) GetNode(ctx context.Context, request *lociv1.GetNodeRequest) (*lociv1.GetNodeResponse, error) {
	if request.GetName() == "slow" {
		<-ctx.Done() // which may be known here before the caller knows it
		return nil, status.FromContextError(ctx.Err()).Err()
	}
	return &lociv1.GetNodeResponse{Node: &lociv1.Node{Name: request.GetName()}}, nil
}

func (s *standIn) ListNodes(ctx context.Context, request *lociv1.ListNodesRequest) (*lociv1.ListNodesResponse, error) {
	return s.nodes(ctx, request)
}

func (s *standIn) CreateApiKey(ctx context.Context, _ *lociv1.CreateApiKeyRequest) (*lociv1.CreateApiKeyResponse, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	return &lociv1.CreateApiKeyResponse{}, s.next(ctx)
}

func (s *standIn) Watch(request *lociv1.WatchRequest, stream grpc.ServerStreamingServer[lociv1.WatchResponse]) error {
	return s.watch(request, stream)
}

func (s *standIn) Import(stream grpc.BidiStreamingServer[lociv1.ImportRequest, lociv1.ImportResponse]) error {
	return s.imports(stream)
}

func (s *standIn) Export(request *lociv1.ExportRequest, stream grpc.ServerStreamingServer[lociv1.ExportResponse]) error {
	return s.exports(request, stream)
}

func (s *standIn) ExportAuditEntries(
	request *lociv1.ExportAuditEntriesRequest, stream grpc.ServerStreamingServer[lociv1.ExportAuditEntriesResponse],
) error {
	return s.audit(request, stream)
}

// within ends a test that hangs.
func within(t *testing.T, limit time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	t.Cleanup(cancel)
	return ctx
}
