package dev.loci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.loci.errors.WatchGapException;
import dev.loci.v1.Change;
import dev.loci.v1.CommitChanges;
import dev.loci.v1.GraphEvent;
import dev.loci.v1.GraphEventKind;
import dev.loci.v1.WatchResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchBookTest {
    @Test
    void commitsAreGivenOnceAndInOrder() {
        GraphBook book = begun(4L);
        assertEquals(List.of(5L, 6L), revisions(book, message(4, 6, commit(5), commit(6))));
        assertEquals("m6", book.resumeToken());
        assertEquals(6, book.revision());
    }

    @Test
    void theTokenMovesWithWhatIsGivenOut() {
        GraphBook book = begun(4L);
        book.begin(message(4, 6, commit(5), commit(6)));
        assertEquals(5, book.next().getRevision());
        assertEquals("c5", book.resumeToken());
        assertEquals(5, book.revision());
    }

    @Test
    void aMissingRevisionIsAGap() {
        assertThrows(WatchGapException.class, () -> begun(4L).begin(message(4, 6, commit(6))));
        assertThrows(WatchGapException.class, () -> begun(4L).begin(message(4, 6, commit(5))));
        assertThrows(WatchGapException.class, () -> begun(4L).begin(message(5, 6, commit(6))));
        assertThrows(WatchGapException.class, () -> begun(4L).begin(message(4, 5, commit(4), commit(5))));
        GraphBook book = begun(4L);
        revisions(book, message(4, 5, commit(5)));
        assertThrows(WatchGapException.class, () -> book.begin(message(6, 7, commit(7))));
    }

    @Test
    void withAFilterRevisionsMayBeLeftOutButNotComeAgain() {
        GraphBook book = new GraphBook("", 4L, false);
        book.connect();
        assertEquals(List.of(7L), revisions(book, message(4, 9, commit(7))));
        assertThrows(WatchGapException.class, () -> book.begin(message(9, 10, commit(9))));
    }

    @Test
    void afterAReconnectItGoesOnBehindWhatWasGivenOut() {
        GraphBook book = begun(4L);
        revisions(book, message(4, 6, commit(5), commit(6)));
        book.connect();
        assertThrows(WatchGapException.class, () -> book.begin(message(7, 8, commit(8))));
        book.connect();
        assertEquals(List.of(7L), revisions(book, message(6, 7, commit(7))));
    }

    @Test
    void piecesOfALargeCommitAreJoined() {
        GraphBook book = begun(4L);
        assertEquals(List.of(), revisions(book, message(4, 4, piece(5, 2))));
        assertEquals("", book.resumeToken());
        book.begin(message(4, 5, piece(5, 3), commit(5)));
        CommitChanges whole = book.next();
        assertEquals(6, whole.getChangesCount());
        assertEquals(false, whole.getPartial());
        assertEquals("c5", whole.getResumeToken());
        assertNull(book.next());
    }

    @Test
    void aCommitThatStandsBeforeTheRestOfAnotherIsAGap() {
        GraphBook book = begun(4L);
        revisions(book, message(4, 4, piece(5, 2)));
        assertThrows(WatchGapException.class, () -> book.begin(message(4, 6, commit(6))));
    }

    @Test
    void theFeedChecksEachGraphByItself() {
        FeedBook book = new FeedBook("", true);
        book.connect();
        List<FeedItem> told = items(book, feed(of("a", 1), of("b", 7), of("a", 2)));
        assertEquals(3, told.size());
        book.begin(feed(of("b", 9)));
        assertThrows(WatchGapException.class, book::next);
    }

    @Test
    void whatBecameOfAGraphBeginsItsRevisionsAnew() {
        FeedBook book = new FeedBook("", true);
        book.connect();
        items(book, feed(of("a", 3)));
        WatchResponse restored = WatchResponse.newBuilder()
                .addGraphEvents(GraphEvent.newBuilder()
                        .setGraph("a")
                        .setKind(GraphEventKind.GRAPH_EVENT_KIND_RESTORED)
                        .setRevision(8))
                .addCommits(of("a", 9))
                .setResumeToken("t")
                .build();
        List<FeedItem> told = items(book, restored);
        assertInstanceOf(FeedItem.Event.class, told.get(0));
        assertInstanceOf(FeedItem.Commit.class, told.get(1));
        assertEquals("t", book.resumeToken());
    }

    @Test
    void aTornCommitOfADeletedGraphIsForgotten() {
        FeedBook book = new FeedBook("", true);
        book.connect();
        assertEquals(1, items(book, feed(piece(1, 1).toBuilder().setGraph("a").build(), of("b", 1))).size());
        assertThrows(WatchGapException.class, () -> items(book, feed(of("a", 2))));
        FeedBook other = new FeedBook("", true);
        other.connect();
        items(other, feed(piece(1, 1).toBuilder().setGraph("a").build()));
        WatchResponse deleted = WatchResponse.newBuilder()
                .addGraphEvents(
                        GraphEvent.newBuilder().setGraph("a").setKind(GraphEventKind.GRAPH_EVENT_KIND_DELETED))
                .build();
        assertEquals(1, items(other, deleted).size());
        assertEquals(1, items(other, feed(of("a", 1))).size());
    }

    private static GraphBook begun(Long after) {
        GraphBook book = new GraphBook("", after, true);
        book.connect();
        return book;
    }

    private static List<Long> revisions(GraphBook book, WatchResponse message) {
        book.begin(message);
        List<Long> found = new ArrayList<>();
        for (CommitChanges each = book.next(); each != null; each = book.next()) {
            found.add(each.getRevision());
        }
        return found;
    }

    private static List<FeedItem> items(FeedBook book, WatchResponse message) {
        book.begin(message);
        List<FeedItem> found = new ArrayList<>();
        for (FeedItem each = book.next(); each != null; each = book.next()) {
            found.add(each);
        }
        return found;
    }

    static WatchResponse message(long after, long end, CommitChanges... commits) {
        return WatchResponse.newBuilder()
                .setAfterRevision(after)
                .setEndRevision(end)
                .setResumeToken("m" + end)
                .addAllCommits(List.of(commits))
                .build();
    }

    private static WatchResponse feed(CommitChanges... commits) {
        return WatchResponse.newBuilder().addAllCommits(List.of(commits)).setResumeToken("f").build();
    }

    static CommitChanges commit(long revision) {
        return CommitChanges.newBuilder()
                .setRevision(revision)
                .setResumeToken("c" + revision)
                .addChanges(Change.getDefaultInstance())
                .build();
    }

    private static CommitChanges of(String graph, long revision) {
        return commit(revision).toBuilder().setGraph(graph).build();
    }

    private static CommitChanges piece(long revision, int changes) {
        CommitChanges.Builder piece = CommitChanges.newBuilder().setRevision(revision).setPartial(true);
        for (int i = 0; i < changes; i++) {
            piece.addChanges(Change.getDefaultInstance());
        }
        return piece.build();
    }
}
