package dev.loci.errors;

/** The bytes are not the message that the method takes. */
public final class UndecodableMessageException extends InvalidArgumentException {
    private static final long serialVersionUID = 1L;

    UndecodableMessageException(Failure failure) {
        super(failure);
    }
}
