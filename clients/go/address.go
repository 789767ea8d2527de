package loci

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"unicode"
)

const defaultAddress = "127.0.0.1:50051"

// resolvers are the schemes of gRPC's own addresses.
var resolvers = []string{"dns:", "unix:", "unix-abstract:", "passthrough:", "vsock:", "xds:"}

// checkAddress refuses what is neither HOST:PORT nor an address of gRPC's own.
func checkAddress(address string) error {
	wrong := func(why string) error { return refused("%q is not an address: %s", address, why) }
	if strings.ContainsFunc(address, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return wrong("give HOST:PORT, without spaces")
	}
	endpoint := address
	for _, resolver := range resolvers {
		rest, is := strings.CutPrefix(address, resolver)
		if is && strings.Trim(rest, "/") == "" {
			return wrong("there is nothing behind " + resolver)
		}
		if is && resolver != "dns:" {
			return nil
		}
		if is {
			endpoint = rest[strings.LastIndexByte(rest, '/')+1:] // behind //AUTHORITY/
		}
	}
	if strings.Contains(endpoint, "://") {
		return wrong("give HOST:PORT, without a scheme")
	}
	host, port, err := net.SplitHostPort(endpoint)
	if err != nil || host == "" || strings.ContainsAny(host, "/,@") {
		return wrong("give HOST:PORT")
	}
	if number, err := strconv.ParseUint(port, 10, 16); err != nil || number == 0 {
		return wrong("give HOST:PORT, with a port from 1 to 65535")
	}
	return nil
}

// isLocal says that what the address names is this machine: a loopback address or a Unix socket. What is not understood is
// not local.
func isLocal(address string) bool {
	if strings.HasPrefix(address, "unix:") || strings.HasPrefix(address, "unix-abstract:") {
		return true
	}
	endpoint := strings.TrimPrefix(strings.TrimPrefix(address, "dns:"), "passthrough:")
	host := strings.TrimLeft(endpoint, "/")
	if strings.HasPrefix(host, "[") {
		host, _, _ = strings.Cut(host[1:], "]")
	} else if strings.Count(host, ":") == 1 {
		host, _, _ = strings.Cut(host, ":")
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	parsed, err := netip.ParseAddr(host)
	return err == nil && parsed.Unmap().IsLoopback()
}

// place is where the server is thought to be, as it is told where nobody answers.
type place struct {
	address   string
	encrypted bool
}

func (p place) hint() string {
	if p.encrypted {
		return fmt.Sprintf(" (at %s)", p.address)
	}
	return fmt.Sprintf(" (at %s; if the server wants TLS, give WithTLS)", p.address)
}
