"""The listener: a port, the services on it, health, reflection, and an orderly end."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Final

import grpc
from google.protobuf.descriptor import ServiceDescriptor
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha import reflection_pb2
from grpc_reflection.v1alpha.reflection import aio as reflection

from loci_server.domain.limits import MAX_MESSAGE_BYTES
from loci_server.rpc.accept import make_server
from loci_server.rpc.endpoint import open_port
from loci_server.rpc.health import Health
from loci_server.rpc.pipeline import Pipeline
from loci_server.settings import Settings

Services = Sequence[tuple[ServiceDescriptor, object]]

LAST_BYTES: Final = 2.0
"""Seconds that answers which were given get to reach their callers."""

REFUSED_STREAMS: Final = 100
"""Of one connection, beside those that are served: they are told why not."""

_OPTIONS: Final = (
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
    # Clients may ping every ten seconds, also while nothing runs; we ping to learn that a watcher is gone.
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.min_recv_ping_interval_without_data_ms", 10_000),
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.keepalive_timeout_ms", 20_000),
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
        streams = ("grpc.max_concurrent_streams", settings.max_in_flight + settings.max_watches + REFUSED_STREAMS)
        server = make_server((*_OPTIONS, reuse, streams, *age_options(settings.max_connection_age)), self._pipeline)
        port = open_port(server, settings.host, self._port, settings.tls_certificate, settings.tls_key)
        await server.start()
        self._server = server
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


def age_options(seconds: float | None) -> tuple[tuple[str, int], ...]:
    """How long a connection may last, and how long the calls on it then."""
    if seconds is None:
        return ()
    milliseconds = max(1, round(seconds * 1000))
    return ("grpc.max_connection_age_ms", milliseconds), ("grpc.max_connection_age_grace_ms", milliseconds)
