package dev.loci;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.rpc.BadRequest;
import dev.loci.errors.LociException;
import io.grpc.Status;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The text of messages, checked before it is sent: of half of a surrogate pair protobuf makes a question mark without a word. */
final class Text {
    private static final Map<Descriptor, List<FieldDescriptor>> FIELDS = new ConcurrentHashMap<>();
    /** In whose fields JSON stands: a path has the keys of it, not the names of these. */
    private static final Set<String> JSON = Set.of(
            Struct.getDescriptor().getFullName(),
            Value.getDescriptor().getFullName(),
            ListValue.getDescriptor().getFullName());

    private Text() {}

    /** The error of the first text that is not Unicode, or null. */
    static LociException misfit(Message message) {
        return misfit(message, "");
    }

    /** As {@link #misfit(Message)}, of a part of what is sent: its path begins so. */
    static LociException misfit(Message message, String at) {
        String path = pathOfMisfit(message);
        if (path == null) {
            return null;
        }
        String field = (at + path).replaceFirst("^\\.", "");
        String why = "half of a surrogate pair is no Unicode text";
        BadRequest.FieldViolation violation = BadRequest.FieldViolation.newBuilder()
                .setField(field)
                .setDescription(why)
                .build();
        return LociException.from(com.google.rpc.Status.newBuilder()
                .setCode(Status.Code.INVALID_ARGUMENT.value())
                .setMessage(field + ": " + why)
                .addDetails(Any.pack(BadRequest.newBuilder().addFieldViolations(violation).build()))
                .build());
    }

    /** Where it is, or null if there is none. */
    private static String pathOfMisfit(Message message) {
        for (FieldDescriptor field : FIELDS.computeIfAbsent(message.getDescriptorForType(), Text::fields)) {
            String path = null;
            if (field.isRepeated()) {
                path = pathInList(message, field);
            } else if (field.getJavaType() == JavaType.STRING || message.hasField(field)) {
                path = pathInValue(message.getField(field));
            }
            if (path != null) {
                return step(field) + path;
            }
        }
        return null;
    }

    private static String pathInList(Message message, FieldDescriptor field) {
        int count = message.getRepeatedFieldCount(field);
        for (int i = 0; i < count; i++) {
            Object each = message.getRepeatedField(field, i);
            String path = field.isMapField() ? pathInEntry((Message) each) : pathInValue(each);
            if (path != null) {
                return field.isMapField() ? path : "[" + i + "]" + path;
            }
        }
        return null;
    }

    private static String pathInEntry(Message entry) {
        Descriptor type = entry.getDescriptorForType();
        String key = String.valueOf(entry.getField(type.findFieldByNumber(1)));
        String path = isWellFormed(key) ? pathInValue(entry.getField(type.findFieldByNumber(2))) : "";
        return path == null ? null : key.matches("\\w+") ? "." + key + path : "[key]" + path;
    }

    /** Empty if it is the value itself. */
    private static String pathInValue(Object value) {
        if (value instanceof String text) {
            return isWellFormed(text) ? null : "";
        }
        return value instanceof Message message ? pathOfMisfit(message) : null;
    }

    private static String step(FieldDescriptor field) {
        return JSON.contains(field.getContainingType().getFullName()) ? "" : "." + field.getName();
    }

    private static List<FieldDescriptor> fields(Descriptor type) {
        return type.getFields().stream()
                .filter(each -> each.getJavaType() == JavaType.STRING || each.getJavaType() == JavaType.MESSAGE)
                .toList();
    }

    /** Whether each surrogate has its other half. */
    private static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (Character.isSurrogate(each)) {
                boolean paired = Character.isHighSurrogate(each)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!paired) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }
}
