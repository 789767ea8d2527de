package dev.loci;

import dev.loci.errors.AbortedException;
import dev.loci.errors.LociException;
import dev.loci.errors.ResourceExhaustedException;
import dev.loci.errors.UnavailableException;
import dev.loci.errors.WriteContentionException;
import io.grpc.Status;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * When a failed call is worth another try, and after how long: pure rules over the typed error, in nanoseconds.
 *
 * <p>gRPC itself repeats UNAVAILABLE and RESOURCE_EXHAUSTED after short pauses ({@link Methods#serviceConfig}). What is left:
 * waits that the server asks for with RetryInfo, write contention, servers that are just being restarted, and streams that
 * were cut.
 */
final class Retries {
    /** Of one unary call, the first included. */
    static final int MAX_ATTEMPTS = 4;
    /** Tries of a unary call whose server says when to come back: enough for a database to recover. */
    static final int MAX_WAITS = 10;
    /** In place of a pause: no other try. */
    static final long GIVE_UP = -1;

    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(5);
    /** A server that is being restarted is asked at least this often. */
    private static final long LONGEST_REFUSED = TimeUnit.SECONDS.toNanos(1);

    private Retries() {}

    /** A call ended well, but without its answer: the connection broke just after it. */
    static LociException answerLost() {
        return LociException.from(
                Status.UNAVAILABLE.withDescription("the connection broke before the answer was read"), null);
    }

    /**
     * The pause before the next try of a unary call, or GIVE_UP.
     *
     * @param attempt counts from 1
     * @param remaining what the deadline leaves
     * @param repeatable whether the method may be called twice
     * @param known the server has answered before, so that one which cannot be reached is being restarted; else its address
     *     may be wrong, which is told soon
     */
    static long unaryPause(LociException failure, int attempt, long remaining, boolean repeatable, boolean known) {
        long pause = GIVE_UP;
        if (isRefused(failure)) {
            pause = known ? refusedPause(attempt) : GIVE_UP; // nothing was sent: any method may be called again
        } else if (!repeatable) {
            pause = GIVE_UP;
        } else if (isToWait(failure)) {
            if (attempt < MAX_WAITS) {
                long jitter = (long) (backoff(attempt) * ThreadLocalRandom.current().nextDouble());
                pause = failure.retryAfter().orElseThrow().toNanos() + jitter;
            }
        } else if (failure instanceof WriteContentionException) {
            pause = attempt < MAX_ATTEMPTS ? jittered(attempt) : GIVE_UP;
        } else if (isCut(failure)) {
            pause = known ? refusedPause(attempt) : GIVE_UP;
        }
        return pause < remaining ? pause : GIVE_UP;
    }

    /** The pause before a cut stream is taken up again, or GIVE_UP if it failed for good. */
    static long streamPause(LociException failure, int attempt) {
        if (failure.retryAfter().isPresent()) {
            return failure.retryAfter().get().toNanos() + jittered(attempt);
        }
        boolean cut = failure instanceof UnavailableException
                || failure instanceof ResourceExhaustedException
                || failure instanceof WriteContentionException
                || failure.code() == Status.Code.DEADLINE_EXCEEDED;
        // INTERNAL or CANCELLED without a reason is not from Loci: a proxy or gRPC itself reset the stream.
        boolean reset = (failure.code() == Status.Code.INTERNAL || failure.code() == Status.Code.CANCELLED)
                && failure.reason().isEmpty();
        return cut || reset ? jittered(attempt) : GIVE_UP;
    }

    /** The server says when to come back. */
    private static boolean isToWait(LociException failure) {
        return failure.retryAfter().isPresent()
                && (failure instanceof ResourceExhaustedException
                        || failure instanceof UnavailableException
                        || failure instanceof AbortedException);
    }

    /** Nothing listens at the address, so nothing was sent. */
    private static boolean isRefused(LociException failure) {
        return Refusals.isFromBelow(failure) && cause(failure, ConnectException.class) != null;
    }

    /** The connection broke, or ended before it was made: what was sent may have been done. */
    private static boolean isCut(LociException failure) {
        if (!Refusals.isFromBelow(failure)) {
            return false;
        }
        IOException cause = cause(failure, IOException.class);
        if (cause == null) {
            return failure.getStatus().getCause() == null; // gRPC lost the connection, or the answer
        }
        return !(cause instanceof SSLException) && !(cause instanceof UnknownHostException);
    }

    private static <E extends Throwable> E cause(LociException failure, Class<E> type) {
        for (Throwable each = failure.getStatus().getCause(); each != null; each = each.getCause()) {
            if (type.isInstance(each)) {
                return type.cast(each);
            }
        }
        return null;
    }

    private static long backoff(int attempt) {
        return Math.min(FIRST_PAUSE << Math.min(attempt - 1, 10), LONGEST_PAUSE);
    }

    private static long refusedPause(int attempt) {
        return Math.min(jittered(attempt), LONGEST_REFUSED);
    }

    private static long jittered(int attempt) {
        return (long) (backoff(attempt) * (0.5 + ThreadLocalRandom.current().nextDouble() / 2));
    }
}
