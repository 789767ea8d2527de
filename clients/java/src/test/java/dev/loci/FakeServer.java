package dev.loci;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.loci.v1.AdminServiceGrpc;
import dev.loci.v1.BulkServiceGrpc;
import dev.loci.v1.CreateApiKeyRequest;
import dev.loci.v1.CreateApiKeyResponse;
import dev.loci.v1.CreateNodeRequest;
import dev.loci.v1.CreateNodeResponse;
import dev.loci.v1.ExportRequest;
import dev.loci.v1.ExportResponse;
import dev.loci.v1.GetNodeRequest;
import dev.loci.v1.GetNodeResponse;
import dev.loci.v1.ImportRequest;
import dev.loci.v1.ImportResponse;
import dev.loci.v1.ListNodesRequest;
import dev.loci.v1.ListNodesResponse;
import dev.loci.v1.Node;
import dev.loci.v1.NodeServiceGrpc;
import dev.loci.v1.WatchRequest;
import dev.loci.v1.WatchResponse;
import dev.loci.v1.WatchServiceGrpc;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A server within the process that answers as it is told, and remembers what it was asked. */
final class FakeServer implements AutoCloseable {
    private static final Context.Key<Metadata> HEADERS = Context.key("headers");

    /** One try of a call, as it arrived. */
    record Asked(Object request, Metadata headers, long remainingMillis, Context context) {
        String header(String name) {
            return headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
        }
    }

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    /** What the next tries fail with; an empty queue: they succeed. */
    final BlockingQueue<StatusRuntimeException> failures = new LinkedBlockingQueue<>();
    /** Failures of every try. */
    volatile StatusRuntimeException always;
    /** Never answers. */
    volatile boolean silent;
    /** Plays a watch. */
    volatile BiConsumer<WatchRequest, StreamObserver<WatchResponse>> watch;
    /** Is told of each message of an import. */
    volatile BiConsumer<ImportRequest, StreamObserver<ImportResponse>> importing = FakeServer::acknowledge;

    private final String name = InProcessServerBuilder.generateName();
    private final Server server;

