package dev.loci.errors;

/** The credential has expired. */
public final class CredentialExpiredException extends UnauthenticatedException {
    private static final long serialVersionUID = 1L;

    CredentialExpiredException(Failure failure) {
        super(failure);
    }
}
