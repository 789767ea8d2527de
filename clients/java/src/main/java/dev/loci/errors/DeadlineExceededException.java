package dev.loci.errors;

/** The call did not end in time. A write may have happened: repeat it with the same request_id. */
public class DeadlineExceededException extends LociException {
    private static final long serialVersionUID = 1L;

    DeadlineExceededException(Failure failure) {
        super(failure);
    }
}
