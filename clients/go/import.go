package loci

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"loci.dev/go/lociv1"
)

// The ways to go on with an item that cannot be written, and with one whose id is taken.
const (
	// AbortOnBad fails with BadItems, and writes nothing of the chunk. The default.
	AbortOnBad = lociv1.ErrorPolicy_ERROR_POLICY_ABORT
	// SkipBad leaves bad items out, and names them in the summary.
	SkipBad = lociv1.ErrorPolicy_ERROR_POLICY_SKIP
	// FailOnConflict makes an item whose id is taken a bad one. The default.
	FailOnConflict = lociv1.ConflictPolicy_CONFLICT_POLICY_FAIL
	// KeepOnConflict leaves what is there.
	KeepOnConflict = lociv1.ConflictPolicy_CONFLICT_POLICY_KEEP
	// ReplaceOnConflict puts the item in the place of what is there.
	ReplaceOnConflict = lociv1.ConflictPolicy_CONFLICT_POLICY_REPLACE
)

// ImportOptions say how to import. The zero value: a new import that fails for the first bad item.
type ImportOptions struct {
	// ImportID goes on with an import of this name; default a new one, which the summary tells.
	ImportID   string
	OnBad      lociv1.ErrorPolicy
	OnConflict lociv1.ConflictPolicy
	// KeepTimes keeps create_time and update_time of the items, to restore an export.
	KeepTimes bool
	// ChunkSize is how many items make a commit: 1 to 10,000, default 1,000.
	ChunkSize int
	// Progress is called after each chunk.
	Progress func(ImportSummary)
	// Patience is how long to go on trying without any progress; default one minute.
	Patience time.Duration
}

// NodeItem is a node as an item of an import.
func NodeItem(node *lociv1.Node) *lociv1.BulkItem {
	return &lociv1.BulkItem{Item: &lociv1.BulkItem_Node{Node: node}}
}

// EdgeItem is an edge as an item of an import.
func EdgeItem(edge *lociv1.Edge) *lociv1.BulkItem {
	return &lociv1.BulkItem{Item: &lociv1.BulkItem_Edge{Edge: edge}}
}

// Each makes items for Import of those that are all at hand.
func Each(items ...*lociv1.BulkItem) iter.Seq2[*lociv1.BulkItem, error] {
	return func(yield func(*lociv1.BulkItem, error) bool) {
		for _, item := range items {
			if !yield(item, nil) {
				return
			}
		}
	}
}

// Import writes nodes and edges, in chunks that are each one commit. Nodes must come before the edges at them. Items are named in
// this graph, so that an export of one graph can be imported into another:
//
//	client.Import(ctx, "copy", client.Export(ctx, "alice", loci.ExportOptions{}), loci.ImportOptions{})
//
// A cut connection is taken up again by itself. To go on in another process, give the same ImportID, items and ChunkSize again:
// what the server has is not sent again. An error of items ends the import with it. The summary tells how far it came, also
// beside an error.
func (c *Client) Import(
	ctx context.Context, graph string, items iter.Seq2[*lociv1.BulkItem, error], options ImportOptions,
) (*ImportSummary, error) {
	if options.ImportID == "" {
		options.ImportID = newRequestID()
	}
	book := newImportBook(options.ImportID, options.OnBad != SkipBad)
	if options.ChunkSize == 0 {
		options.ChunkSize = defaultChunkSize
	}
	if options.ChunkSize < 1 || options.ChunkSize > maxChunkSize {
		return &book.summary, refused("ChunkSize must be from 1 to %d", maxChunkSize)
	}
	if items == nil {
		return &book.summary, refused("items is nil")
	}
	if options.Patience <= 0 {
		options.Patience = patience
	}
	next, stop := iter.Pull2(items)
	defer stop()
	run := &importRun{
		client: c, book: book, header: options.header(graph), options: options, movedAt: time.Now(),
		source: &chunks{graph: graph, next: next, size: options.ChunkSize},
	}
	return &book.summary, run.all(ctx)
}

func (o ImportOptions) header(graph string) *lociv1.ImportRequest {
	return &lociv1.ImportRequest{Request: &lociv1.ImportRequest_Header{Header: &lociv1.ImportHeader{
		Parent: GraphName(graph), ImportId: o.ImportID,
		Options: &lociv1.ImportOptions{OnError: o.OnBad, OnConflict: o.OnConflict, KeepTimes: o.KeepTimes},
	}}}
}

// importRun is the source of chunks and the book, which outlive the connections.
type importRun struct {
	client  *Client
	book    *importBook
	header  *lociv1.ImportRequest
	options ImportOptions
	source  *chunks
	movedAt time.Time
}

