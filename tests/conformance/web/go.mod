module loci.dev/tests/web

go 1.26.0

require (
	connectrpc.com/vanguard v0.3.0
	google.golang.org/protobuf v1.36.12
	loci.dev/go v0.0.0
)

require (
	connectrpc.com/connect v1.16.2 // indirect
	golang.org/x/net v0.60.0 // indirect
	golang.org/x/sys v0.48.0 // indirect
	golang.org/x/text v0.42.0 // indirect
	google.golang.org/genproto/googleapis/api v0.0.0-20261019180522-ce908d29299b // indirect
	google.golang.org/genproto/googleapis/rpc v0.0.0-20261019180522-ce908d29299b // indirect
	google.golang.org/grpc v1.85.0 // indirect
)

replace loci.dev/go => ../../../clients/go
