package dev.loci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import dev.loci.errors.BadItemsException;
import dev.loci.errors.InvalidArgumentException;
import dev.loci.errors.LociException;
import dev.loci.errors.NodeExistsException;
import dev.loci.v1.BulkItem;
import dev.loci.v1.ChunkResult;
import dev.loci.v1.ErrorReason;
import dev.loci.v1.ImportState;
import dev.loci.v1.ItemError;
import dev.loci.v1.Node;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ImportBookTest {
    @Test
    void fourChunksAreOnTheirWayAtMost() {
        ImportBook book = connected(1);
        for (int i = 0; i < 4; i++) {
            assertTrue(book.hasRoom());
            book.add(chunk(2));
        }
        assertFalse(book.hasRoom());
        assertEquals(List.of(1L, 2L, 3L, 4L), sequences(book));
        assertEquals(List.of(), sequences(book));
        book.acknowledge(done(1));
        assertTrue(book.hasRoom());
        book.add(chunk(1));
        assertEquals(List.of(5L), sequences(book));
    }

    @Test
    void whatWasNotAcknowledgedIsSentAgainOverTheNextConnection() {
        ImportBook book = connected(1);
        book.add(chunk(1));
        book.add(chunk(1));
        sequences(book);
        book.acknowledge(done(1));
        book.connected(ImportState.newBuilder().setNextSequence(3).build());
        assertEquals(List.of(2L), sequences(book));
        book.acknowledge(done(2));
        assertTrue(book.isEmpty());
        assertEquals(2, book.summary().chunkCount());
    }

    @Test
    void anotherProcessSendsOnlyTheEndsOfWhatIsThere() {
        ImportBook book = connected(5);
        for (int i = 0; i < 5; i++) {
            book.add(chunk(1));
        }
        assertEquals(List.of(1L, 4L, 5L), sequences(book));
        book.acknowledge(done(1));
        book.acknowledge(done(4));
        book.acknowledge(done(5));
        assertEquals(4, book.summary().skippedChunkCount());
        assertEquals(1, book.summary().chunkCount());
    }

    @Test
    void badItemsAreNamedByTheirPlaceAmongAll() {
        ImportBook book = connected(1);
        book.add(chunk(3));
        book.add(chunk(3));
        book.acknowledge(done(1));
        ChunkResult bad = done(2).toBuilder().addErrors(error(1)).build();
        BadItemsException refused = assertThrows(BadItemsException.class, () -> book.acknowledge(bad));
        assertEquals(4, refused.items().get(0).getIndex());

        ImportBook lenient = new ImportBook("i", false);
        lenient.connected(ImportState.newBuilder().setNextSequence(1).build());
        lenient.add(chunk(3));
        lenient.acknowledge(done(1).toBuilder().addErrors(error(2)).build());
        assertEquals(1, lenient.summary().failedCount());
        assertEquals(2, lenient.summary().failures().get(0).index());
        assertInstanceOf(NodeExistsException.class, lenient.summary().failures().get(0).error());
    }

    @Test
    void anErrorThatEndsTheImportNamesItsItemsByTheirPlaceAmongAll() {
        ImportBook book = connected(1);
        for (int i = 0; i < 3; i++) {
            book.add(chunk(3));
        }
        book.acknowledge(done(1));
        LociException answer = LociException.found(
                Status.Code.INVALID_ARGUMENT,
                ErrorReason.ERROR_REASON_BAD_ITEMS,
                "2 of 3 items are bad; nothing of the chunk was written.",
                Any.pack(error(1)),
                Any.pack(error(2)));
        BadItemsException placed = assertInstanceOf(BadItemsException.class, book.located(answer));
        assertEquals(List.of(4, 5), placed.items().stream().map(ItemError::getIndex).toList());
        assertEquals("BAD_ITEMS", placed.reason());
        assertEquals(
                "2 of 3 items are bad; nothing of the chunk was written; the first is item 4: NODE_EXISTS: ",
                placed.description());
        LociException other = LociException.from(Status.UNAVAILABLE, null);
        assertSame(other, book.located(other));
    }

    @Test
    void anItemWhoseTextIsNotUnicodeIsNamed() {
        Node bad = Node.newBuilder().setLabel("a\ud800b").build();
        List<BulkItem> items = List.of(BulkItem.getDefaultInstance(), Importer.item(bad));
        Chunks.OwnDoing refusal = assertThrows(
                Chunks.OwnDoing.class, () -> new Chunks("g", items.iterator(), 10).next());
        LociException failure = assertInstanceOf(InvalidArgumentException.class, refusal.original());
        assertEquals("items[1].node.label", failure.violations().get(0).field());
    }

    @Test
    void chunksAreCutByCountAndBySize() {
        List<BulkItem> items = IntStream.range(0, 5)
                .mapToObj(i -> Importer.item(Node.newBuilder().setName("graphs/other/nodes/n" + i).build()))
                .toList();
        Chunks chunks = new Chunks("g", items.iterator(), 2);
        assertEquals("graphs/g/nodes/n0", chunks.next().get(0).getNode().getName());
        assertEquals(2, chunks.next().size());
        assertFalse(chunks.isExhausted());
        assertEquals(1, chunks.next().size());
        assertTrue(chunks.isExhausted());

        Node large = Node.newBuilder().setText("x".repeat(1024 * 1024)).build();
        Chunks bySize = new Chunks("g", java.util.Collections.nCopies(5, Importer.item(large)).iterator(), 100);
        assertEquals(4, bySize.next().size());
        assertEquals(1, bySize.next().size());
        assertTrue(new Chunks("g", List.<BulkItem>of().iterator(), 2).next().isEmpty());
    }

    private static ImportBook connected(long nextSequence) {
        ImportBook book = new ImportBook("i", true);
        book.connected(ImportState.newBuilder().setNextSequence(nextSequence).build());
        return book;
    }

    private static List<BulkItem> chunk(int items) {
        return java.util.Collections.nCopies(items, BulkItem.getDefaultInstance());
    }

    private static ChunkResult done(long sequence) {
        return ChunkResult.newBuilder().setSequence(sequence).setNodeCount(1).setRevision(sequence).build();
    }

    private static ItemError error(int index) {
        com.google.rpc.Status status = com.google.rpc.Status.newBuilder()
                .setCode(Status.Code.ALREADY_EXISTS.value())
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setDomain("loci.dev")
                        .setReason("NODE_EXISTS")
                        .build()))
                .build();
        return ItemError.newBuilder().setIndex(index).setStatus(status).build();
    }

    private static List<Long> sequences(ImportBook book) {
        List<Long> found = new ArrayList<>();
        book.sendable().forEach(request -> found.add(request.getItems().getSequence()));
        return found;
    }
}
