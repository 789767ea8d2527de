package dev.loci.errors;

/** As many calls are in flight as are allowed. */
public final class TooManyRequestsException extends ResourceExhaustedException {
    private static final long serialVersionUID = 1L;

    TooManyRequestsException(Failure failure) {
        super(failure);
    }
}
