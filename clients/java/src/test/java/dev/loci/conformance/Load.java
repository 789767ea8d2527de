package dev.loci.conformance;

import dev.loci.Loci;
import dev.loci.v1.GetNodeRequest;
import dev.loci.v1.GetNodeResponse;
import dev.loci.v1.NodeServiceGrpc;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** As many GetNode as are answered in a time, so many at once, by the client or by the stub alone. */
final class Load {
    private final GetNodeRequest request;
    private final double seconds;
    private final int inFlight;

    Load(String node, double seconds, int inFlight) {
        this.request = GetNodeRequest.newBuilder().setName(node).build();
        this.seconds = seconds;
        this.inFlight = inFlight;
    }

    long byClient(Loci loci) throws InterruptedException {
        return count(ended -> loci.nodes().getNodeAsync(request).whenComplete((node, failure) -> ended.accept(failure)));
    }

    /** Over a plain channel of its own, with nothing but the key in its metadata. */
    long byStub(String address, String key) throws InterruptedException {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + key);
        ManagedChannel channel =
                Grpc.newChannelBuilder(address, InsecureChannelCredentials.create()).build();
        try {
            NodeServiceGrpc.NodeServiceStub stub = NodeServiceGrpc.newStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
            return count(ended -> stub.getNode(request, new Observer(ended)));
        } finally {
            channel.shutdownNow();
        }
    }

    /** Begins the next call whenever one has ended. */
    private long count(Consumer<Consumer<Throwable>> call) throws InterruptedException {
        long until = System.nanoTime() + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
        AtomicLong answered = new AtomicLong();
        AtomicReference<Throwable> failed = new AtomicReference<>();
        CountDownLatch ended = new CountDownLatch(inFlight);
        Consumer<Throwable> next = new Consumer<>() {
            @Override
            public void accept(Throwable failure) {
                if (failure != null) {
                    failed.set(failure);
                    ended.countDown();
                } else if (System.nanoTime() < until) {
                    answered.incrementAndGet();
                    call.accept(this);
                } else {
                    ended.countDown();
                }
            }
        };
        for (int i = 0; i < inFlight; i++) {
            call.accept(next);
        }
        ended.await();
        if (failed.get() != null) {
            throw new IllegalStateException("a call failed", failed.get());
        }
        return answered.get();
    }

    private record Observer(Consumer<Throwable> ended) implements StreamObserver<GetNodeResponse> {
        @Override
        public void onNext(GetNodeResponse node) {
            // counted when the call ends
        }

        @Override
        public void onError(Throwable failure) {
            ended.accept(failure);
        }

        @Override
        public void onCompleted() {
            ended.accept(null);
        }
    }
}
