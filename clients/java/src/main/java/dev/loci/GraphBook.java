package dev.loci;

import dev.loci.errors.WatchGapException;
import dev.loci.v1.CommitChanges;
import dev.loci.v1.WatchResponse;

/** Of a watch of one graph: checks that nothing is missing. */
final class GraphBook implements WatchBook<CommitChanges> {
    private final boolean dense;
    private final Long asked;
    private final Pieces pieces = new Pieces();
    private String resumeToken;
    private long revision;
    private boolean known;
    private Long covered;
    private WatchResponse message;
    private int place;

    /**
     * @param afterRevision null if the watch begins elsewhere
     * @param dense there is no filter, so each revision has its commit
     */
    GraphBook(String resumeToken, Long afterRevision, boolean dense) {
        this.resumeToken = resumeToken;
        this.revision = afterRevision == null ? 0 : afterRevision;
        this.asked = resumeToken.isEmpty() ? afterRevision : null;
        this.dense = dense;
    }

    @Override
    public String resumeToken() {
        return resumeToken;
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public void connect() {
        pieces.drop();
        message = null;
        if (resumeToken.isEmpty()) {
            covered = asked;
        } else {
            covered = known ? revision : null;
        }
    }

    @Override
    public void begin(WatchResponse response) {
        if (covered != null && response.getAfterRevision() != covered) {
            throw new WatchGapException(
                    "a message goes on behind revision " + response.getAfterRevision() + ", not " + covered);
        }
        check(response, pieces.pendingRevision(), dense);
        if (covered == null) {
            revision = response.getAfterRevision();
        }
        known = true;
        message = response;
        place = 0;
    }

    @Override
    public CommitChanges next() {
        while (message != null && place < message.getCommitsCount()) {
            CommitChanges commit = pieces.add(message.getCommits(place++));
            if (commit != null) {
                resumeToken = commit.getResumeToken();
                revision = commit.getRevision();
                if (commit.getChangesCount() > 0) {
                    return commit;
                }
            }
        }
        if (message != null) {
            covered = message.getEndRevision();
            if (!pieces.isPending()) {
                resumeToken = message.getResumeToken();
                revision = message.getEndRevision();
            }
            message = null;
        }
        return null;
    }

    /**
     * Throws WatchGapException unless the commits of a message are what its revisions can have.
     *
     * @param pending the revision that pieces went before of, or null; they follow each other to the last one
     */
    static void check(WatchResponse response, Long pending, boolean dense) {
        long last = response.getAfterRevision();
        Long open = pending;
        for (CommitChanges piece : response.getCommitsList()) {
            if (open != null && piece.getRevision() != open) {
                throw new WatchGapException("revision " + piece.getRevision() + " comes before the rest of " + open);
            }
            if (piece.getRevision() <= last || (dense && piece.getRevision() != last + 1)) {
                throw new WatchGapException("revision " + piece.getRevision() + " comes behind " + last);
            }
            if (piece.getPartial()) {
                open = piece.getRevision();
            } else {
                open = null;
                last = piece.getRevision();
            }
        }
        if (open != null) {
            last = open - 1; // that much of it is told, not more
        }
        long end = response.getEndRevision();
        if (last > end || (last < end && (dense || open != null))) {
            throw new WatchGapException("a message ends with revision " + end + ", its commits with " + last);
        }
    }
}
