package dev.loci.errors;

/** Too many writers changed the same items at once, also after retries; nothing was written. */
public final class WriteContentionException extends AbortedException {
    private static final long serialVersionUID = 1L;

    WriteContentionException(Failure failure) {
        super(failure);
    }
}
