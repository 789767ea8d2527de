package dev.loci;

import dev.loci.errors.LociException;

/** Is told what a watch tells, by one thread, one after the other. */
@FunctionalInterface
public interface WatchListener<T> {
    /** A commit, or what became of a graph. `watch.resumeToken()` goes on behind it. What this throws ends the watch. */
    void onNext(T told, Watch<T> watch);

    /** The watch ended by itself: it cannot be bridged. */
    default void onFailure(LociException failure) {}
}
