package dev.loci.errors;

/** Too much at once; {@link #retryAfter} says when to come back. */
public class ResourceExhaustedException extends LociException {
    private static final long serialVersionUID = 1L;

    ResourceExhaustedException(Failure failure) {
        super(failure);
    }
}
