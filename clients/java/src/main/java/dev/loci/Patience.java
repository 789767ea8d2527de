package dev.loci;

import dev.loci.errors.LociException;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What the streams of one logical call have in common: how long there was no progress, and what they show. Of one thread. */
final class Patience {
    static final Duration DEFAULT = Duration.ofSeconds(60);
    /** A stream is renewed after this many times the patience, so that even this call has a deadline. */
    private static final int CONNECTION_LIFETIMES = 5;

    private final Layer layer;
    private final Duration limit;
    private long movedAt = System.nanoTime();
    private int attempt;
    private String shown;
    private boolean mayRenew = true;

    /** @param limit how long to go on trying without progress, or null: for ever */
    Patience(Layer layer, Duration limit) {
        this.layer = layer;
        this.limit = limit;
    }

    /** The headers of the next stream. Throws UnauthenticatedException if there is no token. */
    Metadata headers() {
        shown = layer.shown();
        Metadata headers = new Metadata();
        Credential.put(headers, shown);
        return headers;
    }

    /** How long one stream may last. */
    CallOptions lifetime() {
        return CallOptions.DEFAULT.withDeadlineAfter(
                limit.multipliedBy(CONNECTION_LIFETIMES).toNanos(), TimeUnit.NANOSECONDS);
    }

    /** There is progress: failures count anew. */
    void moved() {
        attempt = 0;
        mayRenew = true;
        touched();
    }

    /** Not yet progress, but the caller's own doing: time counts anew. */
    void touched() {
        movedAt = System.nanoTime();
    }

    /** Streams that failed since there was progress. */
    int attempt() {
        return attempt;
    }

    /** The pause before the next stream, in nanoseconds. Throws the failure if there is to be none. */
    long pauseAfter(LociException failure) {
        // Once between two messages, as a new token that is refused, too, may be followed by yet another one for ever.
        if (mayRenew && layer.isRenewed(failure, shown)) {
            mayRenew = false;
            return 0;
        }
        attempt++;
        long pause = layer.streamPause(failure, attempt);
        if (pause == Retries.GIVE_UP
                || (limit != null && System.nanoTime() - movedAt + pause > limit.toNanos())) {
            throw failure;
        }
        return pause;
    }
}
