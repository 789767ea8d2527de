package dev.loci.errors;

/** A precondition of the commit does not hold. */
public final class PreconditionFailedException extends FailedPreconditionException {
    private static final long serialVersionUID = 1L;

    PreconditionFailedException(Failure failure) {
        super(failure);
    }
}
