package dev.loci.errors;

/** The server cannot ask the token's issuer for its keys. */
public final class IssuerUnavailableException extends UnavailableException {
    private static final long serialVersionUID = 1L;

    IssuerUnavailableException(Failure failure) {
        super(failure);
    }
}
