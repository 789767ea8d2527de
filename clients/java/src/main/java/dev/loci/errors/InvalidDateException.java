package dev.loci.errors;

/** A date is not EDTF. */
public final class InvalidDateException extends InvalidArgumentException {
    private static final long serialVersionUID = 1L;

    InvalidDateException(Failure failure) {
        super(failure);
    }
}
