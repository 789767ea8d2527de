"""The address a server listens on: opening it, with or without TLS, and saying clearly why that failed."""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc

Address = tuple[Any, ...]


class ListenError(Exception):
    """The server cannot listen where it was told to. The message is for the person who starts it."""


class AddressInUse(ListenError):
    """Another process listens on this address already."""


def open_port(server: grpc.aio.Server, host: str, port: int, certificate: Path | None, key: Path | None) -> int:
    """Listen on `host:port`, port 0 being any; returns the port. Raises ListenError, AddressInUse."""
    address = f"{bracketed(host)}:{port}"
    credentials = _credentials(certificate, key)
    try:
        bound: int = (
            server.add_insecure_port(address) if credentials is None else server.add_secure_port(address, credentials)
        )
    except RuntimeError as error:  # without the reason
        raise _explained(host, port) from error
    if not bound:
        raise _explained(host, port)
    return bound


@contextmanager
def reserved_port(host: str, port: int) -> Iterator[int]:
    """Holds a port for several workers that are going to share it: port 0 becomes the same free one for all of them.

    Raises AddressInUse if something that does not share listens there, ListenError for an address that is not ours.
    """
    family, address = _resolved(host, port)
    with socket.socket(family, socket.SOCK_STREAM) as holder:
        try:
            _refuse_if_taken(family, address)
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            holder.bind(address)
        except OSError as error:
            raise _told(error, host, port) from error
        yield holder.getsockname()[1]


def bracketed(host: str) -> str:
    """An IPv6 address needs brackets before a port."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


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


def _explained(host: str, port: int) -> ListenError:
    """gRPC keeps the reason for itself, so ask the system the same thing."""
    try:
        family, address = _resolved(host, port)
        _refuse_if_taken(family, address)
    except ListenError as error:
        return error
    except OSError as error:
        return _told(error, host, port)
    return ListenError(f"Cannot listen on {bracketed(host)}:{port}; with TLS, check certificate and key.")


def _refuse_if_taken(family: int, address: Address) -> None:
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)


def _resolved(host: str, port: int) -> tuple[int, Address]:
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise ListenError(f"{host} is not an address of this machine: {error.strerror}.") from error
    return found[0][0], found[0][4]


def _told(error: OSError, host: str, port: int) -> ListenError:
    address = f"{bracketed(host)}:{port}"
    if error.errno == errno.EADDRINUSE:
        return AddressInUse(f"{address} is in use by another process. Stop it, or set LOCI_PORT.")
    return ListenError(f"Cannot listen on {address}: {error.strerror}.")
