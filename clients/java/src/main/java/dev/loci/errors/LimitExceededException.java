package dev.loci.errors;

/** Something is larger, or there is more of it, than is allowed. */
public final class LimitExceededException extends InvalidArgumentException {
    private static final long serialVersionUID = 1L;

    LimitExceededException(Failure failure) {
        super(failure);
    }
}
