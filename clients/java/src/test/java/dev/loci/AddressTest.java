package dev.loci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "127.0.0.1:50051 true",
                "127.8.9.1 true",
                "localhost:1 true",
                "LOCALHOST true",
                "[::1]:50051 true",
                "::1 true",
                "[0:0:0:0:0:0:0:1]:1 true",
                "unix:/run/loci.sock true",
                "dns:///localhost:1 true",
                "ipv4:127.0.0.1:1,127.0.0.2:1 true",
                "ipv4:127.0.0.1:1,10.0.0.2:1 false",
                "10.0.0.1:50051 false",
                "127.0.0.1.example.com:1 false",
                "127.0.0.256:1 false",
                "localhost.example.com:1 false",
                "loci.example.com:443 false",
                "[::2]:1 false",
                "[2001:db8::1]:1 false",
                "0.0.0.0:1 false",
                "dns:///10.0.0.1:1 false",
            })
    void isLocal(String address, boolean expected) {
        assertEquals(expected, Address.isLocal(address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:50051",
                "grpc://10.0.0.1",
                " ",
                "",
                "localhost",
                "127.0.0.1:99999",
                "127.0.0.1:0",
                "127.0.0.1:",
                "127.0.0.1:port",
                ":50051",
                "lo ci:50051",
                " loci:50051",
                "::1",
                "[::1]",
                "[]:1",
                "a:1/b",
                "dns:///localhost",
                "dns://8.8.8.8/localhost",
                "ipv4:127.0.0.1:1,127.0.0.2",
            })
    void whatIsNoAddressIsRefused(String address) {
        assertThrows(IllegalArgumentException.class, () -> Address.checked(address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:1",
                "loci.example.com:65535",
                "[::1]:50051",
                "dns:localhost:1",
                "dns:///localhost:1",
                "dns://8.8.8.8/loci.example.com:1",
                "ipv4:127.0.0.1:1,127.0.0.2:1",
                "ipv6:[::1]:1",
                "unix:/run/loci.sock",
                "unix-abstract:loci",
                "xds:///loci",
            })
    void addressesAndThoseOfResolversAreTaken(String address) {
        assertEquals(address, Address.checked(address));
    }
}
