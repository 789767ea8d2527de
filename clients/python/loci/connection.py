"""Where the server is, how it is reached and who is calling: everything about a channel that needs no network.

API key and token are never shown: neither in a repr nor in an error. They leave this machine over TLS only, unless
told otherwise.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import grpc

from loci.v1 import (
    admin_service_pb2,
    bulk_service_pb2,
    commit_service_pb2,
    edge_service_pb2,
    graph_service_pb2,
    memory_service_pb2,
    node_service_pb2,
    search_service_pb2,
    traversal_service_pb2,
    watch_service_pb2,
)

from .certificates import check_pair, has_certificate
from .credential import Credential, Token, from_environment
from .values import kind_of

DEFAULT_ADDRESS = "127.0.0.1:50051"
DEFAULT_TIMEOUT = 30.0
RESOLVERS = ("dns:", "ipv4:", "ipv6:", "unix:", "vsock:", "xds:")
"""Schemes of gRPC's own addresses."""
LAST_PORT = 65_535
LONGEST_TIMEOUT = 1e8
"""Seconds, some three years: gRPC takes what is much longer for a time that is over."""
MAX_MESSAGE_BYTES = 16 * 1024 * 1024
MAX_ATTEMPTS = 4
"""Of one unary call, the first included."""

CONTRACT = (
    admin_service_pb2,
    bulk_service_pb2,
    commit_service_pb2,
    edge_service_pb2,
    graph_service_pb2,
    memory_service_pb2,
    node_service_pb2,
    search_service_pb2,
    traversal_service_pb2,
    watch_service_pb2,
)


@dataclass(frozen=True, slots=True)
class TLS:
    """How to check the server's certificate, and which one to show to it. All are PEM: bytes, or a file."""

    roots: bytes | str | Path | None = None
    """Certificates to trust. Default: those that gRPC brings along."""
    certificate: bytes | str | Path | None = None
    """The client's own certificate chain, for mutual TLS."""
    key: bytes | str | Path | None = field(default=None, repr=False)
    """The private key of `certificate`."""
    server_name: str | None = None
    """The name to expect in the server's certificate, where it is not that of the address."""

    def __post_init__(self) -> None:
        if (self.certificate is None) != (self.key is None):
            raise ValueError("a client certificate needs its key, and a key its certificate")

    def credentials(self) -> grpc.ChannelCredentials:
        """The files, read now. Raises OSError, and ValueError for what cannot be used, with the name of the field."""
        roots, key, certificate = _pem(self.roots), _pem(self.key), _pem(self.certificate)
        if roots is not None and not has_certificate(roots):
            raise ValueError(f"TLS roots{_place(self.roots)}: there is no certificate in PEM")
        if certificate is not None and not has_certificate(certificate):
            raise ValueError(f"TLS certificate{_place(self.certificate)}: there is no certificate in PEM")
        if isinstance(self.certificate, str | Path) and isinstance(self.key, str | Path):
            check_pair(self.certificate, self.key)
        return grpc.ssl_channel_credentials(roots, key, certificate)


@dataclass(frozen=True, slots=True)
class Connection:
    """All that a channel and its calls are made from."""

    address: str
    credential: Credential
    tls: TLS | None
    timeout: float
    user_agent: str
    options: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def resolve(
        cls,
        address: str | None,
        *,
        api_key: str | None,
        token: Token | None = None,
        tls: TLS | bool | None,
        timeout: float,
        user_agent: str | None,
        options: Sequence[tuple[str, Any]],
        insecure: bool,
        environment: Mapping[str, str] = os.environ,
    ) -> "Connection":
        """Fills in what was not given from the environment. Raises ValueError for what must not be."""
        if seconds(timeout) <= 0:
            raise ValueError("timeout must be more than 0 seconds")
        if api_key is None and token is None:
            api_key, token = from_environment(environment)
        found = cls(
            address=address or environment.get("LOCI_ADDRESS") or DEFAULT_ADDRESS,
            credential=Credential(api_key, token),
            tls=tls if isinstance(tls, TLS) else TLS() if tls else None,
            timeout=seconds(timeout),
            user_agent=" ".join(filter(None, (user_agent, f"loci-python/{_version()}"))),
            options=tuple(options),
        )
        check_address(found.address)
        if found.credential and found.tls is None and not insecure and not is_local(found.address):
            raise ValueError(
                f"the API key or token would go to {found.address} unencrypted:"
                " give tls=True (or a TLS), or insecure=True"
            )
        return found

    def channel_options(self) -> list[tuple[str, Any]]:
        """Limits, keepalive and retries; the caller's own options come last and so win."""
        options: list[tuple[str, Any]] = [
            ("grpc.primary_user_agent", self.user_agent),
            ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
            ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
            ("grpc.keepalive_time_ms", 60_000),
            ("grpc.keepalive_timeout_ms", 20_000),
            ("grpc.initial_reconnect_backoff_ms", 100),
            (
                "grpc.min_reconnect_backoff_ms",
                10_000,
            ),  # how long one try to connect may take, and not what its name says
            ("grpc.max_reconnect_backoff_ms", 5_000),
            ("grpc.service_config", json.dumps(service_config())),
        ]
        if self.tls is not None and self.tls.server_name is not None:
            options.append(("grpc.ssl_target_name_override", self.tls.server_name))
        return [*options, *self.options]


