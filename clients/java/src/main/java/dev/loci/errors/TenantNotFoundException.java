package dev.loci.errors;

/** There is no such tenant. */
public final class TenantNotFoundException extends NotFoundException {
    private static final long serialVersionUID = 1L;

    TenantNotFoundException(Failure failure) {
        super(failure);
    }
}
