package dev.loci;

import dev.loci.errors.LociException;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
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

    /** The same error, with its cause and this place in its message. */
    static LociException explained(LociException failure, String place, Metadata trailers) {
        Status status = failure.getStatus();
        String what = status.getCause() == null ? firstLine(failure.description()) : text(status.getCause());
        return LociException.from(status.withDescription(what + " " + place), trailers);
    }

    /** gRPC says "io exception"; what it was stands at the bottom. */
    private static String text(Throwable cause) {
        Throwable bottom = cause;
        boolean secure = cause instanceof SSLException;
        while (bottom.getCause() != null) {
            bottom = bottom.getCause();
            secure |= bottom instanceof SSLException;
        }
        String text = bottom.getMessage() == null ? bottom.getClass().getSimpleName() : firstLine(bottom.getMessage());
        if (secure) {
            return "TLS failed: " + text;
        }
        return bottom instanceof IOException ? text : bottom.getClass().getSimpleName() + ": " + text;
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
