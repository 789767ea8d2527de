package loci

import (
	"context"
	"errors"
	"io"
	"iter"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"

	"loci.dev/go/lociv1"
)

// warnAt so many tries without a message the logger is told.
const warnAt = 3

// WatchOptions say what a watch tells, and from where on. The zero value: everything, from now on.
type WatchOptions struct {
	Start Start
	// Filter chooses changes. Names may be relative (`nodes/ann`) where one graph is watched.
	Filter *lociv1.WatchFilter
	// IncludeBefore gives with each change what was there before it.
	IncludeBefore bool
	// ProgressInterval is after how long without a commit the server says that all is well: 1 to 60 s, default 15 s.
	ProgressInterval time.Duration
	// Patience is how long to go on trying without a message of the server; default for ever, or as long as the context.
	Patience time.Duration
}

// Start is where a watch begins. The zero value is now.
type Start struct {
	token  string
	after  *int64
	oldest bool
}

// Oldest begins with the oldest commit that the log still holds.
func Oldest() Start { return Start{oldest: true} }

// After begins behind a revision, with the first commit that a reader at this revision has not seen. Of one graph only.
func After(revision int64) Start { return Start{after: &revision} }

// Resume goes on behind a resume token; the empty one is that of a watch that had no message yet, and means now.
func Resume(token string) Start { return Start{token: token} }

// Watch tells of the commits of one graph. It is for one goroutine.
type Watch struct {
	following[*lociv1.CommitChanges]
	place *watchBook
}

// WatchAll tells of the commits of all graphs of the tenant, and what became of these. It is for one goroutine.
type WatchAll struct{ following[FeedItem] }

// Watch tells of every commit of a graph from a point on, in order, once, and goes on as they happen, until the context ends
// or the loop is left:
//
//	watch := client.Watch(ctx, "alice", loci.WatchOptions{Start: loci.After(7)})
//	for commit, err := range watch.Commits() { … }
//
// Cut connections and restarts of the server are bridged. What cannot be (RevisionCompacted, GraphNotFound, …) is the last
// error of the loop, and so is WatchGap, if the server left something out. commit.ResumeToken goes on behind that commit in
// another process.
func (c *Client) Watch(ctx context.Context, graph string, options WatchOptions) *Watch {
	request := options.request(GraphName(graph))
	book := newWatchBook(options.Start.token, options.Start.after, proto.Size(request.GetFilter()) == 0)
	watch := &Watch{place: book}
	watch.follow(ctx, c, request, options.Patience, book)
	if ID(graph) == "-" {
		watch.refusal = refused("`-` is no graph: WatchAll tells of all of them")
	}
	return watch
}

// WatchAll tells of the commits of all graphs of the tenant, those of each in order, for mirrors and indexes. Between them
// stand GraphEvents: a graph was made, deleted, or is back (read it anew then). One token says where all of it stands.
func (c *Client) WatchAll(ctx context.Context, options WatchOptions) *WatchAll {
	request := options.request("graphs/-")
	watch := &WatchAll{}
	watch.follow(ctx, c, request, options.Patience, newFeedBook(options.Start.token, proto.Size(request.GetFilter()) == 0))
	return watch
}

// Commits are what the watch tells. An error is the last that is given. Begun again, the loop goes on behind the last commit
// that was given out.
func (w *Watch) Commits() iter.Seq2[*lociv1.CommitChanges, error] { return w.told() }

// Revision : all commits up to here were given out, or did not pass the filter.
func (w *Watch) Revision() int64 { return w.place.revision }

// Items are what the watch tells, as Commits of Watch.
func (w *WatchAll) Items() iter.Seq2[FeedItem, error] { return w.told() }

func (o WatchOptions) request(parent string) *lociv1.WatchRequest {
	request := &lociv1.WatchRequest{Parent: parent, IncludeBefore: o.IncludeBefore}
	if o.Filter != nil {
		request.Filter = proto.CloneOf(o.Filter)
		for i, name := range request.Filter.GetNames() {
			if parent != "graphs/-" && !strings.HasPrefix(name, "graphs/") {
				request.Filter.Names[i] = parent + "/" + name
			}
		}
	}
	if o.ProgressInterval > 0 {
		request.ProgressInterval = durationpb.New(o.ProgressInterval)
	}
	switch start := o.Start; {
	case start.token != "":
		request.Start = &lociv1.WatchRequest_ResumeToken{ResumeToken: start.token}
	case start.after != nil:
		request.Start = &lociv1.WatchRequest_AfterRevision{AfterRevision: *start.after}
	case start.oldest:
		request.Start = &lociv1.WatchRequest_Position{Position: lociv1.WatchStart_WATCH_START_OLDEST}
	default:
		request.Start = &lociv1.WatchRequest_Position{Position: lociv1.WatchStart_WATCH_START_NOW}
	}
	return request
}

