package dev.loci.errors;

/** An edge cannot enter the node that it leaves. */
public final class SelfEdgeException extends InvalidArgumentException {
    private static final long serialVersionUID = 1L;

    SelfEdgeException(Failure failure) {
        super(failure);
    }
}
