package loci

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	"loci.dev/go/lociv1"
)

// tells has each stream give its messages; all but the last end by DRAINING, the last, and those behind it, by GRAPH_NOT_FOUND.
// What was asked for is kept.
func (s *standIn) tells(streams ...[]*lociv1.WatchResponse) *[]*lociv1.WatchRequest {
	var lock sync.Mutex
	asked := &[]*lociv1.WatchRequest{}
	s.watch = func(request *lociv1.WatchRequest, stream grpc.ServerStreamingServer[lociv1.WatchResponse]) error {
		lock.Lock()
		number := len(*asked)
		*asked = append(*asked, request)
		lock.Unlock()
		if number < len(streams) {
			for _, message := range streams[number] {
				if err := stream.Send(message); err != nil {
					return err
				}
			}
		}
		if number < len(streams)-1 {
			return failing(codes.Unavailable, Draining)
		}
		return failing(codes.NotFound, GraphNotFound)
	}
	return asked
}

// taken are the revisions that a watch gives out before it ends with GraphNotFound; or another error.
func taken(watch *Watch) (revisions []int64, err error) {
	for commit, err := range watch.Commits() {
		if errors.Is(err, GraphNotFound) {
			return revisions, nil
		} else if err != nil {
			return revisions, err
		}
		revisions = append(revisions, commit.GetRevision())
	}
	return revisions, errors.New("the watch ended without an error")
}

func TestAfterACutItGoesOnBehindWhatWasGivenOut(t *testing.T) {
	server, client := serving(t)
	asked := server.tells(
		told(window(10, 10), window(10, 12, commit(11), commit(12), piece(13))),
		told(window(12, 12, piece(13)), window(12, 14, commit(13), commit(14))),
	)
	watch := client.Watch(within(t, 20*time.Second), "g", WatchOptions{Start: After(10)})
	sizes := map[int64]int{}
	for commit, err := range watch.Commits() {
		if errors.Is(err, GraphNotFound) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		sizes[commit.GetRevision()] = len(commit.GetChanges())
	}
	if len(sizes) != 4 || sizes[13] != 2 || sizes[14] != 1 {
		t.Errorf("%v", sizes)
	}
	if (*asked)[0].GetAfterRevision() != 10 || (*asked)[1].GetResumeToken() != "behind 12" || watch.Revision() != 14 {
		t.Errorf("%v", *asked)
	}
}

func TestACutHidesNoGap(t *testing.T) {
	server, client := serving(t)
	for _, first := range [][]*lociv1.WatchResponse{{}, told(window(10, 12, commit(11), commit(12)))} {
		server.tells(first, told(window(13, 14, commit(14))))
		if _, err := taken(client.Watch(within(t, 20*time.Second), "g", WatchOptions{Start: After(10)})); !errors.Is(err, WatchGap) || !errors.Is(err, DataLoss) {
			t.Errorf("%v", err)
		}
	}
}

func TestATokenTellsItsRevisionWithTheFirstMessage(t *testing.T) {
	server, client := serving(t)
	server.tells(told(window(50, 51, commit(51))), told(window(51, 52, commit(52))))
	if revisions, err := taken(client.Watch(within(t, 20*time.Second), "g", WatchOptions{Start: Resume("behind 50")})); err != nil || !slices.Equal(revisions, []int64{51, 52}) {
		t.Errorf("%v %v", revisions, err)
	}
	server.tells(told(window(50, 51, commit(51))), told(window(52, 53, commit(53))))
	if _, err := taken(client.Watch(within(t, 20*time.Second), "g", WatchOptions{Start: Resume("behind 50")})); !errors.Is(err, WatchGap) {
		t.Errorf("%v", err)
	}
}

