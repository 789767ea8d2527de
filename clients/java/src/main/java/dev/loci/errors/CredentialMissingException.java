package dev.loci.errors;

/** No credential was sent. */
public final class CredentialMissingException extends UnauthenticatedException {
    private static final long serialVersionUID = 1L;

    CredentialMissingException(Failure failure) {
        super(failure);
    }
}
