package dev.loci.errors;

/** The credential is not valid. */
public final class CredentialInvalidException extends UnauthenticatedException {
    private static final long serialVersionUID = 1L;

    CredentialInvalidException(Failure failure) {
        super(failure);
    }
}
