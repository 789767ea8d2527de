package dev.loci.errors;

/** There is such a thing already. */
public class AlreadyExistsException extends LociException {
    private static final long serialVersionUID = 1L;

    AlreadyExistsException(Failure failure) {
        super(failure);
    }
}
