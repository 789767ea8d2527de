package dev.loci.errors;

/** This import was begun with other options. */
public final class ImportOptionsChangedException extends InvalidArgumentException {
    private static final long serialVersionUID = 1L;

    ImportOptionsChangedException(Failure failure) {
        super(failure);
    }
}
