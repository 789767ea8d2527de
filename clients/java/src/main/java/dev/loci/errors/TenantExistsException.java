package dev.loci.errors;

/** There is such a tenant already. */
public final class TenantExistsException extends AlreadyExistsException {
    private static final long serialVersionUID = 1L;

    TenantExistsException(Failure failure) {
        super(failure);
    }
}
