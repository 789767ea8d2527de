package dev.loci.errors;

/** There is no such edge. */
public final class EdgeNotFoundException extends NotFoundException {
    private static final long serialVersionUID = 1L;

    EdgeNotFoundException(Failure failure) {
        super(failure);
    }
}
