package loci

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

const domain = "loci.dev"

// Error is what every call of this client fails with. It matches a [Reason], a [Code], and, where the caller's context
// ended it, context.Canceled or context.DeadlineExceeded. status.Code and status.FromError know it, too.
type Error struct {
	// Code of gRPC.
	Code codes.Code
	// Reason of google.rpc.ErrorInfo; empty if the answer was not from Loci itself.
	Reason Reason
	// Message for people. It names fields, limits and resources, never content.
	Message string
	// Metadata of google.rpc.ErrorInfo: what the message was filled with. See docs/errors.md.
	Metadata map[string]string
	// Violations are the fields or preconditions that failed.
	Violations []FieldViolation
	// Resource is the name of the thing that is missing, taken or changed.
	Resource string
	// Details are all messages of google.rpc.Status.details whose type is known.
	Details []proto.Message
	// Items that cannot be written, of an error of [Client.Import] with the reason BadItems: as many as the answer had room for.
	Items []ItemFailure

	retryAfter *time.Duration
	// renewed: a stream was refused for its token, and there is another one by now.
	renewed bool
	cause   error
}

// FieldViolation is one field of a request, or one precondition, and what is wrong with it.
type FieldViolation struct {
	Field       string
	Description string
}

// RetryAfter is how long the server asks to wait before the next try, if it does.
func (e *Error) RetryAfter() (pause time.Duration, asked bool) {
	if e.retryAfter == nil {
		return 0, false
	}
	return *e.retryAfter, true
}

// ResumeToken goes on where a watch was ended (WatchTooSlow); empty for other errors.
func (e *Error) ResumeToken() string { return e.Metadata["resume_token"] }

func (e *Error) Error() string {
	if e.Reason != "" {
		return fmt.Sprintf("loci: %s: %s", e.Reason, e.Message)
	}
	return fmt.Sprintf("loci: %s: %s", e.Code, e.Message)
}

// Is matches a reason, a code, and the end of a deadline. That the caller gave up is known by its cause: others cancel, too.
func (e *Error) Is(target error) bool {
	switch target := target.(type) {
	case Reason:
		return e.Reason == target || wider[e.Reason] == target && target != ""
	case Code:
		return e.Code == codes.Code(target)
	}
	return target == context.DeadlineExceeded && e.Code == codes.DeadlineExceeded
}

// Unwrap is what the error came of: that of gRPC, or of the first bad item of an import.
func (e *Error) Unwrap() error { return e.cause }

// GRPCStatus is the error in the form of gRPC.
func (e *Error) GRPCStatus() *status.Status {
	if converted, ok := status.FromError(e.cause); ok && e.cause != nil && converted.Code() == e.Code {
		return converted
	}
	return status.New(e.Code, e.Message)
}

// FromStatus is the typed error of a google.rpc.Status, such as those of BatchSearchResult and ItemError; nil for OK.
func FromStatus(given *spb.Status) error {
	if given.GetCode() == int32(codes.OK) {
		return nil
	}
	return fromStatus(status.FromProto(given), nil)
}

// typed is the error as one of this client, which it may be already.
func typed(err error) *Error {
	var known *Error
	if errors.As(err, &known) {
		return known
	}
	// What gRPC wraps around a status ("max retries exhausted") is left off its message.
	var carrier interface{ GRPCStatus() *status.Status }
	if errors.As(err, &carrier) {
		return fromStatus(carrier.GRPCStatus(), err)
	}
	return fromStatus(status.FromContextError(err), err)
}

// typedOf is as typed, of a call of this context, whose end is the cause where it was cancelled.
func typedOf(ctx context.Context, err error) *Error {
	failure := typed(err)
	if ended := ctx.Err(); failure.Code == codes.Canceled && errors.Is(ended, context.Canceled) {
		failure.cause = ended
	}
	return failure
}

// lost: gRPC says so of a unary call that ended well, but without its answer. The connection broke just after it.
func lost(err *Error) bool {
	return err.Code == codes.Internal && err.Reason == "" && strings.Contains(err.Message, "received no response message")
}

func fromStatus(given *status.Status, cause error) *Error {
	made := &Error{Code: given.Code(), Message: given.Message(), cause: cause}
	if errors.Is(given.Err(), grpc.ErrClientConnClosing) {
		made.Message = "the client is closed"
	}
	for _, detail := range given.Details() {
		message, known := detail.(proto.Message)
		if !known {
			continue
		}
		made.Details = append(made.Details, message)
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			if detail.GetDomain() == domain {
				made.Reason, made.Metadata = Reason(detail.GetReason()), detail.GetMetadata()
			}
		case *errdetails.BadRequest:
			for _, violation := range detail.GetFieldViolations() {
				made.Violations = append(made.Violations, FieldViolation{violation.GetField(), violation.GetDescription()})
			}
		case *errdetails.PreconditionFailure:
			for _, violation := range detail.GetViolations() {
				made.Violations = append(made.Violations, FieldViolation{violation.GetSubject(), violation.GetDescription()})
			}
		case *errdetails.ResourceInfo:
			made.Resource = detail.GetResourceName()
		case *errdetails.RetryInfo:
			pause := detail.GetRetryDelay().AsDuration()
			made.retryAfter = &pause
		}
	}
	return made
}

// refused is an error of the client itself, before any call.
func refused(format string, arguments ...any) *Error {
	return &Error{Code: codes.InvalidArgument, Message: fmt.Sprintf(format, arguments...)}
}

// gap is a WatchGap.
func gap(format string, arguments ...any) *Error {
	return &Error{Code: codes.DataLoss, Reason: WatchGap, Message: fmt.Sprintf(format, arguments...)}
}

// unavailable is what a stream fails with that ended without an error and yet too early.
func unavailable(message string) *Error {
	return &Error{Code: codes.Unavailable, Message: message}
}
