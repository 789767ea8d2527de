package loci

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"loci.dev/go/lociv1"
)

type importStream = grpc.BidiStreamingServer[lociv1.ImportRequest, lociv1.ImportResponse]

// store is the part of a server that an import meets: it keeps chunks, and cuts the connection where a test says.
type store struct {
	lock     sync.Mutex
	chunks   [][]*lociv1.BulkItem
	received []int64 // sequences, as they came
	streams  int
	// ended is how the last stream did.
	ended error
	// cutAfter so many chunks of a stream it is cut, before the last of them is acknowledged.
	cutAfter int
}

func (s *store) serve(stream importStream) error {
	header, err := stream.Recv()
	if err != nil || header.GetHeader() == nil {
		return status.Error(codes.Internal, "no header")
	}
	s.lock.Lock()
	s.streams++
	state := &lociv1.ImportState{NextSequence: int64(len(s.chunks)) + 1}
	for _, chunk := range s.chunks {
		state.NodeCount += int64(len(chunk))
	}
	s.lock.Unlock()
	if err := stream.Send(&lociv1.ImportResponse{Response: &lociv1.ImportResponse_State{State: state}}); err != nil {
		return err
	}
	for number := 1; ; number++ {
		request, err := stream.Recv()
		if err != nil {
			s.ended = err
			return nil
		}
		result := s.keep(request.GetItems())
		if number == s.cutAfter {
			return status.Error(codes.Unavailable, "cut")
		}
		if err := stream.Send(&lociv1.ImportResponse{Response: &lociv1.ImportResponse_Chunk{Chunk: result}}); err != nil {
			return err
		}
	}
}

func (s *store) keep(chunk *lociv1.ImportItems) *lociv1.ChunkResult {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.received = append(s.received, chunk.GetSequence())
	if int(chunk.GetSequence()) > len(s.chunks) {
		s.chunks = append(s.chunks, chunk.GetItems())
	}
	return &lociv1.ChunkResult{Sequence: chunk.GetSequence(), Revision: chunk.GetSequence(), NodeCount: int64(len(chunk.GetItems()))}
}

func people(count int) iter.Seq2[*lociv1.BulkItem, error] {
	return func(yield func(*lociv1.BulkItem, error) bool) {
		for i := range count {
			if !yield(NodeItem(&lociv1.Node{Name: fmt.Sprintf("graphs/other/nodes/n%d", i)}), nil) {
				return
			}
		}
	}
}

func TestAnImportGoesOnWhereItsConnectionWasCut(t *testing.T) {
	server, client := serving(t)
	kept := &store{cutAfter: 3}
	server.imports = kept.serve
	steps := 0
	summary, err := client.Import(within(t, 30*time.Second), "g", people(95), ImportOptions{
		ImportID: "i", ChunkSize: 10, Progress: func(ImportSummary) { steps++ },
	})
	if err != nil {
		t.Fatal(err)
	}
	if summary.NodeCount != 95 || summary.ChunkCount != 10 || summary.SkippedChunkCount != 0 || summary.Revision != 10 || steps != 10 {
		t.Errorf("%+v", summary)
	}
	index := 0
	for _, chunk := range kept.chunks {
		for _, item := range chunk {
			if name := fmt.Sprintf("graphs/g/nodes/n%d", index); item.GetNode().GetName() != name {
				t.Fatalf("%s, not %s", item.GetNode().GetName(), name)
			}
			index++
		}
	}
	if index != 95 || kept.streams < 3 {
		t.Errorf("%d items over %d streams", index, kept.streams)
	}
}

func TestWhatTheServerHasIsNotSentAgain(t *testing.T) {
	server, client := serving(t)
	kept := &store{}
	server.imports = kept.serve
	options := ImportOptions{ImportID: "i", ChunkSize: 10}
	if _, err := client.Import(within(t, 10*time.Second), "g", people(50), options); err != nil {
		t.Fatal(err)
	}
	kept.received = nil
	summary, err := client.Import(within(t, 10*time.Second), "g", people(70), options)
	if err != nil || summary.NodeCount != 70 || summary.SkippedChunkCount != 5 || summary.ChunkCount != 2 {
		t.Errorf("%+v %v", summary, err)
	}
	if !errors.Is(kept.ended, io.EOF) {
		t.Errorf("the stream was given up: %v", kept.ended)
	}
	if got := fmt.Sprint(kept.received); got != "[1 5 6 7]" { // the first and the last are compared
		t.Errorf("%s was sent", got)
	}
}

