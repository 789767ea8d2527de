package dev.loci;

import io.grpc.Metadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a client shows with each call: an API key, or a token that may be replaced while the client lives; or nothing, where
 * the server may go by the client's certificate. It is never shown otherwise: not in a string, nor in an error.
 */
final class Credential {
    static final Credential NONE = new Credential(null, null);
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final String fixed;
    private final Supplier<String> changing;

    private Credential(String fixed, Supplier<String> changing) {
        this.fixed = fixed;
        this.changing = changing;
    }

    static Credential apiKey(String apiKey) {
        return new Credential("Bearer " + checked(apiKey, "API key"), null);
    }

    static Credential token(Supplier<String> token) {
        return new Credential(null, token);
    }

    /** LOCI_API_KEY, else the content of the file LOCI_API_KEY_FILE, else the token that the file LOCI_TOKEN_FILE holds. */
    static Credential of(Map<String, String> environment) {
        String key = environment.getOrDefault("LOCI_API_KEY", "");
        if (key.isEmpty() && !environment.getOrDefault("LOCI_API_KEY_FILE", "").isEmpty()) {
            key = content("LOCI_API_KEY_FILE", environment.get("LOCI_API_KEY_FILE"));
        }
        if (!key.isEmpty()) {
            return apiKey(key);
        }
        String tokenFile = environment.getOrDefault("LOCI_TOKEN_FILE", "");
        return tokenFile.isEmpty() ? NONE : token(() -> content("LOCI_TOKEN_FILE", tokenFile));
    }

    boolean isGiven() {
        return fixed != null || changing != null;
    }

    /** What is sent now, or null. Throws what the giver of tokens throws, and IllegalArgumentException for what is none. */
    String present() {
        return changing == null ? fixed : "Bearer " + checked(changing.get(), "token");
    }

    /** Whether there may be another one later on. */
    boolean isChanging() {
        return changing != null;
    }

    /** Puts it where it belongs, unless the caller gave another one. */
    static void put(Metadata headers, String shown) {
        if (shown != null && !isIn(headers)) {
            headers.put(AUTHORIZATION, shown);
        }
    }

    /** Whether there is one. */
    static boolean isIn(Metadata headers) {
        return headers.containsKey(AUTHORIZATION);
    }

    @Override
    public String toString() {
        return "Credential(" + (!isGiven() ? "none" : changing != null ? "changing" : "fixed") + ")";
    }

    private static String checked(String value, String what) {
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException("the " + what + " is empty");
        }
        if (!value.chars().allMatch(each -> each > ' ' && each < 0x7f)) {
            throw new IllegalArgumentException("the " + what + " holds characters that a header cannot carry");
        }
        return value;
    }

    /** Of the file that a variable of the environment names. */
    private static String content(String variable, String file) {
        String content;
        try {
            content = Files.readString(Path.of(file)).strip();
        } catch (IOException | InvalidPathException failure) {
            throw new IllegalArgumentException(variable + ": the file " + file + " cannot be read", failure);
        }
        if (content.isEmpty()) {
            throw new IllegalArgumentException(variable + ": the file " + file + " is empty");
        }
        return content;
    }
}
