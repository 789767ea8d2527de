package dev.loci.errors;

/** There is such a graph already, perhaps a deleted one. */
public final class GraphExistsException extends AlreadyExistsException {
    private static final long serialVersionUID = 1L;

    GraphExistsException(Failure failure) {
        super(failure);
    }
}
