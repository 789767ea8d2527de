package dev.loci;

import dev.loci.services.AdminService;
import dev.loci.services.BulkService;
import dev.loci.services.CommitService;
import dev.loci.services.EdgeService;
import dev.loci.services.GraphService;
import dev.loci.services.MemoryService;
import dev.loci.services.NodeService;
import dev.loci.services.SearchService;
import dev.loci.services.TraversalService;
import dev.loci.v1.AppendTurnsResponse;
import dev.loci.v1.AuditEntry;
import dev.loci.v1.BulkItem;
import dev.loci.v1.CommitChanges;
import dev.loci.v1.CommitRequest;
import dev.loci.v1.CommitResponse;
import dev.loci.v1.CreateGraphRequest;
import dev.loci.v1.DeleteNodeResponse;
import dev.loci.v1.Edge;
import dev.loci.v1.ForgetRequest;
import dev.loci.v1.ForgetResponse;
import dev.loci.v1.GetNeighborsRequest;
import dev.loci.v1.GetTranscriptRequest;
import dev.loci.v1.Graph;
import dev.loci.v1.ListEdgesRequest;
import dev.loci.v1.ListGraphsRequest;
import dev.loci.v1.ListNodesRequest;
import dev.loci.v1.Neighbor;
import dev.loci.v1.Node;
import dev.loci.v1.RecallRequest;
import dev.loci.v1.RecallResponse;
import dev.loci.v1.RememberRequest;
import dev.loci.v1.RememberResponse;
import dev.loci.v1.SearchRequest;
import dev.loci.v1.SearchResponse;
import dev.loci.v1.Session;
import dev.loci.v1.StartSessionRequest;
import dev.loci.v1.Turn;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A client of a Loci server. Safe for use by many threads; make one and keep it.
 *
 * <p>The calls that are needed most stand here, and as futures in {@link #async}; all others below {@link #nodes}, {@link
 * #memories} and so on. Wherever they take the id of a graph, node or edge, they take its name, too. They throw {@link
 * dev.loci.errors.LociException}. Stubs of grpc-java that are made on {@link #channel} get credential, deadline, retries and
 * request ids all the same.
 */
public final class Loci implements AutoCloseable {
    private final ManagedChannel below;
    private final Layer layer;
    private final Caller caller;

    Loci(ManagedChannel below, Layer layer) {
        this(below, layer, new Caller(ClientInterceptors.intercept(below, layer), null));
    }

    private Loci(ManagedChannel below, Layer layer, Caller caller) {
        this.below = below;
        this.layer = layer;
        this.caller = caller;
    }

    /** Says where the server is and who is calling. */
    public static LociBuilder builder() {
        return new LociBuilder(System.getenv());
    }

    /** A client for what LOCI_ADDRESS and LOCI_API_KEY, or LOCI_API_KEY_FILE, say. */
    public static Loci connect() {
        return builder().build();
    }

    /** This client, with another deadline for each of its calls, at most a year. Both end when one is closed. */
    public Loci withTimeout(Duration perCall) {
        return new Loci(below, layer, new Caller(caller.channel(), LociBuilder.positive(perCall)));
    }

    /** The channel, for stubs of grpc-java: {@code NodeServiceGrpc.newFutureStub(loci.channel())}. */
    public Channel channel() {
        return caller.channel();
    }

    /** Makes calls by their descriptors. */
    public Caller caller() {
        return caller;
    }

    /** The calls of this class as futures. */
    public LociAsync async() {
        return new LociAsync(this);
    }

    /** Tenants, keys, identities, audit, erasure. */
    public AdminService admin() {
        return new AdminService(caller);
    }

    /** Single chunks and states of imports. */
    public BulkService bulk() {
        return new BulkService(caller);
    }

    /** Many writes as one. */
    public CommitService commits() {
        return new CommitService(caller);
    }

    /** Edges. */
    public EdgeService edges() {
        return new EdgeService(caller);
    }

    /** Graphs. */
    public GraphService graphs() {
        return new GraphService(caller);
    }

    /** Memories, sessions, salience, feedback. */
    public MemoryService memories() {
        return new MemoryService(caller);
    }

    /** Nodes. */
    public NodeService nodes() {
        return new NodeService(caller);
    }

    /** Search. */
    public SearchService searches() {
        return new SearchService(caller);
    }

    /** Neighbors, walks and paths. */
    public TraversalService walks() {
        return new TraversalService(caller);
    }

    /** Makes a graph. */
    public Graph createGraph(String id) {
        return createGraph(id, more -> {});
    }

    /** Makes a graph. */
    public Graph createGraph(String id, Consumer<CreateGraphRequest.Builder> more) {
        return graphs().createGraph(Requests.createGraph(id, more)).getGraph();
    }

    /** A graph. */
    public Graph getGraph(String graph) {
        return graphs().getGraph(Requests.getGraph(graph)).getGraph();
    }

    /** Hides a graph and all in it. */
    public Graph deleteGraph(String graph) {
        return graphs().deleteGraph(Requests.deleteGraph(graph)).getGraph();
    }

    /** All graphs, in order of id. */
    public Paged<Graph> listGraphs() {
        return graphs().listGraphs(ListGraphsRequest.getDefaultInstance());
    }

    /** Makes a node: {@code createNode("alice", "ann", node -> node.setLabel("Ann"))}. Empty id: a new one. */
    public Node createNode(String graph, String id, Consumer<Node.Builder> node) {
        return nodes().createNode(Requests.createNode(graph, id, node)).getNode();
    }

    /** A node. */
    public Node getNode(String graph, String node) {
        return nodes().getNode(Requests.getNode(graph, node)).getNode();
    }

    /** Writes the fields that are set, and merges properties. With an etag only if the node has not changed since. */
    public Node updateNode(String graph, String id, Consumer<Node.Builder> node) {
        return nodes().updateNode(Requests.updateNode(graph, id, node)).getNode();
    }

    /** Removes a node and its edges. */
    public DeleteNodeResponse deleteNode(String graph, String node) {
        return nodes().deleteNode(Requests.deleteNode(graph, node));
    }

    /** The nodes of a graph, in order of id. */
    public Paged<Node> listNodes(String graph) {
        return nodes().listNodes(ListNodesRequest.newBuilder().setParent(Names.graph(graph)).build());
    }

    /** Makes an edge. */
    public Edge createEdge(String graph, String source, String relation, String target) {
        return createEdge(graph, source, relation, target, edge -> {});
    }

    /** Makes an edge. */
    public Edge createEdge(
            String graph, String source, String relation, String target, Consumer<Edge.Builder> edge) {
        return edges().createEdge(Requests.createEdge(graph, source, relation, target, edge)).getEdge();
    }

    /** An edge. */
    public Edge getEdge(String graph, String edge) {
        return edges().getEdge(Requests.getEdge(graph, edge)).getEdge();
    }

    /** Removes an edge. Gives the revision that removed it. */
    public long deleteEdge(String graph, String edge) {
        return edges().deleteEdge(Requests.deleteEdge(graph, edge)).getRevision();
    }

    /** The edges of a graph, in order of id. */
    public Paged<Edge> listEdges(String graph) {
        return edges().listEdges(ListEdgesRequest.newBuilder().setParent(Names.graph(graph)).build());
    }

    /** The edges of a node and the nodes at their other ends. */
    public Paged<Neighbor> neighbors(String graph, String node) {
        return walks().getNeighbors(GetNeighborsRequest.newBuilder().setName(Names.node(graph, node)).build());
    }

    /** Up to 1,000 mutations, all or none, as one revision. Names in them are full: {@link Names}. */
    public CommitResponse commit(String graph, Consumer<CommitRequest.Builder> mutations) {
        return commits().commit(Requests.commit(graph, mutations));
    }

    /** Nodes by what they say, best first. */
    public SearchResponse search(String graph, String query) {
        return search(graph, query, more -> {});
    }

    /** Nodes by what they say, best first. */
    public SearchResponse search(String graph, String query, Consumer<SearchRequest.Builder> more) {
        return searches().search(Requests.search(graph, query, more));
    }

    /** The memories of a graph that bear on a query, best first. */
    public RecallResponse recall(String graph, String query) {
        return recall(List.of(graph), query, more -> {});
    }

    /** The memories of up to eight graphs that bear on a query, best first; with max_tokens also as a text for a prompt. */
    public RecallResponse recall(List<String> graphs, String query, Consumer<RecallRequest.Builder> more) {
        return memories().recall(Requests.recall(graphs, query, more));
    }

    /** Keeps a memory, unless it is there already. */
    public RememberResponse remember(String graph, String text) {
        return remember(graph, text, more -> {});
    }

    /** Keeps a memory, unless it is there already: {@code remember("alice", "…", more -> more.setSpeaker("Ann"))}. */
    public RememberResponse remember(String graph, String text, Consumer<RememberRequest.Builder> more) {
        return memories().remember(Requests.remember(graph, text, more));
    }

    /** Deletes memories. */
    public ForgetResponse forget(String graph, List<String> nodes) {
        return forget(graph, nodes, more -> {});
    }

    /** Deletes memories, by id or by a filter: {@code forget("alice", List.of(), more -> more.setFilter(…))}. */
    public ForgetResponse forget(String graph, List<String> nodes, Consumer<ForgetRequest.Builder> more) {
        return memories().forget(Requests.forget(graph, nodes, more));
    }

    /** Begins a session; with an empty id, under a new one. */
    public Session startSession(String graph, String id, Consumer<StartSessionRequest.Builder> more) {
        return memories().startSession(Requests.startSession(graph, id, more)).getSession();
    }

    /** Adds turns to the end of a session. */
    public AppendTurnsResponse appendTurns(String graph, String session, List<Turn> turns) {
        return memories().appendTurns(Requests.appendTurns(graph, session, turns));
    }

    /** What was said in a session, in its order. */
    public Paged<Node> transcript(String graph, String session) {
        return memories().getTranscript(
                GetTranscriptRequest.newBuilder().setName(Names.session(graph, session)).build());
    }

    /** Writes any number of nodes and edges. */
    public Importer importInto(String graph) {
        return new Importer(channel(), layer, graph);
    }

    /** Reads all nodes and edges of a graph. */
    public ResumedStream<BulkItem> export(String graph) {
        return exporter(graph).open();
    }

    /** Reads all nodes and edges of a graph, as it is told. */
    public Exporter exporter(String graph) {
        return new Exporter(channel(), layer, graph);
    }

    /** The audit of a tenant, {@code -} for the caller's own, from a sequence on; 0: from the first that is kept. */
    public ResumedStream<AuditEntry> exportAudit(String tenant, long firstSequence) {
        String parent = tenant.equals("installation") ? tenant : Names.tenant(tenant);
        return Exporter.audit(channel(), layer, parent, firstSequence);
    }

    /** Every commit of a graph, in order, once, as they happen. */
    public WatchBuilder<CommitChanges> watch(String graph) {
        return WatchBuilder.ofGraph(channel(), layer, graph);
    }

    /** Every commit of all graphs of the tenant, those of each in order, and what becomes of graphs. */
    public WatchBuilder<FeedItem> watchAll() {
        return WatchBuilder.ofAll(channel(), layer);
    }

    /** Ends the channel and, after a second, what still runs over it: calls, watches, imports. */
    @Override
    public void close() {
        layer.close();
        below.shutdown();
        try {
            if (!below.awaitTermination(1, TimeUnit.SECONDS)) {
                below.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            below.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
