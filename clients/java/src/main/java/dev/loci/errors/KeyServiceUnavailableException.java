package dev.loci.errors;

/** The server cannot reach its key service. */
public final class KeyServiceUnavailableException extends UnavailableException {
    private static final long serialVersionUID = 1L;

    KeyServiceUnavailableException(Failure failure) {
        super(failure);
    }
}
