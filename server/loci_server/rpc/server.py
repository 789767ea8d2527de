"""The listener: a port, the services on it, health, reflection, and an orderly end."""

import asyncio
import logging
from collections.abc import Sequence
from functools import partial
from typing import Final

import grpc
from google.protobuf.descriptor import ServiceDescriptor
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha import reflection_pb2
from grpc_reflection.v1alpha.reflection import aio as reflection

from loci_server.crypto.certificates import CertificateFiles
from loci_server.domain.limits import MAX_MESSAGE_BYTES
from loci_server.files import FileError
from loci_server.rpc.accept import make_server
from loci_server.rpc.address import ListenError
from loci_server.rpc.endpoint import open_port
from loci_server.rpc.health import Health
from loci_server.rpc.pipeline import Pipeline
from loci_server.rpc.tls import ReloadedCertificate
from loci_server.settings import Settings

Services = Sequence[tuple[ServiceDescriptor, object]]

LAST_BYTES: Final = 2.0
"""Seconds that answers which were given get to reach their callers."""
CERTIFICATE_HEALTH: Final = "certificate"
"""NOT_SERVING while what the files hold is not served, or what is served has ended."""

REFUSED_STREAMS: Final = 100
"""Of one connection, beside those that are served: they are told why not."""

MAX_PENDING: Final = 10_000
"""Calls of a process that have arrived and wait to be looked at. gRPC ends those beyond with CANCELLED and no word."""

GRPC_OPTIONS: Final = (
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
    # A token may have 8 KiB; gRPC begins to refuse headers at random above the half of this.
    ("grpc.max_metadata_size", 16 * 1024),
    ("grpc.absolute_max_metadata_size", 32 * 1024),
    # Clients may ping every ten seconds, also while nothing runs; we ping to learn that a watcher is gone.
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.min_recv_ping_interval_without_data_ms", 10_000),
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.keepalive_timeout_ms", 20_000),
    # Beyond the first of the two gRPC ends calls at random: it is 1,000 if nothing is said.
    ("grpc.server.max_pending_requests", MAX_PENDING),
    ("grpc.server.max_pending_requests_hard_limit", MAX_PENDING),
)

_log = logging.getLogger(__name__)


class Listener:
    """Serves on `settings.host` and `port` (default: `settings.port`).

    `services` are (descriptor, servicer). The process shares its port with others only if `settings.workers` says so.
    """

    def __init__(self, settings: Settings, pipeline: Pipeline, services: Services, *, port: int | None = None) -> None:
        self._settings = settings
        self._pipeline = pipeline
        self._services = [*services]
        self._port = settings.port if port is None else port
        self._server: grpc.aio.Server | None = None
        self._health = Health(descriptor.full_name for descriptor, _ in services)
        self._reloading: asyncio.Task[None] | None = None
        self.certificate: ReloadedCertificate | None = None
        """None before the start, and without TLS."""

    @property
    def draining(self) -> asyncio.Event:
        """Set when the end has begun."""
        return self._pipeline.draining

    async def start(self) -> int:
        """Returns the port. Raises ListenError, AddressInUse, and what Pipeline.register raises."""
        settings = self._settings
        reuse = ("grpc.so_reuseport", 1 if settings.workers > 1 else 0)
        health = health_pb2.DESCRIPTOR.services_by_name["Health"]
        reflected = reflection_pb2.DESCRIPTOR.services_by_name["ServerReflection"]
        names = [descriptor.full_name for descriptor in (*(one for one, _ in self._services), health, reflected)]
        reflector = reflection.ReflectionServicer(names)
        for descriptor, servicer in (*self._services, (health, self._health), (reflected, reflector)):
            self._pipeline.register(descriptor, servicer)
        # Beyond what is served at all, a connection's calls wait at its client.
        served = settings.max_in_flight + settings.max_watches + settings.max_streams
        streams = ("grpc.max_concurrent_streams", served + REFUSED_STREAMS)
        server = make_server((*GRPC_OPTIONS, reuse, streams, *age_options(settings.max_connection_age)), self._pipeline)
        self.certificate = certificate = self._certificate()
        credentials = None if certificate is None else certificate.credentials()
        port = open_port(server, settings.host, self._port, credentials)
        await server.start()
        self._server = server
        if certificate is not None:
            self._reloading = asyncio.create_task(certificate.run())
        return port

    def set_health(self, name: str, serving: bool) -> None:
        """Of a service by its full name, or "" for the whole server."""
        if not self.draining.is_set():
            self._health.set(name, serving)

    async def wait_closed(self) -> None:
        """Returns when the server has ended. Raises what ended it, if that was not `drain`."""
        assert self._server is not None
        await self._server.wait_for_termination()

    async def drain(self, timeout: float) -> None:
        """The end: health says NOT_SERVING, new calls are refused with Draining, streams are told by `Call.draining`,
        running calls may end within `timeout` seconds, and what is left then is cancelled. Calling it again hastens it.
        """
        if self._server is None:
            return
        if self._reloading is not None:
            self._reloading.cancel()
        self.draining.set()
        self._health.set_all(False)
        try:
            async with asyncio.timeout(timeout):
                await self._pipeline.wait_idle()
        except TimeoutError:
            running = self._pipeline.running
            _log.warning("%d calls did not end within %g s and are cancelled", running, timeout)
            self._pipeline.expel()
        await self._server.stop(LAST_BYTES)

    def _certificate(self) -> ReloadedCertificate | None:
        """Raises ListenError for files that cannot be used."""
        settings = self._settings
        certificate, key = settings.tls_certificate, settings.tls_key
        if certificate is None and key is None and settings.tls_client_ca is None:
            return None
        if certificate is None or key is None:
            raise ListenError("LOCI_TLS_CERTIFICATE and LOCI_TLS_KEY belong together, and LOCI_TLS_CLIENT_CA to both.")
        files = CertificateFiles(certificate, key, settings.tls_client_ca)
        try:
            return ReloadedCertificate(files, partial(self.set_health, CERTIFICATE_HEALTH))
        except FileError as error:
            raise ListenError(str(error)) from None


def age_options(seconds: float | None) -> tuple[tuple[str, int], ...]:
    """How long a connection may last, and how long the calls on it then."""
    if seconds is None:
        return ()
    milliseconds = max(1, round(seconds * 1000))
    return ("grpc.max_connection_age_ms", milliseconds), ("grpc.max_connection_age_grace_ms", milliseconds)
