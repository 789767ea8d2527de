package loci

import (
	"encoding/json"
	"testing"
)

func TestOnlyWhatMayBeRepeatedIsRepeated(t *testing.T) {
	methods := repeatable()
	for method, may := range map[string]bool{
		"/loci.v1.NodeService/CreateNode": true, "/loci.v1.SearchService/Search": true, "/loci.v1.CommitService/Commit": true,
		"/loci.v1.MemoryService/Remember": true, "/loci.v1.AdminService/CreateApiKey": false,
		"/loci.v1.AdminService/RotateKeys": false,
	} {
		if found, known := methods[method]; !known || found != may {
			t.Errorf("%s: %v", method, found)
		}
	}
	for _, stream := range []string{"BulkService/Import", "BulkService/Export", "WatchService/Watch"} {
		if _, known := methods["/loci.v1."+stream]; known {
			t.Errorf("%s is no unary call", stream)
		}
	}
	if !json.Valid([]byte(serviceConfig())) {
		t.Error("the service config is not JSON")
	}
}
