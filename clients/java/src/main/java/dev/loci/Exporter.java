package dev.loci;

import dev.loci.v1.AdminServiceGrpc;
import dev.loci.v1.AuditEntry;
import dev.loci.v1.BulkItem;
import dev.loci.v1.BulkServiceGrpc;
import dev.loci.v1.ExportAuditEntriesRequest;
import dev.loci.v1.ExportAuditEntriesResponse;
import dev.loci.v1.ExportRequest;
import dev.loci.v1.ExportResponse;
import io.grpc.Channel;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** Reads every node, then every edge of a graph, as they stood at one revision: by default the present one. */
public final class Exporter {
    private final Channel channel;
    private final Layer layer;
    private final ExportRequest.Builder request = ExportRequest.newBuilder();
    private Duration patience = Patience.DEFAULT;

    Exporter(Channel channel, Layer layer, String graph) {
        this.channel = channel;
        this.layer = layer;
        request.setParent(Names.graph(graph));
    }

    /** As of a revision. */
    public Exporter revision(long revision) {
        request.setRevision(revision);
        return this;
    }

    /** With the vectors that callers gave. */
    public Exporter includeEmbeddings() {
        request.setIncludeEmbeddings(true);
        return this;
    }

    /** Items in one message: 1 to 1,000; default 500. */
    public Exporter pageSize(int items) {
        request.setPageSize(items);
        return this;
    }

    /** Goes on behind the page that had this as its next_page_token; see {@link #pages}. */
    public Exporter pageToken(String token) {
        request.setPageToken(token);
        return this;
    }

    /** How long to go on trying without progress. Default: 60 s. */
    public Exporter patience(Duration limit) {
        patience = LociBuilder.positive(limit);
        return this;
    }

    /** The items. */
    public ResumedStream<BulkItem> open() {
        return new ResumedStream<>(new ResumedStream.Calls<>(
                channel,
                layer,
                BulkServiceGrpc.getExportMethod(),
                new Pages<>(request.build(), ExportResponse::getItemsList),
                patience));
    }

    /** The items page by page: keep the next_page_token of one to go on behind it in another process. */
    public ResumedStream<ExportResponse> pages() {
        return new ResumedStream<>(new ResumedStream.Calls<>(
                channel,
                layer,
                BulkServiceGrpc.getExportMethod(),
                new Pages<>(request.build(), List::of),
                patience));
    }

    /** The audit entries of a parent, in the order of their chain, from a sequence on; 0: from the first that is kept. */
    static ResumedStream<AuditEntry> audit(Channel channel, Layer layer, String parent, long firstSequence) {
        return new ResumedStream<>(new ResumedStream.Calls<>(
                channel,
                layer,
                AdminServiceGrpc.getExportAuditEntriesMethod(),
                new Entries(parent, firstSequence),
                Patience.DEFAULT));
    }

    private static final class Pages<T> implements ResumedStream.Place<ExportRequest, ExportResponse, T> {
        private final Function<ExportResponse, List<T>> parts;
        private ExportRequest request;
        private boolean begun;

        private Pages(ExportRequest request, Function<ExportResponse, List<T>> parts) {
            this.request = request;
            this.parts = parts;
        }

        @Override
        public ExportRequest request() {
            return request;
        }

        @Override
        public List<T> read(ExportResponse page) {
            begun = true;
            request = request.toBuilder().setPageToken(page.getNextPageToken()).build();
            return parts.apply(page);
        }

        /** The last page has no token. */
        @Override
        public boolean isOver() {
            return begun && request.getPageToken().isEmpty();
        }

        /** An empty graph may have no page. */
        @Override
        public boolean isComplete() {
            return request.getPageToken().isEmpty();
        }
    }

    private static final class Entries
            implements ResumedStream.Place<ExportAuditEntriesRequest, ExportAuditEntriesResponse, AuditEntry> {
        private final String parent;
        private long next;

        private Entries(String parent, long next) {
            this.parent = parent;
            this.next = next;
        }

        @Override
        public ExportAuditEntriesRequest request() {
            return ExportAuditEntriesRequest.newBuilder().setParent(parent).setFirstSequence(next).build();
        }

        @Override
        public List<AuditEntry> read(ExportAuditEntriesResponse message) {
            if (message.getEntriesCount() > 0) {
                next = message.getEntries(message.getEntriesCount() - 1).getSequence() + 1;
            }
            return message.getEntriesList();
        }

        @Override
        public boolean isOver() {
            return false;
        }

        @Override
        public boolean isComplete() {
            return true;
        }
    }
}
