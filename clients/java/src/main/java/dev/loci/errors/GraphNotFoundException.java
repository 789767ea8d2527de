package dev.loci.errors;

/** There is no such graph. */
public final class GraphNotFoundException extends NotFoundException {
    private static final long serialVersionUID = 1L;

    GraphNotFoundException(Failure failure) {
        super(failure);
    }
}
