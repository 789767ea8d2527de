package dev.loci.errors;

/** What is asked for was hard-deleted; also the first answer to a write whose item was. */
public final class ContentErasedException extends NotFoundException {
    private static final long serialVersionUID = 1L;

    ContentErasedException(Failure failure) {
        super(failure);
    }
}
