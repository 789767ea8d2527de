package dev.loci.errors;

/** Stored bytes were changed or moved, or the keyring is another one. */
public class ContentUnreadableException extends DataLossException {
    private static final long serialVersionUID = 1L;

    ContentUnreadableException(Failure failure) {
        super(failure);
    }
}
