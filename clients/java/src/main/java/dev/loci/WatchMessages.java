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
    private final Layer layer;
    private final WatchRequest request;
    private final Duration patience;
    private final WatchBook<?> book;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile MessageStream<WatchRequest, WatchResponse> stream;
    private String shown;
    private int attempt;
    private long movedAt = System.nanoTime();

    /** @param patience how long to go on trying without a message, or null: for ever */
    WatchMessages(Channel channel, Layer layer, WatchRequest request, Duration patience, WatchBook<?> book) {
        this.channel = channel;
        this.layer = layer;
        this.request = request;
        this.patience = patience;
        this.book = book;
    }

    /**
     * The next message, or null if it was closed, or if none came by a point of {@link System#nanoTime}.
     *
     * @param until null: for ever
     */
    WatchResponse take(Long until) throws InterruptedException {
        while (!isClosed()) {
            LociException failure;
            try {
                if (stream == null) {
                    connect();
                }
                WatchResponse response = until == null ? stream.take() : stream.poll(until - System.nanoTime());
                if (response != null) {
                    attempt = 0;
                    movedAt = System.nanoTime();
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
            if (!isClosed() && !restAfter(failure, until)) {
                return null;
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
        shown = layer.credential().present();
        stream = MessageStream.open(channel, WatchServiceGrpc.getWatchMethod(), CallOptions.DEFAULT, from);
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

    /** Whether it is time for another try: false if `until` comes first. Throws the failure if there is to be none. */
    private boolean restAfter(LociException failure, Long until) throws InterruptedException {
        if (layer.credential().isRenewed(failure, shown)) {
            return true;
        }
        attempt++;
        long pause = layer.streamPause(failure, attempt);
        boolean late = patience != null && System.nanoTime() - movedAt > patience.toNanos();
        if (pause == Retries.GIVE_UP || late) {
            throw failure;
        }
        if (attempt == WARN_AT) {
            String why = failure.reason().isEmpty() ? failure.code().name() : failure.reason();
            LOG.log(Level.WARNING, "no connection ({0}); the watch goes on as soon as there is one", why);
        }
        boolean inTime = until == null || System.nanoTime() + pause < until;
        boolean ended = closed.await(inTime ? pause : until - System.nanoTime(), TimeUnit.NANOSECONDS);
        return !ended && inTime;
    }
}
