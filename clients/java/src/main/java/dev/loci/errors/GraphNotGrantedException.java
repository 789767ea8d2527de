package dev.loci.errors;

/** The API key is limited to other graphs, or to graphs and the call is about the whole tenant. */
public final class GraphNotGrantedException extends PermissionDeniedException {
    private static final long serialVersionUID = 1L;

    GraphNotGrantedException(Failure failure) {
        super(failure);
    }
}
