package dev.loci;

import dev.loci.errors.LociException;
import dev.loci.v1.BulkItem;
import dev.loci.v1.BulkServiceGrpc;
import dev.loci.v1.ConflictPolicy;
import dev.loci.v1.Edge;
import dev.loci.v1.ErrorPolicy;
import dev.loci.v1.ImportHeader;
import dev.loci.v1.ImportOptions;
import dev.loci.v1.ImportRequest;
import dev.loci.v1.ImportResponse;
import dev.loci.v1.Node;
import io.grpc.Channel;
import io.grpc.Status;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Writes any number of nodes and edges, in chunks that are each one commit and are each applied once. Nodes must come before
 * the edges at them. A cut connection is taken up again by itself. To go on in another process, give the same import id, items
 * and chunk size again: what the server has is not sent again.
 */
public final class Importer {
    private final Channel channel;
    private final Layer layer;
    private final String graph;
    private final ImportOptions.Builder options = ImportOptions.newBuilder()
            .setOnError(ErrorPolicy.ERROR_POLICY_ABORT)
            .setOnConflict(ConflictPolicy.CONFLICT_POLICY_FAIL);
    private String importId = Methods.newRequestId();
    private int chunkSize = 1000;
    private Duration patience = Patience.DEFAULT;
    private Consumer<ImportSummary> progress = summary -> {};

    Importer(Channel channel, Layer layer, String graph) {
        this.channel = channel;
        this.layer = layer;
        this.graph = graph;
    }

    /** A node as an item. */
    public static BulkItem item(Node node) {
        return BulkItem.newBuilder().setNode(node).build();
    }

    /** An edge as an item. */
    public static BulkItem item(Edge edge) {
        return BulkItem.newBuilder().setEdge(edge).build();
    }

    /** Names the import, to go on with it later. Default: a new UUID. */
    public Importer importId(String id) {
        importId = id;
        return this;
    }

    /** ABORT (the default) throws BadItemsException; SKIP leaves bad items out and names them in the summary. */
    public Importer onError(ErrorPolicy policy) {
        options.setOnError(policy);
        return this;
    }

    /** What to do with an id that is taken. Default: FAIL, it is a bad item. */
    public Importer onConflict(ConflictPolicy policy) {
        options.setOnConflict(policy);
        return this;
    }

    /** Keeps create_time and update_time of the items, to restore an export. */
    public Importer keepTimes() {
        options.setKeepTimes(true);
        return this;
    }

    /** Items in one chunk: 1 to 10,000; default 1,000. */
    public Importer chunkSize(int items) {
        if (items < 1 || items > 10_000) {
            throw new IllegalArgumentException("chunkSize must be from 1 to 10,000");
        }
        chunkSize = items;
        return this;
    }

    /** How long to go on trying without progress. Default: 60 s. */
    public Importer patience(Duration limit) {
        patience = LociBuilder.positive(limit);
        return this;
    }

    /** Is told after each chunk. */
    public Importer progress(Consumer<ImportSummary> listener) {
        progress = listener;
        return this;
    }

    /** Imports and waits. Items may be named in another graph: they get the same ids in this one. Throws LociException. */
    public ImportSummary run(Iterable<BulkItem> items) {
        return run(items.iterator());
    }

    /** As {@link #run(Iterable)}. */
    public ImportSummary run(Stream<BulkItem> items) {
        return run(items.iterator());
    }

    /** As {@link #run(Iterable)}. */
    public ImportSummary run(Iterator<BulkItem> items) {
        try {
            return new Run(items).run();
        } catch (Chunks.OwnDoing failure) {
            throw failure.original();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw LociException.from(Status.CANCELLED.withDescription("interrupted").withCause(interrupted), null);
        }
    }

    /** As {@link #run(Iterable)}, in a thread of its own. */
    public CompletableFuture<ImportSummary> runAsync(Iterable<BulkItem> items) {
        CompletableFuture<ImportSummary> future = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        future.complete(run(items));
                    } catch (RuntimeException | Error failure) {
                        future.completeExceptionally(failure); // whoever waits must be told of errors, too
                    }
                },
                "loci-import");
        thread.setDaemon(true);
        future.whenComplete((summary, failure) -> {
            if (future.isCancelled()) {
                thread.interrupt();
            }
        });
        thread.start();
        return future;
    }

    /** The items and the book, which outlive the connections. */
    private final class Run {
        private final boolean strict = options.getOnError() != ErrorPolicy.ERROR_POLICY_SKIP;
        private final ImportBook book = new ImportBook(importId, strict);
        private final Chunks chunks;
        private final ImportRequest header;
        private final Patience trying = new Patience(layer, patience);

        private Run(Iterator<BulkItem> items) {
            chunks = new Chunks(graph, items, chunkSize);
            header = ImportRequest.newBuilder()
                    .setHeader(ImportHeader.newBuilder()
                            .setParent(Names.graph(graph))
                            .setImportId(importId)
                            .setOptions(options))
                    .build();
        }

        private ImportSummary run() throws InterruptedException {
            while (true) {
                LociException failure = LociException.from(
                        Status.UNAVAILABLE.withDescription("the server ended the stream early"), null);
                try {
                    stream();
                } catch (LociException ended) {
                    failure = ended;
                }
                if (isComplete()) {
                    return book.summary(); // all is acknowledged, however the connection ended
                }
                TimeUnit.NANOSECONDS.sleep(trying.pauseAfter(failure));
            }
        }

        /** One connection. */
        private void stream() throws InterruptedException {
            try (MessageStream<ImportRequest, ImportResponse> call =
                    MessageStream.open(
                    channel, BulkServiceGrpc.getImportMethod(), trying.lifetime(), trying.headers())) {
                call.send(header);
                boolean finished = false;
                ImportResponse response = taken(call);
                while (response != null) {
                    answered(response).forEach(call::send);
                    if (isComplete() && !finished) {
                        call.finish();
                        finished = true;
                    }
                    response = taken(call);
                }
            }
        }

        /** The next answer, or null behind the last. What it throws says which of all items are bad. */
        private ImportResponse taken(MessageStream<ImportRequest, ImportResponse> call) throws InterruptedException {
            try {
                return call.take();
            } catch (LociException failure) {
                throw book.located(failure);
            }
        }

        private boolean isComplete() {
            return chunks.isExhausted() && book.isEmpty();
        }

        /** Takes an answer and gives the messages that may be sent now. */
        private Iterable<ImportRequest> answered(ImportResponse response) {
            if (response.hasState()) {
                book.connected(response.getState());
            } else {
                book.acknowledge(response.getChunk());
                trying.moved();
                tell();
            }
            while (!chunks.isExhausted() && book.hasRoom()) {
                List<BulkItem> chunk = chunks.next();
                trying.touched();
                if (!chunk.isEmpty()) {
                    book.add(chunk);
                }
            }
            return book.sendable();
        }

        private void tell() {
            try {
                progress.accept(book.summary());
            } catch (RuntimeException failure) {
                throw new Chunks.OwnDoing(failure);
            }
        }
    }
}
