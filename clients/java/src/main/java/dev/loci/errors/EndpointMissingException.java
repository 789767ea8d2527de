package dev.loci.errors;

/** A node that the edge would end at is not there. */
public final class EndpointMissingException extends FailedPreconditionException {
    private static final long serialVersionUID = 1L;

    EndpointMissingException(Failure failure) {
        super(failure);
    }
}
