package dev.loci;

import com.google.protobuf.Message;
import com.google.protobuf.MessageLite;
import dev.loci.errors.LociException;
import dev.loci.v1.ErrorReason;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * One logical unary call, which may take several tries. Each try is a call of its own over the channel below, with the same
 * message (and so the same request_id), a copy of the headers, the one deadline, and the gRPC context of whoever began it.
 * What a try brings is kept until it is known to be the last one, so the listener is told of one call only.
 */
final class UnaryCall<Q, R> extends ClientCall<Q, R> {
    static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

    private final Layer layer;
    private final MethodDescriptor<Q, R> method;
    private final CallOptions options;
    private final Deadline deadline;
    private final Channel next;
    private final Context context = Context.current();

    private Listener<R> listener;
    private Metadata headers;
    private Q request;
    private LociException refusal;
    private Boolean compression;
    private volatile int attempt;
    private boolean renewed;
    private Context.CancellationListener whenContextEnds;

    private final Object lock = new Object();
    // Guarded by the lock: the try that is under way, or the wait for the next one, or neither.
    private ClientCall<Q, R> current;
    private ScheduledFuture<?> waiting;
    private Status cancelled;
    private boolean closed;

    UnaryCall(Layer layer, MethodDescriptor<Q, R> method, CallOptions options, Deadline deadline, Channel next) {
        this.layer = layer;
        this.method = method;
        this.options = options;
        this.deadline = deadline;
        this.next = next;
    }

    @Override
    public void start(Listener<R> responses, Metadata given) {
        listener = responses;
        headers = given;
    }

