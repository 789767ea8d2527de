package loci

import (
	"context"
	"math"
	"time"
)

// connectionLifetimes: a stream is renewed after so many times the patience, so that even this call has a deadline.
const connectionLifetimes = 5

// resumed is a call that is answered by a stream and taken up again where a connection was cut.
type resumed struct {
	client   *Client
	patience time.Duration
	attempt  int
	movedAt  time.Time
}

// moved: there was progress, so that the patience begins anew.
func (r *resumed) moved() { r.attempt, r.movedAt = 0, time.Now() }

// all makes connections until one ends without an error, or there is no sense in another.
func (r *resumed) all(ctx context.Context, connection func(context.Context) error) error {
	r.moved()
	for {
		err := r.one(ctx, connection)
		if err == nil {
			return nil
		}
		failure := typed(err)
		if ended := r.client.ended(ctx, failure); ended != nil {
			return ended
		}
		r.attempt++
		pause, again := streamPause(failure, r.attempt)
		if !again || time.Since(r.movedAt)+pause > r.patience {
			return failure
		}
		if err := sleep(ctx, pause); err != nil {
			return typed(err)
		}
	}
}

func (r *resumed) one(ctx context.Context, connection func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, lifetime(r.patience))
	defer cancel()
	return connection(ctx)
}

// lifetime of one connection.
func lifetime(patience time.Duration) time.Duration {
	if patience > math.MaxInt64/connectionLifetimes {
		return math.MaxInt64
	}
	return patience * connectionLifetimes
}
