package dev.loci;

import dev.loci.v1.AppendTurnsResponse;
import dev.loci.v1.CommitRequest;
import dev.loci.v1.CommitResponse;
import dev.loci.v1.CreateEdgeResponse;
import dev.loci.v1.CreateGraphRequest;
import dev.loci.v1.CreateGraphResponse;
import dev.loci.v1.CreateNodeResponse;
import dev.loci.v1.DeleteEdgeResponse;
import dev.loci.v1.DeleteGraphResponse;
import dev.loci.v1.DeleteNodeResponse;
import dev.loci.v1.Edge;
import dev.loci.v1.ForgetRequest;
import dev.loci.v1.ForgetResponse;
import dev.loci.v1.GetEdgeResponse;
import dev.loci.v1.GetGraphResponse;
import dev.loci.v1.GetNodeResponse;
import dev.loci.v1.Graph;
import dev.loci.v1.Node;
import dev.loci.v1.RecallRequest;
import dev.loci.v1.RecallResponse;
import dev.loci.v1.RememberRequest;
import dev.loci.v1.RememberResponse;
import dev.loci.v1.SearchRequest;
import dev.loci.v1.SearchResponse;
import dev.loci.v1.Session;
import dev.loci.v1.StartSessionRequest;
import dev.loci.v1.StartSessionResponse;
import dev.loci.v1.Turn;
import dev.loci.v1.UpdateNodeResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The short calls of {@link Loci} as futures. They fail with a {@link dev.loci.errors.LociException}, which callbacks may see
 * inside a CompletionException; {@code LociException.from(Throwable)} unwraps it. Lists are iterated without a waiting thread
 * by {@link Paged#forEachAsync}.
 */
public final class LociAsync {
    private final Loci loci;

    LociAsync(Loci loci) {
        this.loci = loci;
    }

    /** Makes a graph. */
    public CompletableFuture<Graph> createGraph(String id) {
        return createGraph(id, more -> {});
    }

    /** Makes a graph. */
    public CompletableFuture<Graph> createGraph(String id, Consumer<CreateGraphRequest.Builder> more) {
        return given(loci.graphs().createGraphAsync(Requests.createGraph(id, more)), CreateGraphResponse::getGraph);
    }

    /** A graph. */
    public CompletableFuture<Graph> getGraph(String graph) {
        return given(loci.graphs().getGraphAsync(Requests.getGraph(graph)), GetGraphResponse::getGraph);
    }

    /** Hides a graph and all in it. */
    public CompletableFuture<Graph> deleteGraph(String graph) {
        return given(loci.graphs().deleteGraphAsync(Requests.deleteGraph(graph)), DeleteGraphResponse::getGraph);
    }

    /** Makes a node. */
    public CompletableFuture<Node> createNode(String graph, String id, Consumer<Node.Builder> node) {
        return given(loci.nodes().createNodeAsync(Requests.createNode(graph, id, node)), CreateNodeResponse::getNode);
    }

    /** A node. */
    public CompletableFuture<Node> getNode(String graph, String node) {
        return given(loci.nodes().getNodeAsync(Requests.getNode(graph, node)), GetNodeResponse::getNode);
    }

    /** Writes the fields that are set, and merges properties. */
    public CompletableFuture<Node> updateNode(String graph, String id, Consumer<Node.Builder> node) {
        return given(loci.nodes().updateNodeAsync(Requests.updateNode(graph, id, node)), UpdateNodeResponse::getNode);
    }

    /** Removes a node and its edges. */
    public CompletableFuture<DeleteNodeResponse> deleteNode(String graph, String node) {
        return loci.nodes().deleteNodeAsync(Requests.deleteNode(graph, node));
    }

    /** Makes an edge. */
    public CompletableFuture<Edge> createEdge(String graph, String source, String relation, String target) {
        return createEdge(graph, source, relation, target, edge -> {});
    }

    /** Makes an edge. */
    public CompletableFuture<Edge> createEdge(
            String graph, String source, String relation, String target, Consumer<Edge.Builder> edge) {
        return given(
                loci.edges().createEdgeAsync(Requests.createEdge(graph, source, relation, target, edge)),
                CreateEdgeResponse::getEdge);
    }

    /** An edge. */
    public CompletableFuture<Edge> getEdge(String graph, String edge) {
        return given(loci.edges().getEdgeAsync(Requests.getEdge(graph, edge)), GetEdgeResponse::getEdge);
    }

    /** Removes an edge. Gives the revision that removed it. */
    public CompletableFuture<Long> deleteEdge(String graph, String edge) {
        return given(loci.edges().deleteEdgeAsync(Requests.deleteEdge(graph, edge)), DeleteEdgeResponse::getRevision);
    }

    /** Up to 1,000 mutations, all or none, as one revision. */
    public CompletableFuture<CommitResponse> commit(String graph, Consumer<CommitRequest.Builder> mutations) {
        return loci.commits().commitAsync(Requests.commit(graph, mutations));
    }

    /** Nodes by what they say, best first. */
    public CompletableFuture<SearchResponse> search(String graph, String query) {
        return search(graph, query, more -> {});
    }

    /** Nodes by what they say, best first. */
    public CompletableFuture<SearchResponse> search(
            String graph, String query, Consumer<SearchRequest.Builder> more) {
        return loci.searches().searchAsync(Requests.search(graph, query, more));
    }

    /** The memories of a graph that bear on a query, best first. */
    public CompletableFuture<RecallResponse> recall(String graph, String query) {
        return recall(List.of(graph), query, more -> {});
    }

    /** The memories of up to eight graphs that bear on a query, best first. */
    public CompletableFuture<RecallResponse> recall(
            List<String> graphs, String query, Consumer<RecallRequest.Builder> more) {
        return loci.memories().recallAsync(Requests.recall(graphs, query, more));
    }

    /** Keeps a memory, unless it is there already. */
    public CompletableFuture<RememberResponse> remember(String graph, String text) {
        return remember(graph, text, more -> {});
    }

    /** Keeps a memory, unless it is there already. */
    public CompletableFuture<RememberResponse> remember(
            String graph, String text, Consumer<RememberRequest.Builder> more) {
        return loci.memories().rememberAsync(Requests.remember(graph, text, more));
    }

    /** Deletes memories. */
    public CompletableFuture<ForgetResponse> forget(String graph, List<String> nodes) {
        return forget(graph, nodes, more -> {});
    }

    /** Deletes memories. */
    public CompletableFuture<ForgetResponse> forget(
            String graph, List<String> nodes, Consumer<ForgetRequest.Builder> more) {
        return loci.memories().forgetAsync(Requests.forget(graph, nodes, more));
    }

    /** Begins a session; with an empty id, under a new one. */
    public CompletableFuture<Session> startSession(
            String graph, String id, Consumer<StartSessionRequest.Builder> more) {
        return given(
                loci.memories().startSessionAsync(Requests.startSession(graph, id, more)),
                StartSessionResponse::getSession);
    }

    /** Adds turns to the end of a session. */
    public CompletableFuture<AppendTurnsResponse> appendTurns(String graph, String session, List<Turn> turns) {
        return loci.memories().appendTurnsAsync(Requests.appendTurns(graph, session, turns));
    }

    /** A part of an answer. To cancel it cancels the call. */
    private static <R, T> CompletableFuture<T> given(CompletableFuture<R> call, Function<R, T> part) {
        CompletableFuture<T> future = call.thenApply(part);
        Caller.cancelWith(future, () -> call.cancel(true));
        return future;
    }
}
