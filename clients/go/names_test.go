package loci

import "testing"

func TestNamesAreMadeOfIDs(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{GraphName("alice"), "graphs/alice"},
		{GraphName("graphs/alice"), "graphs/alice"},
		{NodeName("alice", "ann"), "graphs/alice/nodes/ann"},
		{NodeName("graphs/alice", "nodes/ann"), "graphs/alice/nodes/ann"},
		{NodeName("alice", "graphs/alice/nodes/ann"), "graphs/alice/nodes/ann"},
		{EdgeName("alice", "e-1"), "graphs/alice/edges/e-1"},
		{SessionName("alice", "a/b%"), "graphs/alice/nodes/session:a%2Fb%25"},
		{SessionName("alice", "session:x"), "graphs/alice/nodes/session:x"},
		{TenantName("-"), "tenants/-"},
		{ID("graphs/alice/nodes/ann"), "ann"},
		{ID("ann"), "ann"},
		{moved("bob", "nodes", "graphs/alice/nodes/ann"), "graphs/bob/nodes/ann"},
		{moved("bob", "nodes", "nodes/ann"), "graphs/bob/nodes/ann"},
		{moved("bob", "nodes", ""), ""},
		{moved("bob", "edges", "e1"), "graphs/bob/edges/e1"},
	} {
		if c.got != c.want {
			t.Errorf("%q, not %q", c.got, c.want)
		}
	}
}
