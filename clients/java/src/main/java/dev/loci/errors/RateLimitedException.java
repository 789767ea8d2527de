package dev.loci.errors;

/** The tenant makes more calls than it may; the metadata {@code limit} says how many a second. */
public final class RateLimitedException extends ResourceExhaustedException {
    private static final long serialVersionUID = 1L;

    RateLimitedException(Failure failure) {
        super(failure);
    }
}
