package loci

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"

	"loci.dev/go/lociv1"
)

// failing is what a server answers.
func failing(code codes.Code, reason Reason, details ...protoadapt.MessageV1) error {
	info := &errdetails.ErrorInfo{Reason: string(reason), Domain: domain, Metadata: map[string]string{"field": "name"}}
	made, err := status.New(code, "it failed").WithDetails(append(details, info)...)
	if err != nil {
		panic(err)
	}
	return made.Err()
}

func TestEveryReasonOfTheContractHasItsConstant(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "reasons.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	declared := map[string]bool{}
	ast.Inspect(file, func(node ast.Node) bool {
		value, is := node.(*ast.ValueSpec)
		if !is || len(value.Values) != 1 {
			return true
		}
		kind, named := value.Type.(*ast.Ident)
		if text, plain := value.Values[0].(*ast.BasicLit); plain && named && kind.Name == "Reason" {
			reason, _ := strconv.Unquote(text.Value)
			declared[reason] = true
		}
		return true
	})
	codesInstead := map[string]bool{"DEADLINE_EXCEEDED": true, "CANCELLED": true, "INTERNAL": true}
	for number, name := range lociv1.ErrorReason_name {
		reason := name[len("ERROR_REASON_"):]
		if number != 0 && !declared[reason] && !codesInstead[reason] {
			t.Errorf("reasons.go does not know %s", reason)
		}
		delete(declared, reason)
	}
	delete(declared, string(WatchGap))
	if len(declared) > 0 {
		t.Errorf("the contract does not know %v", declared)
	}
}

func TestAnErrorMatchesItsReasonAndItsCode(t *testing.T) {
	err := error(typed(failing(codes.NotFound, NodeNotFound)))
	wrapped := fmt.Errorf("reading: %w", err)
	if !errors.Is(wrapped, NodeNotFound) || !errors.Is(wrapped, NotFound) {
		t.Errorf("%v", err)
	}
	if errors.Is(wrapped, EdgeNotFound) || errors.Is(wrapped, Unavailable) || errors.Is(wrapped, Reason("")) {
		t.Errorf("%v matches others", err)
	}
	var known *Error
	if !errors.As(wrapped, &known) || known.Metadata["field"] != "name" || status.Code(wrapped) != codes.NotFound {
		t.Errorf("%+v", known)
	}
	if destroyed := typed(failing(codes.DataLoss, KeyDestroyed)); !errors.Is(destroyed, ContentUnreadable) || !errors.Is(destroyed, KeyDestroyed) {
		t.Errorf("%v", destroyed)
	}
	if !NodeNotFound.Known() || Reason("UNSPECIFIED").Known() || WatchGap.Known() {
		t.Error("what is known of the contract")
	}
}

func TestAReasonOfANewerServerFallsBackToItsCode(t *testing.T) {
	err := error(typed(failing(codes.FailedPrecondition, "MOON_NOT_FULL")))
	if !errors.Is(err, FailedPrecondition) || !errors.Is(err, Reason("MOON_NOT_FULL")) || Reason("MOON_NOT_FULL").Known() {
		t.Errorf("%v", err)
	}
}

func TestDetailsAreRead(t *testing.T) {
	err := typed(failing(codes.ResourceExhausted, TooManyRequests,
		&errdetails.RetryInfo{RetryDelay: durationpb.New(1500 * time.Millisecond)},
		&errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: "a", Description: "b"}}},
		&errdetails.PreconditionFailure{Violations: []*errdetails.PreconditionFailure_Violation{{Subject: "c", Description: "d"}}},
		&errdetails.ResourceInfo{ResourceName: "graphs/g"},
	))
	pause, asked := err.RetryAfter()
	if !asked || pause != 1500*time.Millisecond || err.Resource != "graphs/g" || len(err.Details) != 5 {
		t.Errorf("%+v", err)
	}
	if len(err.Violations) != 2 || err.Violations[0] != (FieldViolation{"a", "b"}) || err.Violations[1] != (FieldViolation{"c", "d"}) {
		t.Errorf("%+v", err.Violations)
	}
	if _, asked := typed(failing(codes.Unavailable, Draining)).RetryAfter(); asked {
		t.Error("no wait was asked for")
	}
}

func TestAnErrorOfAnotherDomainHasNoReason(t *testing.T) {
	made, _ := status.New(codes.NotFound, "no").WithDetails(&errdetails.ErrorInfo{Reason: "NODE_NOT_FOUND", Domain: "other.dev"})
	if err := typed(made.Err()); err.Reason != "" || !errors.Is(err, NotFound) {
		t.Errorf("%+v", err)
	}
}

func TestTheEndOfAContextIsMatched(t *testing.T) {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for cause, code := range map[error]Code{context.Canceled: Cancelled, context.DeadlineExceeded: DeadlineExceeded} {
		for _, err := range []error{typed(cause), typedOf(ended, status.FromContextError(cause).Err())} {
			if !errors.Is(err, cause) || !errors.Is(err, code) || status.Code(err) != codes.Code(code) {
				t.Errorf("%v", err)
			}
		}
	}
}

func TestWhatOthersCancelIsNotTakenForTheEndOfTheContext(t *testing.T) {
	server, client := serving(t)
	server.will(status.Error(codes.Canceled, "a proxy reset the stream"))
	if err := create(within(t, 10*time.Second), client, "n"); errors.Is(err, context.Canceled) || !errors.Is(err, Cancelled) {
		t.Errorf("%v", err)
	}
}

func TestWhatGRPCWrapsAroundAStatusIsLeftOff(t *testing.T) {
	err := typed(fmt.Errorf("max retries exhausted: %w", failing(codes.Unavailable, Draining)))
	if err.Message != "it failed" || err.Reason != Draining {
		t.Errorf("%+v", err)
	}
	if FromStatus(nil) != nil || FromStatus(status.New(codes.OK, "").Proto()) != nil {
		t.Error("OK is no error")
	}
}
