package dev.loci.errors;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import dev.loci.v1.ErrorReason;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A call that failed. Below it there is a class for each gRPC code, and below these one for each reason of
 * {@link ErrorReason}: {@code NodeNotFoundException} is a {@code NotFoundException} is a {@code LociException}. A server that
 * is newer than this client may give a reason that has no class: that of its code is thrown then, with that {@link #reason}.
 *
 * <p>The calls of {@link dev.loci.Loci} and of {@code dev.loci.services} throw these. Stubs of grpc-java throw their own
 * StatusRuntimeException, whose cause is one of these; {@link #from(Throwable)} gives it.
 */
public class LociException extends StatusRuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    LociException(Failure failure) {
        super(failure.status(), failure.trailers());
        this.failure = failure;
    }

    /** The error of an end of a call. */
    public static LociException from(Status status, Metadata trailers) {
        if (status.getCause() instanceof LociException known) {
            return known;
        }
        return Reasons.exception(Failure.of(status, trailers));
    }

    /** The error of a status inside an answer, such as those of BatchSearchResult and ItemError. */
    public static LociException from(com.google.rpc.Status status) {
        return Reasons.exception(Failure.of(status));
    }

    /** The error that a stub of grpc-java threw, or a future of one failed with; it may be wrapped. */
    public static LociException from(Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof LociException known) {
                return known;
            }
        }
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof StatusRuntimeException call) {
                return from(call.getStatus(), call.getTrailers());
            } else if (each instanceof StatusException call) {
                return from(call.getStatus(), call.getTrailers());
            }
        }
        return from(Status.UNKNOWN.withDescription(thrown.toString()).withCause(thrown), null);
    }

    /** An error that the client itself finds, of a reason that the server has, too. */
    public static LociException found(Status.Code code, ErrorReason reason, String message, Any... details) {
        ErrorInfo info = ErrorInfo.newBuilder()
                .setDomain(Failure.DOMAIN)
                .setReason(reason.name().substring("ERROR_REASON_".length()))
                .build();
        return from(com.google.rpc.Status.newBuilder()
                .setCode(code.value())
                .setMessage(message)
                .addDetails(Any.pack(info))
                .addAllDetails(List.of(details))
                .build());
    }

    /** The gRPC code, such as {@code NOT_FOUND}. */
    public final Status.Code code() {
        return getStatus().getCode();
    }

    /** The reason of google.rpc.ErrorInfo, such as {@code NODE_NOT_FOUND}; empty if the answer was not from Loci itself. */
    public final String reason() {
        return failure == null ? "" : failure.reason();
    }

    /** What the message was filled with; see docs/errors.md. */
    public final Map<String, String> metadata() {
        return failure == null ? Map.of() : failure.metadata();
    }

    /** The fields or preconditions that failed. */
    public final List<FieldViolation> violations() {
        return failure == null ? List.of() : failure.violations();
    }

    /** The name of the thing that is missing, taken or changed. */
    public final Optional<String> resource() {
        return failure == null || failure.resource().isEmpty() ? Optional.empty() : Optional.of(failure.resource());
    }

    /** How long the server asks to wait before it is called again. */
    public final Optional<Duration> retryAfter() {
        return failure == null ? Optional.empty() : Optional.ofNullable(failure.retryAfter());
    }

    /** Where a watch that the server ended goes on. */
    public final Optional<String> resumeToken() {
        return Optional.ofNullable(metadata().get("resume_token"));
    }

    /** All messages of google.rpc.Status.details. */
    public final List<Any> details() {
        return failure == null ? List.of() : failure.details();
    }

    /** What happened, in the server's words. */
    public final String description() {
        return Optional.ofNullable(getStatus().getDescription()).orElse("");
    }

    @Override
    public String getMessage() {
        String text = (reason().isEmpty() ? code().name() : reason()) + ": " + description();
        Throwable below = getStatus().getCause();
        while (below != null && below.getCause() != null) {
            below = below.getCause();
        }
        // gRPC says "io exception"; which address refused, or what is wrong with a certificate, stands below it.
        boolean told = !(below instanceof IOException) || below.getMessage() == null || text.contains(below.getMessage());
        return told ? text : text + " (" + below.getMessage() + ")";
    }
}
