package dev.loci.errors;

/** The credential does not allow it. */
public class PermissionDeniedException extends LociException {
    private static final long serialVersionUID = 1L;

    PermissionDeniedException(Failure failure) {
        super(failure);
    }
}