func TestNoMoreThanFourChunksAreInFlight(t *testing.T) {
	server, client := serving(t)
	var received atomic.Int64
	server.imports = func(stream importStream) error {
		_, _ = stream.Recv()
		_ = stream.Send(&lociv1.ImportResponse{Response: &lociv1.ImportResponse_State{State: &lociv1.ImportState{NextSequence: 1}}})
		for {
			if _, err := stream.Recv(); err != nil {
				return err
			}
			received.Add(1) // and no acknowledgement
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_, err := client.Import(ctx, "g", people(100), ImportOptions{ChunkSize: 1})
	if !errors.Is(err, context.DeadlineExceeded) || received.Load() != inFlight {
		t.Errorf("%v after %d chunks", err, received.Load())
	}
}

func TestAnErrorOfTheItemsEndsTheImport(t *testing.T) {
	server, client := serving(t)
	kept := &store{}
	server.imports = kept.serve
	broken := errors.New("the file ended early")
	items := func(yield func(*lociv1.BulkItem, error) bool) {
		for item := range people(15) {
			if !yield(item, nil) {
				return
			}
		}
		yield(nil, broken)
	}
	summary, err := client.Import(within(t, 10*time.Second), "g", items, ImportOptions{ChunkSize: 10})
	if !errors.Is(err, broken) || summary.ImportID == "" {
		t.Errorf("%v %+v", err, summary)
	}
	if _, err := client.Import(context.Background(), "g", people(1), ImportOptions{ChunkSize: 20_000}); !errors.Is(err, InvalidArgument) {
		t.Errorf("%v", err)
	}
}

func bad(index int32) *lociv1.ItemError {
	return &lociv1.ItemError{Index: index, Status: status.Convert(failing(codes.AlreadyExists, NodeExists)).Proto()}
}

func TestBadItemsAreNamedByTheirPlaceAmongAll(t *testing.T) {
	server, client := serving(t)
	skip := false
	server.imports = func(stream importStream) error {
		_, _ = stream.Recv()
		_ = stream.Send(&lociv1.ImportResponse{Response: &lociv1.ImportResponse_State{State: &lociv1.ImportState{NextSequence: 1}}})
		for {
			request, err := stream.Recv()
			if err != nil {
				return nil
			}
			result := &lociv1.ChunkResult{Sequence: request.GetItems().GetSequence()}
			if result.Sequence == 2 && skip {
				result.Errors = []*lociv1.ItemError{bad(3)}
			} else if result.Sequence == 2 {
				return failing(codes.InvalidArgument, BadItems, bad(3), bad(4))
			}
			_ = stream.Send(&lociv1.ImportResponse{Response: &lociv1.ImportResponse_Chunk{Chunk: result}})
		}
	}
	_, err := client.Import(within(t, 10*time.Second), "g", people(30), ImportOptions{ChunkSize: 10})
	var known *Error
	if !errors.As(err, &known) || !errors.Is(err, BadItems) || !errors.Is(err, NodeExists) || len(known.Items) != 2 || known.Items[0].Index != 13 {
		t.Errorf("%+v", err)
	}
	if first := known.Items[0].Err; known.Message != "it failed; the first is item 13: "+first.Error() {
		t.Errorf("%s", known.Message)
	}
	skip = true
	summary, err := client.Import(within(t, 10*time.Second), "g", people(30), ImportOptions{ChunkSize: 10, OnBad: SkipBad})
	if err != nil || len(summary.Errors) != 1 || summary.Errors[0].Index != 13 || !errors.Is(summary.Errors[0].Err, NodeExists) {
		t.Errorf("%+v %v", summary, err)
	}
}

func TestAChunkOfLargeItemsIsClosedEarly(t *testing.T) {
	large := func(yield func(*lociv1.BulkItem, error) bool) {
		for range 6 {
			if !yield(NodeItem(&lociv1.Node{Text: string(make([]byte, 1<<20))}), nil) {
				return
			}
		}
	}
	next, stop := iter.Pull2(iter.Seq2[*lociv1.BulkItem, error](large))
	defer stop()
	source := &chunks{graph: "g", next: next, size: 1000}
	for _, size := range []int{4, 2} {
		if items, err := source.chunk(); err != nil || len(items) != size {
			t.Errorf("%d items, %v", len(items), err)
		}
	}
	if !source.exhausted {
		t.Error("there is more")
	}
}

func TestAnExportGoesOnBehindThePageThatArrived(t *testing.T) {
	server, client := serving(t)
	var asked []string
	server.exports = func(request *lociv1.ExportRequest, stream grpc.ServerStreamingServer[lociv1.ExportResponse]) error {
		asked = append(asked, request.GetPageToken())
		page := &lociv1.ExportResponse{Items: []*lociv1.BulkItem{NodeItem(&lociv1.Node{Name: "n" + request.GetPageToken()})}}
		if len(asked) < 3 {
			page.NextPageToken = fmt.Sprint(len(asked))
			_ = stream.Send(page)
			return status.Error(codes.Internal, "RST_STREAM")
		}
		return stream.Send(page)
	}
	var names []string
	for item, err := range client.Export(within(t, 20*time.Second), "g", ExportOptions{}) {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, item.GetNode().GetName())
	}
	if fmt.Sprint(names) != "[n n1 n2]" {
		t.Errorf("%v", names)
	}
	server.exports = func(*lociv1.ExportRequest, grpc.ServerStreamingServer[lociv1.ExportResponse]) error {
		return failing(codes.NotFound, GraphNotFound)
	}
	for _, err := range client.Export(within(t, 20*time.Second), "g", ExportOptions{}) {
		if !errors.Is(err, GraphNotFound) {
			t.Errorf("%v", err)
		}
	}
}
