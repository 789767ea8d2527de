package dev.loci;

import dev.loci.errors.LociException;
import java.util.List;

/**
 * How an import went. Counts of nodes, edges and failures are of the whole import, earlier runs included.
 *
 * @param importId give it again to go on
 * @param keptCount items of this run whose id was taken and that gave way
 * @param chunkCount chunks that this run had acknowledged
 * @param skippedChunkCount chunks that the server had from an earlier run
 * @param revision of the last commit of this run; 0 if it wrote nothing
 * @param failures the items of this run that were left out
 */
public record ImportSummary(
        String importId,
        long nodeCount,
        long edgeCount,
        long failedCount,
        long keptCount,
        long chunkCount,
        long skippedChunkCount,
        long revision,
        List<ItemFailure> failures) {

    /**
     * An item that was left out.
     *
     * @param index its place among all items, from 0
     */
    public record ItemFailure(long index, LociException error) {}
}