def seconds(timeout: float) -> float:
    """A timeout, at most LONGEST_TIMEOUT. Raises TypeError for what is no number, ValueError for NaN."""
    if isinstance(timeout, bool) or not isinstance(timeout, int | float):
        raise TypeError(f"timeout: give a number of seconds, not {kind_of(timeout)}")
    if timeout != timeout:
        raise ValueError("timeout: give a number of seconds, not NaN")
    return min(timeout, LONGEST_TIMEOUT)


def check_address(address: str) -> None:
    """Refuses what gRPC would take for something else: a port that is missing or that there is not. ValueError."""
    if address.startswith(RESOLVERS):
        return
    if "://" in address:
        raise ValueError(f"{address} is not an address: give HOST:PORT, without a scheme")
    host, _, port = address.rpartition(":")
    if not host.strip("[]") or address != "".join(address.split()) or not port.isdecimal() or len(port) > 5:
        raise ValueError(f"{address!r} is not an address: give HOST:PORT, such as {DEFAULT_ADDRESS}")
    if not 1 <= int(port) <= LAST_PORT:
        raise ValueError(f"{address!r} is not an address: a port is from 1 to {LAST_PORT}")
    if ":" in host and not (host.startswith("[") and host.endswith("]")):
        raise ValueError(f"{address!r} is not an address: give an IPv6 address as [ADDRESS]:PORT")


def service_config() -> dict[str, Any]:
    """gRPC's own retries, for each unary method that may be repeated; streams are resumed by the client itself."""
    names = [
        {"service": service.full_name, "method": method.name}
        for module in CONTRACT
        for service in module.DESCRIPTOR.services_by_name.values()
        for method in service.methods
        if not method.client_streaming and not method.server_streaming and is_repeatable(method.name, method.input_type)
    ]
    policy = {
        "maxAttempts": MAX_ATTEMPTS,
        "initialBackoff": "0.1s",
        "maxBackoff": "2s",
        "backoffMultiplier": 2,
        # Not RESOURCE_EXHAUSTED: the deadline would end gRPC's own wait, and nobody learn of the refusal.
        "retryableStatusCodes": ["UNAVAILABLE"],
    }
    return {
        "methodConfig": [{"name": names, "retryPolicy": policy}],
        # When most calls fail, retries would only add to the load.
        "retryThrottling": {"maxTokens": 100, "tokenRatio": 0.1},
    }


def is_repeatable(method: str, request: Any) -> bool:
    """Whether a method may be called twice: what makes a thing, by its request_id only. `request` is a descriptor."""
    return not method.startswith(("Create", "Rotate")) or "request_id" in request.fields_by_name


def is_local(address: str) -> bool:
    """Whether everything the address names is this machine: a loopback address or a Unix socket."""
    if address.startswith(("unix:", "unix-abstract:")):
        return True
    target = address.removeprefix("dns:").removeprefix("ipv4:").removeprefix("ipv6:").lstrip("/")
    return all(_is_loopback(part) for part in target.split(","))


def _is_loopback(endpoint: str) -> bool:
    if endpoint.startswith("["):
        host = endpoint[1:].partition("]")[0]
    else:
        host = endpoint.rpartition(":")[0] if endpoint.count(":") == 1 else endpoint
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _pem(value: bytes | str | Path | None) -> bytes | None:
    return value if value is None or isinstance(value, bytes) else Path(value).read_bytes()


def _place(value: bytes | str | Path | None) -> str:
    return "" if value is None or isinstance(value, bytes) else f" ({value})"


def _version() -> str:
    return metadata.version("loci-client")
