package dev.loci.errors;

/** There is no such erasure, or it is of another tenant. */
public final class ErasureNotFoundException extends NotFoundException {
    private static final long serialVersionUID = 1L;

    ErasureNotFoundException(Failure failure) {
        super(failure);
    }
}
