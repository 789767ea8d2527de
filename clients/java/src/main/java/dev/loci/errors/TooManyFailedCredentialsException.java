package dev.loci.errors;

/** Too many credentials from this address were not valid; keys that are in use go on. */
public final class TooManyFailedCredentialsException extends ResourceExhaustedException {
    private static final long serialVersionUID = 1L;

    TooManyFailedCredentialsException(Failure failure) {
        super(failure);
    }
}
