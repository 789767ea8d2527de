package loci

import (
	"math"
	"regexp"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
)

func waiting(code codes.Code, reason Reason, pause time.Duration) *Error {
	return &Error{Code: code, Reason: reason, retryAfter: &pause}
}

func TestAnAnswerIsNotAskedForAgain(t *testing.T) {
	for _, err := range []*Error{
		{Code: codes.Aborted, Reason: EtagMismatch}, {Code: codes.NotFound, Reason: NodeNotFound},
		{Code: codes.InvalidArgument, Reason: InvalidField}, {Code: codes.Internal, Reason: "INTERNAL"},
		{Code: codes.DataLoss, Reason: WatchGap},
	} {
		if _, again := (try{err: err, number: 1, repeatable: true, sent: true, left: time.Minute}).pause(); again {
			t.Errorf("%v is tried again", err)
		}
		if _, again := streamPause(err, 1); again {
			t.Errorf("the stream goes on after %v", err)
		}
	}
}

func TestAServerThatSaysWhenIsAskedAgainThenAndNotForEver(t *testing.T) {
	away := waiting(codes.Unavailable, DatabaseUnavailable, time.Second)
	failed := try{err: away, repeatable: true, sent: true, left: time.Minute}
	for failed.number = 1; failed.number < maxWaits; failed.number++ {
		if pause, again := failed.pause(); !again || pause < time.Second {
			t.Errorf("try %d: %v %v", failed.number, pause, again)
		}
	}
	if _, again := failed.pause(); again {
		t.Error("it is asked for ever")
	}
	failed.number, failed.left = 1, 500*time.Millisecond
	if _, again := failed.pause(); again {
		t.Error("the wait is longer than the deadline")
	}
}

func TestWhatMayNotBeRepeatedIsTriedAgainOnlyIfItWasNotSent(t *testing.T) {
	refused := &Error{Code: codes.Unavailable, Message: "connection refused"}
	for _, c := range []struct{ repeatable, sent, again bool }{
		{true, true, true}, {true, false, true}, {false, false, true}, {false, true, false},
	} {
		failed := try{err: refused, number: 7, known: true, repeatable: c.repeatable, sent: c.sent, left: time.Minute}
		if _, again := failed.pause(); again != c.again {
			t.Errorf("%+v: %v", c, again)
		}
	}
}

func TestOnlyAServerThatHasAnsweredIsWaitedFor(t *testing.T) {
	for _, failed := range []try{
		{err: &Error{Code: codes.Unavailable, Reason: Draining}, known: true},
		{err: &Error{Code: codes.Unavailable, Message: "connection refused"}, known: false},
	} {
		failed.number, failed.repeatable, failed.left = 1, true, time.Minute
		if _, again := failed.pause(); again {
			t.Errorf("%v", failed.err)
		}
	}
}

func TestContentionIsTriedFourTimes(t *testing.T) {
	failed := try{err: &Error{Code: codes.Aborted, Reason: WriteContention}, repeatable: true, sent: true, left: time.Minute}
	for failed.number = 1; failed.number < maxAttempts; failed.number++ {
		if _, again := failed.pause(); !again {
			t.Errorf("try %d is the last", failed.number)
		}
	}
	if _, again := failed.pause(); again {
		t.Error("it is tried once more")
	}
}

func TestAStreamThatSomethingInBetweenResetIsTakenUpAgain(t *testing.T) {
	for _, code := range []codes.Code{codes.Canceled, codes.Internal, codes.Unavailable, codes.ResourceExhausted, codes.DeadlineExceeded} {
		if _, again := streamPause(&Error{Code: code}, 1); !again {
			t.Errorf("%v", code)
		}
	}
	if pause, again := streamPause(waiting(codes.ResourceExhausted, TooManyRequests, time.Second), 3); !again || pause < time.Second {
		t.Errorf("%v %v", pause, again)
	}
}

func TestAWaitThatIsNoTimeIsNotAHurry(t *testing.T) {
	forever := waiting(codes.Unavailable, Draining, math.MaxInt64)
	if pause, again := streamPause(forever, 1); !again || pause < longestWait {
		t.Errorf("%v %v", pause, again)
	}
	if pause, again := (try{err: forever, number: 1, repeatable: true, sent: true, left: time.Minute}).pause(); again {
		t.Errorf("after %v", pause)
	}
	if pause, _ := streamPause(waiting(codes.Unavailable, Draining, -time.Hour), 1); pause < firstPause/2 {
		t.Errorf("%v", pause)
	}
}

func TestPausesGrowToFiveSeconds(t *testing.T) {
	for attempt := range 100 {
		if pause := jittered(attempt + 1); pause < firstPause/2 || pause > longestPause {
			t.Errorf("%d: %v", attempt+1, pause)
		}
	}
}

func TestRequestIDsAreUUIDsOfVersion4(t *testing.T) {
	form := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	one, other := newRequestID(), newRequestID()
	if !form.MatchString(one) || one == other {
		t.Errorf("%s %s", one, other)
	}
}