func TestAWatchThatIsReadyHasBegunAndLosesNothing(t *testing.T) {
	server, client := serving(t)
	for name, first := range map[string]*lociv1.WatchResponse{"quiet": window(3, 3), "with a commit": window(3, 4, commit(4))} {
		last := first.GetEndRevision()
		asked := server.tells(told(first, window(last, last+1, commit(last+1))))
		watch := client.Watch(within(t, 20*time.Second), "g", WatchOptions{})
		for range 2 {
			if err := watch.Ready(); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		if quiet := name == "quiet"; quiet != (watch.ResumeToken() == "behind 3") {
			t.Errorf("%s: %q", name, watch.ResumeToken())
		}
		revisions, err := taken(watch)
		if err != nil || revisions[len(revisions)-1] != last+1 || len(revisions) != int(last)-2 || len(*asked) != 1 {
			t.Errorf("%s: %v %v, %d streams", name, revisions, err, len(*asked))
		}
	}
}

func TestItIsNotReadyWhileTheServerRefusesOrIsAway(t *testing.T) {
	server, client := serving(t)
	asked := server.tells(nil, told(window(3, 3)))
	watch := client.Watch(within(t, 20*time.Second), "g", WatchOptions{})
	if err := watch.Ready(); err != nil || len(*asked) != 2 || watch.Revision() != 3 {
		t.Errorf("%v, %d streams", err, len(*asked))
	}
	watch.Close()
	server.tells(nil)
	if err := client.Watch(within(t, 20*time.Second), "g", WatchOptions{}).Ready(); !errors.Is(err, GraphNotFound) {
		t.Errorf("%v", err)
	}
	if err := client.Watch(context.Background(), "-", WatchOptions{}).Ready(); !errors.Is(err, InvalidArgument) {
		t.Errorf("%v", err)
	}
}

func TestAWatchThatIsLeftGoesOnBehindWhatWasGivenOut(t *testing.T) {
	server, client := serving(t)
	asked := server.tells(told(window(0, 2, commit(1), commit(2))), told(window(1, 2, commit(2))))
	watch := client.Watch(within(t, 20*time.Second), "g", WatchOptions{Start: After(0)})
	for range watch.Commits() {
		break
	}
	if watch.Revision() != 1 || watch.ResumeToken() != "behind 1" {
		t.Errorf("%d %s", watch.Revision(), watch.ResumeToken())
	}
	if revisions, err := taken(watch); err != nil || !slices.Equal(revisions, []int64{2}) || (*asked)[1].GetResumeToken() != "behind 1" {
		t.Errorf("%v %v", revisions, err)
	}
}

func TestAWatchEndsWithItsContextOrItsClientOrItsPatience(t *testing.T) {
	server, client := serving(t)
	server.watch = func(_ *lociv1.WatchRequest, stream grpc.ServerStreamingServer[lociv1.WatchResponse]) error {
		_ = stream.Send(window(3, 3))
		<-stream.Context().Done()
		return stream.Context().Err()
	}
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(100*time.Millisecond, cancel)
	if _, err := taken(client.Watch(ctx, "g", WatchOptions{})); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	time.AfterFunc(100*time.Millisecond, func() { _ = client.Close() })
	if _, err := taken(client.Watch(context.Background(), "g", WatchOptions{})); !errors.Is(err, Cancelled) {
		t.Errorf("%v", err)
	}
	lost := connected(t, "127.0.0.1:1")
	if _, err := taken(lost.Watch(context.Background(), "g", WatchOptions{Patience: 300 * time.Millisecond})); !errors.Is(err, Unavailable) {
		t.Errorf("%v", err)
	}
}

func TestAllGraphsGoOnAfterACut(t *testing.T) {
	server, client := serving(t)
	asked := server.tells(
		told(news(nil, of("a", commit(5)), of("a", piece(6)))),
		told(news(nil, of("a", piece(6))), news(nil, of("a", commit(6)), of("b", commit(1)))),
	)
	var revisions []int64
	for item, err := range client.WatchAll(within(t, 20*time.Second), WatchOptions{}).Items() {
		if errors.Is(err, GraphNotFound) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		revisions = append(revisions, item.Commit.GetRevision())
	}
	if !slices.Equal(revisions, []int64{5, 6, 1}) || (*asked)[1].GetResumeToken() != "behind a5" {
		t.Errorf("%v %v", revisions, *asked)
	}
}

func TestNamesOfAFilterMayBeRelative(t *testing.T) {
	filter := &lociv1.WatchFilter{Names: []string{"nodes/ann", "graphs/g/nodes/bob"}}
	request := WatchOptions{Filter: filter}.request("graphs/g")
	if !slices.Equal(request.GetFilter().GetNames(), []string{"graphs/g/nodes/ann", "graphs/g/nodes/bob"}) || filter.Names[0] != "nodes/ann" {
		t.Errorf("%v", request)
	}
}

func TestAReaderThatTakesLongDoesNotUseUpThePatience(t *testing.T) {
	server, client := serving(t)
	server.tells(told(window(0, 1, commit(1))), told(window(1, 2, commit(2))))
	options := WatchOptions{Start: After(0), Patience: 500 * time.Millisecond}
	var revisions []int64
	for commit, err := range client.Watch(within(t, 20*time.Second), "g", options).Commits() {
		if err != nil {
			if !errors.Is(err, GraphNotFound) {
				t.Error(err)
			}
			break
		}
		revisions = append(revisions, commit.GetRevision())
		time.Sleep(2 * options.Patience)
	}
	if !slices.Equal(revisions, []int64{1, 2}) {
		t.Errorf("%v", revisions)
	}
}
