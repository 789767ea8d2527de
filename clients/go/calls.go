package loci

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// caller is what stands between the stubs and the connection: deadline, request_id, retries and typed errors are the same
// for all calls.
type caller struct {
	timeout    time.Duration
	credential *credential
	// place is what is said of the server where it was not reached.
	place place
	// answered: there was ever an answer of Loci, so that the address is right.
	answered atomic.Bool
}

func (c *caller) unary(
	ctx context.Context, method string, request, reply any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption,
) error {
	if _, bounded := ctx.Deadline(); !bounded {
		bound, cancel := context.WithTimeout(ctx, c.timeout)
		defer cancel()
		ctx = bound
	}
	limit := remaining(ctx)
	ctx, used := c.credential.noting(ctx)
	request = withRequestID(request)
	may, known := repeatable()[method]
	var reached peer.Peer
	options = append(options[:len(options):len(options)], grpc.Peer(&reached))
	var before *Error
	renewed := false
	for number := 1; ; number++ {
		reached = peer.Peer{}
		err := invoke(ctx, method, request, reply, conn, options...)
		if err == nil {
			c.answered.Store(true)
			return nil
		}
		failed := try{
			err: c.failure(ctx, err), number: number, repeatable: known && may, sent: reached.Addr != nil, left: remaining(ctx),
		}
		if !renewed && c.credential.isRenewed(ctx, failed.err, used) {
			renewed = true
			continue
		}
		failed.known = c.answered.Load()
		if before != nil && !failed.sent && failed.err.Code == codes.DeadlineExceeded {
			return c.located(before, false) // it says why there was no answer in time
		}
		pause, again := failed.pause()
		if !again {
			return c.told(request, failed, limit)
		}
		before = failed.err
		if err := sleep(ctx, pause); err != nil {
			return late(typed(err), limit)
		}
	}
}

// told is the error that a call fails with in the end.
func (c *caller) told(request any, failed try, limit time.Duration) error {
	failure := late(unsendable(request, tooLarge(request, failed.err)), limit)
	if failure.Code == codes.DeadlineExceeded && !failed.sent {
		failure.Message += " There was no connection to " + c.place.address + "."
	}
	return c.located(failure, failed.sent)
}

// located says where the server was thought to be, if nobody has ever answered there.
func (c *caller) located(failure *Error, sent bool) *Error {
	if failure.Code == codes.Unavailable && failure.Reason == "" && !sent && !c.answered.Load() {
		failure.Message += c.place.hint()
	}
	return failure
}

func (c *caller) stream(
	ctx context.Context, description *grpc.StreamDesc, conn *grpc.ClientConn, method string, open grpc.Streamer, options ...grpc.CallOption,
) (grpc.ClientStream, error) {
	ctx, used := c.credential.noting(ctx)
	opened, err := open(ctx, description, conn, method, options...)
	if err != nil {
		return nil, c.located(typedOf(ctx, err), false)
	}
	return &stream{opened, c, ctx, used}, nil
}

// stream gives typed errors.
type stream struct {
	grpc.ClientStream
	caller *caller
	ctx    context.Context // of the caller; that of the stream ends with it
	used   *usedToken
}

func (s *stream) Header() (metadata.MD, error) {
	header, err := s.ClientStream.Header()
	return header, s.typed(err)
}

func (s *stream) CloseSend() error { return s.typed(s.ClientStream.CloseSend()) }

func (s *stream) SendMsg(message any) error {
	err := s.typed(s.ClientStream.SendMsg(message))
	if failure, failed := err.(*Error); failed {
		return unsendable(message, failure)
	}
	return err
}

func (s *stream) RecvMsg(message any) error {
	err := s.ClientStream.RecvMsg(message)
	if err == nil {
		s.caller.answered.Store(true)
		return nil
	}
	err = s.typed(err)
	if failure, failed := err.(*Error); failed {
		failure.renewed = s.caller.credential.isRenewed(s.ctx, failure, s.used)
	}
	return err
}

func (s *stream) typed(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	return typedOf(s.ctx, err)
}

// failure is the typed error of a unary call.
func (c *caller) failure(ctx context.Context, err error) *Error {
	failure := typedOf(ctx, err)
	if !lost(failure) {
		if failure.Reason != "" {
			c.answered.Store(true)
		}
		return failure
	}
	c.answered.Store(true)
	failure = unavailable("the connection broke before the answer was read")
	failure.cause = err
	return failure
}

func remaining(ctx context.Context) time.Duration {
	deadline, _ := ctx.Deadline()
	return time.Until(deadline)
}

// withRequestID is the request itself, or a copy of it with a request_id, if it has the field and has it empty: the
// caller's own stays as it is, so that it may be sent again as another write. Messages within are shared.
func withRequestID(request any) any {
	named, has := request.(interface {
		proto.Message
		GetRequestId() string
	})
	if !has || named.GetRequestId() != "" {
		return request
	}
	original := named.ProtoReflect()
	field := original.Descriptor().Fields().ByName("request_id")
	if field == nil || !original.IsValid() {
		return request
	}
	copied := shallow(original)
	copied.Set(field, protoreflect.ValueOfString(newRequestID()))
	return copied.Interface()
}

// shallow is a copy that shares what is within the message.
func shallow(original protoreflect.Message) protoreflect.Message {
	copied := original.New()
	original.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		copied.Set(field, value)
		return true
	})
	copied.SetUnknown(original.GetUnknown())
	return copied
}

// late says in the same words that a deadline ended, whoever noticed; Loci itself has said so already.
func late(failure *Error, limit time.Duration) *Error {
	if failure.Code == codes.DeadlineExceeded && failure.Reason == "" {
		seconds := limit.Round(time.Millisecond).Seconds()
		failure.Message = fmt.Sprintf("The call did not end within its deadline of %v s.", max(seconds, 0))
	}
	return failure
}

// tooLarge makes LimitExceeded of gRPC's own refusal to send a request: no later try would be another.
func tooLarge(request any, err *Error) *Error {
	message, ok := request.(proto.Message)
	if !ok || err.Code != codes.ResourceExhausted || err.Reason != "" {
		return err
	}
	if size := proto.Size(message); size > maxMessageBytes {
		limited := refused("request: %d bytes, at most %d are allowed", size, maxMessageBytes)
		limited.Reason, limited.cause = LimitExceeded, err
		return limited
	}
	return err
}
