package dev.loci;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Rules of addresses. */
final class Address {
    static final String DEFAULT = "127.0.0.1:50051";

    private static final List<String> SCHEMES = List.of("dns:", "unix:", "unix-abstract:", "ipv4:", "ipv6:", "xds:");
    private static final Pattern OCTETS = Pattern.compile("127(\\.\\d{1,3}){3}");
    private static final Pattern SIXTH = Pattern.compile("(0{0,4}:)+:?0{0,3}1");

    private Address() {}

    /** The address itself. Throws IllegalArgumentException for what is a URL, not an address. */
    static String checked(String address) {
        if (address.isBlank() || (address.contains("://") && !isOfScheme(address))) {
            throw new IllegalArgumentException(address + " is not an address: give HOST:PORT, without a scheme");
        }
        return address;
    }

    /** Whether everything that the address names is this machine: a loopback address or a Unix socket. */
    static boolean isLocal(String address) {
        if (address.startsWith("unix:") || address.startsWith("unix-abstract:")) {
            return true;
        }
        String target = address;
        for (String scheme : List.of("dns:", "ipv4:", "ipv6:")) {
            if (target.startsWith(scheme)) {
                target = target.substring(scheme.length());
                break;
            }
        }
        target = target.replaceFirst("^/+", "");
        for (String endpoint : target.split(",", -1)) {
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
