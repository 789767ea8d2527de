package dev.loci.errors;

/** It lies beyond what exists. */
public class OutOfRangeException extends LociException {
    private static final long serialVersionUID = 1L;

    OutOfRangeException(Failure failure) {
        super(failure);
    }
}
