package loci

import (
	"context"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	"loci.dev/go/lociv1"
)

// The cost of the layer where the server is as fast as it can be: both in this process.
func BenchmarkGetNode(b *testing.B) {
	server := &standIn{}
	server.listen(b, "127.0.0.1:0")
	request := &lociv1.GetNodeRequest{Name: "graphs/g/nodes/n"}
	b.Run("client", func(b *testing.B) {
		client := connected(b, server.address)
		inParallel(b, context.Background(), client.Nodes, request)
	})
	b.Run("bare", func(b *testing.B) {
		conn, err := grpc.NewClient(server.address, grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			b.Fatal(err)
		}
		defer conn.Close()
		ctx := metadata.AppendToOutgoingContext(context.Background(), "authorization", "Bearer key-of-a-test")
		inParallel(b, ctx, lociv1.NewNodeServiceClient(conn), request)
	})
}

func inParallel(b *testing.B, ctx context.Context, nodes lociv1.NodeServiceClient, request *lociv1.GetNodeRequest) {
	b.ReportAllocs()
	b.SetParallelism(16)
	b.RunParallel(func(turns *testing.PB) {
		for turns.Next() {
			if _, err := nodes.GetNode(ctx, request); err != nil {
				b.Error(err)
				return
			}
		}
	})
}
