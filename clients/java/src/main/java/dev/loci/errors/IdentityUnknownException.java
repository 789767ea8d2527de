package dev.loci.errors;

/** The token or certificate is genuine, and nothing says what it may do here. */
public final class IdentityUnknownException extends PermissionDeniedException {
    private static final long serialVersionUID = 1L;

    IdentityUnknownException(Failure failure) {
        super(failure);
    }
}