    @Override
    public void request(int count) {
        // There is one answer, and each try asks for it by itself.
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void setMessageCompression(boolean enabled) {
        compression = enabled;
    }

    @Override
    public void sendMessage(Q message) {
        request = Methods.withRequestId(method, message);
        if (request instanceof MessageLite sized && sized.getSerializedSize() > MAX_MESSAGE_BYTES) {
            String text = "request: " + sized.getSerializedSize() + " bytes, at most " + MAX_MESSAGE_BYTES + " are allowed";
            refusal = LociException.found(Status.Code.INVALID_ARGUMENT, ErrorReason.ERROR_REASON_LIMIT_EXCEEDED, text);
        } else if (request instanceof Message given) {
            refusal = Text.misfit(given);
        }
    }

    @Override
    public void halfClose() {
        if (refusal != null) {
            endLater(Layer.typed(refusal.getStatus(), refusal));
        } else {
            launch();
        }
    }

    @Override
    public void cancel(String message, Throwable cause) {
        Status reason = Status.CANCELLED.withDescription(message).withCause(cause);
        ClientCall<Q, R> running;
        synchronized (lock) {
            if (cancelled != null || closed) {
                return;
            }
            cancelled = reason;
            running = current;
        }
        if (running != null) {
            running.cancel(message, cause); // its end is the end
        } else if (listener != null && (stopWaiting() || attempt == 0)) {
            endLater(typedCancelled());
        }
    }

    private Status typedCancelled() {
        return Layer.typed(cancelled, LociException.from(cancelled, null));
    }

    /** Begins a try. */
    private void launch() {
        boolean stopped;
        synchronized (lock) {
            stopped = cancelled != null;
        }
        if (stopped) {
            endLater(typedCancelled());
            return;
        }
        attempt++;
        String shown;
        try {
            shown = layer.shown();
        } catch (LociException noToken) {
            endLater(Layer.typed(noToken.getStatus(), noToken));
            return;
        }
        Metadata sent = new Metadata();
        sent.merge(headers);
        Credential.put(sent, shown);
        Context before = context.attach();
        try {
            begin(sent, shown);
        } finally {
            context.detach(before);
        }
    }

    private void begin(Metadata sent, String shown) {
        ClientCall<Q, R> call = next.newCall(method, options);
        Try responses = new Try(shown);
        try {
            call.start(responses, sent);
            if (compression != null) {
                call.setMessageCompression(compression);
            }
            call.request(2); // a second one would be a breach of the contract, which stubs find
            call.sendMessage(request);
            call.halfClose();
        } catch (RuntimeException failure) {
            responses.over = true;
            call.cancel("the request could not be sent", failure);
            throw failure;
        }
        Status stop;
        synchronized (lock) {
            stop = cancelled;
            if (!responses.over) {
                current = call;
            }
        }
        if (stop != null) {
            call.cancel(stop.getDescription(), stop.getCause());
        }
    }

    /** What a try came to. */
    private void ended(Try tried, Status status, Metadata trailers) {
        if (status.isOk() && tried.message != null) {
            if (close()) {
                listener.onHeaders(tried.headers);
                listener.onMessage(tried.message);
                if (tried.surplus != null) {
                    listener.onMessage(tried.surplus);
                }
                listener.onClose(status, trailers);
            }
            return;
        }
        LociException failure = status.isOk() ? Retries.answerLost() : layer.understood(status, trailers);
        if (!failure.reason().isEmpty()) {
            layer.answered();
        }
        long pause = pause(failure, tried.shown);
        if (pause == Retries.GIVE_UP) {
            end(Layer.typed(failure.getStatus(), failure), trailers);
        } else if (!waitFor(pause)) {
            end(cancelled != null ? typedCancelled() : Layer.typed(failure.getStatus(), failure), trailers);
        } else if (failure.reason().isEmpty()) {
            layer.reconnectSoon();
        }
    }

    private long pause(LociException failure, String shown) {
        if (!renewed && layer.isRenewed(failure, shown)) {
            renewed = true;
            return 0;
        }
        long remaining = deadline.timeRemaining(TimeUnit.NANOSECONDS);
        boolean repeatable = Methods.isRepeatable(method);
        return Retries.unaryPause(failure, attempt, remaining, repeatable, layer.isKnown());
    }

    /** Whether there will be another try. */
    private boolean waitFor(long pause) {
        if (whenContextEnds == null) {
            whenContextEnds = ended -> cancel("the context was cancelled", ended.cancellationCause());
            context.addListener(whenContextEnds, Runnable::run);
        }
        synchronized (lock) {
            if (cancelled != null || closed) {
                return false;
            }
            try {
                waiting = layer.later(this, pause);
            } catch (RejectedExecutionException clientIsClosed) {
                return false;
            }
        }
        return true;
    }

    /** The pause is over. */
    void retry() {
        layer.waitsNoMore(this);
        synchronized (lock) {
            if (waiting == null) {
                return;
            }
            waiting = null;
        }
        try {
            launch();
        } catch (RuntimeException failure) {
            Status status = Status.fromThrowable(failure);
            endLater(Layer.typed(status, LociException.from(status, null)));
        }
    }

    private boolean stopWaiting() {
        layer.waitsNoMore(this);
        synchronized (lock) {
            if (waiting == null) {
                return false;
            }
            waiting.cancel(false);
            waiting = null;
            return true;
        }
    }

    /** Tells of the end where the listener expects to be told. */
    private void endLater(Status status) {
        Executor executor = options.getExecutor();
        Runnable task = () -> end(status, new Metadata());
        (executor != null ? executor : ForkJoinPool.commonPool()).execute(task);
    }

    private void end(Status status, Metadata trailers) {
        if (close()) {
            listener.onClose(status, trailers);
        }
    }

    private boolean close() {
        boolean first;
        synchronized (lock) {
            first = !closed;
            closed = true;
            current = null;
        }
        if (whenContextEnds != null) {
            context.removeListener(whenContextEnds);
        }
        return first;
    }

    /** The listener of one try. */
    private final class Try extends Listener<R> {
        private final String shown;
        private Metadata headers = new Metadata();
        private R message;
        private R surplus;
        private volatile boolean over;

        private Try(String shown) {
            this.shown = shown;
        }

        @Override
        public void onHeaders(Metadata received) {
            layer.answered();
            headers = received;
        }

        @Override
        public void onMessage(R received) {
            if (message == null) {
                message = received;
            } else {
                surplus = received;
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            synchronized (lock) {
                if (over) {
                    return;
                }
                over = true;
                current = null;
            }
            ended(this, status, trailers);
        }
    }
}
