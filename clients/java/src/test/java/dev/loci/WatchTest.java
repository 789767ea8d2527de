package dev.loci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loci.errors.CancelledException;
import dev.loci.errors.GraphNotFoundException;
import dev.loci.errors.LociException;
import dev.loci.errors.UnavailableException;
import dev.loci.errors.WatchGapException;
import dev.loci.v1.CommitChanges;
import dev.loci.v1.WatchRequest;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WatchTest {
    private FakeServer server;
    private Loci loci;

    @BeforeEach
    void begin() throws Exception {
        server = new FakeServer();
        loci = server.client();
    }

    @AfterEach
    void end() {
        loci.close();
        server.close();
    }

    @Test
    void aCutStreamGoesOnBehindWhatWasGivenOut() {
        server.watch = (request, responses) -> {
            if (request.hasAfterRevision()) {
                responses.onNext(WatchBookTest.message(4, 6, WatchBookTest.commit(5), WatchBookTest.commit(6)));
                responses.onError(Status.UNAVAILABLE.asRuntimeException());
            } else {
                responses.onNext(WatchBookTest.message(6, 7, WatchBookTest.commit(7)));
            }
        };
        try (Watch<CommitChanges> watch = loci.watch("a").afterRevision(4).open()) {
            assertEquals(5, watch.next().getRevision());
            assertEquals("c5", watch.resumeToken());
            assertTrue(watch.hasNext());
            assertEquals("c5", watch.resumeToken());
            assertEquals(6, watch.next().getRevision());
            assertEquals(7, watch.next().getRevision());
            assertEquals(7, watch.revision());
        }
        assertEquals("m6", ((WatchRequest) server.asked.get(1).request()).getResumeToken());
        assertEquals("Bearer k", server.asked.get(1).header("authorization"));
    }

    @Test
    void aWatchThatMeetsAConnectionJustClosedGoesOn() {
        server.watch = (request, responses) -> responses.onNext(WatchBookTest.message(4, 5, WatchBookTest.commit(5)));
        ClosedConnections closed = new ClosedConnections();
        closed.left.set(1);
        try (Loci over = server.client(builder -> builder.channelOptions(below -> below.intercept(closed)));
                Watch<CommitChanges> watch = over.watch("a").afterRevision(4).open()) {
            assertEquals(5, watch.next().getRevision());
            assertEquals(0, closed.left.get());
        }
    }

    @Test
    void aGapEndsTheWatch() {
        server.watch = (request, responses) -> responses.onNext(WatchBookTest.message(4, 6, WatchBookTest.commit(6)));
        try (Watch<CommitChanges> watch = loci.watch("a").afterRevision(4).open()) {
            assertThrows(WatchGapException.class, watch::hasNext);
            assertFalse(watch.hasNext());
        }
    }

    @Test
    void whatCannotBeBridgedIsThrown() {
        server.watch = (request, responses) ->
                responses.onError(FakeServer.error(Status.Code.NOT_FOUND, "GRAPH_NOT_FOUND", -1));
        try (Watch<CommitChanges> watch = loci.watch("a").open()) {
            assertThrows(GraphNotFoundException.class, watch::ready);
        }
        server.watch = (request, responses) -> responses.onError(Status.UNAVAILABLE.asRuntimeException());
        try (Watch<CommitChanges> watch = loci.watch("a").patience(Duration.ofMillis(200)).open()) {
            assertThrows(UnavailableException.class, watch::hasNext);
        }
    }

    @Test
    void aWatchIsClosedFromAnotherThread() throws Exception {
        server.watch = (request, responses) -> responses.onNext(WatchBookTest.message(4, 4));
        Watch<CommitChanges> watch = loci.watch("a").open().ready();
        assertTrue(watch.poll(Duration.ofMillis(50)).isEmpty());
        CompletableFuture<Boolean> more = CompletableFuture.supplyAsync(watch::hasNext);
        Thread.sleep(50);
        watch.close();
        assertFalse(more.get(2, TimeUnit.SECONDS));

        server.watch = (request, responses) -> responses.onError(Status.UNAVAILABLE.asRuntimeException());
        Watch<CommitChanges> waiting = loci.watch("a").open();
        CompletableFuture<Boolean> none = CompletableFuture.supplyAsync(waiting::hasNext);
        Thread.sleep(300);
        waiting.close();
        assertFalse(none.get(1, TimeUnit.SECONDS));
    }

    @Test
    void aListenerIsToldOfCommitsAndOfTheEnd() throws Exception {
        server.watch = (request, responses) -> {
            responses.onNext(WatchBookTest.message(4, 5, WatchBookTest.commit(5)));
            responses.onError(FakeServer.error(Status.Code.OUT_OF_RANGE, "REVISION_COMPACTED", -1));
        };
        BlockingQueue<Long> told = new LinkedBlockingQueue<>();
        CompletableFuture<LociException> ended = new CompletableFuture<>();
        Watch<CommitChanges> watch = loci.watch("a").afterRevision(4).listen(new WatchListener<>() {
            @Override
            public void onNext(CommitChanges commit, Watch<CommitChanges> from) {
                told.add(commit.getRevision());
            }

            @Override
            public void onFailure(LociException failure) {
                ended.complete(failure);
            }
        });
        assertEquals("REVISION_COMPACTED", ended.get(2, TimeUnit.SECONDS).reason());
        assertEquals(List.of(5L), List.copyOf(told));
        watch.close();
    }

    @Test
    void aReaderThatStallsHoldsTheServerBack() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        server.watch = (request, responses) -> {
            var call = (io.grpc.stub.ServerCallStreamObserver<dev.loci.v1.WatchResponse>) responses;
            for (int i = 0; i < 1000 && call.isReady(); i++) {
                call.onNext(WatchBookTest.message(i, i + 1, WatchBookTest.commit(i + 1)));
            }
            sent.countDown();
        };
        try (Watch<CommitChanges> watch = loci.watch("a").afterRevision(0).open().ready()) {
            assertTrue(sent.await(5, TimeUnit.SECONDS));
            assertInstanceOf(CommitChanges.class, watch.next());
            assertTrue(watch.poll(Duration.ofMillis(100)).isPresent());
        }
    }

    @Test
    void aClosedClientEndsItsWatches() throws Exception {
        server.watch = (request, responses) -> responses.onNext(WatchBookTest.message(4, 4));
        Watch<CommitChanges> watch = loci.watch("a").open().ready();
        CompletableFuture<LociException> ended = CompletableFuture.supplyAsync(
                () -> assertThrows(LociException.class, watch::hasNext));
        Thread.sleep(50);
        loci.close();
        assertInstanceOf(CancelledException.class, ended.get(3, TimeUnit.SECONDS));
    }

    @Test
    void aTokenGoesBeforeAllThatIsSaidOfTheBeginning() {
        server.watch = (request, responses) -> responses.onNext(WatchBookTest.message(4, 4));
        try (Watch<CommitChanges> watch =
                loci.watch("a").resumeToken("t").afterRevision(7).fromOldest().open()) {
            watch.ready();
        }
        assertEquals("t", ((WatchRequest) server.asked.get(0).request()).getResumeToken());
    }

    @Test
    void allGraphsAreNoGraph() {
        assertThrows(IllegalArgumentException.class, () -> loci.watch("-"));
    }
}
