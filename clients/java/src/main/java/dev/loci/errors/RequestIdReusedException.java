package dev.loci.errors;

/** This request_id was used for another request. */
public final class RequestIdReusedException extends InvalidArgumentException {
    private static final long serialVersionUID = 1L;

    RequestIdReusedException(Failure failure) {
        super(failure);
    }
}
