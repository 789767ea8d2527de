package dev.loci.errors;

/** The server cannot reach its database. */
public final class DatabaseUnavailableException extends UnavailableException {
    private static final long serialVersionUID = 1L;

    DatabaseUnavailableException(Failure failure) {
        super(failure);
    }
}
