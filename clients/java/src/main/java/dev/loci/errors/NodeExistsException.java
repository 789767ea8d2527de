package dev.loci.errors;

/** There is such a node already. */
public final class NodeExistsException extends AlreadyExistsException {
    private static final long serialVersionUID = 1L;

    NodeExistsException(Failure failure) {
        super(failure);
    }
}
