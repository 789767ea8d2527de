package dev.loci.errors;

/** There is such an edge already. */
public final class EdgeExistsException extends AlreadyExistsException {
    private static final long serialVersionUID = 1L;

    EdgeExistsException(Failure failure) {
        super(failure);
    }
}
