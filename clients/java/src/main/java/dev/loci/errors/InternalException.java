package dev.loci.errors;

/** A defect of the server. */
public class InternalException extends LociException {
    private static final long serialVersionUID = 1L;

    InternalException(Failure failure) {
        super(failure);
    }
}
