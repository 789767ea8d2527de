package loci

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"loci.dev/go/lociv1"
)

// certificate for loci.example that signs itself, and its key.
func certificate(t *testing.T) (chain, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "loci"}, DNSNames: []string{"loci.example"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true,
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})
}

func TestBothSidesShowCertificates(t *testing.T) {
	chain, key := certificate(t)
	pair, err := tls.X509KeyPair(chain, key)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(chain)
	config := &tls.Config{Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := &standIn{}
	server := grpc.NewServer(grpc.Creds(credentials.NewTLS(config)))
	lociv1.RegisterNodeServiceServer(server, served)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)

	address := listener.Addr().String()
	known := connected(t, address, WithRoots(chain), WithClientCertificate(chain, key), WithServerName("loci.example"))
	if err := create(within(t, 10*time.Second), known, "n"); err != nil {
		t.Error(err)
	}
	if served.headers[0].Get("authorization")[0] != "Bearer key-of-a-test" {
		t.Errorf("%v", served.headers)
	}
	began := time.Now()
	for name, options := range map[string][]Option{
		"no client certificate": {WithRoots(chain), WithServerName("loci.example")},
		"another name":          {WithRoots(chain), WithClientCertificate(chain, key)},
		"roots of the system":   {WithTLS(nil), WithServerName("loci.example")},
	} {
		ctx := within(t, 3*time.Second)
		if err := create(ctx, connected(t, address, options...), "n"); !errors.Is(err, Unavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	t.Log(time.Since(began))
	err = create(within(t, 10*time.Second), connected(t, address), "n")
	if !errors.Is(err, Unavailable) || !strings.HasSuffix(err.Error(), " (at "+address+"; if the server wants TLS, give WithTLS)") {
		t.Errorf("without TLS: %v", err)
	}
	ordered := connected(t, address, WithRoots(chain), WithClientCertificate(chain, key), WithServerName("loci.example"), WithTLS(nil))
	if err := create(within(t, 10*time.Second), ordered, "n"); err != nil {
		t.Errorf("what was said of TLS is forgotten: %v", err)
	}
	if _, err := New(WithRoots([]byte("no PEM"))); !errors.Is(err, InvalidArgument) {
		t.Errorf("%v", err)
	}
	if _, err := New(WithClientCertificate(chain, []byte("no key"))); !errors.Is(err, InvalidArgument) {
		t.Errorf("%v", err)
	}
}
