package dev.loci.errors;

/** The API key lacks the scope that this call needs. */
public final class ScopeMissingException extends PermissionDeniedException {
    private static final long serialVersionUID = 1L;

    ScopeMissingException(Failure failure) {
        super(failure);
    }
}
