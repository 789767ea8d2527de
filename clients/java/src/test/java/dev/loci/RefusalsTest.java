package dev.loci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loci.errors.UnavailableException;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.net.ServerSocket;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is said of servers that never answered. */
@Timeout(30)
class RefusalsTest {
    @Test
    void whereNobodyListensTheAddressIsNamed() {
        for (boolean encrypted : new boolean[] {false, true}) {
            LociBuilder builder = new LociBuilder(Map.of()).address("127.0.0.1:1");
            try (Loci loci = encrypted ? builder.tls().build() : builder.build()) {
                String end = encrypted ? " (at 127.0.0.1:1)" : " (at 127.0.0.1:1; if the server wants TLS, say tls())";
                for (UnavailableException failure : new UnavailableException[] {
                    assertThrows(UnavailableException.class, () -> loci.getNode("a", "b")),
                    assertThrows(UnavailableException.class, () -> loci.watch("a")
                            .patience(Duration.ofMillis(1))
                            .open()
                            .ready()),
                }) {
                    assertTrue(failure.getMessage().contains("Connection refused"), failure.getMessage());
                    assertTrue(failure.getMessage().endsWith(end), failure.getMessage());
                }
            }
        }
    }

    @Test
    void aServerThatHangsUpMayWantTls() throws Exception {
        try (ServerSocket server = new ServerSocket(0)) {
            CompletableFuture.runAsync(() -> {
                while (true) {
                    try {
                        server.accept().close();
                    } catch (IOException closed) {
                        return;
                    }
                }
            });
            String address = "127.0.0.1:" + server.getLocalPort();
            try (Loci loci = new LociBuilder(Map.of()).address(address).build()) {
                UnavailableException failure =
                        assertThrows(UnavailableException.class, () -> loci.getNode("a", "b"));
                String end = " (at " + address + "; if the server wants TLS, say tls())";
                assertTrue(failure.getMessage().endsWith(end), failure.getMessage());
            }
        }
    }

    @Test
    void anUntrustedCertificateIsSaidInTheWordsOfItsCause() {
        IOException cause = new SSLHandshakeException("General OpenSslEngine problem");
        cause.initCause(new CertificateException("no path to a trusted root"));
        Status status = Status.UNAVAILABLE
                .withDescription("io exception\nChannel Pipeline: [SslHandler#0]")
                .withCause(cause);
        Layer layer = new Layer(Credential.NONE, 1, "loci:1", true);
        assertEquals(
                "UNAVAILABLE: TLS failed: no path to a trusted root (at loci:1)",
                layer.understood(status, new Metadata()).getMessage());
        layer.answered();
        assertEquals(
                "UNAVAILABLE: hung up (at loci:1)",
                layer.understood(Status.UNAVAILABLE.withDescription("hung up"), new Metadata()).getMessage());
    }
}
