package dev.loci.errors;

/** There is no such node. */
public final class NodeNotFoundException extends NotFoundException {
    private static final long serialVersionUID = 1L;

    NodeNotFoundException(Failure failure) {
        super(failure);
    }
}