// book is what a watch keeps between messages.
type book[T any] interface {
	token() string
	connect()
	take(response *lociv1.WatchResponse, yield func(T) bool) (bool, error)
	passed(response *lociv1.WatchResponse)
}

// following is a watch over cut connections.
type following[T any] struct {
	ctx      context.Context // of the whole watch, as that of a stream of gRPC
	client   *Client
	request  *lociv1.WatchRequest
	patience time.Duration
	book     book[T]
	refusal  *Error

	stream  grpc.ServerStreamingClient[lociv1.WatchResponse]
	cancel  context.CancelFunc
	attempt int
	movedAt time.Time
	// first is a message that Ready read and the loop gives out.
	first *lociv1.WatchResponse
}

func (f *following[T]) follow(
	ctx context.Context, client *Client, request *lociv1.WatchRequest, patience time.Duration, book book[T],
) {
	f.ctx, f.client, f.request, f.patience, f.book = ctx, client, request, patience, book
}

// ResumeToken goes on behind what was given out, also in another process. Empty before the first message of the server.
func (f *following[T]) ResumeToken() string { return f.book.token() }

// Ready returns once the server has begun: whatever is written from there on will be told. Without it, a watch begins with its
// loop; where none follows, Close it. It fails with what cannot be bridged.
func (f *following[T]) Ready() error {
	if f.stream != nil {
		return nil
	}
	first, err := f.next()
	if err != nil {
		return err
	}
	if len(first.GetCommits())+len(first.GetGraphEvents()) > 0 {
		f.first = first // for the loop
		return nil
	}
	if _, err := f.book.take(first, func(T) bool { return true }); err != nil {
		f.Close()
		return err
	}
	f.book.passed(first)
	return nil
}

// Close ends the call, if there is one. The end of the loop does so, too.
func (f *following[T]) Close() {
	if f.cancel != nil {
		f.cancel()
	}
	f.stream, f.cancel, f.first = nil, nil, nil
}

func (f *following[T]) told() iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		defer f.Close()
		for {
			response, err := f.next()
			wanted := false
			if err == nil {
				wanted, err = f.book.take(response, func(told T) bool { return yield(told, nil) })
			}
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			if !wanted {
				return
			}
			f.book.passed(response)
		}
	}
}

// next message, over cut connections. The one before is done with.
func (f *following[T]) next() (*lociv1.WatchResponse, error) {
	if first := f.first; first != nil {
		f.first = nil
		return first, nil
	}
	if f.refusal != nil {
		return nil, f.refusal
	}
	f.attempt, f.movedAt = 0, time.Now() // what the reader did meanwhile does not count
	for {
		response, err := f.receive()
		if err == nil {
			return response, nil
		}
		f.Close()
		if err := f.restAfter(err); err != nil {
			return nil, err
		}
	}
}

func (f *following[T]) receive() (*lociv1.WatchResponse, error) {
	if f.stream == nil {
		f.book.connect()
		if token := f.book.token(); token != "" {
			f.request.Start = &lociv1.WatchRequest_ResumeToken{ResumeToken: token}
		}
		ctx, cancel := context.WithCancel(f.ctx)
		stream, err := f.client.Watches.Watch(ctx, f.request)
		if err != nil {
			cancel()
			return nil, err
		}
		f.stream, f.cancel = stream, cancel
	}
	response, err := f.stream.Recv()
	if errors.Is(err, io.EOF) {
		return nil, unavailable("the server ended the stream")
	}
	return response, err
}

// restAfter returns when it can be tried again, or with the error if it cannot.
func (f *following[T]) restAfter(err error) error {
	failure := typed(err)
	if ended := f.client.ended(f.ctx, failure); ended != nil {
		return ended
	}
	f.attempt++
	pause, again := streamPause(failure, f.attempt)
	late := f.patience > 0 && time.Since(f.movedAt)+pause > f.patience
	if !again || late {
		return failure
	}
	if f.attempt == warnAt {
		f.client.logger.WarnContext(f.ctx, "loci: no connection; the watch goes on as soon as there is one", "error", failure)
	}
	if err := sleep(f.ctx, pause); err != nil {
		return typed(err)
	}
	return nil
}

// ended is the error of a stream that its caller ended, by the context or by closing the client; nil for others.
func (c *Client) ended(ctx context.Context, failure *Error) error {
	if err := ctx.Err(); err != nil {
		return typed(err)
	}
	if c.conn.GetState() == connectivity.Shutdown {
		return failure
	}
	return nil
}
