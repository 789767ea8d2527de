package dev.loci;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.loci.v1.AdminServiceGrpc;
import dev.loci.v1.BulkServiceGrpc;
import dev.loci.v1.CommitServiceGrpc;
import dev.loci.v1.EdgeServiceGrpc;
import dev.loci.v1.GraphServiceGrpc;
import dev.loci.v1.MemoryServiceGrpc;
import dev.loci.v1.NodeServiceGrpc;
import dev.loci.v1.SearchServiceGrpc;
import dev.loci.v1.TraversalServiceGrpc;
import dev.loci.v1.WatchServiceGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What the client knows of the methods of loci.v1: which may be repeated, and which requests have a request_id. */
final class Methods {
    static final List<ServiceDescriptor> SERVICES = List.of(
            AdminServiceGrpc.getServiceDescriptor(),
            BulkServiceGrpc.getServiceDescriptor(),
            CommitServiceGrpc.getServiceDescriptor(),
            EdgeServiceGrpc.getServiceDescriptor(),
            GraphServiceGrpc.getServiceDescriptor(),
            MemoryServiceGrpc.getServiceDescriptor(),
            NodeServiceGrpc.getServiceDescriptor(),
            SearchServiceGrpc.getServiceDescriptor(),
            TraversalServiceGrpc.getServiceDescriptor(),
            WatchServiceGrpc.getServiceDescriptor());

    private static final Map<String, Rule> RULES = rules();
    private static final Rule UNKNOWN = new Rule(false, null);

    /** Of one unary method. `requestId`: the field, or null. */
    record Rule(boolean isRepeatable, FieldDescriptor requestId) {}

    private Methods() {}

    /** Whether a method may be called twice: what makes a thing, by its request_id only. */
    static boolean isRepeatable(MethodDescriptor<?, ?> method) {
        return RULES.getOrDefault(method.getFullMethodName(), UNKNOWN).isRepeatable();
    }

    /** The request with a new request_id, if its message has that field and it is empty. */
    static <Q> Q withRequestId(MethodDescriptor<Q, ?> method, Q request) {
        FieldDescriptor field = RULES.getOrDefault(method.getFullMethodName(), UNKNOWN).requestId();
        if (field == null || !(request instanceof Message message) || !message.getField(field).equals("")) {
            return request;
        }
        Message minted = message.toBuilder().setField(field, newRequestId()).build();
        @SuppressWarnings("unchecked") // a builder makes what it was made from
        Q same = (Q) minted;
        return same;
    }

    static String newRequestId() {
        return UUID.randomUUID().toString();
    }

    /** gRPC's own retries, for each unary method that may be repeated. */
    static Map<String, ?> serviceConfig() {
        List<Map<String, ?>> names = new ArrayList<>();
        RULES.forEach((name, rule) -> {
            if (rule.isRepeatable()) {
                String[] parts = name.split("/");
                names.add(Map.of("service", parts[0], "method", parts[1]));
            }
        });
        Map<String, ?> policy = Map.of(
                "maxAttempts", (double) Retries.MAX_ATTEMPTS,
                "initialBackoff", "0.1s",
                "maxBackoff", "2s",
                "backoffMultiplier", 2.0,
                "retryableStatusCodes", List.of("UNAVAILABLE", "RESOURCE_EXHAUSTED"));
        return Map.of(
                "methodConfig", List.of(Map.of("name", names, "retryPolicy", policy)),
                // When most calls fail, retries would only add to the load.
                "retryThrottling", Map.of("maxTokens", 100.0, "tokenRatio", 0.1));
    }

    private static Map<String, Rule> rules() {
        Map<String, Rule> rules = new HashMap<>();
        for (ServiceDescriptor service : SERVICES) {
            for (MethodDescriptor<?, ?> method : service.getMethods()) {
                if (method.getType() == MethodType.UNARY
                        && method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier supplier) {
                    Descriptor request = supplier.getMethodDescriptor().getInputType();
                    FieldDescriptor requestId = request.findFieldByName("request_id");
                    String name = String.valueOf(method.getBareMethodName());
                    boolean makes = name.startsWith("Create") || name.startsWith("Rotate");
                    rules.put(method.getFullMethodName(), new Rule(!makes || requestId != null, requestId));
                }
            }
        }
        return Map.copyOf(rules);
    }
}
