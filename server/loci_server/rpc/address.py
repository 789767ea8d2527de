"""Whether an address can be listened on, asked without gRPC: it keeps the reason for itself and is slow to import."""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

Address = tuple[Any, ...]


class ListenError(Exception):
    """The server cannot listen where it was told to. The message is for the person who starts it."""


class AddressInUse(ListenError):
    """Another process listens on this address already."""


@contextmanager
def reserved_port(host: str, port: int) -> Iterator[int]:
    """Holds a port for several workers that are going to share it: port 0 becomes the same free one for all of them.

    Raises AddressInUse if anything listens there already, ListenError for an address that is not ours.
    """
    family, address = _resolved(host, port)
    with socket.socket(family, socket.SOCK_STREAM) as holder:
        try:
            _bind_alone(family, address)
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            holder.bind(address)
        except OSError as error:
            raise _told(error, host, port) from error
        yield holder.getsockname()[1]


def check_free(host: str, port: int) -> None:
    """Raises AddressInUse if anything listens there already, ListenError for an address that is not ours."""
    try:
        _bind_alone(*_resolved(host, port))
    except OSError as error:
        raise _told(error, host, port) from error


def why_not(host: str, port: int) -> ListenError:
    """The reason why listening there has just failed."""
    try:
        check_free(host, port)
    except ListenError as error:
        return error
    return ListenError(f"Cannot listen on {with_port(host, port)}; with TLS, check certificate and key.")


def with_port(host: str, port: int) -> str:
    """`host:port`; an IPv6 address gets its brackets."""
    return f"[{host}]:{port}" if ":" in host and not host.startswith("[") else f"{host}:{port}"


def _bind_alone(family: int, address: Address) -> None:
    """Fails if anyone listens there, even one who would share the port."""
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
    address = with_port(host, port)
    if error.errno == errno.EADDRINUSE:
        return AddressInUse(f"{address} is in use by another process. Stop it, or set LOCI_PORT.")
    return ListenError(f"Cannot listen on {address}: {error.strerror}.")
