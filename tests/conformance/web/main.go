// A proxy such as browsers need before a server of gRPC: it takes gRPC-Web and Connect, and asks the server by gRPC. Given the
// server's address it says its own, and serves until standard input ends.
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"

	"connectrpc.com/vanguard"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	_ "loci.dev/go/lociv1" // registers the contract
)

func main() {
	transcoder, err := vanguard.NewTranscoder(services(upstream(os.Args[1])))
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr())
	go func() { log.Fatal(http.Serve(listener, transcoder)) }()
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// upstream is the server, by HTTP/2 without TLS.
func upstream(address string) http.Handler {
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: address})
	proxy.FlushInterval = -1 // streams tell as they go
	proxy.Transport = &http.Transport{Protocols: new(http.Protocols)}
	proxy.Transport.(*http.Transport).Protocols.SetUnencryptedHTTP2(true)
	return proxy
}

func services(handler http.Handler) []*vanguard.Service {
	var found []*vanguard.Service
	protoregistry.GlobalFiles.RangeFilesByPackage("loci.v1", func(file protoreflect.FileDescriptor) bool {
		for i := range file.Services().Len() {
			found = append(found, vanguard.NewServiceWithSchema(
				file.Services().Get(i), handler,
				vanguard.WithTargetProtocols(vanguard.ProtocolGRPC),
				vanguard.WithTargetCodecs(vanguard.CodecProto),
				vanguard.WithNoTargetCompression(),
			))
		}
		return true
	})
	return found
}
