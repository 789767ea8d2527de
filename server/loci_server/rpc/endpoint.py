"""Opening the port of a server, with or without TLS, and saying clearly why that failed."""

import grpc

from loci_server.rpc.address import why_not, with_port


def open_port(server: grpc.aio.Server, host: str, port: int, credentials: grpc.ServerCredentials | None) -> int:
    """Listen on `host:port`, port 0 being any; returns the port. Raises ListenError, AddressInUse."""
    address = with_port(host, port)
    try:
        bound: int = (
            server.add_insecure_port(address) if credentials is None else server.add_secure_port(address, credentials)
        )
    except RuntimeError as error:  # without the reason
        raise why_not(host, port) from error
    return bound
