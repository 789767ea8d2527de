package dev.loci.errors;

/** There is no such import; they are kept for seven days after their last chunk. */
public final class ImportNotFoundException extends NotFoundException {
    private static final long serialVersionUID = 1L;

    ImportNotFoundException(Failure failure) {
        super(failure);
    }
}
