package dev.loci;

import dev.loci.v1.AppendTurnsRequest;
import dev.loci.v1.CommitRequest;
import dev.loci.v1.CreateEdgeRequest;
import dev.loci.v1.CreateGraphRequest;
import dev.loci.v1.CreateNodeRequest;
import dev.loci.v1.DeleteEdgeRequest;
import dev.loci.v1.DeleteGraphRequest;
import dev.loci.v1.DeleteNodeRequest;
import dev.loci.v1.Edge;
import dev.loci.v1.ForgetRequest;
import dev.loci.v1.GetEdgeRequest;
import dev.loci.v1.GetGraphRequest;
import dev.loci.v1.GetNodeRequest;
import dev.loci.v1.Node;
import dev.loci.v1.RecallRequest;
import dev.loci.v1.RememberRequest;
import dev.loci.v1.SearchRequest;
import dev.loci.v1.StartSessionRequest;
import dev.loci.v1.Turn;
import dev.loci.v1.UpdateNodeRequest;
import java.util.List;
import java.util.function.Consumer;

/** Builds the requests of the short calls: names from ids first, then what the caller adds. */
final class Requests {
    private Requests() {}

    static CreateGraphRequest createGraph(String id, Consumer<CreateGraphRequest.Builder> more) {
        CreateGraphRequest.Builder request = CreateGraphRequest.newBuilder().setGraphId(Names.idOf(id));
        more.accept(request);
        return request.build();
    }

    static GetGraphRequest getGraph(String graph) {
        return GetGraphRequest.newBuilder().setName(Names.graph(graph)).build();
    }

    static DeleteGraphRequest deleteGraph(String graph) {
        return DeleteGraphRequest.newBuilder().setName(Names.graph(graph)).build();
    }

    static CreateNodeRequest createNode(String graph, String id, Consumer<Node.Builder> node) {
        CreateNodeRequest.Builder request = CreateNodeRequest.newBuilder().setParent(Names.graph(graph)).setNodeId(id);
        node.accept(request.getNodeBuilder());
        return request.build();
    }

    static GetNodeRequest getNode(String graph, String node) {
        return GetNodeRequest.newBuilder().setName(Names.node(graph, node)).build();
    }

    static UpdateNodeRequest updateNode(String graph, String id, Consumer<Node.Builder> node) {
        UpdateNodeRequest.Builder request = UpdateNodeRequest.newBuilder();
        node.accept(request.getNodeBuilder());
        request.getNodeBuilder().setName(Names.node(graph, id));
        return request.build();
    }

    static DeleteNodeRequest deleteNode(String graph, String node) {
        return DeleteNodeRequest.newBuilder().setName(Names.node(graph, node)).build();
    }

    static CreateEdgeRequest createEdge(
            String graph, String source, String relation, String target, Consumer<Edge.Builder> edge) {
        CreateEdgeRequest.Builder request = CreateEdgeRequest.newBuilder().setParent(Names.graph(graph));
        request.getEdgeBuilder()
                .setSource(Names.idOf(source))
                .setRelation(relation)
                .setTarget(Names.idOf(target));
        edge.accept(request.getEdgeBuilder());
        return request.build();
    }

    static GetEdgeRequest getEdge(String graph, String edge) {
        return GetEdgeRequest.newBuilder().setName(Names.edge(graph, edge)).build();
    }

    static DeleteEdgeRequest deleteEdge(String graph, String edge) {
        return DeleteEdgeRequest.newBuilder().setName(Names.edge(graph, edge)).build();
    }

    static CommitRequest commit(String graph, Consumer<CommitRequest.Builder> mutations) {
        CommitRequest.Builder request = CommitRequest.newBuilder().setParent(Names.graph(graph));
        mutations.accept(request);
        return request.build();
    }

    static SearchRequest search(String graph, String query, Consumer<SearchRequest.Builder> more) {
        SearchRequest.Builder request = SearchRequest.newBuilder().setParent(Names.graph(graph)).setQuery(query);
        more.accept(request);
        return request.build();
    }

    static RecallRequest recall(List<String> graphs, String query, Consumer<RecallRequest.Builder> more) {
        RecallRequest.Builder request = RecallRequest.newBuilder().setQuery(query);
        graphs.forEach(graph -> request.addParents(Names.graph(graph)));
        more.accept(request);
        return request.build();
    }

    static RememberRequest remember(String graph, String text, Consumer<RememberRequest.Builder> more) {
        RememberRequest.Builder request = RememberRequest.newBuilder().setParent(Names.graph(graph)).setText(text);
        more.accept(request);
        for (int i = 0; i < request.getSupersedesCount(); i++) {
            request.setSupersedes(i, Names.node(graph, request.getSupersedes(i)));
        }
        return request.build();
    }

    static ForgetRequest forget(String graph, List<String> nodes, Consumer<ForgetRequest.Builder> more) {
        ForgetRequest.Builder request = ForgetRequest.newBuilder().setParent(Names.graph(graph));
        nodes.forEach(node -> request.addNames(Names.node(graph, node)));
        more.accept(request);
        return request.build();
    }

    static StartSessionRequest startSession(String graph, String id, Consumer<StartSessionRequest.Builder> more) {
        StartSessionRequest.Builder request =
                StartSessionRequest.newBuilder().setParent(Names.graph(graph)).setSessionId(id);
        more.accept(request);
        return request.build();
    }

    static AppendTurnsRequest appendTurns(String graph, String session, List<Turn> turns) {
        return AppendTurnsRequest.newBuilder()
                .setName(Names.session(graph, session))
                .addAllTurns(turns)
                .build();
    }
}
