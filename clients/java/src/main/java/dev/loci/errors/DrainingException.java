package dev.loci.errors;

/** The server is shutting down. */
public final class DrainingException extends UnavailableException {
    private static final long serialVersionUID = 1L;

    DrainingException(Failure failure) {
        super(failure);
    }
}
