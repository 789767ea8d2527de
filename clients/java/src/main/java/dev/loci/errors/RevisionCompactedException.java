package dev.loci.errors;

/**
 * The log no longer holds what was asked for; the metadata {@code oldest} is the revision behind which it is whole.
 */
public final class RevisionCompactedException extends OutOfRangeException {
    private static final long serialVersionUID = 1L;

    RevisionCompactedException(Failure failure) {
        super(failure);
    }
}
