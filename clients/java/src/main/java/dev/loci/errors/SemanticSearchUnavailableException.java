package dev.loci.errors;

/** The server has no embedder, and no query_embedding was given. */
public final class SemanticSearchUnavailableException extends FailedPreconditionException {
    private static final long serialVersionUID = 1L;

    SemanticSearchUnavailableException(Failure failure) {
        super(failure);
    }
}
