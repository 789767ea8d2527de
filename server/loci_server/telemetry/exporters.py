"""Where spans and metrics go: the exporters that the OTEL_ variables name, each imported only when it is wanted.

Endpoints, headers, time-outs, compression, batching, intervals and sampling are read from the environment by the SDK
itself. The protocol is http/protobuf unless OTEL_EXPORTER_OTLP_PROTOCOL (or that of the signal) says grpc.
"""

import logging
import os
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from opentelemetry.sdk.metrics.export import MetricExporter, MetricReader
    from opentelemetry.sdk.trace import SpanProcessor
    from opentelemetry.sdk.trace.export import SpanExporter

Signal = Literal["TRACES", "METRICS"]

_KNOWN: dict[Signal, frozenset[str]] = {
    "TRACES": frozenset(("otlp", "console")),
    "METRICS": frozenset(("otlp", "console", "prometheus")),
}
_PROTOCOLS = frozenset(("grpc", "http/protobuf"))
_log = logging.getLogger(__name__)


def wanted(signal: Signal) -> list[str]:
    """The exporters of a signal, in order, each once. A name that is not known is warned of and left out."""
    said = _variable(f"OTEL_{signal}_EXPORTER")
    if said is None:
        endpoint = _variable(f"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT") or _variable("OTEL_EXPORTER_OTLP_ENDPOINT")
        return ["otlp"] if endpoint else []
    names = dict.fromkeys(name.strip().lower() for name in said.split(","))
    for name in names:
        if name not in _KNOWN[signal] and name not in ("", "none"):
            _log.warning("OTEL_%s_EXPORTER names an exporter that is not known: %s", signal, name)
    return [name for name in names if name in _KNOWN[signal]]


def prometheus_port(metrics_port: int | None, metrics: list[str], worker: int) -> int | None:
    """The port for the Prometheus endpoint of this worker, or None if there is to be no endpoint."""
    if metrics_port is None:
        if "prometheus" not in metrics:
            return None
        metrics_port = int(_variable("OTEL_EXPORTER_PROMETHEUS_PORT") or 9464)
    port = metrics_port + worker if metrics_port else 0
    if port > 65535:
        raise ValueError(f"metrics_port {metrics_port} leaves no port for worker {worker}")
    return port


def span_processors(names: list[str]) -> list["SpanProcessor"]:
    if not names:
        return []
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    return [BatchSpanProcessor(_span_exporter(name)) for name in names]


def metric_readers(names: list[str]) -> list["MetricReader"]:
    """Readers that push. The Prometheus endpoint, which is pulled from, is not one of them."""
    pushed = [name for name in names if name != "prometheus"]
    if not pushed:
        return []
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader

    return [PeriodicExportingMetricReader(_metric_exporter(name)) for name in pushed]


def _span_exporter(name: str) -> "SpanExporter":
    if name == "console":
        from opentelemetry.sdk.trace.export import ConsoleSpanExporter

        return ConsoleSpanExporter()
    if _protocol("TRACES") == "grpc":
        from opentelemetry.exporter.otlp.proto.grpc import trace_exporter as over_grpc

        return over_grpc.OTLPSpanExporter()
    from opentelemetry.exporter.otlp.proto.http import trace_exporter as over_http

    return over_http.OTLPSpanExporter()


def _metric_exporter(name: str) -> "MetricExporter":
    if name == "console":
        from opentelemetry.sdk.metrics.export import ConsoleMetricExporter

        return ConsoleMetricExporter()
    if _protocol("METRICS") == "grpc":
        from opentelemetry.exporter.otlp.proto.grpc import metric_exporter as over_grpc

        return over_grpc.OTLPMetricExporter()
    from opentelemetry.exporter.otlp.proto.http import metric_exporter as over_http

    return over_http.OTLPMetricExporter()


def _protocol(signal: Signal) -> str:
    said = _variable(f"OTEL_EXPORTER_OTLP_{signal}_PROTOCOL") or _variable("OTEL_EXPORTER_OTLP_PROTOCOL")
    if said is not None and said not in _PROTOCOLS:
        _log.warning("the OTLP protocol %s is not known; http/protobuf is used", said)
    return "grpc" if said == "grpc" else "http/protobuf"


def _variable(name: str) -> str | None:
    """A variable of the environment; one that is empty counts as unset."""
    return os.environ.get(name, "").strip() or None
