package dev.loci.errors;

/** The request cannot be understood. */
public class InvalidArgumentException extends LociException {
    private static final long serialVersionUID = 1L;

    InvalidArgumentException(Failure failure) {
        super(failure);
    }
}
