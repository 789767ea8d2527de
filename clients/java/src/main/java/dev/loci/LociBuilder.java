package dev.loci;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.ManagedChannelProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Says where the server is, how it is reached and who is calling. What is not given comes from the environment. */
public final class LociBuilder {
    static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    /** What is longer counts as this. */
    static final Duration LONGEST_TIMEOUT = Duration.ofDays(365);

    private final Map<String, String> environment;
    private String address;
    private Credential credential;
    private Tls tls;
    private boolean insecure;
    private Duration timeout = DEFAULT_TIMEOUT;
    private String userAgent = "";
    private Consumer<ManagedChannelBuilder<?>> channelOptions = builder -> {};

    LociBuilder(Map<String, String> environment) {
        this.environment = environment;
    }

    /** HOST:PORT, or an address of grpc-java's resolvers. Default: LOCI_ADDRESS, else 127.0.0.1:50051. */
    public LociBuilder address(String hostAndPort) {
        address = Address.checked(hostAndPort);
        return this;
    }

    /** Default: LOCI_API_KEY, else the content of the file LOCI_API_KEY_FILE. */
    public LociBuilder apiKey(String apiKey) {
        return credential(Credential.apiKey(apiKey));
    }

    /**
     * A token of an OIDC issuer in place of an API key. The supplier is asked for the present one before each try and must not
     * wait: let it answer from memory. Default: the content of the file LOCI_TOKEN_FILE, read for each try.
     */
    public LociBuilder token(Supplier<String> token) {
        return credential(Credential.token(token));
    }

    /** TLS with the roots of the Java runtime. */
    public LociBuilder tls() {
        return tls(Tls.system());
    }

    /** TLS. */
    public LociBuilder tls(Tls given) {
        tls = given;
        return this;
    }

    /** Lets an API key or token go to another machine without TLS. */
    public LociBuilder insecure() {
        insecure = true;
        return this;
    }

    /** How long a call may take that is given no deadline of its own, all tries included: at most a year. Default: 30 s. */
    public LociBuilder timeout(Duration perCall) {
        timeout = positive(perCall);
        return this;
    }

    /** What stands before `loci-java/VERSION` in the user agent. */
    public LociBuilder userAgent(String program) {
        userAgent = program + " ";
        return this;
    }

    /** Changes the channel that is about to be made: interceptors, executors, proxies. */
    public LociBuilder channelOptions(Consumer<ManagedChannelBuilder<?>> options) {
        channelOptions = options;
        return this;
    }

    /**
     * The client. It connects when it is first used.
     *
     * @throws IllegalArgumentException if an API key or token would go to another machine unencrypted, or for what cannot be used
     */
    public Loci build() {
        String target = address != null ? address : Address.checked(fromEnvironment("LOCI_ADDRESS", Address.DEFAULT));
        Credential shown = credential != null ? credential : Credential.of(environment);
        if (shown.isGiven() && tls == null && !insecure && !Address.isLocal(target)) {
            throw new IllegalArgumentException(
                    "the API key or token would go to " + target + " unencrypted: say tls(), or insecure()");
        }
        ChannelCredentials security = tls == null ? InsecureChannelCredentials.create() : tls.credentials();
        ManagedChannelBuilder<?> builder;
        try {
            builder = Grpc.newChannelBuilder(target, security);
        } catch (ManagedChannelProvider.ProviderNotFoundException | IllegalArgumentException failure) {
            String hint = tls == null ? "" : ", or what was given for TLS cannot be used (PEM, the key as PKCS #8)";
            throw new IllegalArgumentException("there is no way to " + target + hint, failure);
        }
        if (tls != null && !tls.serverName().isEmpty()) {
            builder.overrideAuthority(tls.serverName());
        }
        return open(builder, shown, target, tls != null);
    }

    /** The client over a channel that is made by this builder; tests give one within the process. */
    Loci open(ManagedChannelBuilder<?> builder, Credential shown, String target, boolean encrypted) {
        Layer layer = new Layer(shown, timeout.toNanos(), target, encrypted);
        builder.userAgent(userAgent + "loci-java/" + version())
                .maxInboundMessageSize(UnaryCall.MAX_MESSAGE_BYTES)
                .keepAliveTime(60, TimeUnit.SECONDS)
                .keepAliveTimeout(20, TimeUnit.SECONDS)
                .disableServiceConfigLookUp()
                .defaultServiceConfig(Methods.serviceConfig())
                .perRpcBufferLimit(UnaryCall.MAX_MESSAGE_BYTES) // gRPC does not repeat what is larger
                .retryBufferSize(4L * UnaryCall.MAX_MESSAGE_BYTES)
                .enableRetry();
        channelOptions.accept(builder);
        ManagedChannel channel = builder.build();
        layer.watchOver(channel);
        return new Loci(channel, layer);
    }

    @Override
    public String toString() {
        return "LociBuilder(address=" + address + ", credential=" + credential + ", tls=" + tls + ")";
    }

    static Duration positive(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a timeout must be more than 0 seconds");
        }
        return timeout.compareTo(LONGEST_TIMEOUT) > 0 ? LONGEST_TIMEOUT : timeout;
    }

    private LociBuilder credential(Credential given) {
        if (credential != null) {
            throw new IllegalArgumentException("give an API key or a token, once");
        }
        credential = given;
        return this;
    }

    private String fromEnvironment(String name, String otherwise) {
        String value = environment.getOrDefault(name, "");
        return value.isEmpty() ? otherwise : value;
    }

    private static String version() {
        try (InputStream file = LociBuilder.class.getResourceAsStream("version.properties")) {
            Properties properties = new Properties();
            if (file != null) {
                properties.load(file);
            }
            return properties.getProperty("version", "unknown");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
