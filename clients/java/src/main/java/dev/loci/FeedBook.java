package dev.loci;

import dev.loci.errors.WatchGapException;
import dev.loci.v1.CommitChanges;
import dev.loci.v1.GraphEvent;
import dev.loci.v1.GraphEventKind;
import dev.loci.v1.WatchResponse;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Of a watch of all graphs: without a filter the revisions of each graph follow each other. */
final class FeedBook implements WatchBook<FeedItem> {
    private final boolean dense;
    private final Map<String, Long> revisions = new HashMap<>();
    private final Pieces pieces = new Pieces();
    /** Graphs with a commit that was left before its last piece: they are deleted, or something is missing. */
    private final Set<String> torn = new HashSet<>();
    private String resumeToken;
    private WatchResponse message;
    private int eventPlace;
    private int place;

    FeedBook(String resumeToken, boolean dense) {
        this.resumeToken = resumeToken;
        this.dense = dense;
    }

    @Override
    public String resumeToken() {
        return resumeToken;
    }

    @Override
    public long revision() {
        return 0;
    }

    @Override
    public void connect() {
        pieces.drop();
        torn.clear();
        message = null;
    }

    @Override
    public void begin(WatchResponse response) {
        message = response;
        eventPlace = 0;
        place = 0;
    }

    @Override
    public FeedItem next() {
        if (message == null) {
            return null;
        }
        if (eventPlace < message.getGraphEventsCount()) {
            GraphEvent event = message.getGraphEvents(eventPlace++);
            note(event);
            return new FeedItem.Event(event);
        }
        while (place < message.getCommitsCount()) {
            CommitChanges piece = message.getCommits(place++);
            leaveFor(piece.getGraph());
            CommitChanges commit = pieces.add(piece);
            if (commit != null) {
                check(commit);
                resumeToken = commit.getResumeToken();
                if (commit.getChangesCount() > 0) {
                    return new FeedItem.Commit(commit);
                }
            }
        }
        if (!pieces.isPending()) {
            resumeToken = message.getResumeToken();
        }
        message = null;
        return null;
    }

    private void note(GraphEvent event) {
        if (event.getGraph().equals(pieces.pendingGraph())) {
            pieces.drop();
        }
        torn.remove(event.getGraph());
        if (event.getKind() == GraphEventKind.GRAPH_EVENT_KIND_DELETED) {
            revisions.remove(event.getGraph());
        } else {
            revisions.put(event.getGraph(), event.getRevision());
        }
    }

    /** A piece of a graph comes next. */
    private void leaveFor(String graph) {
        if (torn.contains(graph)) {
            throw new WatchGapException(graph + " goes on, but the rest of a commit never came");
        }
        String pending = pieces.pendingGraph();
        if (pending != null && !pending.equals(graph)) {
            torn.add(pending);
        }
    }

    private void check(CommitChanges commit) {
        long before = revisions.getOrDefault(commit.getGraph(), commit.getRevision() - 1);
        if (commit.getRevision() <= before || (dense && commit.getRevision() != before + 1)) {
            throw new WatchGapException(
                    commit.getGraph() + " goes on with revision " + commit.getRevision() + " behind " + before);
        }
        revisions.put(commit.getGraph(), commit.getRevision());
    }
}
