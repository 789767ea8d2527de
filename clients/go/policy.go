package loci

import (
	"encoding/json"
	"strings"
	"sync"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"loci.dev/go/lociv1"
)

const contract = protoreflect.FullName("loci.v1")

var _ = lociv1.File_loci_v1_errors_proto // the contract is linked in, and so registered

// repeatable says of each unary method of the contract (`/loci.v1.NodeService/GetNode`) whether it may be called twice: what
// makes a thing, by its request_id only.
var repeatable = sync.OnceValue(func() map[string]bool {
	methods := make(map[string]bool)
	protoregistry.GlobalFiles.RangeFilesByPackage(contract, func(file protoreflect.FileDescriptor) bool {
		for i := range file.Services().Len() {
			service := file.Services().Get(i)
			for j := range service.Methods().Len() {
				method := service.Methods().Get(j)
				if !method.IsStreamingClient() && !method.IsStreamingServer() {
					methods["/"+string(service.FullName())+"/"+string(method.Name())] = isRepeatable(method)
				}
			}
		}
		return true
	})
	return methods
})

func isRepeatable(method protoreflect.MethodDescriptor) bool {
	name := string(method.Name())
	makes := strings.HasPrefix(name, "Create") || strings.HasPrefix(name, "Rotate")
	return !makes || method.Input().Fields().ByName("request_id") != nil
}

type methodName struct {
	Service string `json:"service"`
	Method  string `json:"method"`
}

// serviceConfig has gRPC's own retries, for each unary method that may be repeated; streams are resumed by the client itself.
var serviceConfig = sync.OnceValue(func() string {
	var names []methodName
	for method, may := range repeatable() {
		if service, name, _ := strings.Cut(method[1:], "/"); may {
			names = append(names, methodName{service, name})
		}
	}
	config := map[string]any{
		"methodConfig": []any{map[string]any{
			"name": names,
			"retryPolicy": map[string]any{
				"maxAttempts":          maxAttempts,
				"initialBackoff":       "0.1s",
				"maxBackoff":           "2s",
				"backoffMultiplier":    2,
				"retryableStatusCodes": []string{"UNAVAILABLE", "RESOURCE_EXHAUSTED"},
			},
		}},
		// When most calls fail, retries would only add to the load.
		"retryThrottling": map[string]any{"maxTokens": 100, "tokenRatio": 0.1},
	}
	text, err := json.Marshal(config)
	if err != nil {
		panic(err) // strings and numbers
	}
	return string(text)
})