    FakeServer() throws IOException {
        server = InProcessServerBuilder.forName(name)
                .addService(new Nodes())
                .addService(new Admin())
                .addService(new Watches())
                .addService(new Bulk())
                .intercept(new ServerInterceptor() {
                    @Override
                    public <Q, R> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
                        Context context = Context.current().withValue(HEADERS, headers);
                        return Contexts.interceptCall(context, call, headers, next);
                    }
                })
                .build()
                .start();
    }

    Loci client(Consumer<LociBuilder> options) {
        LociBuilder builder = new LociBuilder(Map.of());
        options.accept(builder);
        return builder.open(InProcessChannelBuilder.forName(name), Credential.apiKey("k"), name, false);
    }

    Loci client() {
        return client(builder -> {});
    }

    Loci client(Credential credential) {
        return new LociBuilder(Map.of()).open(InProcessChannelBuilder.forName(name), credential, name, false);
    }

    /** An error as Loci gives it; with a pause that it asks for, unless that is negative. */
    static StatusRuntimeException error(Status.Code code, String reason, long retryMillis) {
        com.google.rpc.Status.Builder status = com.google.rpc.Status.newBuilder()
                .setCode(code.value())
                .setMessage("told so")
                .addDetails(Any.pack(
                        ErrorInfo.newBuilder().setDomain("loci.dev").setReason(reason).build()));
        if (retryMillis >= 0) {
            RetryInfo.Builder retry = RetryInfo.newBuilder();
            retry.getRetryDelayBuilder().setSeconds(retryMillis / 1000).setNanos((int) (retryMillis % 1000) * 1_000_000);
            status.addDetails(Any.pack(retry.build()));
        }
        Metadata trailers = StatusProto.toStatusRuntimeException(status.build()).getTrailers();
        // gRPC's own retries are told to stay away, so that these tests see those of the client.
        trailers.put(Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER), "-1");
        return Status.fromCode(code).withDescription("told so").asRuntimeException(trailers);
    }

    /** Answers a message of an import as if it was written. */
    static void acknowledge(ImportRequest request, StreamObserver<ImportResponse> responses) {
        ImportResponse.Builder response = ImportResponse.newBuilder();
        if (request.hasHeader()) {
            response.getStateBuilder().setNextSequence(1);
        } else {
            response.getChunkBuilder()
                    .setSequence(request.getItems().getSequence())
                    .setNodeCount(request.getItems().getItemsCount());
        }
        responses.onNext(response.build());
    }

    /** Waits until so many tries have come. */
    void await(int tries) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (asked.size() < tries) {
            if (System.nanoTime() > until) {
                throw new AssertionError("only " + asked.size() + " tries came");
            }
            Thread.sleep(2);
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private <R> void answer(Object request, StreamObserver<R> responses, R answer) {
        Context context = Context.current();
        long remaining = context.getDeadline() == null
                ? Long.MAX_VALUE
                : context.getDeadline().timeRemaining(TimeUnit.MILLISECONDS);
        asked.add(new Asked(request, HEADERS.get(), remaining, context));
        StatusRuntimeException failure = always != null ? always : failures.poll();
        if (failure != null) {
            responses.onError(failure);
        } else if (!silent) {
            responses.onNext(answer);
            responses.onCompleted();
        }
    }

    private final class Nodes extends NodeServiceGrpc.NodeServiceImplBase {
        @Override
        public void getNode(GetNodeRequest request, StreamObserver<GetNodeResponse> responses) {
            Node node = Node.newBuilder().setName(request.getName()).build();
            answer(request, responses, GetNodeResponse.newBuilder().setNode(node).build());
        }

        @Override
        public void createNode(CreateNodeRequest request, StreamObserver<CreateNodeResponse> responses) {
            answer(request, responses, CreateNodeResponse.newBuilder().setNode(request.getNode()).build());
        }

        @Override
        public void listNodes(ListNodesRequest request, StreamObserver<ListNodesResponse> responses) {
            int page = request.getPageToken().isEmpty() ? 0 : Integer.parseInt(request.getPageToken());
            ListNodesResponse.Builder response = ListNodesResponse.newBuilder();
            for (int i = 0; i < 2 && page != 1; i++) {
                response.addNodesBuilder().setName("n" + (page * 2 + i));
            }
            answer(request, responses, response.setNextPageToken(page < 3 ? "" + (page + 1) : "").build());
        }
    }

    private final class Admin extends AdminServiceGrpc.AdminServiceImplBase {
        @Override
        public void createApiKey(CreateApiKeyRequest request, StreamObserver<CreateApiKeyResponse> responses) {
            answer(request, responses, CreateApiKeyResponse.getDefaultInstance());
        }
    }

    private final class Watches extends WatchServiceGrpc.WatchServiceImplBase {
        @Override
        public void watch(WatchRequest request, StreamObserver<WatchResponse> responses) {
            asked.add(new Asked(request, HEADERS.get(), Long.MAX_VALUE, Context.current()));
            watch.accept(request, responses);
        }
    }

    private final class Bulk extends BulkServiceGrpc.BulkServiceImplBase {
        /** Three pages of one node each; the token of a page is its number. */
        @Override
        public void export(ExportRequest request, StreamObserver<ExportResponse> responses) {
            int page = request.getPageToken().isEmpty() ? 0 : Integer.parseInt(request.getPageToken());
            for (; page < 3; page++) {
                responses.onNext(ExportResponse.newBuilder()
                        .addItems(Importer.item(Node.newBuilder().setName("n" + page).build()))
                        .setNextPageToken(page < 2 ? "" + (page + 1) : "")
                        .build());
            }
            responses.onCompleted();
        }

        @Override
        public StreamObserver<ImportRequest> import_(StreamObserver<ImportResponse> responses) {
            asked.add(new Asked(null, HEADERS.get(), Long.MAX_VALUE, Context.current()));
            return new StreamObserver<>() {
                @Override
                public void onNext(ImportRequest request) {
                    importing.accept(request, responses);
                }

                @Override
                public void onError(Throwable left) {
                    // the client has gone
                }

                @Override
                public void onCompleted() {
                    responses.onCompleted();
                }
            };
        }
    }
}
