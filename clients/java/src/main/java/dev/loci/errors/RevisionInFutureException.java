package dev.loci.errors;

/** The graph has not reached this revision. */
public final class RevisionInFutureException extends OutOfRangeException {
    private static final long serialVersionUID = 1L;

    RevisionInFutureException(Failure failure) {
        super(failure);
    }
}
