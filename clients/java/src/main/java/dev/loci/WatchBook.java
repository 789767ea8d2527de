package dev.loci;

import dev.loci.v1.WatchResponse;

/** What a watch keeps between messages: how far it is, and the pieces of a large commit. No I/O. */
interface WatchBook<T> {
    /** Where to go on: behind what {@link #next} has given out. */
    String resumeToken();

    /** The last revision behind which all was given out; 0 for a watch of all graphs. */
    long revision();

    /** A new stream begins, behind the token. */
    void connect();

    /** A message came; the one before is done with. Throws WatchGapException. */
    void begin(WatchResponse message);

    /** What is told next by the message, or null if that was all. Throws WatchGapException. */
    T next();
}
