package dev.loci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loci.errors.UnavailableException;
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
    void anAddressIsCheckedBeforeEncryptionIs() {
        Map<String, String> environment = Map.of("LOCI_ADDRESS", "loci.example.com", "LOCI_API_KEY", KEY);
        Exception refusal = assertThrows(IllegalArgumentException.class, builder(environment)::build);
        assertTrue(refusal.getMessage().endsWith("give HOST:PORT"), refusal.getMessage());
    }

    @Test
    void aTimeoutIsAtMostAYear() {
        Duration longest = Duration.ofSeconds(Long.MAX_VALUE);
        try (Loci loci = builder(Map.of()).timeout(longest).address("127.0.0.1:1").build()) {
            assertThrows(UnavailableException.class, () -> loci.getGraph("a"));
            assertThrows(UnavailableException.class, () -> loci.withTimeout(longest).getGraph("a"));
        }
        assertEquals(Duration.ofDays(365), LociBuilder.positive(longest));
        assertThrows(IllegalArgumentException.class, () -> LociBuilder.positive(Duration.ofNanos(-1)));
    }

    @Test
    void rootsWithoutACertificateAreRefused(@TempDir Path folder) throws Exception {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "");
        Path text = Files.writeString(folder.resolve("text.pem"), "no certificate");
        for (Path roots : new Path[] {empty, text}) {
            LociBuilder builder = builder(Map.of()).tls(Tls.system().withRoots(roots));
            Exception refusal = assertThrows(IllegalArgumentException.class, builder::build);
            assertEquals("there is no certificate in the roots " + roots + ": give PEM", refusal.getMessage());
        }
    }

    @Test
    void aClientCertificateThatIsNoneIsRefusedWithWhatIsWanted(@TempDir Path folder) throws Exception {
        Path text = Files.writeString(folder.resolve("text.pem"), "no certificate");
        LociBuilder builder = builder(Map.of()).tls(Tls.system().withCertificate(text, text));
        Exception refusal = assertThrows(IllegalArgumentException.class, builder::build);
        assertTrue(refusal.getMessage().endsWith("(PEM, the key as PKCS #8)"), refusal.getMessage());
    }

    @Test
    void aFileOfTheEnvironmentThatIsMissingOrEmptyIsNamedWithItsVariable(@TempDir Path folder) throws Exception {
        Path empty = Files.writeString(folder.resolve("empty"), "\n");
        for (Path file : new Path[] {empty, folder.resolve("missing")}) {
            Map<String, String> environment = Map.of("LOCI_API_KEY_FILE", file.toString());
            Exception refusal = assertThrows(IllegalArgumentException.class, () -> Credential.of(environment));
            assertTrue(refusal.getMessage().startsWith("LOCI_API_KEY_FILE: the file " + file), refusal.getMessage());
        }
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
