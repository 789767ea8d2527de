package dev.loci.errors;

/** There is no such API key. */
public final class ApiKeyNotFoundException extends NotFoundException {
    private static final long serialVersionUID = 1L;

    ApiKeyNotFoundException(Failure failure) {
        super(failure);
    }
}
