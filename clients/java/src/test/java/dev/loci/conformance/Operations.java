package dev.loci.conformance;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.loci.FeedItem;
import dev.loci.Importer;
import dev.loci.ImportSummary;
import dev.loci.Loci;
import dev.loci.LociBuilder;
import dev.loci.Paged;
import dev.loci.ResumedStream;
import dev.loci.Tls;
import dev.loci.Watch;
import dev.loci.WatchBuilder;
import dev.loci.v1.BulkItem;
import dev.loci.v1.CommitChanges;
import dev.loci.v1.ConflictPolicy;
import dev.loci.v1.ErrorPolicy;
import dev.loci.v1.WatchFilter;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What each operation of the protocol does with the client. */
final class Operations {
    private final Map<String, Loci> clients = new ConcurrentHashMap<>();
    private final Map<String, Watch<?>> watches = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    JsonObject perform(JsonObject request) throws Exception {
        return switch (text(request, "op")) {
            case "hello" -> hello();
            case "connect" -> connect(request);
            case "close" -> close(request);
            case "call" -> call(request);
            case "remember" -> response(client(request)
                    .remember(text(request, "graph"), text(request, "text"), more -> extra(request, more)));
            case "recall" -> response(client(request)
                    .recall(texts(request, "graphs"), text(request, "query"), more -> extra(request, more)));
            case "forget" -> response(client(request)
                    .forget(text(request, "graph"), texts(request, "names"), more -> extra(request, more)));
            case "list" -> list(request);
            case "import" -> importItems(request);
            case "export" -> export(request);
            case "watch" -> watch(request);
            case "next" -> next(request);
            case "unwatch" -> unwatch(request);
            case "bench" -> bench(request);
            default -> throw new Failures.Misunderstood("unknown op " + text(request, "op"));
        };
    }

    private static JsonObject hello() {
        JsonObject answer = new JsonObject();
        answer.addProperty("language", "java");
        return answer;
    }

    private JsonObject connect(JsonObject request) {
        LociBuilder builder = Loci.builder().address(text(request, "address"));
        if (request.has("api_key")) {
            builder.apiKey(text(request, "api_key"));
        }
        if (request.has("timeout_ms")) {
            builder.timeout(millis(request, "timeout_ms"));
        }
        if (request.has("roots")) {
            builder.tls(Tls.system().withRoots(Path.of(text(request, "roots"))));
        }
        if (request.has("insecure") && request.get("insecure").getAsBoolean()) {
            builder.insecure();
        }
        Loci before = clients.put(text(request, "client"), builder.build());
        if (before != null) {
            before.close();
        }
        return new JsonObject();
    }

    private JsonObject close(JsonObject request) {
        Loci client = clients.remove(text(request, "client"));
        if (client != null) {
            client.close();
        }
        return new JsonObject();
    }

    private JsonObject call(JsonObject request) throws Exception {
        MethodDescriptor<Message, Message> method = Contract.method(text(request, "method"));
        Message message = Contract.request(method, request.get("request"));
        Loci client = client(request);
        if (!request.has("cancel_after_ms")) {
            return response(client.caller().call(method, message));
        }
        try (Context.CancellableContext context = Context.current().withCancellation()) {
            timer.schedule(
                    () -> context.cancel(null), request.get("cancel_after_ms").getAsLong(), TimeUnit.MILLISECONDS);
            return context.call(() -> response(client.caller().call(method, message)));
        }
    }

    private JsonObject list(JsonObject request) {
        MethodDescriptor<Message, Message> method = Contract.method(text(request, "method"));
        Message message = Contract.request(method, request.get("request"));
        Paged<Message> all = client(request).caller().pages(method, message, Operations::items);
        Stream<Message> items = all.stream();
        if (request.has("limit")) {
            items = items.limit(request.get("limit").getAsLong());
        }
        return items(items);
    }

    private static List<Message> items(Message page) {
        for (FieldDescriptor field : page.getDescriptorForType().getFields()) {
            if (field.isRepeated() && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                List<Message> found = new ArrayList<>();
                for (int i = 0; i < page.getRepeatedFieldCount(field); i++) {
                    found.add((Message) page.getRepeatedField(field, i));
                }
                return found;
            }
        }
        throw new Failures.Misunderstood(page.getDescriptorForType().getName() + " is no page");
    }

    private JsonObject importItems(JsonObject request) {
        Importer importer =
                client(request).importInto(text(request, "graph")).importId(text(request, "import_id"));
        if (request.has("on_error")) {
            importer.onError(ErrorPolicy.valueOf("ERROR_POLICY_" + upper(request, "on_error")));
        }
        if (request.has("on_conflict")) {
            importer.onConflict(ConflictPolicy.valueOf("CONFLICT_POLICY_" + upper(request, "on_conflict")));
        }
        if (request.has("chunk_size")) {
            importer.chunkSize(request.get("chunk_size").getAsInt());
        }
        if (request.has("timeout_ms")) {
            importer.patience(millis(request, "timeout_ms"));
        }
        List<BulkItem> items = new ArrayList<>();
        for (JsonElement item : request.getAsJsonArray("items")) {
            items.add(Contract.read(item, BulkItem.newBuilder()).build());
        }
        JsonObject answer = new JsonObject();
        answer.add("summary", summary(importer.run(items)));
        return answer;
    }

