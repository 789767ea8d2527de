package loci

import (
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"os"
	"slices"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
)

const (
	defaultTimeout  = 30 * time.Second
	maxMessageBytes = 16 << 20
	// retryBufferBytes: gRPC repeats only what it has kept, and 256 KiB, its default, are less than a commit may have.
	retryBufferBytes = maxMessageBytes + 1<<10
)

// Option of [New].
type Option func(*settings) error

// settings are all that a connection and its calls are made from.
type settings struct {
	address   string
	key       *string
	tokens    TokenSource
	tls       *tls.Config
	insecure  bool
	timeout   time.Duration
	userAgent string
	logger    *slog.Logger
	dial      []grpc.DialOption
}

// WithAddress says where the server is: HOST:PORT, or an address of gRPC such as unix:/run/loci or dns:///HOST:PORT. Default: LOCI_ADDRESS, else
// 127.0.0.1:50051.
func WithAddress(address string) Option {
	return func(s *settings) error { s.address = address; return nil }
}

// WithAPIKey says who is calling. Default: LOCI_API_KEY, else the content of the file LOCI_API_KEY_FILE, else the tokens of the
// file LOCI_TOKEN_FILE. Without any of them the server may go by the client's certificate.
func WithAPIKey(key string) Option {
	return func(s *settings) error { s.key = &key; return nil }
}

// WithTokenSource says who is calling by tokens of an OIDC issuer, in place of an API key. A call, or the stream of a watch, that
// was refused for its token is made again if there is another one by then.
func WithTokenSource(source TokenSource) Option {
	return func(s *settings) error {
		if source == nil {
			return refused("the source of tokens is nil")
		}
		s.tokens = source
		return nil
	}
}

// WithTLS has the connection encrypted, as the configuration says, in place of what other options said before; nil: as these
// said, else checked by the roots of the system.
func WithTLS(config *tls.Config) Option {
	return func(s *settings) error {
		if config == nil {
			s.encrypted()
		} else {
			s.tls = config.Clone()
		}
		return nil
	}
}

// WithRoots has the connection encrypted, and trusts these certificates (PEM) instead of the system's.
func WithRoots(pem []byte) Option {
	return func(s *settings) error {
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(pem) {
			return refused("there is no certificate in the roots: give PEM")
		}
		s.encrypted().RootCAs = pool
		return nil
	}
}

// WithClientCertificate has the connection encrypted, and shows this certificate chain to the server (both PEM).
func WithClientCertificate(certificate, key []byte) Option {
	return func(s *settings) error {
		pair, err := tls.X509KeyPair(certificate, key)
		if err != nil {
			return refused("client certificate: %v", err)
		}
		s.encrypted().Certificates = []tls.Certificate{pair}
		return nil
	}
}

// WithServerName has the connection encrypted, and expects this name in the server's certificate.
func WithServerName(name string) Option {
	return func(s *settings) error { s.encrypted().ServerName = name; return nil }
}

// WithInsecure lets the API key, or the token, go to another machine unencrypted.
func WithInsecure() Option {
	return func(s *settings) error { s.insecure = true; return nil }
}

// WithTimeout is the deadline of unary calls whose context has none; it covers all tries. Default: 30 s.
func WithTimeout(timeout time.Duration) Option {
	return func(s *settings) error {
		if timeout <= 0 {
			return refused("the timeout must be more than 0")
		}
		s.timeout = timeout
		return nil
	}
}

// WithUserAgent puts the name of your program before that of this client.
func WithUserAgent(name string) Option {
	return func(s *settings) error { s.userAgent = name + " " + s.userAgent; return nil }
}

// WithLogger says where to write that a watch has no connection for long. Default: slog.Default().
func WithLogger(logger *slog.Logger) Option {
	return func(s *settings) error { s.logger = logger; return nil }
}

// WithDialOptions gives gRPC further options; they come last and so win.
func WithDialOptions(options ...grpc.DialOption) Option {
	return func(s *settings) error {
		if slices.Contains(options, nil) {
			return refused("an option of WithDialOptions is nil")
		}
		s.dial = append(s.dial, options...)
		return nil
	}
}

func (s *settings) encrypted() *tls.Config {
	if s.tls == nil {
		s.tls = &tls.Config{}
	}
	return s.tls
}

// settle fills in what was not given from the environment, and refuses what must not be.
func settle(options []Option) (*settings, *credential, error) {
	s := &settings{timeout: defaultTimeout, userAgent: "loci-go/" + Version}
	for i, option := range options {
		if option == nil {
			return nil, nil, refused("option %d of New is nil", i)
		}
		if err := option(s); err != nil {
			return nil, nil, err
		}
	}
	if s.address == "" {
		s.address = os.Getenv("LOCI_ADDRESS")
	}
	if s.address == "" {
		s.address = defaultAddress
	}
	if err := checkAddress(s.address); err != nil {
		return nil, nil, err
	}
	if s.logger == nil {
		s.logger = slog.Default()
	}
	shown, err := s.credential()
	if err != nil {
		return nil, nil, err
	}
	if shown != nil && s.tls == nil && !s.insecure && !isLocal(s.address) {
		return nil, nil, refused(
			"the API key or token would go to %s unencrypted: give WithTLS, or WithInsecure", s.address)
	}
	return s, shown, nil
}

func (s *settings) credential() (*credential, error) {
	secure := s.tls != nil
	switch {
	case s.key != nil && s.tokens != nil:
		return nil, refused("give an API key or tokens, not both")
	case s.key != nil:
		key := *s.key
		s.key = nil
		return newCredential(key, secure)
	case s.tokens != nil:
		return &credential{tokens: s.tokens, secure: secure}, nil
	}
	return credentialFromEnvironment(secure)
}

// dialOptions has limits, keepalive and retries; the caller's own come last.
func (s *settings) dialOptions(shown *credential) []grpc.DialOption {
	transport := insecure.NewCredentials()
	if s.tls != nil {
		transport = credentials.NewTLS(s.tls)
	}
	options := []grpc.DialOption{
		grpc.WithTransportCredentials(transport),
		grpc.WithUserAgent(s.userAgent),
		grpc.WithDefaultCallOptions(
			grpc.MaxCallRecvMsgSize(maxMessageBytes),
			grpc.MaxCallSendMsgSize(maxMessageBytes),
			grpc.MaxRetryRPCBufferSize(retryBufferBytes),
		),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: time.Minute, Timeout: 20 * time.Second}),
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: longestPause},
			MinConnectTimeout: longestPause,
		}),
		grpc.WithDefaultServiceConfig(serviceConfig()),
		grpc.WithDisableServiceConfig(), // of DNS, which no installation of Loci has
	}
	if shown != nil {
		options = append(options, grpc.WithPerRPCCredentials(shown))
	}
	return append(options, s.dial...)
}
