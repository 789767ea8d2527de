package loci

import "strings"

// GraphName is the name of a graph, from its id or its name: `alice` is `graphs/alice`.
func GraphName(graph string) string {
	if strings.HasPrefix(graph, "graphs/") {
		return graph
	}
	return "graphs/" + graph
}

// NodeName is the name of a node, from its id (`ann`), its relative name (`nodes/ann`) or its name. A whole name stays, also
// that of another graph, which the server refuses where it must not be.
func NodeName(graph, node string) string {
	return itemName(graph, "nodes", node)
}

// EdgeName is the name of an edge, from its id, its relative name or its name.
func EdgeName(graph, edge string) string {
	return itemName(graph, "edges", edge)
}

// SessionName is the name of a session's node, from the id of the session, the id of its node (`session:ID`) or its name.
func SessionName(graph, session string) string {
	if strings.HasPrefix(session, "graphs/") || strings.HasPrefix(session, "session:") {
		return NodeName(graph, session)
	}
	return NodeName(graph, "session:"+strings.NewReplacer("%", "%25", "/", "%2F").Replace(session))
}

// TenantName is the name of a tenant, from its id or its name; `-` is the caller's own.
func TenantName(tenant string) string {
	if strings.HasPrefix(tenant, "tenants/") {
		return tenant
	}
	return "tenants/" + tenant
}

// ID is the last part of a name: `ann` of `graphs/alice/nodes/ann`.
func ID(name string) string {
	return name[strings.LastIndexByte(name, '/')+1:]
}

func itemName(graph, kind, item string) string {
	switch {
	case strings.HasPrefix(item, "graphs/"):
		return item
	case strings.Contains(item, "/"):
		return GraphName(graph) + "/" + item
	default:
		return GraphName(graph) + "/" + kind + "/" + item
	}
}

// moved is the name of the same node or edge in this graph, whichever graph it was named in, or by its id alone; empty stays
// empty.
func moved(graph, kind, name string) string {
	if name == "" {
		return ""
	}
	id := name
	if last := strings.LastIndexByte(name, '/'); last >= 0 {
		kind, id = ID(name[:last]), name[last+1:]
	}
	return GraphName(graph) + "/" + kind + "/" + id
}
