package loci

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"loci.dev/go/lociv1"
)

func TestAClosedClientSaysSo(t *testing.T) {
	_, client := serving(t)
	if err := create(within(t, 10*time.Second), client, "n"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := client.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
	ctx := within(t, 10*time.Second)
	_, importing := client.Import(ctx, "g", people(1), ImportOptions{})
	for name, err := range map[string]error{
		"call": create(ctx, client, "n"), "watch": client.Watch(ctx, "g", WatchOptions{}).Ready(),
		"import": importing, "ready": client.WaitReady(ctx),
	} {
		var known *Error
		if !errors.As(err, &known) || known.Code != codes.Canceled || known.Message != "the client is closed" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatIsNilIsRefusedByItsName(t *testing.T) {
	server, client := serving(t)
	server.imports = func(stream importStream) error { return (&store{}).serve(stream) }
	ctx := within(t, 10*time.Second)
	_, option := New(nil)
	_, dial := New(WithDialOptions(nil))
	_, set := client.Remember(ctx, "g", "text", nil)
	_, query := client.Search(ctx, "g", "text", nil)
	_, items := client.Import(ctx, "g", nil, ImportOptions{})
	_, node := client.Import(ctx, "g", Each(EdgeItem(&lociv1.Edge{}), NodeItem(nil)), ImportOptions{})
	_, edge := client.Import(ctx, "g", Each(EdgeItem(nil)), ImportOptions{})
	_, item := client.Import(ctx, "g", Each(nil), ImportOptions{})
	for message, err := range map[string]error{
		"option 0 of New is nil": option, "an option of WithDialOptions is nil": dial, "function 0 of set is nil": set,
		"items is nil": items, "item 1 is nil": node, "item 0 is nil": edge,
	} {
		if !errors.Is(err, InvalidArgument) || err.Error() != "loci: InvalidArgument: "+message {
			t.Errorf("%s: %v", message, err)
		}
	}
	if !errors.Is(query, InvalidArgument) || !errors.Is(item, InvalidArgument) {
		t.Errorf("%v %v", query, item)
	}
}

func TestTheEndOfADeadlineIsToldInTheSameWordsByBothSides(t *testing.T) {
	server, client := serving(t, WithTimeout(250*time.Millisecond))
	server.will(status.Error(codes.DeadlineExceeded, "Deadline Exceeded"))
	_, noticed := client.Nodes.GetNode(context.Background(), &lociv1.GetNodeRequest{Name: "slow"})
	for name, err := range map[string]error{"client": noticed, "server": create(context.Background(), client, "n")} {
		if err == nil || err.Error() != "loci: DeadlineExceeded: The call did not end within its deadline of 0.25 s." {
			t.Errorf("%s: %v", name, err)
		}
	}
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	address := silent.Addr().String()
	err = create(within(t, 250*time.Millisecond), connected(t, address), "n")
	if !errors.Is(err, DeadlineExceeded) || !strings.HasSuffix(err.Error(), " s. There was no connection to "+address+".") {
		t.Errorf("%v", err)
	}
}
