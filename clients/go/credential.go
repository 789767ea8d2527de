package loci

import (
	"context"
	"os"
	"strings"
)

// credential is the API key, as gRPC asks for it before each try. It is always behind a pointer, which package fmt does not
// follow, and has a form for those that print it by itself.
type credential struct {
	header map[string]string
	secure bool
}

func newCredential(key string, secure bool) (*credential, error) {
	if key == "" {
		return nil, refused("the API key is empty")
	}
	for _, letter := range []byte(key) {
		if letter <= ' ' || letter > '~' {
			return nil, refused("the API key holds characters that a header cannot carry")
		}
	}
	return &credential{map[string]string{"authorization": "Bearer " + key}, secure}, nil
}

// GetRequestMetadata implements credentials.PerRPCCredentials.
func (c *credential) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return c.header, nil
}

// RequireTransportSecurity implements credentials.PerRPCCredentials: over TLS gRPC watches over it, and without, New has.
func (c *credential) RequireTransportSecurity() bool { return c.secure }

func (c *credential) String() string   { return "loci.credential" }
func (c *credential) GoString() string { return "loci.credential" }

// keyFromEnvironment is LOCI_API_KEY, or what the file LOCI_API_KEY_FILE holds; false for neither.
func keyFromEnvironment() (key string, given bool, err error) {
	if key := os.Getenv("LOCI_API_KEY"); key != "" {
		return key, true, nil
	}
	path := os.Getenv("LOCI_API_KEY_FILE")
	if path == "" {
		return "", false, nil
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return "", false, refused("LOCI_API_KEY_FILE: %v", err)
	}
	return strings.TrimSpace(string(content)), true, nil
}
