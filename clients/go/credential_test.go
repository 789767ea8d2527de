package loci

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	"loci.dev/go/lociv1"
)

// inTurn gives these tokens, the last one again and again.
func inTurn(tokens ...string) TokenSource {
	var asked atomic.Int64
	return func(context.Context) (string, error) {
		return tokens[min(int(asked.Add(1)), len(tokens))-1], nil
	}
}

// asking is a client of a stand-in that shows tokens.
func asking(t *testing.T, source TokenSource) (*standIn, *Client) {
	t.Helper()
	server := &standIn{}
	server.listen(t, "127.0.0.1:0")
	client, err := New(WithAddress(server.address), WithTokenSource(source))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return server, client
}

func (s *standIn) shown() []string {
	var shown []string
	for _, header := range s.headers {
		shown = append(shown, strings.TrimPrefix(strings.Join(header.Get("authorization"), ","), "Bearer "))
	}
	return shown
}

func TestEachTryOfACallAsksForTheToken(t *testing.T) {
	server, client := asking(t, inTurn("one", "two", "three"))
	server.will(failing(codes.Unavailable, Draining), failing(codes.Aborted, WriteContention), nil)
	if err := create(within(t, 10*time.Second), client, "n"); err != nil || !slices.Equal(server.shown(), []string{"one", "two", "three"}) {
		t.Errorf("%v with %v", err, server.shown())
	}
}

func TestACallThatWasRefusedForItsTokenIsMadeOnceMoreWithAnother(t *testing.T) {
	expired := failing(codes.Unauthenticated, CredentialExpired)
	for name, is := range map[string]struct {
		source TokenSource
		calls  int
		ends   error
	}{
		"another":            {inTurn("old", "new"), 2, nil},
		"the same":           {inTurn("old"), 1, CredentialExpired},
		"another each time":  {inTurn("1", "2", "3", "4", "5", "6", "7"), 2, CredentialExpired},
		"none other by then": {inTurn("old", ""), 1, CredentialExpired},
	} {
		server, client := asking(t, is.source)
		server.will(expired)
		if is.ends == nil {
			server.will(expired, nil)
		}
		// What must not be repeated may be, too: it was refused before anything was done.
		_, err := client.Admin.CreateApiKey(within(t, 10*time.Second), &lociv1.CreateApiKeyRequest{})
		if !errors.Is(err, is.ends) || server.calls != is.calls {
			t.Errorf("%s: %v after %d calls", name, err, server.calls)
		}
	}
}

func TestAKeyThatIsRefusedIsNotTriedAgain(t *testing.T) {
	server, client := serving(t)
	server.will(failing(codes.Unauthenticated, CredentialInvalid))
	if err := create(within(t, 10*time.Second), client, "n"); !errors.Is(err, CredentialInvalid) || server.calls != 1 {
		t.Errorf("%v after %d calls", err, server.calls)
	}
}

func TestAWatchGoesOnWithTheNextToken(t *testing.T) {
	server, client := asking(t, inTurn("first", "second"))
	server.watch = func(_ *lociv1.WatchRequest, stream grpc.ServerStreamingServer[lociv1.WatchResponse]) error {
		header, _ := metadata.FromIncomingContext(stream.Context())
		after := int64(0)
		if header.Get("authorization")[0] == "Bearer second" {
			after = 1
		}
		_ = stream.Send(window(after, after+1, commit(after+1)))
		return failing(codes.Unauthenticated, CredentialExpired)
	}
	revisions, err := taken(client.Watch(within(t, 20*time.Second), "g", WatchOptions{Start: After(0)}))
	if !slices.Equal(revisions, []int64{1, 2}) || !errors.Is(err, CredentialExpired) {
		t.Errorf("%v %v", revisions, err)
	}
}

