package dev.loci.errors;

/** No answer of this graph has this query_id, or its query history does not keep it any more. */
public final class QueryNotFoundException extends NotFoundException {
    private static final long serialVersionUID = 1L;

    QueryNotFoundException(Failure failure) {
        super(failure);
    }
}
