package dev.loci.errors;

/** An arm of the search answered its first page and does not answer a later one. */
public final class SearchArmUnavailableException extends UnavailableException {
    private static final long serialVersionUID = 1L;

    SearchArmUnavailableException(Failure failure) {
        super(failure);
    }
}
