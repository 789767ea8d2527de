package dev.loci.errors;

/** Vectors of this model have another dimension in this tenant. */
public final class DimensionMismatchException extends InvalidArgumentException {
    private static final long serialVersionUID = 1L;

    DimensionMismatchException(Failure failure) {
        super(failure);
    }
}
