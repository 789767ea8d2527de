package dev.loci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loci.errors.CancelledException;
import dev.loci.errors.DeadlineExceededException;
import dev.loci.errors.LimitExceededException;
import dev.loci.errors.LociException;
import dev.loci.errors.NodeNotFoundException;
import dev.loci.errors.TooManyRequestsException;
import dev.loci.errors.UnavailableException;
import dev.loci.errors.WriteContentionException;
import dev.loci.v1.CreateApiKeyRequest;
import dev.loci.v1.CreateNodeRequest;
import dev.loci.v1.GetNodeRequest;
import dev.loci.v1.GetNodeResponse;
import dev.loci.v1.Node;
import dev.loci.v1.NodeServiceGrpc;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class UnaryCallTest {
    private static final GetNodeRequest ANN =
            GetNodeRequest.newBuilder().setName("graphs/a/nodes/ann").build();

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
    void aRequestIdIsMintedOncePerCallAndKeptOverItsTries() {
        server.failures.add(busy(0));
        server.failures.add(busy(0));
        loci.createNode("a", "ann", node -> {});
        loci.createNode("a", "ann", node -> {});
        List<String> ids = server.asked.stream().map(UnaryCallTest::requestId).toList();
        assertEquals(4, ids.size());
        assertEquals(1, Set.copyOf(ids.subList(0, 3)).size());
        assertNotEquals(ids.get(2), ids.get(3));
        assertEquals(4, UUID.fromString(ids.get(0)).version());
    }

    @Test
    void aRequestIdThatIsGivenStays() {
        loci.nodes().createNode(CreateNodeRequest.newBuilder().setRequestId("mine").build());
        assertEquals("mine", requestId(server.asked.get(0)));
    }

    @Test
    void eachTryHasTheSameMessageMetadataAndDeadline() {
        server.failures.add(busy(100));
        Metadata extra = new Metadata();
        extra.put(Metadata.Key.of("x-trace", Metadata.ASCII_STRING_MARSHALLER), "t1");
        NodeServiceGrpc.newBlockingStub(loci.channel())
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(extra))
                .withDeadlineAfter(5, TimeUnit.SECONDS)
                .getNode(ANN);
        assertEquals(2, server.asked.size());
        for (FakeServer.Asked each : server.asked) {
            assertEquals(ANN, each.request());
            assertEquals("t1", each.header("x-trace"));
            assertEquals("Bearer k", each.header("authorization"));
            assertTrue(each.remainingMillis() <= 5000);
        }
        long first = server.asked.get(0).remainingMillis();
        assertTrue(server.asked.get(1).remainingMillis() <= first - 90, "the deadline began anew");
    }

    @Test
    void aCallWithoutADeadlineGetsThatOfTheClient() {
        loci.getNode("a", "ann");
        assertTrue(server.asked.get(0).remainingMillis() > 20_000);
        assertTrue(server.asked.get(0).remainingMillis() <= 30_000);
        loci.withTimeout(Duration.ofSeconds(3)).getNode("a", "ann");
        assertTrue(server.asked.get(1).remainingMillis() <= 3000);
    }

    @Test
    void theDeadlineCoversAllTries() {
        server.always = busy(1000); // a third wait would end behind the deadline, and no try begins just before it
        long before = System.nanoTime();
        LociException last = assertThrows(
                TooManyRequestsException.class, () -> loci.withTimeout(Duration.ofMillis(2600)).getNode("a", "ann"));
        assertTrue(System.nanoTime() - before < TimeUnit.MILLISECONDS.toNanos(2600));
        assertTrue(server.asked.size() >= 2);
        assertEquals("TOO_MANY_REQUESTS", last.reason());
    }

    @Test
    void aSilentServerEndsTheCallAtItsDeadline() {
        server.silent = true;
        assertThrows(
                DeadlineExceededException.class, () -> loci.withTimeout(Duration.ofMillis(100)).getNode("a", "ann"));
        assertEquals(1, server.asked.size());
    }

    @Test
    void theDeadlineOfTheContextHoldsForRetries() throws Exception {
        server.always = busy(1000);
        try (Context.CancellableContext context = Context.current()
                .withDeadline(Deadline.after(2600, TimeUnit.MILLISECONDS), Executors.newSingleThreadScheduledExecutor())) {
            assertThrows(LociException.class, () -> context.call(() -> loci.getNode("a", "ann")));
        }
        assertTrue(server.asked.size() >= 2 && server.asked.size() <= 3, "" + server.asked.size());
        assertTrue(server.asked.get(1).remainingMillis() <= 1600);
    }

    @Test
    void whatMustNotBeRepeatedIsAskedOnce() {
        server.always = busy(0);
        assertThrows(
                TooManyRequestsException.class,
                () -> loci.admin().createApiKey(CreateApiKeyRequest.getDefaultInstance()));
        assertEquals(1, server.asked.size());
    }

    @Test
    void aCallThatMeetsAConnectionJustClosedIsUnavailableAndTriedAgainWhereItMayBe() {
        ClosedConnections closed = new ClosedConnections();
        try (Loci over = server.client(builder -> builder.channelOptions(below -> below.intercept(closed)))) {
            closed.left.set(1);
            LociException first = assertThrows(UnavailableException.class, () -> over.getNode("a", "ann"));
            assertTrue(first.getMessage().startsWith("UNAVAILABLE: Connection reset by peer (at "), first.getMessage());
            over.getNode("a", "ann"); // from here on the server is known
            closed.left.set(2);
            assertEquals(ANN.getName(), over.getNode("a", "ann").getName());
            closed.left.set(1);
            assertThrows(
                    UnavailableException.class,
                    () -> over.admin().createApiKey(CreateApiKeyRequest.getDefaultInstance()));
            assertEquals(2, server.asked.size());
        }
    }

    @Test
    void tenTriesAreMadeForAServerThatSaysWhenToComeBackAndFourForContention() {
        server.always = busy(0);
        assertThrows(TooManyRequestsException.class, () -> loci.getNode("a", "ann"));
        assertEquals(10, server.asked.size());
        server.asked.clear();
        server.always = FakeServer.error(Status.Code.ABORTED, "WRITE_CONTENTION", -1);
        assertThrows(WriteContentionException.class, () -> loci.createNode("a", "ann", node -> {}));
        assertEquals(4, server.asked.size());
    }

    @Test
    void allKindsOfStubsGetRetriesAndTypedErrors() throws Exception {
        var blocking = NodeServiceGrpc.newBlockingStub(loci.channel());
        var future = NodeServiceGrpc.newFutureStub(loci.channel());
        server.failures.add(busy(0));
        assertEquals(ANN.getName(), blocking.getNode(ANN).getNode().getName());
        server.failures.add(busy(0));
        assertEquals(ANN.getName(), future.getNode(ANN).get().getNode().getName());
        server.failures.add(busy(0));
        assertEquals(List.of("next", "completed"), observed().get());
        assertEquals(6, server.asked.size());

        server.always = FakeServer.error(Status.Code.NOT_FOUND, "NODE_NOT_FOUND", -1);
        StatusRuntimeException thrown = assertThrows(StatusRuntimeException.class, () -> blocking.getNode(ANN));
        assertInstanceOf(NodeNotFoundException.class, thrown.getCause());
        ExecutionException failed = assertThrows(ExecutionException.class, () -> future.getNode(ANN).get());
        assertInstanceOf(NodeNotFoundException.class, LociException.from(failed));
        assertEquals(List.of("NODE_NOT_FOUND: told so"), observed().get());
        assertThrows(NodeNotFoundException.class, () -> loci.getNode("a", "ann"));
        CompletionException async =
                assertThrows(CompletionException.class, () -> loci.async().getNode("a", "ann").join());
        assertInstanceOf(NodeNotFoundException.class, async.getCause());
    }

    @Test
    void aCancelledContextEndsTheWaitForTheNextTry() throws Exception {
        server.always = busy(20_000);
        try (Context.CancellableContext context = Context.current().withCancellation()) {
            CompletableFuture<LociException> ended = CompletableFuture.supplyAsync(() -> {
                try {
                    return context.call(() -> assertThrows(CancelledException.class, () -> loci.getNode("a", "ann")));
                } catch (Exception failure) {
                    throw new AssertionError(failure);
                }
            });
            server.await(1);
            Thread.sleep(50);
            context.cancel(null);
            ended.get(2, TimeUnit.SECONDS);
        }
        assertEquals(1, server.asked.size());
    }

    @Test
    void aCancelledContextEndsALaterTryOnTheServer() throws Exception {
        server.failures.add(busy(0));
        server.silent = true;
        try (Context.CancellableContext context = Context.current().withCancellation()) {
            CompletableFuture<?> call =
                    context.call(() -> loci.nodes().getNodeAsync(ANN));
            server.await(2);
            CountDownLatch told = new CountDownLatch(1);
            server.asked.get(1).context().addListener(ended -> told.countDown(), Runnable::run);
            context.cancel(null);
            assertTrue(told.await(2, TimeUnit.SECONDS));
            ExecutionException failed = assertThrows(ExecutionException.class, () -> call.get(2, TimeUnit.SECONDS));
            assertInstanceOf(CancelledException.class, failed.getCause());
        }
    }

    @Test
    void aCancelledFutureCancelsTheCall() throws Exception {
        server.silent = true;
        CompletableFuture<GetNodeResponse> future = loci.nodes().getNodeAsync(ANN);
        server.await(1);
        CountDownLatch told = new CountDownLatch(1);
        server.asked.get(0).context().addListener(ended -> told.countDown(), Runnable::run);
        assertTrue(future.cancel(true));
        assertTrue(told.await(2, TimeUnit.SECONDS));
        assertThrows(CancellationException.class, future::get);

        server.always = busy(20_000);
        CompletableFuture<GetNodeResponse> waiting = loci.nodes().getNodeAsync(ANN);
        server.await(2);
        waiting.cancel(true);
        Thread.sleep(100);
        assertEquals(2, server.asked.size());
    }

    @Test
    void aCancelledShortCallOrListCancelsTheCall() throws Exception {
        server.silent = true;
        List<CompletableFuture<?>> futures =
                List.of(loci.async().getNode("a", "ann"), loci.listNodes("a").toListAsync());
        server.await(2);
        CountDownLatch told = new CountDownLatch(2);
        server.asked.forEach(each -> each.context().addListener(ended -> told.countDown(), Runnable::run));
        futures.forEach(each -> each.cancel(true));
        assertTrue(told.await(2, TimeUnit.SECONDS));
    }

    @Test
    void anInterruptedThreadLeavesABlockingCall() throws Exception {
        server.always = busy(20_000);
        AtomicReference<Throwable> seen = new AtomicReference<>();
        Thread thread = new Thread(() -> seen.set(assertThrows(LociException.class, () -> loci.getNode("a", "ann"))));
        thread.start();
        server.await(1);
        Thread.sleep(50);
        thread.interrupt();
        thread.join(2000);
        assertInstanceOf(CancelledException.class, seen.get());
    }

    @Test
    void aClosedClientEndsWhatWaits() throws Exception {
        server.always = busy(20_000);
        CompletableFuture<GetNodeResponse> future = loci.nodes().getNodeAsync(ANN);
        server.await(1);
        Thread.sleep(50);
        loci.close();
        ExecutionException failed = assertThrows(ExecutionException.class, () -> future.get(3, TimeUnit.SECONDS));
        assertInstanceOf(LociException.class, failed.getCause());
    }

    @Test
    void aRequestThatIsTooLargeIsNotSent() {
        String text = "x".repeat(UnaryCall.MAX_MESSAGE_BYTES);
        assertThrows(LimitExceededException.class, () -> loci.createNode("a", "b", node -> node.setText(text)));
        assertEquals(0, server.asked.size());
    }

    @Test
    void aRefusedTokenIsReplacedOnce() {
        List<String> tokens = new ArrayList<>(List.of("old", "new"));
        server.failures.add(FakeServer.error(Status.Code.UNAUTHENTICATED, "CREDENTIAL_EXPIRED", -1));
        try (Loci other = server.client(Credential.token(() -> tokens.size() > 1 ? tokens.remove(0) : tokens.get(0)))) {
            other.getNode("a", "ann");
        }
        assertEquals("Bearer old", server.asked.get(0).header("authorization"));
        assertEquals("Bearer new", server.asked.get(1).header("authorization"));

        server.always = FakeServer.error(Status.Code.UNAUTHENTICATED, "CREDENTIAL_INVALID", -1);
        assertThrows(LociException.class, () -> loci.getNode("a", "ann"));
        assertEquals(3, server.asked.size());
    }

    @Test
    void manyCallsAtOnceAllEnd() {
        Set<String> names = new HashSet<>();
        List<CompletableFuture<Node>> calls = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            server.failures.add(busy(1));
            names.add("graphs/a/nodes/n" + i);
        }
        for (int i = 0; i < 200; i++) {
            calls.add(loci.async().getNode("a", "n" + i));
        }
        for (CompletableFuture<Node> call : calls) {
            assertTrue(names.remove(call.join().getName()));
        }
        assertEquals(400, server.asked.size());
    }

    @Test
    void pagesAreFetchedAsTheyAreNeeded() {
        var nodes = loci.listNodes("a");
        assertEquals("n0", nodes.iterator().next().getName());
        assertEquals(1, server.asked.size());
        assertEquals(List.of("n0", "n1", "n4", "n5", "n6", "n7"), nodes.stream().map(Node::getName).toList());
        assertEquals(6, nodes.toListAsync().join().size());
        server.asked.clear();
        assertEquals(1, nodes.stream().limit(1).count());
    }

    private CompletableFuture<List<String>> observed() {
        CompletableFuture<List<String>> seen = new CompletableFuture<>();
        List<String> events = new ArrayList<>();
        NodeServiceGrpc.newStub(loci.channel()).getNode(ANN, new StreamObserver<>() {
            @Override
            public void onNext(GetNodeResponse response) {
                events.add("next");
            }

            @Override
            public void onError(Throwable failure) {
                events.add(LociException.from(failure).getMessage());
                seen.complete(events);
            }

            @Override
            public void onCompleted() {
                events.add("completed");
                seen.complete(events);
            }
        });
        return seen;
    }

    private static StatusRuntimeException busy(long retryMillis) {
        return FakeServer.error(Status.Code.RESOURCE_EXHAUSTED, "TOO_MANY_REQUESTS", retryMillis);
    }

    private static String requestId(FakeServer.Asked asked) {
        return ((CreateNodeRequest) asked.request()).getRequestId();
    }
}
