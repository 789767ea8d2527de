package loci

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	"loci.dev/go/lociv1"
)

func TestAnAuditIsReadOnBehindTheEntryThatArrived(t *testing.T) {
	server, client := serving(t)
	var lock sync.Mutex
	var asked []int64
	server.audit = func(
		request *lociv1.ExportAuditEntriesRequest, stream grpc.ServerStreamingServer[lociv1.ExportAuditEntriesResponse],
	) error {
		lock.Lock()
		defer lock.Unlock()
		first := request.GetFirstSequence()
		asked = append(asked, first)
		_ = stream.Send(&lociv1.ExportAuditEntriesResponse{Entries: []*lociv1.AuditEntry{{Sequence: first}, {Sequence: first + 1}}})
		if len(asked) < 3 {
			return failing(codes.Unavailable, Draining)
		}
		return nil
	}
	request := &lociv1.ExportAuditEntriesRequest{Parent: TenantName("-"), FirstSequence: 5}
	var sequences []int64
	for entry, err := range client.ExportAuditEntries(within(t, 20*time.Second), request) {
		if err != nil {
			t.Fatal(err)
		}
		sequences = append(sequences, entry.GetSequence())
	}
	if !slices.Equal(sequences, []int64{5, 6, 7, 8, 9, 10}) || request.GetFirstSequence() != 5 {
		t.Errorf("%v over %v", sequences, asked)
	}
	server.audit = func(*lociv1.ExportAuditEntriesRequest, grpc.ServerStreamingServer[lociv1.ExportAuditEntriesResponse]) error {
		return failing(codes.PermissionDenied, ScopeMissing)
	}
	for _, err := range client.ExportAuditEntries(within(t, 20*time.Second), request) {
		if !errors.Is(err, ScopeMissing) {
			t.Errorf("%v", err)
		}
	}
}
