package dev.loci;

import dev.loci.errors.LociException;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;

/** Says of calls that no server answered what happened, and where. */
final class Refusals {
    private Refusals() {}

    /** The error of a call after the client was closed. */
    static LociException closed() {
        return LociException.from(Status.CANCELLED.withDescription("the client is closed"), null);
    }

    /** Whether it is gRPC's own word that there is no connection, and not a server's. */
    static boolean isFromBelow(LociException failure) {
        return failure.code() == Status.Code.UNAVAILABLE && failure.reason().isEmpty();
    }

    /**
     * The status, as UNAVAILABLE if a call met a connection that had just been closed: of that gRPC tells as UNKNOWN when the
     * call is faster than the news.
     */
    static Status coded(Status status) {
        boolean closed = status.getCode() == Status.Code.UNKNOWN && status.getCause() instanceof ClosedChannelException;
        return closed ? Status.UNAVAILABLE.withDescription(status.getDescription()).withCause(status.getCause()) : status;
    }

    /** The same error, with its cause and this place in its message. */
    static LociException explained(LociException failure, String place, Metadata trailers) {
        Status status = failure.getStatus();
        String what = status.getCause() == null ? firstLine(failure.description()) : text(status.getCause());
        return LociException.from(status.withDescription(what + " " + place), trailers);
    }

    /** gRPC says "io exception"; what it was stands at the bottom, or above what says nothing. */
    private static String text(Throwable cause) {
        boolean closed = cause instanceof ClosedChannelException;
        String text = closed ? "the connection was closed" : cause.getClass().getSimpleName();
        boolean secure = false;
        for (Throwable each = cause; each != null; each = each.getCause()) {
            secure |= each instanceof SSLException;
            if (each.getMessage() != null) {
                String name = each instanceof IOException || secure ? "" : each.getClass().getSimpleName() + ": ";
                text = name + firstLine(each.getMessage());
            }
        }
        return secure ? "TLS failed: " + text : text;
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
