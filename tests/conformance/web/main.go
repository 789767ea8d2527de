// A proxy such as browsers need before a server of gRPC: it takes gRPC-Web and Connect, and asks the server by gRPC. Given the
// server's address it says its own, and serves until standard input ends. The line `cut` cuts all connections with browsers.
package main

import (
	"bufio"
	"flag"
	"fmt"
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
	var allowed policy
	flag.StringVar(&allowed.origin, "origin", "", "whose pages may call")
	flag.StringVar(&allowed.methods, "allow-methods", "", "by which methods")
	flag.StringVar(&allowed.headers, "allow-headers", "", "with which headers")
	flag.StringVar(&allowed.exposed, "expose-headers", "", "which headers of answers they may read")
	flag.StringVar(&allowed.maxAge, "max-age", "", "for how many seconds they keep this")
	flag.Parse()
	transcoder, err := vanguard.NewTranscoder(services(upstream(flag.Arg(0))))
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr())
	held := &connections{Listener: listener}
	go func() { log.Fatal(http.Serve(held, allowed.before(transcoder))) }()
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		if lines.Text() == "cut" {
			held.cut()
		}
	}
}

// upstream is the server, by HTTP/2 without TLS.
func upstream(address string) http.Handler {
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: address})
	proxy.FlushInterval = -1 // streams tell as they go
	proxy.ErrorHandler = unavailable
	proxy.Transport = &http.Transport{Protocols: new(http.Protocols)}
	proxy.Transport.(*http.Transport).Protocols.SetUnencryptedHTTP2(true)
	return proxy
}

// unavailable answers as proxies of gRPC do where the server cannot be reached.
func unavailable(writer http.ResponseWriter, _ *http.Request, err error) {
	writer.Header().Set("Content-Type", "application/grpc+proto")
	writer.Header().Set("Grpc-Status", "14")
	writer.Header().Set("Grpc-Message", url.PathEscape(err.Error()))
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
