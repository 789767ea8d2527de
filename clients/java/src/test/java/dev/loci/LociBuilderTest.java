package dev.loci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LociBuilderTest {
    private static final String KEY = "loci_secret";

    @Test
    void aKeyDoesNotLeaveTheMachineUnencrypted() {
        LociBuilder builder = builder(Map.of()).address("10.0.0.1:50051").apiKey(KEY);
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, builder::build);
        assertFalse(refusal.getMessage().contains(KEY));
        builder.insecure().build().close();
        builder(Map.of()).address("10.0.0.1:50051").apiKey(KEY).tls().build().close();
        builder(Map.of()).address("localhost:50051").apiKey(KEY).build().close();
        builder(Map.of()).address("10.0.0.1:50051").build().close();
        Map<String, String> environment = Map.of("LOCI_ADDRESS", "10.0.0.1:1", "LOCI_API_KEY", KEY);
        assertThrows(IllegalArgumentException.class, builder(environment)::build);
    }

    @Test
    void theKeyStandsInNoString() {
        Credential key = Credential.apiKey(KEY);
        assertFalse(key.toString().contains(KEY));
        LociBuilder builder = builder(Map.of()).apiKey(KEY);
        assertFalse(builder.toString().contains(KEY));
        try (Loci loci = builder.build()) {
            assertFalse(loci.toString().contains(KEY));
        }
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> Credential.apiKey(KEY + "\n"));
        assertFalse(refusal.getMessage().contains(KEY));
    }

    @Test
    void theCredentialComesFromTheEnvironment(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("key"), "from-file\n");
        assertEquals("Bearer k", Credential.of(Map.of("LOCI_API_KEY", "k", "LOCI_API_KEY_FILE", "none")).present());
        assertEquals("Bearer from-file", Credential.of(Map.of("LOCI_API_KEY_FILE", file.toString())).present());
        Credential token = Credential.of(Map.of("LOCI_TOKEN_FILE", file.toString()));
        assertEquals("Bearer from-file", token.present());
        Files.writeString(file, "renewed");
        assertEquals("Bearer renewed", token.present());
        assertFalse(Credential.of(Map.of()).isGiven());
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> builder(Map.of()).apiKey(""));
        assertThrows(IllegalArgumentException.class, () -> builder(Map.of()).apiKey("a").token(() -> "b"));
        assertThrows(IllegalArgumentException.class, () -> builder(Map.of()).timeout(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> builder(Map.of()).address("http://localhost"));
    }

    @Test
    void onlyWhatMayBeRepeatedIsRetriedByGrpc() {
        String config = Methods.serviceConfig().toString();
        for (String method : new String[] {"GetNode", "CreateNode", "DeleteNode", "VerifyAudit", "Remember"}) {
            assertTrue(config.contains("method=" + method + "}") || config.contains("method=" + method + ","), method);
        }
        for (String method : new String[] {"CreateApiKey", "RotateApiKey", "CreateTenant", "RotateKeys", "Watch"}) {
            assertFalse(config.contains("method=" + method + "}") || config.contains("method=" + method + ","), method);
        }
    }

    private static LociBuilder builder(Map<String, String> environment) {
        return new LociBuilder(environment);
    }
}
