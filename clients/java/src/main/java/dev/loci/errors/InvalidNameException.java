package dev.loci.errors;

/** A name or id is not well formed. */
public final class InvalidNameException extends InvalidArgumentException {
    private static final long serialVersionUID = 1L;

    InvalidNameException(Failure failure) {
        super(failure);
    }
}
