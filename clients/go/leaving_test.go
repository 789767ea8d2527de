package loci

import (
	"errors"
	"testing"
	"time"

	"google.golang.org/grpc"

	"loci.dev/go/lociv1"
)

// A stream that its reader leaves must not go on at the server, nor in a goroutine of the client.
func TestAStreamThatIsLeftEnds(t *testing.T) {
	server, client := serving(t)
	ended := make(chan error, 10)
	wait := func(stream grpc.ServerStream) error {
		<-stream.Context().Done()
		ended <- stream.Context().Err()
		return stream.Context().Err()
	}
	server.exports = func(_ *lociv1.ExportRequest, stream grpc.ServerStreamingServer[lociv1.ExportResponse]) error {
		_ = stream.Send(&lociv1.ExportResponse{Items: []*lociv1.BulkItem{NodeItem(&lociv1.Node{})}, NextPageToken: "more"})
		return wait(stream)
	}
	server.audit = func(_ *lociv1.ExportAuditEntriesRequest, stream grpc.ServerStreamingServer[lociv1.ExportAuditEntriesResponse]) error {
		_ = stream.Send(&lociv1.ExportAuditEntriesResponse{Entries: []*lociv1.AuditEntry{{Sequence: 1}}})
		return wait(stream)
	}
	server.watch = func(_ *lociv1.WatchRequest, stream grpc.ServerStreamingServer[lociv1.WatchResponse]) error {
		_ = stream.Send(window(0, 1, commit(1)))
		return wait(stream)
	}
	server.imports = func(stream importStream) error {
		_, _ = stream.Recv()
		_ = stream.Send(&lociv1.ImportResponse{Response: &lociv1.ImportResponse_State{State: &lociv1.ImportState{NextSequence: 1}}})
		return wait(stream)
	}
	ctx := within(t, 30*time.Second)
	for name, leave := range map[string]func(){
		"export": func() {
			for range client.Export(ctx, "g", ExportOptions{}) {
				break
			}
		},
		"audit": func() {
			for range client.ExportAuditEntries(ctx, &lociv1.ExportAuditEntriesRequest{}) {
				break
			}
		},
		"watch": func() {
			for range client.Watch(ctx, "g", WatchOptions{}).Commits() {
				break
			}
		},
		"watch that panics": func() {
			defer func() { _ = recover() }()
			for range client.Watch(ctx, "g", WatchOptions{}).Commits() {
				panic("of the reader")
			}
		},
		"watch that is closed": func() {
			watch := client.Watch(ctx, "g", WatchOptions{})
			if err := watch.Ready(); err != nil {
				t.Error(err)
			}
			watch.Close()
		},
		"import": func() {
			broken := func(yield func(*lociv1.BulkItem, error) bool) { yield(nil, errors.New("broken")) }
			_, _ = client.Import(ctx, "g", broken, ImportOptions{})
		},
	} {
		leave()
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			t.Errorf("%s goes on", name)
		}
	}
}