func TestAStreamWhoseTokensAreAllRefusedEnds(t *testing.T) {
	var count atomic.Int64
	source := func(context.Context) (string, error) { return fmt.Sprint(count.Add(1)), nil }
	server, client := asking(t, source)
	streams := 0
	server.watch = func(*lociv1.WatchRequest, grpc.ServerStreamingServer[lociv1.WatchResponse]) error {
		streams++
		return failing(codes.Unauthenticated, CredentialInvalid)
	}
	if err := client.Watch(within(t, 20*time.Second), "g", WatchOptions{}).Ready(); !errors.Is(err, CredentialInvalid) || streams != maxAttempts {
		t.Errorf("%v after %d streams", err, streams)
	}
	server.exports = func(*lociv1.ExportRequest, grpc.ServerStreamingServer[lociv1.ExportResponse]) error {
		streams++
		return failing(codes.Unauthenticated, CredentialInvalid)
	}
	for _, err := range client.Export(within(t, 20*time.Second), "g", ExportOptions{}) {
		if !errors.Is(err, CredentialInvalid) || streams != 2*maxAttempts {
			t.Errorf("%v after %d streams", err, streams)
		}
	}
}

func TestTheErrorOfATokenSourceIsThatOfTheCall(t *testing.T) {
	broken := errors.New("the issuer is away")
	server, client := asking(t, func(context.Context) (string, error) { return "", broken })
	if err := create(within(t, 10*time.Second), client, "n"); !errors.Is(err, broken) || !errors.Is(err, Unauthenticated) || server.calls != 0 {
		t.Errorf("%v after %d calls", err, server.calls)
	}
	if err := client.Watch(within(t, 10*time.Second), "g", WatchOptions{}).Ready(); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	_, client = asking(t, inTurn("not one\n"+secret))
	err := create(within(t, 10*time.Second), client, "n")
	if !errors.Is(err, Unauthenticated) || strings.Contains(err.Error(), secret) {
		t.Errorf("%v", err)
	}
	_, client = asking(t, func(ctx context.Context) (string, error) { <-ctx.Done(); return "", ctx.Err() })
	if err := create(within(t, 100*time.Millisecond), client, "n"); !errors.Is(err, DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

func TestATokenDoesNotGoToAnotherMachineInClear(t *testing.T) {
	_, err := New(WithAddress("loci.example:50051"), WithTokenSource(inTurn(secret)))
	if !errors.Is(err, InvalidArgument) || strings.Contains(err.Error(), secret) {
		t.Errorf("%v", err)
	}
	if _, err := New(WithAPIKey(secret), WithTokenSource(inTurn(secret))); !errors.Is(err, InvalidArgument) {
		t.Errorf("both: %v", err)
	}
	if _, err := New(WithTokenSource(nil)); !errors.Is(err, InvalidArgument) {
		t.Errorf("none: %v", err)
	}
}

func TestTheTokenOfAFileIsTheOneThatItHoldsNow(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	write := func(token string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("LOCI_API_KEY", "")
	t.Setenv("LOCI_API_KEY_FILE", "")
	t.Setenv("LOCI_TOKEN_FILE", file)
	server := &standIn{}
	server.listen(t, "127.0.0.1:0")
	client, err := New(WithAddress(server.address))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	for _, token := range []string{"monday", "tuesday"} {
		write(token)
		if err := create(within(t, 10*time.Second), client, token); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(server.shown(), []string{"monday", "tuesday"}) {
		t.Errorf("%v", server.shown())
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if err := create(within(t, 10*time.Second), client, "n"); !errors.Is(err, os.ErrNotExist) || !errors.Is(err, Unauthenticated) ||
		!strings.Contains(err.Error(), "LOCI_TOKEN_FILE: ") || !strings.Contains(err.Error(), file) {
		t.Errorf("%v", err)
	}
	write("")
	if err := create(within(t, 10*time.Second), client, "n"); !errors.Is(err, Unauthenticated) || !strings.Contains(err.Error(), file+" is empty") {
		t.Errorf("%v", err)
	}
}
