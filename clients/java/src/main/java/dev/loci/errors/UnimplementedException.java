package dev.loci.errors;

/** The server does not know this method. */
public class UnimplementedException extends LociException {
    private static final long serialVersionUID = 1L;

    UnimplementedException(Failure failure) {
        super(failure);
    }
}
