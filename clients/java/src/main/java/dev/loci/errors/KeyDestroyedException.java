package dev.loci.errors;

/** The key that it was sealed by is gone for good, as erasure destroys it. */
public final class KeyDestroyedException extends ContentUnreadableException {
    private static final long serialVersionUID = 1L;

    KeyDestroyedException(Failure failure) {
        super(failure);
    }
}
