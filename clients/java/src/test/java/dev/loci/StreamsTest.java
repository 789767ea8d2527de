package dev.loci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.Any;
import dev.loci.errors.BadItemsException;
import dev.loci.errors.CancelledException;
import dev.loci.errors.CredentialInvalidException;
import dev.loci.errors.LociException;
import dev.loci.errors.UnauthenticatedException;
import dev.loci.v1.BulkItem;
import dev.loci.v1.CommitChanges;
import dev.loci.v1.ErrorReason;
import dev.loci.v1.ExportResponse;
import dev.loci.v1.ItemError;
import dev.loci.v1.Node;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What watches and imports have in common: how they go on, and when they do not. */
@Timeout(30)
class StreamsTest {
    private static final List<BulkItem> ANN =
            List.of(Importer.item(Node.newBuilder().setName("nodes/ann").build()));

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
    void anImportEndsWithTheErrorOfItsItemsOrItsListener() {
        LociException own = LociException.from(Status.UNAVAILABLE.withDescription("another server"), null);
        assertSame(
                own,
                assertThrows(LociException.class, () -> loci.importInto("a")
                        .progress(summary -> {
                            throw own;
                        })
                        .run(ANN)));
        assertSame(
                own,
                assertThrows(LociException.class, () -> loci.importInto("a").run(() -> {
                    throw own;
                })));
    }

