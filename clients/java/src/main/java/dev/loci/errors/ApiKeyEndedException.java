package dev.loci.errors;

/** The API key is revoked or has expired, so it cannot be rotated. */
public final class ApiKeyEndedException extends FailedPreconditionException {
    private static final long serialVersionUID = 1L;

    ApiKeyEndedException(Failure failure) {
        super(failure);
    }
}
