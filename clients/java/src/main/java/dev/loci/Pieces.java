package dev.loci;

import dev.loci.errors.WatchGapException;
import dev.loci.v1.CommitChanges;

/** Puts the pieces of a large commit together. */
final class Pieces {
    private CommitChanges.Builder pending;

    /** They will come again, or never. */
    void drop() {
        pending = null;
    }

    boolean isPending() {
        return pending != null;
    }

    /** The graph of a commit of which the rest is still to come; null: there is none. */
    String pendingGraph() {
        return pending == null ? null : pending.getGraph();
    }

    /** Its revision; null: there is none. */
    Long pendingRevision() {
        return pending == null ? null : pending.getRevision();
    }

    /** The commit, if this was its last piece; else null. */
    CommitChanges add(CommitChanges piece) {
        if (pending == null || !pending.getGraph().equals(piece.getGraph())) {
            if (!piece.getPartial()) {
                pending = null;
                return piece;
            }
            pending = piece.toBuilder();
            return null;
        }
        if (pending.getRevision() != piece.getRevision()) {
            throw new WatchGapException(
                    "revision " + piece.getRevision() + " comes before the rest of " + pending.getRevision());
        }
        pending.addAllChanges(piece.getChangesList());
        if (piece.getPartial()) {
            return null;
        }
        CommitChanges whole = pending.setPartial(false).setResumeToken(piece.getResumeToken()).build();
        pending = null;
        return whole;
    }
}
