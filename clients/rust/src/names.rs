//! Resource names from ids and back: `graphs/{graph}/nodes/{node}`. Wherever an id is taken, a whole name is, too.

/// `graphs/alice` of `alice`.
#[must_use]
pub fn graph(graph: &str) -> String {
    prefixed("graphs/", graph)
}

/// `graphs/alice/nodes/ann` of `alice` and `ann` (or `nodes/ann`, or the whole name, which stays).
#[must_use]
pub fn node(graph: &str, node: &str) -> String {
    item(graph, "nodes", node)
}

/// `graphs/alice/edges/e-1` of `alice` and `e-1` (or `edges/e-1`, or the whole name, which stays).
#[must_use]
pub fn edge(graph: &str, edge: &str) -> String {
    item(graph, "edges", edge)
}

/// The node of a session, of the id of the session or that of its node.
#[must_use]
pub fn session(graph: &str, session: &str) -> String {
    if session.starts_with("graphs/") || session.starts_with("session:") {
        return node(graph, session);
    }
    node(graph, &format!("session:{}", session.replace('%', "%25").replace('/', "%2F")))
}

/// `tenants/acme` of `acme`; `-` is the caller's own.
#[must_use]
pub fn tenant(tenant: &str) -> String {
    prefixed("tenants/", tenant)
}

/// `tenants/acme/apiKeys/k1` of `acme` and `k1`.
#[must_use]
pub fn api_key(tenant: &str, key: &str) -> String {
    if key.starts_with("tenants/") { key.to_owned() } else { format!("{}/apiKeys/{key}", self::tenant(tenant)) }
}

/// The last part of a name: `ann` of `graphs/alice/nodes/ann`.
#[must_use]
pub fn id_of(name: &str) -> &str {
    name.rsplit_once('/').map_or(name, |(_, id)| id)
}

/// A relative name (`nodes/ann`) inside its graph; whole names and empty ones stay.
pub(crate) fn completed(graph: &str, name: &str) -> String {
    if name.is_empty() || name.starts_with("graphs/") {
        name.to_owned()
    } else {
        format!("{}/{name}", self::graph(graph))
    }
}

/// The same node or edge in this graph, whichever graph it was named in, or by its id alone; empty stays empty.
pub(crate) fn moved(graph: &str, kind: &str, name: &str) -> String {
    if name.is_empty() {
        return String::new();
    }
    let Some((path, id)) = name.rsplit_once('/') else { return item(graph, kind, name) };
    format!("{}/{}/{id}", self::graph(graph), id_of(path))
}

fn item(graph: &str, kind: &str, item: &str) -> String {
    if item.contains('/') { completed(graph, item) } else { format!("{}/{kind}/{item}", self::graph(graph)) }
}

fn prefixed(prefix: &str, id: &str) -> String {
    if id.starts_with(prefix) { id.to_owned() } else { format!("{prefix}{id}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_names_give_names() {
        assert_eq!((graph("alice"), graph("graphs/alice")), ("graphs/alice".into(), "graphs/alice".into()));
        for given in ["ann", "nodes/ann", "graphs/alice/nodes/ann"] {
            assert_eq!(node("alice", given), "graphs/alice/nodes/ann");
        }
        assert_eq!(edge("graphs/alice", "e-1"), "graphs/alice/edges/e-1");
        assert_eq!(tenant("-"), "tenants/-");
        assert_eq!(api_key("-", "k"), "tenants/-/apiKeys/k");
        assert_eq!(id_of("graphs/alice/nodes/ann"), "ann");
    }

    #[test]
    fn a_session_is_a_node() {
        for given in ["s1", "session:s1", "graphs/alice/nodes/session:s1"] {
            assert_eq!(session("alice", given), "graphs/alice/nodes/session:s1");
        }
        assert_eq!(session("alice", "a/b"), "graphs/alice/nodes/session:a%2Fb");
    }

    #[test]
    fn items_move_to_another_graph() {
        assert_eq!(moved("bob", "nodes", "graphs/alice/nodes/ann"), "graphs/bob/nodes/ann");
        assert_eq!(moved("bob", "nodes", "nodes/ann"), "graphs/bob/nodes/ann");
        assert_eq!(moved("bob", "nodes", ""), "");
        assert_eq!(moved("bob", "edges", "e1"), "graphs/bob/edges/e1");
    }
}
