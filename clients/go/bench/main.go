// Measures what the layer of this client costs: the rate of GetNode, 32 calls in flight, through the client and through the
// bare generated stub, against the server of LOCI_ADDRESS with LOCI_API_KEY, in turns. It prints both rates and their ratio.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	"loci.dev/go"
	"loci.dev/go/lociv1"
)

const inFlight = 32

func main() {
	rounds := flag.Int("rounds", 15, "turns of each")
	length := flag.Duration("length", time.Second, "of a turn")
	flag.Parse()
	if err := measure(*rounds, *length); err != nil {
		log.Fatal(err)
	}
}

func measure(rounds int, length time.Duration) error {
	address, key := os.Getenv("LOCI_ADDRESS"), os.Getenv("LOCI_API_KEY")
	client, err := loci.New(loci.WithAddress(address), loci.WithAPIKey(key))
	if err != nil {
		return err
	}
	defer client.Close()
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer conn.Close()
	bare := lociv1.NewNodeServiceClient(conn)

	ctx := context.Background()
	graph := fmt.Sprintf("bench-%d", time.Now().UnixNano())
	if _, err := client.Graphs.CreateGraph(ctx, &lociv1.CreateGraphRequest{GraphId: graph}); err != nil {
		return err
	}
	defer client.Graphs.DeleteGraph(ctx, &lociv1.DeleteGraphRequest{Name: loci.GraphName(graph)})
	node := &lociv1.Node{Type: "person", Label: "Ann", Text: "Ann plays the cello."}
	if _, err := client.Nodes.CreateNode(ctx, &lociv1.CreateNodeRequest{Parent: loci.GraphName(graph), NodeId: "ann", Node: node}); err != nil {
		return err
	}
	request := &lociv1.GetNodeRequest{Name: loci.NodeName(graph, "ann")}
	shown := metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+key)
	through := func() error {
		_, err := client.Nodes.GetNode(ctx, request)
		return err
	}
	without := func() error {
		_, err := bare.GetNode(shown, request)
		return err
	}
	if _, err := rate(through, length); err != nil { // warm
		return err
	}
	if _, err := rate(without, length); err != nil {
		return err
	}
	var layered, plain, ratios []float64
	for range rounds {
		one, err := rate(through, length)
		if err != nil {
			return err
		}
		other, err := rate(without, length)
		if err != nil {
			return err
		}
		layered, plain, ratios = append(layered, one), append(plain, other), append(ratios, one/other)
	}
	fmt.Printf("client %.0f/s, bare stub %.0f/s, ratio %.3f (medians of %d turns of %v)\n",
		median(layered), median(plain), median(ratios), rounds, length)
	return nil
}

// rate of calls, 32 in flight, over a time.
func rate(call func() error, length time.Duration) (float64, error) {
	var done atomic.Int64
	var failed atomic.Pointer[error]
	var all sync.WaitGroup
	began := time.Now()
	for range inFlight {
		all.Go(func() {
			for time.Since(began) < length && failed.Load() == nil {
				if err := call(); err != nil {
					failed.Store(&err)
					return
				}
				done.Add(1)
			}
		})
	}
	all.Wait()
	if err := failed.Load(); err != nil {
		return 0, *err
	}
	return float64(done.Load()) / time.Since(began).Seconds(), nil
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
