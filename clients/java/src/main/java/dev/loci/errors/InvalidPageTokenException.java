package dev.loci.errors;

/** The page token was not made for this query. */
public final class InvalidPageTokenException extends InvalidArgumentException {
    private static final long serialVersionUID = 1L;

    InvalidPageTokenException(Failure failure) {
        super(failure);
    }
}
