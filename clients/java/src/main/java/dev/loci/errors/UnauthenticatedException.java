package dev.loci.errors;

/** The credential is missing or no longer good. */
public class UnauthenticatedException extends LociException {
    private static final long serialVersionUID = 1L;

    UnauthenticatedException(Failure failure) {
        super(failure);
    }
}
