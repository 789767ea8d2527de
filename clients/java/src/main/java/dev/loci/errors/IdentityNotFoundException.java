package dev.loci.errors;

/** No such identity has acted in the tenant. */
public final class IdentityNotFoundException extends NotFoundException {
    private static final long serialVersionUID = 1L;

    IdentityNotFoundException(Failure failure) {
        super(failure);
    }
}
