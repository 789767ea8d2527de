package dev.loci.errors;

import io.grpc.Status;

/** A watch got a message that does not go on where the one before it ended. Read the graph anew, then watch. */
public final class WatchGapException extends DataLossException {
    private static final long serialVersionUID = 1L;

    /** Of what does not fit. */
    public WatchGapException(String message) {
        super(Failure.bare(Status.DATA_LOSS.withDescription(message), null));
    }
}
