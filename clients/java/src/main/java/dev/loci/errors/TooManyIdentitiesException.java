package dev.loci.errors;

/** The tenant has as many identities as are kept. */
public final class TooManyIdentitiesException extends ResourceExhaustedException {
    private static final long serialVersionUID = 1L;

    TooManyIdentitiesException(Failure failure) {
        super(failure);
    }
}
