package dev.loci;

import com.google.protobuf.Message;
import dev.loci.errors.LociException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Makes unary calls over a channel, with typed errors. What else they get, the channel adds. */
public final class Caller {
    private final Channel channel;
    private final Duration timeout;

    Caller(Channel channel, Duration timeout) {
        this.channel = channel;
        this.timeout = timeout;
    }

    /** The channel; stubs of grpc-java made on it get all that the client adds. */
    public Channel channel() {
        return channel;
    }

    /** Calls and waits. */
    public <Q, R> R call(MethodDescriptor<Q, R> method, Q request) {
        try {
            return ClientCalls.blockingUnaryCall(channel, method, options(), request);
        } catch (LociException known) {
            throw known;
        } catch (StatusRuntimeException failure) {
            throw LociException.from(failure);
        }
    }

    /** Calls. The future fails with a LociException; to cancel it cancels the call. */
    public <Q, R> CompletableFuture<R> callAsync(MethodDescriptor<Q, R> method, Q request) {
        ClientCall<Q, R> call = channel.newCall(method, options());
        CompletableFuture<R> future = new CompletableFuture<>();
        cancelWith(future, () -> call.cancel("the future was cancelled", null));
        ClientCalls.asyncUnaryCall(call, request, new Completion<>(future));
        return future;
    }

    /**
     * All items of a method that gives pages: one whose request has a page_token and whose answer has a next_page_token.
     *
     * @param items those of one page
     */
    public <Q extends Message, R extends Message, T> Paged<T> pages(
            MethodDescriptor<Q, R> method, Q request, Function<R, List<T>> items) {
        return new Paged<>(new Paged.Source<Q, R, T>(this, method, request, items));
    }

    /** Does this when the future is cancelled. */
    static void cancelWith(CompletableFuture<?> future, Runnable task) {
        future.whenComplete((value, failure) -> {
            if (future.isCancelled()) {
                task.run();
            }
        });
    }

    private CallOptions options() {
        return timeout == null
                ? CallOptions.DEFAULT
                : CallOptions.DEFAULT.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static final class Completion<R> implements StreamObserver<R> {
        private final CompletableFuture<R> future;
        private R response;

        private Completion(CompletableFuture<R> future) {
            this.future = future;
        }

        @Override
        public void onNext(R value) {
            response = value;
        }

        @Override
        public void onError(Throwable failure) {
            future.completeExceptionally(LociException.from(failure));
        }

        @Override
        public void onCompleted() {
            future.complete(response);
        }
    }
}
