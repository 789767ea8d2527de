package loci

import (
	"context"
	"errors"
	"io"
	"iter"

	"google.golang.org/protobuf/proto"

	"loci.dev/go/lociv1"
)

// ExportAuditEntries is every entry of an audit in the order of its chain, from first_sequence of the request on, over cut
// connections. An error is the last that is given. The request is not changed. Needs the scope ADMIN.
func (c *Client) ExportAuditEntries(
	ctx context.Context, request *lociv1.ExportAuditEntriesRequest,
) iter.Seq2[*lociv1.AuditEntry, error] {
	return func(yield func(*lociv1.AuditEntry, error) bool) {
		run := &auditRun{resumed{client: c, patience: patience}, proto.CloneOf(request)}
		connection := func(ctx context.Context) error { return run.connection(ctx, yield) }
		if err := run.all(ctx, connection); err != nil {
			yield(nil, err)
		}
	}
}

// auditRun is what outlives the connections.
type auditRun struct {
	resumed
	request *lociv1.ExportAuditEntriesRequest
}

// connection returns without an error when there is no more, or no more is wanted.
func (r *auditRun) connection(ctx context.Context, yield func(*lociv1.AuditEntry, error) bool) error {
	stream, err := r.client.Admin.ExportAuditEntries(ctx, r.request)
	if err != nil {
		return err
	}
	for {
		page, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		for _, entry := range page.GetEntries() {
			if !yield(entry, nil) {
				return nil
			}
			r.request.FirstSequence = entry.GetSequence() + 1
		}
		r.moved()
	}
}
