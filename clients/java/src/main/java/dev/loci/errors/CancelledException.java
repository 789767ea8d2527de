package dev.loci.errors;

/** The call was cancelled. A write may have happened. */
public class CancelledException extends LociException {
    private static final long serialVersionUID = 1L;

    CancelledException(Failure failure) {
        super(failure);
    }
}
