package dev.loci.errors;

/** A field has a value that is not allowed. */
public final class InvalidFieldException extends InvalidArgumentException {
    private static final long serialVersionUID = 1L;

    InvalidFieldException(Failure failure) {
        super(failure);
    }
}
