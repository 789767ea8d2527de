"""Opening the port of a server, with or without TLS, and saying clearly why that failed."""

from pathlib import Path

import grpc

from loci_server.rpc.address import ListenError, why_not, with_port


def open_port(server: grpc.aio.Server, host: str, port: int, certificate: Path | None, key: Path | None) -> int:
    """Listen on `host:port`, port 0 being any; returns the port. Raises ListenError, AddressInUse."""
    address = with_port(host, port)
    credentials = _credentials(certificate, key)
    try:
        bound: int = (
            server.add_insecure_port(address) if credentials is None else server.add_secure_port(address, credentials)
        )
    except RuntimeError as error:  # without the reason
        raise why_not(host, port) from error
    return bound


def _credentials(certificate: Path | None, key: Path | None) -> grpc.ServerCredentials | None:
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise ListenError("tls_certificate and tls_key belong together: only one of them is set.")
    try:
        pair = (key.read_bytes(), certificate.read_bytes())
    except OSError as error:
        raise ListenError(f"{error.filename} cannot be read: {error.strerror}.") from error
    return grpc.ssl_server_credentials([pair])