func (r *importRun) all(ctx context.Context) error {
	for attempt := 1; ; attempt++ {
		acknowledged := r.book.summary.ChunkCount
		err := r.connection(ctx)
		var own *sourceError
		if err == nil {
			return nil
		} else if errors.As(err, &own) {
			return own.err
		}
		failure := typed(err)
		if ended := r.client.ended(ctx, failure); ended != nil {
			return ended
		}
		if r.book.summary.ChunkCount > acknowledged {
			attempt = 1
		}
		pause, again := streamPause(failure, attempt)
		if !again || time.Since(r.movedAt)+pause > r.options.Patience {
			r.book.place(failure)
			return failure
		}
		if err := sleep(ctx, pause); err != nil {
			return typed(err)
		}
	}
}

// connection returns without an error if all is acknowledged.
func (r *importRun) connection(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, lifetime(r.options.Patience))
	defer cancel()
	stream, err := r.client.Bulk.Import(ctx)
	if err != nil {
		return err
	}
	if err := send(stream, r.header); err != nil {
		return err
	}
	for {
		response, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return unavailable("the server ended the stream early")
		} else if err != nil {
			return err
		}
		complete, err := r.answered(response)
		if err != nil {
			return err
		}
		if complete {
			leave(stream, cancel)
			return nil
		}
		for _, chunk := range r.book.sendable() {
			if err := send(stream, &lociv1.ImportRequest{Request: &lociv1.ImportRequest_Items{Items: chunk}}); err != nil {
				return r.book.unsendable(chunk, err)
			}
		}
	}
}

// send a message. Of a stream that has ended the reason is told by Recv, which is what comes next.
func send(stream grpc.BidiStreamingClient[lociv1.ImportRequest, lociv1.ImportResponse], request *lociv1.ImportRequest) error {
	if err := stream.Send(request); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// leave lets the server end a stream of which all is acknowledged, so that it does not count as one that was given up.
func leave(stream grpc.BidiStreamingClient[lociv1.ImportRequest, lociv1.ImportResponse], cancel func()) {
	late := time.AfterFunc(longestPause, cancel)
	defer late.Stop()
	if stream.CloseSend() == nil {
		_, _ = stream.Recv() // the end; whatever it says, the items are written
	}
}

// answered takes an answer, and further chunks as far as there is room; true if all is done.
func (r *importRun) answered(response *lociv1.ImportResponse) (bool, error) {
	if state := response.GetState(); state != nil {
		r.book.connected(state)
	} else {
		if err := r.book.acknowledge(response.GetChunk()); err != nil {
			return false, err
		}
		r.movedAt = time.Now()
		if r.options.Progress != nil {
			r.options.Progress(r.book.summary)
		}
	}
	for !r.source.exhausted && r.book.hasRoom() {
		items, err := r.source.chunk()
		if err != nil {
			return false, err
		}
		r.movedAt = time.Now()
		if len(items) > 0 {
			r.book.add(items)
		}
	}
	return r.source.exhausted && r.book.isEmpty(), nil
}

// sourceError is one of the items that the caller gives, which no other connection mends.
type sourceError struct{ err error }

func (e *sourceError) Error() string { return e.err.Error() }

// chunks cuts the items.
type chunks struct {
	graph     string
	next      func() (*lociv1.BulkItem, error, bool)
	size      int
	count     int // of all items so far
	exhausted bool
}

func (c *chunks) chunk() ([]*lociv1.BulkItem, error) {
	var items []*lociv1.BulkItem
	for bytes := 0; len(items) < c.size && bytes < chunkBytes; {
		given, err, more := c.next()
		if !more {
			c.exhausted = true
			break
		}
		if err != nil {
			return nil, &sourceError{err}
		}
		item := named(c.graph, given)
		if item == nil {
			return nil, &sourceError{refused("item %d is nil", c.count)}
		}
		c.count++
		items = append(items, item)
		bytes += proto.Size(item)
	}
	return items, nil
}

// named is a copy of the item, named in this graph; nil for one of which there is nothing.
func named(graph string, given *lociv1.BulkItem) *lociv1.BulkItem {
	if given == nil {
		return nil
	}
	item := shallow(given.ProtoReflect()).Interface().(*lociv1.BulkItem)
	switch kind := given.GetItem().(type) {
	case *lociv1.BulkItem_Node:
		if kind.Node == nil {
			return nil
		}
		node := shallow(kind.Node.ProtoReflect()).Interface().(*lociv1.Node)
		node.Name = moved(graph, "nodes", node.GetName())
		item.Item = &lociv1.BulkItem_Node{Node: node}
	case *lociv1.BulkItem_Edge:
		if kind.Edge == nil {
			return nil
		}
		edge := shallow(kind.Edge.ProtoReflect()).Interface().(*lociv1.Edge)
		edge.Name = moved(graph, "edges", edge.GetName())
		item.Item = &lociv1.BulkItem_Edge{Edge: edge}
	}
	return item
}
