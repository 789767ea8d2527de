package loci

import (
	"net/netip"
	"strings"
)

const defaultAddress = "127.0.0.1:50051"

// resolvers are the schemes of gRPC's own addresses.
var resolvers = []string{"dns:", "unix:", "unix-abstract:", "passthrough:", "vsock:", "xds:"}

// hasForeignScheme says that an address is a URL, and not one of gRPC.
func hasForeignScheme(address string) bool {
	if !strings.Contains(address, "://") {
		return false
	}
	for _, resolver := range resolvers {
		if strings.HasPrefix(address, resolver) {
			return false
		}
	}
	return true
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
