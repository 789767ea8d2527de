package dev.loci.errors;

/** A vector is empty, too long, not finite or all zero. */
public final class InvalidVectorException extends InvalidArgumentException {
    private static final long serialVersionUID = 1L;

    InvalidVectorException(Failure failure) {
        super(failure);
    }
}
