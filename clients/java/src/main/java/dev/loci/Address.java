package dev.loci;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rules of addresses. */
final class Address {
    static final String DEFAULT = "127.0.0.1:50051";

    private static final List<String> SCHEMES = List.of("dns:", "unix:", "unix-abstract:", "ipv4:", "ipv6:", "xds:");
    /** Of addresses that name hosts. */
    private static final List<String> HOSTS = List.of("dns:", "ipv4:", "ipv6:");
    private static final Pattern ENDPOINT = Pattern.compile("(?:\\[[^\\s\\[\\]]+]|[^\\s:/?#@\\[\\]\\\\]+):(\\d{1,5})");
    private static final Pattern OCTETS = Pattern.compile("127(\\.\\d{1,3}){3}");
    private static final Pattern SIXTH = Pattern.compile("(0{0,4}:)+:?0{0,3}1");

    private Address() {}

    /** The address itself. Throws IllegalArgumentException for what is a URL, and for a host without a port or the reverse. */
    static String checked(String address) {
        boolean ofScheme = isOfScheme(address);
        if (address.isBlank() || (address.contains("://") && !ofScheme)) {
            throw new IllegalArgumentException("'" + address + "' is not an address: give HOST:PORT, without a scheme");
        }
        if (!ofScheme || HOSTS.stream().anyMatch(address::startsWith)) {
            for (String endpoint : endpoints(address)) {
                checkEndpoint(address, endpoint);
            }
        }
        return address;
    }

    private static void checkEndpoint(String address, String endpoint) {
        Matcher parts = ENDPOINT.matcher(endpoint);
        if (!parts.matches()) {
            throw new IllegalArgumentException("'" + address + "' is not an address: give HOST:PORT");
        }
        int port = Integer.parseInt(parts.group(1));
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("'" + address + "' is not an address: a port is from 1 to 65535");
        }
    }

    /** HOST:PORT of an address that names hosts; behind the name server of {@code dns://8.8.8.8/…}. */
    private static String[] endpoints(String address) {
        String target = address;
        for (String scheme : HOSTS) {
            if (target.startsWith(scheme)) {
                target = target.substring(scheme.length());
                break;
            }
        }
        if (target.startsWith("//")) {
            target = target.substring(target.indexOf('/', 2) + 1);
        }
        return target.replaceFirst("^/+", "").split(",", -1);
    }

    /** Whether everything that the address names is this machine: a loopback address or a Unix socket. */
    static boolean isLocal(String address) {
        if (address.startsWith("unix:") || address.startsWith("unix-abstract:")) {
            return true;
        }
        for (String endpoint : endpoints(address)) {
            if (!isLoopback(host(endpoint))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOfScheme(String address) {
        return SCHEMES.stream().anyMatch(address::startsWith);
    }

    private static String host(String endpoint) {
        if (endpoint.startsWith("[")) {
            int end = endpoint.indexOf(']');
            return end < 0 ? "" : endpoint.substring(1, end);
        }
        int colon = endpoint.indexOf(':');
        return colon >= 0 && colon == endpoint.lastIndexOf(':') ? endpoint.substring(0, colon) : endpoint;
    }

    /** By its form alone: nothing is looked up. */
    private static boolean isLoopback(String host) {
        if (host.toLowerCase(Locale.ROOT).equals("localhost")) {
            return true;
        }
        if (OCTETS.matcher(host).matches()) {
            return List.of(host.split("\\.")).stream().allMatch(octet -> Integer.parseInt(octet) < 256);
        }
        return host.contains(":") && SIXTH.matcher(host).matches();
    }
}
