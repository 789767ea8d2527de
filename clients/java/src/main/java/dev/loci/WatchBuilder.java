package dev.loci;

import dev.loci.errors.LociException;
import dev.loci.v1.ChangeKind;
import dev.loci.v1.CommitChanges;
import dev.loci.v1.WatchFilter;
import dev.loci.v1.WatchRequest;
import dev.loci.v1.WatchStart;
import io.grpc.Channel;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** Says what to watch, and from where on; by default from now. */
public final class WatchBuilder<T> {
    private static final System.Logger LOG = System.getLogger("dev.loci.watch");

    private final Channel channel;
    private final Layer layer;
    private final String graph;
    private final Function<WatchRequest, WatchBook<T>> books;
    private final WatchRequest.Builder request = WatchRequest.newBuilder();
    private Duration patience;

    private WatchBuilder(Channel channel, Layer layer, String graph, Function<WatchRequest, WatchBook<T>> books) {
        this.channel = channel;
        this.layer = layer;
        this.graph = graph;
        this.books = books;
        request.setParent(Names.graph(graph)).setPosition(WatchStart.WATCH_START_NOW);
    }

    static WatchBuilder<CommitChanges> ofGraph(Channel channel, Layer layer, String graph) {
        if (graph.equals("-") || graph.equals("graphs/-")) {
            throw new IllegalArgumentException("`-` is no graph: watchAll tells of all of them");
        }
        return new WatchBuilder<>(
                channel,
                layer,
                graph,
                asked -> new GraphBook(
                        asked.getResumeToken(),
                        asked.hasAfterRevision() ? asked.getAfterRevision() : null,
                        isDense(asked)));
    }

    static WatchBuilder<FeedItem> ofAll(Channel channel, Layer layer) {
        return new WatchBuilder<>(channel, layer, "-", asked -> new FeedBook(asked.getResumeToken(), isDense(asked)));
    }

    /** From the oldest commit that the log still holds. */
    public WatchBuilder<T> fromOldest() {
        if (request.hasPosition()) {
            request.setPosition(WatchStart.WATCH_START_OLDEST);
        }
        return this;
    }

    /** Behind a revision, whatever else is said of the beginning but a token. Of one graph only. */
    public WatchBuilder<T> afterRevision(long revision) {
        if (!request.hasResumeToken()) {
            request.setAfterRevision(revision);
        }
        return this;
    }

    /**
     * Behind what another watch, of the same graph and filter, had given out, whatever else is said of the beginning. An empty
     * token changes nothing.
     */
    public WatchBuilder<T> resumeToken(String token) {
        if (!token.isEmpty()) {
            request.setResumeToken(token);
        }
        return this;
    }

    /** Only nodes of these types, beside edges of the relations that are named. */
    public WatchBuilder<T> nodeTypes(String... types) {
        request.getFilterBuilder().addAllNodeTypes(List.of(types));
        return this;
    }

    /** Only edges of these relations, beside nodes of the types that are named. */
    public WatchBuilder<T> relations(String... relations) {
        request.getFilterBuilder().addAllRelations(List.of(relations));
        return this;
    }

    /** Only these nodes and edges: {@code nodes/ann}, {@code edges/e-1}; for all graphs by their full names. */
    public WatchBuilder<T> names(String... names) {
        for (String name : names) {
            boolean relative = !graph.equals("-") && !name.startsWith("graphs/");
            request.getFilterBuilder().addNames(relative ? Names.graph(graph) + "/" + name : name);
        }
        return this;
    }

    /** Only these kinds of change. */
    public WatchBuilder<T> kinds(ChangeKind... kinds) {
        request.getFilterBuilder().addAllKinds(List.of(kinds));
        return this;
    }

    /** With this filter in place of what was said. Names in it are full. */
    public WatchBuilder<T> filter(WatchFilter filter) {
        request.setFilter(filter);
        return this;
    }

    /** With each change what there was before it. */
    public WatchBuilder<T> includeBefore() {
        request.setIncludeBefore(true);
        return this;
    }

    /** How long it is quiet before the server says how far it is: 1 to 60 s; default 15 s. */
    public WatchBuilder<T> progressInterval(Duration interval) {
        request.getProgressIntervalBuilder().setSeconds(interval.getSeconds()).setNanos(interval.getNano());
        return this;
    }

    /** How long to go on trying without any message of the server. Default: for ever. */
    public WatchBuilder<T> patience(Duration limit) {
        patience = LociBuilder.positive(limit);
        return this;
    }

    /** The watch, to be read. It begins when it is first read, or with {@link Watch#ready}. */
    public Watch<T> open() {
        WatchRequest asked = request.build();
        WatchBook<T> book = books.apply(asked);
        return new Watch<>(new WatchMessages(channel, layer, asked, patience, book), book);
    }

    /** A watch that is read by a thread of its own, until it is closed. */
    public Watch<T> listen(WatchListener<T> listener) {
        Watch<T> watch = open();
        Thread thread = new Thread(() -> tell(watch, listener), "loci-watch");
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    private static <T> void tell(Watch<T> watch, WatchListener<T> listener) {
        try (watch) {
            while (true) {
                try {
                    if (!watch.hasNext()) {
                        return;
                    }
                } catch (LociException failure) {
                    listener.onFailure(failure);
                    return;
                }
                listener.onNext(watch.next(), watch);
            }
        } catch (RuntimeException failure) {
            LOG.log(Level.ERROR, "a listener failed; its watch has ended", failure);
            throw failure;
        }
    }

    private static boolean isDense(WatchRequest request) {
        return request.getFilter().getSerializedSize() == 0;
    }
}