    @Test
    void badItemsOfAnAnswerThatEndsAnImportAreNamedByTheirPlacesAmongAll() {
        server.importing = (request, responses) -> {
            if (request.getItems().getSequence() != 2) {
                FakeServer.acknowledge(request, responses);
                return;
            }
            LociException bad = LociException.found(
                    Status.Code.INVALID_ARGUMENT,
                    ErrorReason.ERROR_REASON_BAD_ITEMS,
                    "bad",
                    Any.pack(ItemError.newBuilder().setIndex(1).build()));
            responses.onError(StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                    .setCode(bad.code().value())
                    .setMessage(bad.description())
                    .addAllDetails(bad.details())
                    .build()));
        };
        BadItemsException failure = assertThrows(
                BadItemsException.class,
                () -> loci.importInto("a").chunkSize(3).run(Collections.nCopies(9, ANN.get(0))));
        assertEquals(4, failure.items().get(0).getIndex());
    }

    @Test
    void anExportGoesOnBehindThePageWhoseTokenWasKept() {
        String token;
        try (ResumedStream<ExportResponse> pages = loci.exporter("a").pages()) {
            token = pages.next().getNextPageToken();
        }
        List<String> rest = loci.exporter("a").pageToken(token).open().stream()
                .map(item -> item.getNode().getName())
                .toList();
        assertEquals(List.of("n1", "n2"), rest);
    }

    @Test
    void aClosedClientEndsItsWatchesAndMakesNoCalls() throws Exception {
        server.watch = (request, responses) -> responses.onNext(WatchBookTest.message(4, 4));
        Watch<CommitChanges> watch = loci.watch("a").open().ready();
        CompletableFuture<LociException> ended =
                CompletableFuture.supplyAsync(() -> assertThrows(LociException.class, watch::hasNext));
        loci.close();
        List<LociException> failures = List.of(
                ended.get(5, TimeUnit.SECONDS),
                assertThrows(LociException.class, () -> loci.getNode("a", "ann")),
                assertThrows(LociException.class, () -> loci.importInto("a").run(ANN)),
                assertThrows(LociException.class, () -> loci.export("a").hasNext()));
        for (LociException failure : failures) {
            assertInstanceOf(CancelledException.class, failure);
            assertEquals("the client is closed", failure.description());
        }
    }

    @Test
    void whoeverWaitsForAnImportIsToldOfErrorsOfItsItems() {
        CompletableFuture<ImportSummary> future = loci.importInto("a").runAsync(() -> {
            throw new AssertionError("of the items");
        });
        ExecutionException failed = assertThrows(ExecutionException.class, () -> future.get(5, TimeUnit.SECONDS));
        assertInstanceOf(AssertionError.class, failed.getCause());
    }

    @Test
    void anImportOfWhichAllIsAcknowledgedIsDoneHoweverItsConnectionEnds() {
        server.importing = (request, responses) -> {
            if (server.asked.size() > 1) {
                responses.onError(FakeServer.error(Status.Code.PERMISSION_DENIED, "SCOPE_MISSING", -1));
            } else {
                FakeServer.acknowledge(request, responses);
                if (request.hasItems()) {
                    responses.onError(FakeServer.error(Status.Code.UNAVAILABLE, "DRAINING", -1));
                }
            }
        };
        assertEquals(1, loci.importInto("a").run(ANN).nodeCount());
    }

    @Test
    void anImportGoesOnWithAnotherTokenWhenItsOwnHasEnded() {
        AtomicReference<String> token = new AtomicReference<>("old");
        server.importing = (request, responses) -> {
            if (token.getAndSet("new").equals("old")) {
                responses.onError(FakeServer.error(Status.Code.UNAUTHENTICATED, "CREDENTIAL_EXPIRED", -1));
            } else {
                FakeServer.acknowledge(request, responses);
            }
        };
        try (Loci other = server.client(Credential.token(token::get))) {
            assertEquals(1, other.importInto("a").run(ANN).nodeCount());
        }
        assertEquals("Bearer old", server.asked.get(0).header("authorization"));
        assertEquals("Bearer new", server.asked.get(1).header("authorization"));
    }

    @Test
    void aWatchThatIsRefusedAsksOnceForAnotherToken() {
        server.watch = (request, responses) ->
                responses.onError(FakeServer.error(Status.Code.UNAUTHENTICATED, "CREDENTIAL_INVALID", -1));
        AtomicInteger number = new AtomicInteger();
        try (Loci other = server.client(Credential.token(() -> "t" + number.incrementAndGet()))) {
            assertThrows(CredentialInvalidException.class, () -> other.watch("a").open().ready());
        }
        assertEquals(2, server.asked.size());
    }

    @Test
    void aTokenThatCannotBeHadIsATypedErrorOfStreamsToo() throws Exception {
        CompletableFuture<LociException> ended = new CompletableFuture<>();
        try (Loci other = server.client(Credential.token(() -> {
            throw new IllegalStateException("no issuer");
        }))) {
            other.watch("a").listen(new WatchListener<>() {
                @Override
                public void onNext(CommitChanges commit, Watch<CommitChanges> from) {
                    // there is none
                }

                @Override
                public void onFailure(LociException failure) {
                    ended.complete(failure);
                }
            });
            LociException failure = ended.get(5, TimeUnit.SECONDS);
            assertInstanceOf(UnauthenticatedException.class, failure);
            assertInstanceOf(IllegalStateException.class, failure.getStatus().getCause());
            assertThrows(UnauthenticatedException.class, () -> other.export("a").hasNext());
            assertThrows(UnauthenticatedException.class, () -> other.importInto("a").run(ANN));
        }
    }

    @Test
    void aWatchEndsWithTheContextThatReadsIt() throws Exception {
        server.watch = (request, responses) -> responses.onNext(WatchBookTest.message(4, 4));
        Context.CancellableContext context = Context.current().withCancellation();
        Watch<CommitChanges> watch = loci.watch("a").open();
        CompletableFuture<LociException> ended = CompletableFuture.supplyAsync(() -> {
            Context before = context.attach();
            try {
                return assertThrows(LociException.class, watch::hasNext);
            } finally {
                context.detach(before);
            }
        });
        server.await(1);
        context.cancel(null);
        assertInstanceOf(CancelledException.class, ended.get(5, TimeUnit.SECONDS));
        assertFalse(watch.hasNext());
    }

    @Test
    void aPollWithoutTimeGivesWhatIsHere() throws Exception {
        server.watch = (request, responses) -> responses.onNext(WatchBookTest.message(4, 5, WatchBookTest.commit(5)));
        try (Watch<CommitChanges> watch = loci.watch("a").afterRevision(4).open()) {
            Optional<CommitChanges> told = watch.poll(Duration.ZERO);
            while (told.isEmpty()) {
                Thread.sleep(5);
                told = watch.poll(Duration.ZERO);
            }
            assertEquals(5, told.get().getRevision());
        }
    }

    @Test
    void shortPollsKeepThePauseThatTheServerAsksFor() throws Exception {
        server.watch = (request, responses) ->
                responses.onError(FakeServer.error(Status.Code.UNAVAILABLE, "DRAINING", 20_000));
        try (Watch<CommitChanges> watch = loci.watch("a").open()) {
            server.asked.clear();
            for (int i = 0; i < 20; i++) {
                watch.poll(Duration.ofMillis(20));
            }
        }
        assertEquals(1, server.asked.size());
    }

    @Test
    void whatAReaderDoesBetweenTwoMessagesDoesNotCountAsWaiting() throws Exception {
        server.watch = (request, responses) -> {
            int revision = 4 + server.asked.size();
            responses.onNext(WatchBookTest.message(revision - 1, revision, WatchBookTest.commit(revision)));
            responses.onError(FakeServer.error(Status.Code.UNAVAILABLE, "DRAINING", -1));
        };
        Duration patience = Duration.ofSeconds(1);
        try (Watch<CommitChanges> watch = loci.watch("a").afterRevision(4).patience(patience).open()) {
            assertEquals(5, watch.next().getRevision());
            Thread.sleep(1200);
            assertEquals(6, watch.next().getRevision());
        }
    }
}
