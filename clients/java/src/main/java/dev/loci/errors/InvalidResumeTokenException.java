package dev.loci.errors;

/** The token is not one of this stream: of another graph, filter or installation, or it was changed. */
public final class InvalidResumeTokenException extends InvalidArgumentException {
    private static final long serialVersionUID = 1L;

    InvalidResumeTokenException(Failure failure) {
        super(failure);
    }
}
