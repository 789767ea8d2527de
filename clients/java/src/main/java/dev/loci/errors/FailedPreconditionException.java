package dev.loci.errors;

/** The state does not allow it; the same call fails until the state changes. */
public class FailedPreconditionException extends LociException {
    private static final long serialVersionUID = 1L;

    FailedPreconditionException(Failure failure) {
        super(failure);
    }
}
