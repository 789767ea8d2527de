package loci

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"

	"loci.dev/go/lociv1"
)

func wait(pause time.Duration) *errdetails.RetryInfo {
	return &errdetails.RetryInfo{RetryDelay: durationpb.New(pause)}
}

func create(ctx context.Context, client *Client, id string) error {
	_, err := client.Nodes.CreateNode(ctx, &lociv1.CreateNodeRequest{Parent: "graphs/g", NodeId: id})
	return err
}

func TestTheRequestIDIsKeptOverRetries(t *testing.T) {
	server, client := serving(t)
	away := failing(codes.Unavailable, DatabaseUnavailable)
	server.will(away, away, nil)
	if err := create(within(t, 10*time.Second), client, "n"); err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, request := range server.created {
		ids[request.GetRequestId()] = true
	}
	if len(server.created) != 3 || len(ids) != 1 || ids[""] {
		t.Errorf("%d tries with %v", len(server.created), ids)
	}
}

func TestEachWriteHasARequestIDOfItsOwn(t *testing.T) {
	server, client := serving(t)
	ctx := within(t, 10*time.Second)
	request := &lociv1.CreateNodeRequest{Parent: "graphs/g", Node: &lociv1.Node{Text: "said"}}
	for range 2 {
		if _, err := client.Nodes.CreateNode(ctx, request); err != nil {
			t.Fatal(err)
		}
	}
	own := &lociv1.CreateNodeRequest{Parent: "graphs/g", RequestId: "mine"}
	if _, err := client.Nodes.CreateNode(ctx, own); err != nil {
		t.Fatal(err)
	}
	sent := server.created
	if sent[0].GetRequestId() == sent[1].GetRequestId() || sent[2].GetRequestId() != "mine" || sent[1].GetNode().GetText() != "said" {
		t.Errorf("%v", sent)
	}
	if request.GetRequestId() != "" {
		t.Error("the caller's own request was changed")
	}
}

func TestTheWaitThatTheServerAsksForIsKept(t *testing.T) {
	server, client := serving(t)
	server.will(failing(codes.Aborted, WriteContention, wait(200*time.Millisecond)), nil)
	began := time.Now()
	if err := create(within(t, 10*time.Second), client, "n"); err != nil || time.Since(began) < 200*time.Millisecond || server.calls != 2 {
		t.Errorf("%v after %v and %d calls", err, time.Since(began), server.calls)
	}
	server.will(failing(codes.Aborted, WriteContention, wait(time.Minute)))
	began = time.Now()
	err := create(within(t, 5*time.Second), client, "n")
	if !errors.Is(err, WriteContention) || time.Since(began) > 4*time.Second {
		t.Errorf("%v after %v", err, time.Since(began))
	}
}

func TestRetriesEnd(t *testing.T) {
	server, client := serving(t)
	server.will(failing(codes.Unavailable, Draining))
	if err := create(within(t, 10*time.Second), client, "n"); !errors.Is(err, Draining) || server.calls != maxAttempts {
		t.Errorf("%v after %d calls", err, server.calls)
	}
}

func TestWhatCannotBeRepeatedSafelyIsNot(t *testing.T) {
	server, client := serving(t)
	server.will(status.Error(codes.Unavailable, "away"))
	_, err := client.Admin.CreateApiKey(within(t, 10*time.Second), &lociv1.CreateApiKeyRequest{})
	if !errors.Is(err, Unavailable) || server.calls != 1 {
		t.Errorf("%v after %d calls", err, server.calls)
	}
}

func TestACallWaitsForAServerThatRestarts(t *testing.T) {
	first := &standIn{}
	// Below the ports that the kernel gives to whoever asks for any: meanwhile this one is nobody else's.
	first.listen(t, fmt.Sprintf("127.0.0.1:%d", 20_000+rand.IntN(12_000)))
	client := connected(t, first.address)
	ctx := within(t, 20*time.Second)
	if err := create(ctx, client, "n"); err != nil {
		t.Fatal(err)
	}
	first.stop()
	time.Sleep(100 * time.Millisecond) // until the client knows
	again, listening := &standIn{}, make(chan struct{})
	time.AfterFunc(2*time.Second, func() { again.listen(t, first.address); close(listening) })
	if _, err := client.Admin.CreateApiKey(ctx, &lociv1.CreateApiKeyRequest{}); err != nil {
		t.Errorf("what was never sent may be tried again: %v", err)
	}
	if err := create(ctx, client, "n"); err != nil {
		t.Error(err)
	}
	<-listening
	again.stop()
	short := within(t, 2*time.Second)
	if err := create(short, client, "n"); !errors.Is(err, Unavailable) || !strings.Contains(err.Error(), "refused") {
		t.Errorf("what was in the way is told: %v", err)
	}
}

