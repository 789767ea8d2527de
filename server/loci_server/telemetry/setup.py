"""Start and stop of OpenTelemetry in one process: a tracer and a meter, recording only what somebody asked for.

Asked for by the standard OTEL_ variables or by `Settings.metrics_port`. With none of them nothing is exported, nothing
is recorded, and the SDK and its exporters are not even imported. The providers are never made global.
"""

import logging
import os
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from time import monotonic
from typing import TYPE_CHECKING

from opentelemetry.metrics import Meter, NoOpMeter
from opentelemetry.trace import NoOpTracer, Tracer

from loci_server.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.metrics.export import MetricReader
    from opentelemetry.sdk.trace import SpanProcessor

SCOPE = "loci_server"
SCHEMA_URL = "https://opentelemetry.io/schemas/1.44.0"
FLUSH_SECONDS = 5.0

_WILDCARDS = frozenset(("", "0.0.0.0", "::", "[::]"))  # noqa: S104 - compared with, never bound # nosec B104
_log = logging.getLogger(__name__)

Close = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Telemetry:
    """The tracer and the meter of this process. Made by `start`, `of` or `off`; closed by `shutdown`."""

    tracer: Tracer
    meter: Meter
    tracing: bool
    """Whether spans are recorded; if not, `tracer` does nothing."""
    metering: bool
    """Whether metrics are recorded; if not, `meter` does nothing."""
    server_address: str = "localhost"
    server_port: int | None = None
    metrics_port: int | None = None
    """Port that the Prometheus endpoint of this process listens on, if there is one."""
    closers: tuple[Close, ...] = ()

    @staticmethod
    def off() -> "Telemetry":
        """Records nothing."""
        return Telemetry(NoOpTracer(), NoOpMeter(SCOPE), tracing=False, metering=False)

    @staticmethod
    def of(
        processors: Sequence["SpanProcessor"],
        readers: Sequence["MetricReader"],
        *,
        worker: int = 0,
        server_address: str = "localhost",
        server_port: int | None = None,
        metrics_port: int | None = None,
        closers: tuple[Close, ...] = (),
    ) -> "Telemetry":
        """Record spans for these processors and metrics for these readers; an empty list switches the signal off."""
        from opentelemetry.sdk.metrics import MeterProvider
        from opentelemetry.sdk.resources import OTELResourceDetector, Resource
        from opentelemetry.sdk.trace import TracerProvider

        resource = (
            Resource.create()
            .merge(Resource(_own_resource(worker), SCHEMA_URL))
            .merge(OTELResourceDetector().detect())  # what the operator says wins
        )
        tracer: Tracer = NoOpTracer()
        meter: Meter = NoOpMeter(SCOPE)
        if processors:
            tracers = TracerProvider(resource=resource, shutdown_on_exit=False)
            for processor in processors:
                tracers.add_span_processor(processor)
            tracer = tracers.get_tracer(SCOPE, _version(), SCHEMA_URL)
            closers += (tracers.shutdown,)
        if readers:
            meters = MeterProvider(readers, resource=resource, shutdown_on_exit=False)
            meter = meters.get_meter(SCOPE, _version(), SCHEMA_URL)
            closers += (meters.shutdown,)
        return Telemetry(
            tracer, meter, bool(processors), bool(readers), server_address, server_port, metrics_port, closers
        )

    def shutdown(self, limit: float = FLUSH_SECONDS) -> bool:
        """Send what is left and stop. Blocks, for `limit` seconds at most; False if that was not enough."""
        if not self.closers:
            return True
        deadline = monotonic() + limit
        closing = [threading.Thread(target=_close, args=(close,), daemon=True) for close in self.closers]
        for thread in closing:
            thread.start()
        for thread in closing:
            thread.join(max(0.0, deadline - monotonic()))
        late = any(thread.is_alive() for thread in closing)
        if late:
            _log.warning("telemetry was not sent within %s s; what is left of it is dropped", limit)
        return not late


def start(settings: Settings, *, worker: int = 0) -> Telemetry:
    """Tracer and meter for worker process number `worker`.

    OTEL_TRACES_EXPORTER is a list of otlp, console and none; OTEL_METRICS_EXPORTER may also have prometheus. Unset, a
    signal goes to otlp if an OTLP endpoint is set, else nowhere. OTEL_SDK_DISABLED=true wins over everything, the
    Prometheus endpoint included.

    Prometheus is served at `/metrics` on `settings.host`, port `settings.metrics_port` + `worker`: every worker process
    counts on its own, so each is a scrape target of its own. Port 0 picks a free one.

    Raises OSError if the port is taken and ValueError if metrics_port + worker passes 65535.
    """
    if os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return Telemetry.off()

    from loci_server.telemetry import exporters

    traces = exporters.wanted("TRACES")
    metrics = exporters.wanted("METRICS")
    port = exporters.prometheus_port(settings.metrics_port, metrics, worker)
    if not traces and not metrics and port is None:
        return Telemetry.off()

    readers = exporters.metric_readers(metrics)
    closers: tuple[Close, ...] = ()
    if port is not None:
        from loci_server.telemetry.prometheus import serve

        endpoint = serve(settings.host, port)
        readers.append(endpoint.reader)
        closers = (endpoint.close,)
        port = endpoint.port
    return Telemetry.of(
        exporters.span_processors(traces),
        readers,
        worker=worker,
        server_address=socket.gethostname() if settings.host in _WILDCARDS else settings.host,
        server_port=settings.port or None,
        metrics_port=port,
        closers=closers,
    )


def _close(close: Close) -> None:
    try:
        close()
    except Exception as error:  # at the end, a collector that is away is not worth more than a line
        _log.warning("telemetry did not close: %s", error)


def _own_resource(worker: int) -> dict[str, str | int]:
    return {
        "service.name": "loci",
        "service.version": _version(),
        "service.instance.id": f"{socket.gethostname()}:{os.getpid()}",
        "process.pid": os.getpid(),
        "loci.worker": worker,
    }


def _version() -> str:
    try:
        return version("loci-server")
    except PackageNotFoundError:
        return "0"
