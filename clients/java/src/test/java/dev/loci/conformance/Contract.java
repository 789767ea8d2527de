package dev.loci.conformance;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
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
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServiceDescriptor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Methods by name, and messages as ProtoJSON with the field names of the protos. */
final class Contract {
    private static final JsonFormat.Printer PRINTER =
            JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();
    private static final Map<String, MethodDescriptor<Message, Message>> METHODS = methods();

    private Contract() {}

    /** `NodeService/GetNode`. */
    static MethodDescriptor<Message, Message> method(String name) {
        MethodDescriptor<Message, Message> method = METHODS.get(name);
        if (method == null) {
            throw new Failures.Misunderstood("there is no method " + name);
        }
        return method;
    }

    static Message request(MethodDescriptor<Message, Message> method, JsonElement json) {
        PrototypeMarshaller<Message> marshaller = (PrototypeMarshaller<Message>) method.getRequestMarshaller();
        Message prototype = marshaller.getMessagePrototype();
        if (prototype == null) {
            throw new Failures.Misunderstood("no message for " + method.getFullMethodName());
        }
        Message.Builder builder = prototype.newBuilderForType();
        read(json, builder);
        return builder.build();
    }

    /** Fills a message; an element that is not there leaves it empty. */
    static <B extends Message.Builder> B read(JsonElement json, B builder) {
        if (json != null && !json.isJsonNull()) {
            try {
                JsonFormat.parser().merge(json.toString(), builder);
            } catch (InvalidProtocolBufferException failure) {
                throw new Failures.Misunderstood("not a " + builder.getDescriptorForType().getName() + ": "
                        + failure.getMessage());
            }
        }
        return builder;
    }

    static JsonObject json(Message message) {
        try {
            return JsonParser.parseString(PRINTER.print(message)).getAsJsonObject();
        } catch (InvalidProtocolBufferException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static Map<String, MethodDescriptor<Message, Message>> methods() {
        Map<String, MethodDescriptor<Message, Message>> found = new HashMap<>();
        for (ServiceDescriptor service : List.of(
                AdminServiceGrpc.getServiceDescriptor(),
                BulkServiceGrpc.getServiceDescriptor(),
                CommitServiceGrpc.getServiceDescriptor(),
                EdgeServiceGrpc.getServiceDescriptor(),
                GraphServiceGrpc.getServiceDescriptor(),
                MemoryServiceGrpc.getServiceDescriptor(),
                NodeServiceGrpc.getServiceDescriptor(),
                SearchServiceGrpc.getServiceDescriptor(),
                TraversalServiceGrpc.getServiceDescriptor(),
                WatchServiceGrpc.getServiceDescriptor())) {
            for (MethodDescriptor<?, ?> method : service.getMethods()) {
                @SuppressWarnings("unchecked") // all methods of the contract take and give messages
                MethodDescriptor<Message, Message> known = (MethodDescriptor<Message, Message>) method;
                found.put(method.getFullMethodName().substring("loci.v1.".length()), known);
            }
        }
        return found;
    }
}
