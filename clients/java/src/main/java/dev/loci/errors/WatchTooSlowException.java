package dev.loci.errors;

/**
 * The reader of a watch took nothing for too long; the metadata {@code resume_token} goes on behind what it got.
 */
public final class WatchTooSlowException extends ResourceExhaustedException {
    private static final long serialVersionUID = 1L;

    WatchTooSlowException(Failure failure) {
        super(failure);
    }
}
