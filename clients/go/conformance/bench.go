package main

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	"loci.dev/go/lociv1"
)

// bench counts how many GetNode are answered in a time, by the client or by the bare stub over a plain connection.
func (a *agent) bench(ctx context.Context, told command) (any, error) {
	client, err := a.client(told)
	if err != nil {
		return nil, err
	}
	nodes := client.Nodes
	if told.Bare {
		conn, err := grpc.NewClient(told.Address, grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			return nil, err
		}
		defer conn.Close()
		nodes = lociv1.NewNodeServiceClient(conn)
		ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+told.APIKey)
	}
	request := &lociv1.GetNodeRequest{Name: told.Name}
	until := time.Now().Add(time.Duration(told.Seconds * float64(time.Second)))
	var calls atomic.Int64
	var failed atomic.Pointer[error]
	var all sync.WaitGroup
	for range told.InFlight {
		all.Go(func() {
			for time.Now().Before(until) && failed.Load() == nil {
				if _, err := nodes.GetNode(ctx, request); err != nil {
					failed.Store(&err)
					return
				}
				calls.Add(1)
			}
		})
	}
	all.Wait()
	if err := failed.Load(); err != nil {
		return nil, *err
	}
	return map[string]int64{"calls": calls.Load()}, nil
}
