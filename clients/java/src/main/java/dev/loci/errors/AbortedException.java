package dev.loci.errors;

/** Another writer came first: read again, then repeat. */
public class AbortedException extends LociException {
    private static final long serialVersionUID = 1L;

    AbortedException(Failure failure) {
        super(failure);
    }
}