    private static JsonObject summary(ImportSummary summary) {
        JsonObject told = new JsonObject();
        told.addProperty("node_count", summary.nodeCount());
        told.addProperty("edge_count", summary.edgeCount());
        told.addProperty("failed_count", summary.failedCount());
        told.addProperty("kept_count", summary.keptCount());
        told.addProperty("chunk_count", summary.chunkCount());
        told.addProperty("skipped_chunk_count", summary.skippedChunkCount());
        told.addProperty("revision", summary.revision());
        JsonArray errors = new JsonArray();
        for (ImportSummary.ItemFailure failure : summary.failures()) {
            JsonObject error = new JsonObject();
            error.addProperty("index", failure.index());
            error.addProperty("reason", failure.error().reason());
            errors.add(error);
        }
        told.add("errors", errors);
        return told;
    }

    private JsonObject export(JsonObject request) {
        try (ResumedStream<BulkItem> items = client(request).export(text(request, "graph"))) {
            return items(items.stream());
        }
    }

    private JsonObject watch(JsonObject request) {
        Loci client = client(request);
        String graph = text(request, "graph");
        WatchBuilder<?> builder = graph.equals("-") ? client.watchAll() : client.watch(graph);
        if (request.has("start") && text(request, "start").equals("oldest")) {
            builder.fromOldest();
        }
        if (request.has("after_revision")) {
            builder.afterRevision(request.get("after_revision").getAsLong());
        }
        if (request.has("resume_token")) {
            builder.resumeToken(text(request, "resume_token"));
        }
        if (request.has("filter")) {
            builder.filter(Contract.read(request.get("filter"), WatchFilter.newBuilder()).build());
        }
        Watch<?> watch = builder.open();
        try {
            watch.ready();
        } catch (RuntimeException failure) {
            watch.close();
            throw failure;
        }
        watches.put(text(request, "watch"), watch);
        return new JsonObject();
    }

    private JsonObject next(JsonObject request) {
        Watch<?> watch = watches.get(text(request, "watch"));
        if (watch == null) {
            throw new Failures.Misunderstood("there is no watch " + text(request, "watch"));
        }
        Duration timeout = request.has("timeout_ms") ? millis(request, "timeout_ms") : Duration.ofSeconds(10);
        long until = System.nanoTime() + timeout.toNanos();
        JsonArray commits = new JsonArray();
        while (commits.size() < request.get("count").getAsInt()) {
            Optional<?> told = watch.poll(Duration.ofNanos(Math.max(0, until - System.nanoTime())));
            if (told.isEmpty()) {
                throw new Failures.TimedOut();
            }
            commits.add(Contract.json(message(told.get())));
        }
        JsonObject answer = new JsonObject();
        answer.add("commits", commits);
        answer.addProperty("resume_token", watch.resumeToken());
        return answer;
    }

    private static Message message(Object told) {
        if (told instanceof FeedItem.Commit commit) {
            return commit.changes();
        }
        return told instanceof FeedItem.Event event ? event.event() : (CommitChanges) told;
    }

    private JsonObject unwatch(JsonObject request) {
        Watch<?> watch = watches.remove(text(request, "watch"));
        if (watch != null) {
            watch.close();
        }
        return new JsonObject();
    }

    private JsonObject bench(JsonObject request) throws InterruptedException {
        Load load = new Load(
                text(request, "name"),
                request.get("seconds").getAsDouble(),
                request.get("in_flight").getAsInt());
        boolean bare = request.has("bare") && request.get("bare").getAsBoolean();
        JsonObject answer = new JsonObject();
        answer.addProperty(
                "calls",
                bare ? load.byStub(text(request, "address"), text(request, "api_key")) : load.byClient(client(request)));
        return answer;
    }

    /** The client that is named, with the timeout of the request. */
    private Loci client(JsonObject request) {
        Loci client = clients.get(text(request, "client"));
        if (client == null) {
            throw new Failures.Misunderstood("there is no client " + text(request, "client"));
        }
        return request.has("timeout_ms") ? client.withTimeout(millis(request, "timeout_ms")) : client;
    }

    private static void extra(JsonObject request, Message.Builder builder) {
        Contract.read(request.get("request"), builder);
    }

    private static JsonObject response(Message message) {
        JsonObject answer = new JsonObject();
        answer.add("response", Contract.json(message));
        return answer;
    }

    private static JsonObject items(Stream<? extends Message> messages) {
        JsonArray items = new JsonArray();
        messages.forEach(message -> items.add(Contract.json(message)));
        JsonObject answer = new JsonObject();
        answer.add("items", items);
        return answer;
    }

    private static String text(JsonObject request, String member) {
        if (!request.has(member)) {
            throw new Failures.Misunderstood("no " + member);
        }
        return request.get(member).getAsString();
    }

    private static List<String> texts(JsonObject request, String member) {
        List<String> found = new ArrayList<>();
        request.getAsJsonArray(member).forEach(each -> found.add(each.getAsString()));
        return found;
    }

    private static String upper(JsonObject request, String member) {
        return text(request, member).toUpperCase(Locale.ROOT);
    }

    private static Duration millis(JsonObject request, String member) {
        return Duration.ofMillis(request.get(member).getAsLong());
    }
}
