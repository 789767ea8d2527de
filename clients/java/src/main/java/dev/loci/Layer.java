package dev.loci;

import com.google.protobuf.Message;
import dev.loci.errors.LociException;
import dev.loci.errors.UnauthenticatedException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * All that calls get on their way, whichever stub they come from. Unary ones: credential, deadline, request_id and retries
 * ({@link UnaryCall}). Streams: the credential; who reads them resumes them. Both: a {@link LociException} as the cause of
 * the status that they fail with.
 */
final class Layer implements ClientInterceptor {
    private static final long RECONNECT_INTERVAL = TimeUnit.MILLISECONDS.toNanos(50);

    private final Credential credential;
    private final long timeoutNanos;
    private final String address;
    private final boolean encrypted;
    private final ScheduledThreadPoolExecutor timer;
    private final Set<UnaryCall<?, ?>> waiting = ConcurrentHashMap.newKeySet();
    private final AtomicLong reconnectedAt = new AtomicLong(System.nanoTime() - RECONNECT_INTERVAL);
    private volatile ManagedChannel channel;
    private volatile boolean known;

    /** @param address where the server is, for people */
    Layer(Credential credential, long timeoutNanos, String address, boolean encrypted) {
        this.credential = credential;
        this.timeoutNanos = timeoutNanos;
        this.address = address;
        this.encrypted = encrypted;
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "loci-retries");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
    }

    /** The channel below, which reconnects sooner when asked to. */
    void watchOver(ManagedChannel below) {
        channel = below;
    }

    /** What is sent now, or null. Throws UnauthenticatedException if there is no token; its cause is what its giver threw. */
    String shown() {
        try {
            return credential.present();
        } catch (RuntimeException failure) {
            Status status = Status.UNAUTHENTICATED.withDescription("there is no token").withCause(failure);
            throw LociException.from(status, null);
        }
    }

    /** Whether a call that was refused has another token to try with. A call that was refused so has done nothing. */
    boolean isRenewed(LociException failure, String used) {
        try {
            return credential.isChanging() && failure instanceof UnauthenticatedException && !shown().equals(used);
        } catch (LociException noToken) {
            return false;
        }
    }

    /** Whether the server has ever answered. */
    boolean isKnown() {
        return known;
    }

    /** The server has answered. */
    void answered() {
        if (!known) {
            known = true;
        }
    }

    /** The error of an end of a call. One that no server gave says where it was tried, or that the client is closed. */
    LociException understood(Status told, Metadata trailers) {
        Status status = Refusals.coded(told);
        LociException failure = LociException.from(status, trailers);
        if (!Refusals.isFromBelow(failure) || failure == status.getCause()) {
            return failure;
        }
        if (timer.isShutdown()) {
            return Refusals.closed();
        }
        // A server that wants TLS hangs up without a word.
        boolean mayWantTls = !known && !encrypted;
        String place = "(at " + address + (mayWantTls ? "; if the server wants TLS, say tls())" : ")");
        return Refusals.explained(failure, place, trailers);
    }

    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        if (method.getType() != MethodType.UNARY) {
            return new StreamCall<>(next.newCall(method, options), method.getType() == MethodType.SERVER_STREAMING);
        }
        CallOptions limited = options;
        if (options.getDeadline() == null) {
            limited = options.withDeadlineAfter(timeoutNanos, TimeUnit.NANOSECONDS);
        }
        Deadline outer = Context.current().getDeadline();
        Deadline deadline = outer == null ? limited.getDeadline() : limited.getDeadline().minimum(outer);
        return new UnaryCall<>(this, method, limited, deadline, next);
    }

    /** Has a call try again later, or ends it if the client is closed first. Throws RejectedExecutionException if it is. */
    ScheduledFuture<?> later(UnaryCall<?, ?> call, long nanos) {
        waiting.add(call);
        try {
            return timer.schedule(call::retry, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException clientIsClosed) {
            waiting.remove(call);
            throw clientIsClosed;
        }
    }

    /** A call waits no more. */
    void waitsNoMore(UnaryCall<?, ?> call) {
        waiting.remove(call);
    }

    /**
     * gRPC leaves an address alone for a second and more after a connection failed. Who has to wait for a server that is
     * being restarted asks it to look again.
     */
    void reconnectSoon() {
        long now = System.nanoTime();
        long last = reconnectedAt.get();
        ManagedChannel below = channel;
        if (below != null && now - last >= RECONNECT_INTERVAL && reconnectedAt.compareAndSet(last, now)) {
            below.resetConnectBackoff();
        }
    }

    /** The pause before a cut stream is taken up again, or GIVE_UP: of a closed client, and in an ended context, it is not. */
    long streamPause(LociException failure, int attempt) {
        if (timer.isShutdown() || Context.current().isCancelled()) {
            return Retries.GIVE_UP;
        }
        reconnectSoon();
        return Retries.streamPause(failure, attempt);
    }

    void close() {
        timer.shutdownNow();
        List.copyOf(waiting).forEach(call -> call.cancel("the client is closed", null));
    }

    /** A status as stubs get it: with the typed error as its cause. */
    static Status typed(Status status, LociException failure) {
        return status.withCause(failure);
    }

    private final class StreamCall<Q, R> extends SimpleForwardingClientCall<Q, R> {
        private final boolean checksText;

        /** @param checksText of its request; who sends many checks them one by one */
        private StreamCall(ClientCall<Q, R> call, boolean checksText) {
            super(call);
            this.checksText = checksText;
        }

        @Override
        public void sendMessage(Q request) {
            LociException misfit = checksText && request instanceof Message given ? Text.misfit(given) : null;
            if (misfit != null) {
                cancel("the request cannot be sent", misfit);
                throw misfit;
            }
            super.sendMessage(request);
        }

        @Override
        public void start(Listener<R> listener, Metadata headers) {
            if (!Credential.isIn(headers)) {
                Credential.put(headers, shown());
            }
            super.start(
                    new SimpleForwardingClientCallListener<R>(listener) {
                        @Override
                        public void onHeaders(Metadata received) {
                            answered();
                            super.onHeaders(received);
                        }

                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            if (status.isOk()) {
                                super.onClose(status, trailers);
                            } else {
                                LociException failure = understood(status, trailers);
                                super.onClose(typed(failure.getStatus(), failure), trailers);
                            }
                        }
                    },
                    headers);
        }
    }
}
