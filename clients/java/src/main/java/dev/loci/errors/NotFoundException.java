package dev.loci.errors;

/** There is no such thing, or it belongs to another tenant. */
public class NotFoundException extends LociException {
    private static final long serialVersionUID = 1L;

    NotFoundException(Failure failure) {
        super(failure);
    }
}
