"""The Prometheus endpoint: a small HTTP server in a daemon thread, with a registry of its own.

It serves what the meter recorded and the CPU, memory and file descriptors of this process. It knows no TLS and no
credentials, so it listens where the settings say and nowhere else.
"""

from dataclasses import dataclass
from threading import Thread
from wsgiref.simple_server import WSGIServer

from opentelemetry.exporter.prometheus import PrometheusMetricReader
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.process_collector import ProcessCollector


@dataclass(frozen=True, slots=True)
class PrometheusEndpoint:
    """A running endpoint; `reader` is to be given to a meter provider."""

    reader: PrometheusMetricReader
    server: WSGIServer
    thread: Thread

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server.server_port)

    def close(self) -> None:
        """Stop listening."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def serve(host: str, port: int) -> PrometheusEndpoint:
    """Listen on host and port (0: any free one). Raises OSError if that cannot be."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    reader = PrometheusMetricReader(registry=registry, scope_info_enabled=False)
    server, thread = start_http_server(port, addr=host.strip("[]") or "0.0.0.0", registry=registry)  # noqa: S104 # nosec B104
    return PrometheusEndpoint(reader, server, thread)
