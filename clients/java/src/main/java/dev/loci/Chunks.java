package dev.loci;

import dev.loci.errors.LociException;
import dev.loci.v1.BulkItem;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Cuts items into chunks, by count and size alone, and names each in the graph that it goes to. */
final class Chunks {
    /** A chunk that reaches this is closed; with the largest item it still fits into one message. */
    private static final int CHUNK_BYTES = 4 * 1024 * 1024;

    private final String graph;
    private final Iterator<BulkItem> items;
    private final int chunkSize;
    private long index;
    private boolean exhausted;

    Chunks(String graph, Iterator<BulkItem> items, int chunkSize) {
        this.graph = graph;
        this.items = items;
        this.chunkSize = chunkSize;
    }

    /** Whether there are no more, which is known once {@link #next} has looked. */
    boolean isExhausted() {
        return exhausted;
    }

    /** What the caller's items, or its listener, threw, so that it is not taken for a failure of the import's own call. */
    static final class OwnDoing extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OwnDoing(RuntimeException cause) {
            super(cause);
        }

        RuntimeException original() {
            return (RuntimeException) getCause();
        }
    }

    /** The next chunk; empty behind the last. Throws OwnDoing. */
    List<BulkItem> next() {
        try {
            return cut();
        } catch (RuntimeException failure) {
            throw new OwnDoing(failure);
        }
    }

    private List<BulkItem> cut() {
        List<BulkItem> chunk = new ArrayList<>();
        int size = 0;
        while (chunk.size() < chunkSize && size < CHUNK_BYTES && items.hasNext()) {
            BulkItem item = named(items.next());
            LociException misfit = Text.misfit(item, "items[" + index + "]");
            if (misfit != null) {
                throw misfit;
            }
            index++;
            chunk.add(item);
            size += item.getSerializedSize();
        }
        exhausted = chunk.isEmpty() || (chunk.size() < chunkSize && size < CHUNK_BYTES);
        return chunk;
    }

    private BulkItem named(BulkItem item) {
        BulkItem.Builder builder = item.toBuilder();
        switch (item.getItemCase()) {
            case NODE -> builder.getNodeBuilder().setName(Names.moved(graph, "nodes", item.getNode().getName()));
            case EDGE -> builder.getEdgeBuilder().setName(Names.moved(graph, "edges", item.getEdge().getName()));
            default -> {
                return item;
            }
        }
        return builder.build();
    }
}
