package dev.loci.errors;

/** The import goes on at another sequence. */
public final class ImportOutOfSequenceException extends FailedPreconditionException {
    private static final long serialVersionUID = 1L;

    ImportOutOfSequenceException(Failure failure) {
        super(failure);
    }
}
