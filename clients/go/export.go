package loci

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"

	"loci.dev/go/lociv1"
)

// ExportOptions say what to export. The zero value: the present state, without vectors.
type ExportOptions struct {
	// Revision to export; 0: the present one.
	Revision int64
	// IncludeEmbeddings gives the vectors that callers gave.
	IncludeEmbeddings bool
	// PageSize is how many items come in one message: 1 to 1,000, default 500.
	PageSize int32
	// PageToken goes on behind a page.
	PageToken string
	// Patience is how long to go on trying without any progress; default one minute.
	Patience time.Duration
}

// Export is every node, then every edge of a graph, as they stood at one revision, over cut connections. An error is the last
// that is given.
func (c *Client) Export(ctx context.Context, graph string, options ExportOptions) iter.Seq2[*lociv1.BulkItem, error] {
	return func(yield func(*lociv1.BulkItem, error) bool) {
		for page, err := range c.ExportPages(ctx, graph, options) {
			if err != nil {
				yield(nil, err)
				return
			}
			for _, item := range page.GetItems() {
				if !yield(item, nil) {
					return
				}
			}
		}
	}
}

// ExportPages is as Export, page by page: keep NextPageToken of a page to go on behind it in another process.
func (c *Client) ExportPages(ctx context.Context, graph string, options ExportOptions) iter.Seq2[*lociv1.ExportResponse, error] {
	if options.Patience <= 0 {
		options.Patience = patience
	}
	return func(yield func(*lociv1.ExportResponse, error) bool) {
		run := &exportRun{resumed: resumed{client: c, patience: options.Patience}, request: &lociv1.ExportRequest{
			Parent: GraphName(graph), Revision: options.Revision, PageSize: options.PageSize,
			PageToken: options.PageToken, IncludeEmbeddings: options.IncludeEmbeddings,
		}}
		connection := func(ctx context.Context) error { return run.connection(ctx, yield) }
		if err := run.all(ctx, connection); err != nil {
			yield(nil, err)
		}
	}
}

// exportRun is what outlives the connections.
type exportRun struct {
	resumed
	request *lociv1.ExportRequest
}

// connection returns without an error when there is no more, or no more is wanted.
func (r *exportRun) connection(ctx context.Context, yield func(*lociv1.ExportResponse, error) bool) error {
	stream, err := r.client.Bulk.Export(ctx, r.request)
	if err != nil {
		return err
	}
	for {
		page, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			if r.request.GetPageToken() == "" {
				return nil // a graph of which there is nothing
			}
			return unavailable("the server ended the stream early")
		} else if err != nil {
			return err
		}
		if !yield(page, nil) {
			return nil
		}
		r.moved()
		if page.GetNextPageToken() == "" {
			return nil
		}
		r.request.PageToken = page.GetNextPageToken()
	}
}
