package dev.loci.errors;

/** The thing has changed since its etag was read. */
public final class EtagMismatchException extends AbortedException {
    private static final long serialVersionUID = 1L;

    EtagMismatchException(Failure failure) {
        super(failure);
    }
}
