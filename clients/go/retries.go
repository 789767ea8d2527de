package loci

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	mathrand "math/rand/v2"
	"time"

	"google.golang.org/grpc/codes"
)

// When a failed call is worth another try, and after how long.
//
// gRPC itself repeats UNAVAILABLE and RESOURCE_EXHAUSTED after short pauses (serviceConfig). What is left for the client:
// waits that the server asks for with RetryInfo, write contention, a server that is away, and streams that were cut.

const (
	// maxAttempts of gRPC's own retries, the first try included; and of a write that meets contention.
	maxAttempts = 4
	// maxWaits are the tries of a call whose server says when to come back: enough for a database to recover.
	maxWaits     = 10
	firstPause   = 50 * time.Millisecond
	longestPause = 5 * time.Second
	// longestWait that is asked for is as good as for ever.
	longestWait = 30 * 24 * time.Hour
	// patience is how long an import or export goes on trying without any progress, if it is not told.
	patience = time.Minute
)

// try is what is known of a try of a unary call that failed.
type try struct {
	err *Error
	// number counts from 1.
	number int
	// repeatable calls may be made twice.
	repeatable bool
	// sent says that the call had a connection, so that the server may have acted on it.
	sent bool
	// known says that the server has answered before, so that one which cannot be reached is being restarted; else its
	// address may be wrong, which is told soon.
	known bool
	// left is what the deadline leaves.
	left time.Duration
}

// pause before the next try; false to give up.
func (t try) pause() (time.Duration, bool) {
	if !t.repeatable && t.sent {
		return 0, false
	}
	pause := time.Duration(0)
	asked, waits := t.err.RetryAfter()
	switch code := t.err.Code; {
	case waits && (code == codes.ResourceExhausted || code == codes.Unavailable || code == codes.Aborted):
		if t.number >= maxWaits {
			return 0, false
		}
		pause = kept(asked) + time.Duration(float64(growing(t.number))*mathrand.Float64())
	case t.err.Reason == WriteContention && t.number < maxAttempts:
		pause = jittered(t.number)
	case t.known && t.err.Code == codes.Unavailable && t.err.Reason == "":
		pause = jittered(t.number)
	default:
		return 0, false
	}
	return pause, pause < t.left
}

// streamPause before a cut stream is taken up again; false if it failed for good. attempt counts from 1.
func streamPause(err *Error, attempt int) (time.Duration, bool) {
	if asked, waits := err.RetryAfter(); waits {
		return kept(asked) + jittered(attempt), true
	}
	if err.renewed {
		return jittered(attempt), attempt < maxAttempts
	}
	switch err.Code {
	case codes.Unavailable, codes.ResourceExhausted, codes.DeadlineExceeded:
		return jittered(attempt), true
	case codes.Internal, codes.Canceled:
		// Without a reason it is not from Loci: a proxy or gRPC itself reset the stream.
		return jittered(attempt), err.Reason == ""
	}
	return jittered(attempt), err.Reason == WriteContention
}

// kept is what is waited of what was asked for: a time that is there, and that others can be added to.
func kept(asked time.Duration) time.Duration {
	return min(max(asked, 0), longestWait)
}

func growing(attempt int) time.Duration {
	return min(firstPause<<min(attempt-1, 10), longestPause)
}

func jittered(attempt int) time.Duration {
	return time.Duration(float64(growing(attempt)) * (0.5 + mathrand.Float64()/2))
}

// sleep returns early, with the error of the context, if that ends.
func sleep(ctx context.Context, pause time.Duration) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// newRequestID is a UUID of version 4. It is minted once for a write and kept over its retries, so that the write happens once.
func newRequestID() string {
	var raw [16]byte
	_, _ = rand.Read(raw[:]) // never fails
	raw[6] = raw[6]&0x0f | 0x40
	raw[8] = raw[8]&0x3f | 0x80
	var text [36]byte
	hex.Encode(text[:8], raw[:4])
	for i, part := range [][2]int{{4, 6}, {6, 8}, {8, 10}, {10, 16}} {
		at := 8 + 5*i
		text[at] = '-'
		hex.Encode(text[at+1:], raw[part[0]:part[1]])
	}
	return string(text[:])
}
