package dev.loci;

import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.List;

/** How to check the server's certificate, and which one to show to it. All files are PEM, the key PKCS #8. */
public final class Tls {
    private static final Tls SYSTEM = new Tls(null, null, null, "");

    private final Path roots;
    private final Path certificate;
    private final Path key;
    private final String serverName;

    private Tls(Path roots, Path certificate, Path key, String serverName) {
        this.roots = roots;
        this.certificate = certificate;
        this.key = key;
        this.serverName = serverName;
    }

    /** Trusts what the Java runtime trusts, and shows no certificate. */
    public static Tls system() {
        return SYSTEM;
    }

    /** With these certificates to trust, in place of those of the Java runtime. */
    public Tls withRoots(Path file) {
        return new Tls(file, certificate, key, serverName);
    }

    /** With the client's own certificate chain and its private key. */
    public Tls withCertificate(Path chain, Path privateKey) {
        return new Tls(roots, chain, privateKey, serverName);
    }

    /** With the name to expect in the server's certificate, where it is not that of the address. */
    public Tls withServerName(String name) {
        return new Tls(roots, certificate, key, name);
    }

    String serverName() {
        return serverName;
    }

    /** The files, read now. Throws UncheckedIOException, and IllegalArgumentException for what is not in them. */
    ChannelCredentials credentials() {
        TlsChannelCredentials.Builder builder = TlsChannelCredentials.newBuilder();
        try {
            if (roots != null) {
                checkRoots();
                builder.trustManager(roots.toFile());
            }
            if (certificate != null) {
                builder.keyManager(certificate.toFile(), key.toFile());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return builder.build();
    }

    private void checkRoots() throws IOException {
        Collection<?> found = List.of();
        CertificateException cause = null;
        try (InputStream file = Files.newInputStream(roots)) {
            found = CertificateFactory.getInstance("X.509").generateCertificates(file);
        } catch (CertificateException failure) {
            cause = failure;
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("there is no certificate in the roots " + roots + ": give PEM", cause);
        }
    }

    @Override
    public String toString() {
        return "Tls(roots=" + roots + ", certificate=" + certificate + ", serverName=" + serverName + ")";
    }
}
