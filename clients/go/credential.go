package loci

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync/atomic"

	"google.golang.org/grpc/codes"
)

// TokenSource gives the token of an OIDC issuer (JWT) that is good now. It is asked before each try of a call, from many
// goroutines at once, with the context of the call: let it answer from memory, and refresh the token beside.
type TokenSource func(ctx context.Context) (string, error)

// TokenFile gives the token that a file holds now: it is read again for each try, as whoever renews it writes it anew.
func TokenFile(path string) TokenSource {
	return func(context.Context) (string, error) {
		return secretOf(path)
	}
}

// secretOf a file, which holds nothing else. The error names it.
func secretOf(path string) (string, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	secret := strings.TrimSpace(string(content))
	if secret == "" {
		return "", fmt.Errorf("%s is empty", path)
	}
	return secret, nil
}

// credential is an API key, or what gives tokens, as gRPC asks for it before each try. It is always behind a pointer, which
// package fmt does not follow, and has a form for those that print it by itself.
type credential struct {
	header map[string]string
	tokens TokenSource
	secure bool
}

func newCredential(key string, secure bool) (*credential, error) {
	if err := checkShown(key, "API key"); err != nil {
		return nil, err
	}
	return &credential{header: bearer(key), secure: secure}, nil
}

// GetRequestMetadata implements credentials.PerRPCCredentials.
func (c *credential) GetRequestMetadata(ctx context.Context, _ ...string) (map[string]string, error) {
	if c.tokens == nil {
		return c.header, nil
	}
	token, err := c.present(ctx)
	if err != nil {
		return nil, err
	}
	if used, noting := ctx.Value(usedKey{}).(*usedToken); noting {
		used.Store(&token)
	}
	return bearer(token), nil
}

// RequireTransportSecurity implements credentials.PerRPCCredentials: over TLS gRPC watches over it, and without, New has.
func (c *credential) RequireTransportSecurity() bool { return c.secure }

func (c *credential) String() string   { return "loci.credential" }
func (c *credential) GoString() string { return "loci.credential" }

// usedToken is the one that the last try of a call was made with.
type usedToken = atomic.Pointer[string]

type usedKey struct{}

// noting has the calls of a context keep in mind which token they used, if there may be another one later.
func (c *credential) noting(ctx context.Context) (context.Context, *usedToken) {
	if c == nil || c.tokens == nil {
		return ctx, nil
	}
	used := new(usedToken)
	return context.WithValue(ctx, usedKey{}, used), used
}

// isRenewed says that there is another token by now than the one that was refused. A call that was refused so has done nothing.
func (c *credential) isRenewed(ctx context.Context, failure *Error, used *usedToken) bool {
	if used == nil || used.Load() == nil || failure.Code != codes.Unauthenticated {
		return false
	}
	token, err := c.present(ctx)
	return err == nil && token != *used.Load()
}

// present token. Its error has a code that gRPC lets a credential fail with, and matches that of the source.
func (c *credential) present(ctx context.Context) (string, error) {
	token, err := c.tokens(ctx)
	if ended := ctx.Err(); err != nil && ended != nil {
		return "", typed(ended)
	}
	if err == nil {
		err = checkShown(token, "token")
	}
	if err != nil {
		return "", &Error{Code: codes.Unauthenticated, Message: "there is no token: " + err.Error(), cause: err}
	}
	return token, nil
}

func bearer(shown string) map[string]string {
	return map[string]string{"authorization": "Bearer " + shown}
}

// checkShown refuses what a header cannot carry.
func checkShown(shown, what string) error {
	if shown == "" {
		return refused("the %s is empty", what)
	}
	for _, letter := range []byte(shown) {
		if letter <= ' ' || letter > '~' {
			return refused("the %s holds characters that a header cannot carry", what)
		}
	}
	return nil
}

// credentialFromEnvironment is LOCI_API_KEY, or what the file LOCI_API_KEY_FILE holds, or the tokens of the file LOCI_TOKEN_FILE;
// nil for none of them.
func credentialFromEnvironment(secure bool) (*credential, error) {
	if key := os.Getenv("LOCI_API_KEY"); key != "" {
		return newCredential(key, secure)
	}
	if path := os.Getenv("LOCI_API_KEY_FILE"); path != "" {
		key, err := secretOf(path)
		if err != nil {
			return nil, refused("LOCI_API_KEY_FILE: %v", err)
		}
		return newCredential(key, secure)
	}
	if path := os.Getenv("LOCI_TOKEN_FILE"); path != "" {
		source := func(context.Context) (string, error) {
			token, err := secretOf(path)
			if err != nil {
				err = fmt.Errorf("LOCI_TOKEN_FILE: %w", err)
			}
			return token, err
		}
		return &credential{tokens: source, secure: secure}, nil
	}
	return nil, nil
}
