package dev.loci;

import com.google.protobuf.Any;
import dev.loci.errors.BadItemsException;
import dev.loci.errors.LociException;
import dev.loci.v1.BulkItem;
import dev.loci.v1.ChunkResult;
import dev.loci.v1.ErrorReason;
import dev.loci.v1.ImportItems;
import dev.loci.v1.ImportRequest;
import dev.loci.v1.ImportState;
import dev.loci.v1.ItemError;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an import keeps in mind: which chunks are on their way, what the server has, what became of the items. No I/O.
 *
 * <p>Chunks are numbered from 1 and cut by count and size alone, so the same items with the same chunk size make the same
 * chunks each time; that is what lets an import be taken up again.
 */
final class ImportBook {
    /** Chunks sent and not yet acknowledged. */
    static final int IN_FLIGHT = 4;

    private final String importId;
    private final boolean strict;
    private final TreeMap<Long, Chunk> unacknowledged = new TreeMap<>();
    private final List<ImportSummary.ItemFailure> failures = new ArrayList<>();
    private long resumedAt;
    private long nextSequence = 1;
    private long nextIndex;
    private long lastSent;
    private long nodeCount;
    private long edgeCount;
    private long failedCount;
    private long keptCount;
    private long chunkCount;
    private long skippedChunkCount;
    private long revision;

    /** `start`: the place of its first item among all. */
    private record Chunk(long start, ImportItems items) {}

    /** @param strict a bad item is an error */
    ImportBook(String importId, boolean strict) {
        this.importId = importId;
        this.strict = strict;
    }

    ImportSummary summary() {
        return new ImportSummary(
                importId,
                nodeCount,
                edgeCount,
                failedCount,
                keptCount,
                chunkCount,
                skippedChunkCount,
                revision,
                List.copyOf(failures));
    }

    /** Chunks that this run had acknowledged. */
    long chunkCount() {
        return chunkCount;
    }

    /** Whether another chunk may be sent before an acknowledgement. */
    boolean hasRoom() {
        return unacknowledged.size() < IN_FLIGHT;
    }

    /** Whether all that was sent is acknowledged. */
    boolean isEmpty() {
        return unacknowledged.isEmpty();
    }

    /**
     * Takes the first answer of a connection. What an earlier connection left unacknowledged is sent again, also if the server
     * has it: it answers as the first time.
     */
    void connected(ImportState state) {
        lastSent = 0;
        if (resumedAt == 0) {
            resumedAt = state.getNextSequence();
            nodeCount = state.getNodeCount();
            edgeCount = state.getEdgeCount();
            failedCount = state.getFailedCount();
        }
    }

    /** Takes the next chunk, and leaves it if the server had it before this run. */
    void add(List<BulkItem> items) {
        long sequence = nextSequence++;
        long start = nextIndex;
        nextIndex += items.size();
        // The first and the last that the server had are sent all the same: it refuses them if they hold other items.
        if (hadBefore(sequence) && sequence != 1 && sequence != resumedAt - 1) {
            skippedChunkCount++;
        } else {
            ImportItems chunk = ImportItems.newBuilder().setSequence(sequence).addAllItems(items).build();
            unacknowledged.put(sequence, new Chunk(start, chunk));
        }
    }

    /** What may be sent now over this connection; it counts as sent. */
    List<ImportRequest> sendable() {
        List<ImportRequest> requests = new ArrayList<>();
        int place = 0;
        for (Map.Entry<Long, Chunk> each : unacknowledged.entrySet()) {
            if (place++ < IN_FLIGHT && each.getKey() > lastSent) {
                requests.add(ImportRequest.newBuilder().setItems(each.getValue().items()).build());
            }
        }
        if (!requests.isEmpty()) {
            lastSent = requests.get(requests.size() - 1).getItems().getSequence();
        }
        return requests;
    }

    /** Counts a chunk. Throws BadItemsException if it was refused for its items. */
    void acknowledge(ChunkResult result) {
        Chunk known = unacknowledged.remove(result.getSequence());
        if (known == null) {
            return;
        }
        if (hadBefore(result.getSequence())) {
            skippedChunkCount++;
            return;
        }
        if (strict && result.getErrorsCount() > 0) {
            throw badItems(known.start(), result.getErrorsList());
        }
        nodeCount += result.getNodeCount();
        edgeCount += result.getEdgeCount();
        keptCount += result.getKeptCount();
        failedCount += result.getErrorsCount();
        for (ItemError error : result.getErrorsList()) {
            long index = known.start() + error.getIndex();
            failures.add(new ImportSummary.ItemFailure(index, LociException.from(error.getStatus())));
        }
        chunkCount++;
        revision = Math.max(revision, result.getRevision());
    }

    /**
     * An error that ended the connection, its items counted among all: chunks are written in their order, so that they are of
     * the first that is not acknowledged.
     */
    LociException located(LociException failure) {
        if (!(failure instanceof BadItemsException bad) || unacknowledged.isEmpty() || bad.items().isEmpty()) {
            return failure;
        }
        long start = unacknowledged.firstEntry().getValue().start();
        ItemError first = bad.items().get(0);
        com.google.rpc.Status.Builder status = com.google.rpc.Status.newBuilder()
                .setCode(failure.code().value())
                .setMessage(failure.description().replaceFirst("\\.$", "") + "; " + place(start, first));
        failure.details().stream().filter(detail -> !detail.is(ItemError.class)).forEach(status::addDetails);
        bad.items().forEach(error -> status.addDetails(placed(start, error)));
        return LociException.from(status.build());
    }

    private boolean hadBefore(long sequence) {
        return sequence < resumedAt;
    }

    private static LociException badItems(long start, List<ItemError> errors) {
        Any[] details = errors.stream().map(error -> placed(start, error)).toArray(Any[]::new);
        String message = errors.size() + " bad items, " + place(start, errors.get(0));
        return LociException.found(
                Status.Code.INVALID_ARGUMENT,
                ErrorReason.ERROR_REASON_BAD_ITEMS,
                message,
                details);
    }

    /** An error of an item whose index is that in a chunk, with that among all. */
    private static Any placed(long start, ItemError error) {
        return Any.pack(error.toBuilder().setIndex(Math.toIntExact(start + error.getIndex())).build());
    }

    private static String place(long start, ItemError first) {
        String why = LociException.from(first.getStatus()).getMessage();
        return "the first is item " + (start + first.getIndex()) + ": " + why;
    }
}
