package dev.loci.errors;

/** What is stored does not open. */
public class DataLossException extends LociException {
    private static final long serialVersionUID = 1L;

    DataLossException(Failure failure) {
        super(failure);
    }
}
