package dev.loci.errors;

/**
 * The tenant would have more than it may; the metadata {@code name} and {@code limit} say of what. Reads and deletes
 * go on.
 */
public final class QuotaExceededException extends ResourceExhaustedException {
    private static final long serialVersionUID = 1L;

    QuotaExceededException(Failure failure) {
        super(failure);
    }
}
