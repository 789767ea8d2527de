package dev.loci.errors;

/** The server cannot reach its embedder. */
public final class EmbedderUnavailableException extends UnavailableException {
    private static final long serialVersionUID = 1L;

    EmbedderUnavailableException(Failure failure) {
        super(failure);
    }
}
