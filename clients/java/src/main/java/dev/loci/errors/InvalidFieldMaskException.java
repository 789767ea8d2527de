package dev.loci.errors;

/** The update mask names a field that cannot be updated. */
public final class InvalidFieldMaskException extends InvalidArgumentException {
    private static final long serialVersionUID = 1L;

    InvalidFieldMaskException(Failure failure) {
        super(failure);
    }
}
