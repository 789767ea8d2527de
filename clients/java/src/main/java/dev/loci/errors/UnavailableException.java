package dev.loci.errors;

/** The server, or something it needs, cannot be reached. Retries have been used up. */
public class UnavailableException extends LociException {
    private static final long serialVersionUID = 1L;

    UnavailableException(Failure failure) {
        super(failure);
    }
}
