package dev.loci.errors;

/** The graph is not deleted, so there is nothing to undelete. */
public final class GraphNotDeletedException extends FailedPreconditionException {
    private static final long serialVersionUID = 1L;

    GraphNotDeletedException(Failure failure) {
        super(failure);
    }
}
