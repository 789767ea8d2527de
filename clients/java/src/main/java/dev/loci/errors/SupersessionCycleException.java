package dev.loci.errors;

/** A memory cannot take the place of what took its own. */
public final class SupersessionCycleException extends FailedPreconditionException {
    private static final long serialVersionUID = 1L;

    SupersessionCycleException(Failure failure) {
        super(failure);
    }
}
