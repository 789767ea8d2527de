package dev.loci;

import dev.loci.errors.LociException;
import dev.loci.v1.ErrorReason;
import io.grpc.Status;

/**
 * Resource names from ids: {@code graphs/{graph}/nodes/{node}}. Wherever the client takes an id it also takes a whole name, or
 * a relative one ({@code nodes/ann}).
 */
public final class Names {
    private Names() {}

    /** {@code alice} or {@code graphs/alice} to {@code graphs/alice}. */
    public static String graph(String graph) {
        return graph.startsWith("graphs/") ? graph : "graphs/" + graph;
    }

    /** The name of a node. */
    public static String node(String graph, String node) {
        return item(graph, "nodes", node);
    }

    /** The name of an edge. */
    public static String edge(String graph, String edge) {
        return item(graph, "edges", edge);
    }

    /** The name of the node of a session, from the id of the session or of its node. */
    public static String session(String graph, String session) {
        if (session.startsWith("graphs/") || session.startsWith("session:") || session.startsWith("nodes/")) {
            return node(graph, session);
        }
        return node(graph, "session:" + session.replace("%", "%25").replace("/", "%2F"));
    }

    /** {@code acme} or {@code tenants/acme} to {@code tenants/acme}; {@code -} is the caller's own. */
    public static String tenant(String tenant) {
        return tenant.startsWith("tenants/") ? tenant : "tenants/" + tenant;
    }

    /** The last part of a name: {@code ann} of {@code graphs/alice/nodes/ann}. */
    public static String idOf(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /** The same node or edge in this graph, whichever graph it was named in; empty stays empty. */
    static String moved(String graph, String kind, String name) {
        return name.isEmpty() ? name : graph(graph) + "/" + kind + "/" + idOf(name);
    }

    /** Empty stays empty. Throws InvalidNameException for the name of something in another graph. */
    private static String item(String graph, String kind, String item) {
        if (item.isEmpty()) {
            return item;
        }
        String parent = graph(graph);
        if (!item.contains("/")) {
            return parent + "/" + kind + "/" + item;
        }
        if (!item.startsWith("graphs/")) {
            return parent + "/" + item;
        }
        if (!item.startsWith(parent + "/")) {
            throw LociException.found(
                    Status.Code.INVALID_ARGUMENT,
                    ErrorReason.ERROR_REASON_INVALID_NAME,
                    item + " is not in " + parent);
        }
        return item;
    }
}
