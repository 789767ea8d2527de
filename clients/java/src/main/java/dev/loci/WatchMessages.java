package dev.loci;

import dev.loci.errors.LociException;
import dev.loci.v1.WatchRequest;
import dev.loci.v1.WatchResponse;
import dev.loci.v1.WatchServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The messages of a watch, over cut connections and restarts of the server. Read by one thread, closed by any. */
final class WatchMessages {
    private static final System.Logger LOG = System.getLogger("dev.loci.watch");
    /** Tries without a message. */
    private static final int WARN_AT = 3;

    private final Channel channel;
    private final WatchRequest request;
    private final Patience patience;
    private final WatchBook<?> book;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile MessageStream<WatchRequest, WatchResponse> stream;
    private boolean waiting;
    private boolean resting;
    private long restUntil;

    /** @param patience how long to go on trying without a message, or null: for ever */
    WatchMessages(Channel channel, Layer layer, WatchRequest request, Duration patience, WatchBook<?> book) {
        this.channel = channel;
        this.request = request;
        this.patience = new Patience(layer, patience);
        this.book = book;
    }

    /**
     * The next message, or null if it was closed, or if none came by a point of {@link System#nanoTime}.
     *
     * @param until null: for ever
     */
    WatchResponse take(Long until) throws InterruptedException {
        if (!waiting) {
            waiting = true;
            patience.touched(); // what was done with the message before it does not count
        }
        while (!isClosed()) {
            if (resting && !isRested(until)) {
                return null;
            }
            LociException failure;
            try {
                if (stream == null) {
                    connect();
                }
                WatchResponse response = until == null ? stream.take() : stream.poll(until - System.nanoTime());
                if (response != null) {
                    waiting = false;
                    patience.moved();
                    return response;
                }
                if (!stream.isDone()) {
                    return null;
                }
                failure = LociException.from(Status.UNAVAILABLE.withDescription("the server ended the stream"), null);
            } catch (LociException ended) {
                failure = ended;
            }
            cancel();
            if (!isClosed()) {
                rest(failure);
            }
        }
        return null;
    }

    boolean isClosed() {
        return closed.getCount() == 0;
    }

    /** Ends it; who reads it wakes up. */
    void close() {
        closed.countDown();
        MessageStream<?, ?> open = stream;
        if (open != null) {
            open.close();
        }
    }

    private void connect() {
        book.connect();
        WatchRequest from = request;
        if (!book.resumeToken().isEmpty()) {
            from = request.toBuilder().setResumeToken(book.resumeToken()).build();
        }
        stream = MessageStream.open(
                channel, WatchServiceGrpc.getWatchMethod(), CallOptions.DEFAULT, patience.headers(), from);
        if (isClosed()) {
            cancel();
        }
    }

    private void cancel() {
        MessageStream<?, ?> open = stream;
        stream = null;
        if (open != null) {
            open.close();
        }
    }

    /** Begins the pause before the next try. Throws the failure if there is to be none. */
    private void rest(LociException failure) {
        restUntil = System.nanoTime() + patience.pauseAfter(failure);
        resting = true;
        if (patience.attempt() == WARN_AT) {
            String why = failure.reason().isEmpty() ? failure.code().name() : failure.reason();
            LOG.log(Level.WARNING, "no connection ({0}); the watch goes on as soon as there is one", why);
        }
    }

    /** Waits for the end of the pause: false if `until`, or the end of the watch, comes first. */
    private boolean isRested(Long until) throws InterruptedException {
        long left = restUntil - System.nanoTime();
        long allowed = until == null ? left : Math.min(left, until - System.nanoTime());
        if (closed.await(Math.max(allowed, 0), TimeUnit.NANOSECONDS) || allowed < left) {
            return false;
        }
        resting = false;
        return true;
    }
}
