package dev.loci;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;

/** Ends calls as gRPC over Netty does that begin when their connection is closed, and nobody has told of it yet. */
final class ClosedConnections implements ClientInterceptor {
    /** How many of the next calls end so. */
    final AtomicInteger left = new AtomicInteger();

    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        boolean ends = left.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<R> responses, Metadata headers) {
                if (ends) {
                    ClosedChannelException cause = new ClosedChannelException();
                    cause.initCause(new IOException("Connection reset by peer"));
                    Status status = Status.UNKNOWN.withDescription("channel closed").withCause(cause);
                    Executor executor = options.getExecutor(); // blocking calls wait there
                    (executor == null ? ForkJoinPool.commonPool() : executor)
                            .execute(() -> responses.onClose(status, new Metadata()));
                } else {
                    super.start(responses, headers);
                }
            }

            @Override
            public void sendMessage(Q message) {
                if (!ends) {
                    super.sendMessage(message);
                }
            }

            @Override
            public void request(int count) {
                if (!ends) {
                    super.request(count);
                }
            }

            @Override
            public void halfClose() {
                if (!ends) {
                    super.halfClose();
                }
            }
        };
    }
}
