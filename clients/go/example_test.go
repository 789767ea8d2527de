package loci_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	loci "loci.dev/go"
	"loci.dev/go/lociv1"
)

func Example() {
	client, err := loci.New(loci.WithAddress("127.0.0.1:50051"))
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	ctx := context.Background()
	answer, err := client.Nodes.GetNode(ctx, &lociv1.GetNodeRequest{Name: loci.NodeName("alice", "ann")})
	switch {
	case errors.Is(err, loci.NodeNotFound):
		fmt.Println("she is not there")
	case err != nil:
		log.Fatal(err)
	default:
		fmt.Println(answer.GetNode().GetText())
	}
}

func ExampleClient_Remember() {
	client, err := loci.New()
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	answer, err := client.Remember(context.Background(), "alice", "Ann lives in Austin.", func(r *lociv1.RememberRequest) {
		r.Slot = &lociv1.Slot{Subject: "Ann", Name: "lives_in", Value: "Austin"}
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.GetOutcome())
}

func ExampleClient_ListNodes() {
	client, err := loci.New()
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	request := &lociv1.ListNodesRequest{Parent: loci.GraphName("alice")}
	for node, err := range client.ListNodes(context.Background(), request) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(node.GetLabel())
	}
}

func ExampleClient_Import() {
	client, err := loci.New()
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	summary, err := client.Import(context.Background(), "alice", loci.Each(
		loci.NodeItem(&lociv1.Node{Name: "nodes/ann", Type: "person"}),
		loci.NodeItem(&lociv1.Node{Name: "nodes/bob", Type: "person"}),
		loci.EdgeItem(&lociv1.Edge{Source: "ann", Relation: "knows", Target: "bob"}),
	), loci.ImportOptions{OnConflict: loci.KeepOnConflict})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(summary.NodeCount, summary.EdgeCount)
}

func ExampleClient_Watch() {
	client, err := loci.New()
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	watch := client.Watch(context.Background(), "alice", loci.WatchOptions{Start: loci.Oldest()})
	for commit, err := range watch.Commits() {
		if err != nil {
			log.Fatal(err) // what cannot be bridged
		}
		fmt.Println(commit.GetRevision(), len(commit.GetChanges()), commit.GetResumeToken())
	}
}
