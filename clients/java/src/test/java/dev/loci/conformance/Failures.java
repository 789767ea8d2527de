package dev.loci.conformance;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.loci.errors.BadItemsException;
import dev.loci.errors.LociException;
import java.util.Locale;
import java.util.concurrent.CancellationException;

/** Errors as the protocol tells them. */
final class Failures {
    private Failures() {}

    /** An answer did not come in time. */
    static final class TimedOut extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** The driver asked for what the agent does not know. */
    static final class Misunderstood extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Misunderstood(String message) {
            super(message);
        }
    }

    static JsonObject told(Throwable failure) {
        if (failure instanceof LociException known) {
            return told(known);
        }
        JsonObject answer = new JsonObject();
        if (failure instanceof TimedOut) {
            answer.addProperty("code", "TIMEOUT");
            answer.addProperty("type", "Timeout");
        } else if (failure instanceof CancellationException) {
            answer.addProperty("code", "CANCELLED");
            answer.addProperty("type", "Cancelled");
        } else if (failure instanceof IllegalArgumentException) { // what the client refuses by itself
            answer.addProperty("code", "INVALID_ARGUMENT");
            answer.addProperty("type", "InvalidArgument");
        } else {
            answer.addProperty("code", "AGENT");
            answer.addProperty("type", failure.getClass().getSimpleName());
        }
        answer.addProperty("message", String.valueOf(failure.getMessage()));
        return answer;
    }

    static JsonObject told(LociException failure) {
        JsonObject answer = new JsonObject();
        answer.addProperty("code", failure.code().name());
        if (!failure.reason().isEmpty()) {
            answer.addProperty("reason", failure.reason());
        }
        answer.addProperty("type", type(failure));
        answer.addProperty("message", failure.description());
        if (!failure.metadata().isEmpty()) {
            JsonObject metadata = new JsonObject();
            failure.metadata().forEach(metadata::addProperty);
            answer.add("metadata", metadata);
        }
        failure.retryAfter().ifPresent(pause -> answer.addProperty("retry_after_ms", pause.toMillis()));
        if (!failure.violations().isEmpty()) {
            JsonArray violations = new JsonArray();
            failure.violations().forEach(each -> {
                JsonObject violation = new JsonObject();
                violation.addProperty("field", each.field());
                violation.addProperty("description", each.description());
                violations.add(violation);
            });
            answer.add("violations", violations);
        }
        if (failure instanceof BadItemsException bad) {
            JsonArray items = new JsonArray();
            bad.items().forEach(each -> {
                JsonObject item = new JsonObject();
                item.addProperty("index", each.getIndex());
                item.addProperty("reason", LociException.from(each.getStatus()).reason());
                items.add(item);
            });
            answer.add("items", items);
        }
        return answer;
    }

    /** The class as users catch it; of a code without a class, the code in camel case. */
    private static String type(LociException failure) {
        if (failure.getClass() != LociException.class) {
            return failure.getClass().getSimpleName().replaceFirst("Exception$", "");
        }
        StringBuilder name = new StringBuilder();
        for (String word : failure.code().name().split("_")) {
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }
}