func TestAServerThatIsNotThereIsToldSoon(t *testing.T) {
	client := connected(t, "127.0.0.1:1")
	began := time.Now()
	err := create(context.Background(), client, "n")
	if !errors.Is(err, Unavailable) || !strings.Contains(err.Error(), "refused") || time.Since(began) > 5*time.Second {
		t.Errorf("%v after %v", err, time.Since(began))
	}
	hint := " (at 127.0.0.1:1; if the server wants TLS, give WithTLS)"
	ready := client.WaitReady(within(t, 100*time.Millisecond))
	for name, err := range map[string]error{
		"call": err, "ready": ready, "watch": client.Watch(context.Background(), "g", WatchOptions{Patience: 1}).Ready(),
	} {
		if !errors.Is(err, Unavailable) || strings.Count(err.Error(), hint) != 1 || !strings.HasSuffix(err.Error(), hint) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEachCallHasADeadline(t *testing.T) {
	_, client := serving(t, WithTimeout(200*time.Millisecond))
	_, err := client.Nodes.GetNode(context.Background(), &lociv1.GetNodeRequest{Name: "slow"})
	if !errors.Is(err, DeadlineExceeded) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(50*time.Millisecond, cancel)
	_, err = client.Nodes.GetNode(ctx, &lociv1.GetNodeRequest{Name: "slow"})
	if !errors.Is(err, Cancelled) || !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestTheServerIsToldWhoCalls(t *testing.T) {
	server, client := serving(t, WithUserAgent("my-agent/1"))
	if err := client.WaitReady(within(t, 10*time.Second)); err != nil {
		t.Fatal(err)
	}
	if err := create(within(t, 10*time.Second), client, "n"); err != nil {
		t.Fatal(err)
	}
	header := server.headers[0]
	if header.Get("authorization")[0] != "Bearer key-of-a-test" || !strings.HasPrefix(header.Get("user-agent")[0], "my-agent/1 loci-go/"+Version) {
		t.Errorf("%v", header)
	}
}

func TestARequestThatIsTooLargeIsRefused(t *testing.T) {
	server, client := serving(t)
	node := &lociv1.Node{Text: strings.Repeat("x", maxMessageBytes)}
	_, err := client.Nodes.CreateNode(within(t, 10*time.Second), &lociv1.CreateNodeRequest{Node: node})
	if !errors.Is(err, LimitExceeded) || server.calls != 0 {
		t.Errorf("%v", err)
	}
}

func TestALargeWriteIsRepeated(t *testing.T) {
	server, client := serving(t)
	server.will(failing(codes.Unavailable, Draining), nil)
	node := &lociv1.Node{Text: strings.Repeat("x", 4<<20)}
	_, err := client.Nodes.CreateNode(within(t, 10*time.Second), &lociv1.CreateNodeRequest{Node: node})
	if err != nil || server.calls != 2 {
		t.Errorf("%v after %d calls", err, server.calls)
	}
}

func TestPagesFollowEachOther(t *testing.T) {
	server, client := serving(t)
	var tokens []string
	server.nodes = func(_ context.Context, request *lociv1.ListNodesRequest) (*lociv1.ListNodesResponse, error) {
		tokens = append(tokens, request.GetPageToken())
		page := &lociv1.ListNodesResponse{Nodes: []*lociv1.Node{{Name: "a"}, {Name: "b"}}}
		switch len(tokens) {
		case 1:
			page.NextPageToken = "second"
		case 2:
			page.Nodes, page.NextPageToken = nil, "third" // a page may be empty
		case 4:
			return nil, failing(codes.NotFound, GraphNotFound)
		}
		return page, nil
	}
	request := &lociv1.ListNodesRequest{Parent: "graphs/g"}
	count := 0
	for node, err := range client.ListNodes(within(t, 10*time.Second), request) {
		if err != nil || node == nil {
			t.Fatal(err)
		}
		count++
	}
	if count != 4 || strings.Join(tokens, ",") != ",second,third" || request.GetPageToken() != "" {
		t.Errorf("%d items, tokens %q", count, tokens)
	}
	for node, err := range client.ListNodes(within(t, 10*time.Second), request) {
		if node != nil || !errors.Is(err, GraphNotFound) {
			t.Errorf("%v %v", node, err)
		}
		count++
	}
	if count != 5 {
		t.Error("an error is given once")
	}
}

func TestAWriteWhoseAnswerWasLostWithItsConnectionIsRepeated(t *testing.T) {
	server, client := serving(t)
	server.will(errNothing, nil)
	if err := create(within(t, 10*time.Second), client, "n"); err != nil || len(server.created) != 2 {
		t.Fatalf("%v after %d calls", err, len(server.created))
	}
	if server.created[0].GetRequestId() != server.created[1].GetRequestId() {
		t.Error("it is another write")
	}
	server.will(errNothing)
	if err := create(within(t, time.Second), client, "n"); !errors.Is(err, Unavailable) {
		t.Error(err)
	}
}
