package dev.loci;

import dev.loci.v1.CommitChanges;
import dev.loci.v1.GraphEvent;

/** What a watch of all graphs tells: a commit of one of them, or what became of one. */
public sealed interface FeedItem {
    /** The graph: {@code graphs/{graph}}. */
    String graph();

    /** A commit. */
    record Commit(CommitChanges changes) implements FeedItem {
        @Override
        public String graph() {
            return changes.getGraph();
        }
    }

    /** A graph was made, deleted, or is back: read it anew then. After a watch was resumed it may be told again. */
    record Event(GraphEvent event) implements FeedItem {
        @Override
        public String graph() {
            return event.getGraph();
        }
    }
}
