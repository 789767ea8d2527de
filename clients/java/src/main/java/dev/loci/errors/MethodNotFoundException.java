package dev.loci.errors;

/** The server does not have this method: it is older than the client, or another service. */
public final class MethodNotFoundException extends UnimplementedException {
    private static final long serialVersionUID = 1L;

    MethodNotFoundException(Failure failure) {
        super(failure);
    }
}
