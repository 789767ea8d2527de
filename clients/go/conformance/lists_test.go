package main

import (
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// A list that the contract gets is to be an iterator of the client.
func TestEveryListOfTheContractCanBePlayed(t *testing.T) {
	protoregistry.GlobalFiles.RangeFilesByPackage("loci.v1", func(file protoreflect.FileDescriptor) bool {
		for i := range file.Services().Len() {
			service := file.Services().Get(i)
			for j := range service.Methods().Len() {
				method := service.Methods().Get(j)
				name := string(service.Name()) + "/" + string(method.Name())
				pages := method.Output().Fields().ByName("next_page_token") != nil && !method.IsStreamingServer()
				if _, known := lists[name]; pages != known && name != "AdminService/VerifyAudit" {
					t.Errorf("%s: it is a list: %v; the agent knows it: %v", name, pages, known)
				}
			}
		}
		return true
	})
}

func TestNamesInCamelCase(t *testing.T) {
	for name, want := range map[string]string{"NODE_NOT_FOUND": "NodeNotFound", "API_KEY_ENDED": "ApiKeyEnded", "CANCELLED": "Cancelled"} {
		if camel(name) != want {
			t.Errorf("%s: %s", name, camel(name))
		}
	}
}
