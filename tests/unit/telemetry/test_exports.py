"""Spans and metrics go exactly where the OTEL_ variables and metrics_port say, and nowhere if they say nothing."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from time import monotonic
from urllib.error import URLError
from urllib.request import urlopen

import grpc
import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import (
    TraceServiceServicer,
    add_TraceServiceServicer_to_server,
)

from loci_server.settings import Settings
from loci_server.telemetry import exporters
from loci_server.telemetry.rpc import RpcTelemetry
from loci_server.telemetry.setup import Telemetry, start

METHOD = "loci.v1.NodeService/GetNode"
Sent = tuple[str, dict[str, str], bytes]


class Collector:
    """An OTLP collector over HTTP that keeps what it is sent."""

    def __init__(self) -> None:
        self.sent: SimpleQueue[Sent] = SimpleQueue()
        sent = self.sent

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                sent.put((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Be silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def taken(self) -> dict[str, Sent]:
        found: dict[str, Sent] = {}
        while not self.sent.empty():
            request = self.sent.get_nowait()
            found[request[0]] = request
        return found

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def collector() -> Iterator[Collector]:
    collector = Collector()
    yield collector
    collector.close()


def answer_a_call(telemetry: Telemetry) -> str:
    call = RpcTelemetry(telemetry, [METHOD]).start_call(METHOD, None)
    call.end("OK")
    return call.trace_id


def test_an_endpoint_alone_sends_spans_and_metrics_there(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-team=memory")
    monkeypatch.setenv("OTEL_SERVICE_NAME", "loci-eu")
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test")
    telemetry = start(Settings(), worker=2)
    trace_id = answer_a_call(telemetry)
    assert telemetry.shutdown()

    sent = collector.taken()
    assert sent["/v1/traces"][1]["x-team"] == "memory"
    [spans] = ExportTraceServiceRequest.FromString(sent["/v1/traces"][2]).resource_spans
    [span] = spans.scope_spans[0].spans
    assert (span.name, span.trace_id.hex()) == (METHOD, trace_id)
    resource = {each.key: each.value for each in spans.resource.attributes}
    assert resource["service.name"].string_value == "loci-eu"
    assert resource["deployment.environment.name"].string_value == "test"
    assert resource["loci.worker"].int_value == 2
    [metrics] = ExportMetricsServiceRequest.FromString(sent["/v1/metrics"][2]).resource_metrics
    assert "rpc.server.call.duration" in [metric.name for metric in metrics.scope_metrics[0].metrics]


def test_one_signal_can_be_left_out(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
    monkeypatch.setenv("OTEL_METRICS_EXPORTER", "none")
    telemetry = start(Settings())
    assert (telemetry.tracing, telemetry.metering) == (True, False)
    answer_a_call(telemetry)
    assert telemetry.shutdown()
    assert list(collector.taken()) == ["/v1/traces"]


def test_a_disabled_sdk_sends_nothing(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    telemetry = start(Settings(metrics_port=0))
    assert (telemetry.tracing, telemetry.metering, telemetry.metrics_port) == (False, False, None)
    answer_a_call(telemetry)
    assert telemetry.shutdown()
    assert not collector.taken()


def test_otlp_over_grpc_when_the_protocol_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    received: SimpleQueue[ExportTraceServiceRequest] = SimpleQueue()

    class Traces(TraceServiceServicer):
        def Export(
            self, request: ExportTraceServiceRequest, context: grpc.ServicerContext
        ) -> ExportTraceServiceResponse:
            received.put(request)
            return ExportTraceServiceResponse()

    server = grpc.server(ThreadPoolExecutor(1))
    add_TraceServiceServicer_to_server(Traces(), server)  # type: ignore[no-untyped-call]
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "otlp")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("OTEL_METRICS_EXPORTER", "none")
    telemetry = start(Settings())
    answer_a_call(telemetry)
    assert telemetry.shutdown()
    server.stop(None).wait(5)
    assert received.get_nowait().resource_spans[0].scope_spans[0].spans[0].name == METHOD


def test_with_nothing_set_nothing_is_recorded_and_the_sdk_is_not_even_loaded() -> None:
    code = (
        "import sys, threading\n"
        "from loci_server.settings import Settings\n"
        "from loci_server.telemetry.setup import start\n"
        "from loci_server.telemetry import database, logs, metrics, rpc\n"
        "telemetry = start(Settings())\n"
        "rpc.RpcTelemetry(telemetry, ['a/b']).start_call('a/b', None).end('OK')\n"
        "assert not telemetry.tracing and not telemetry.metering and telemetry.shutdown()\n"
        "assert threading.active_count() == 1\n"
        "heavy = ('opentelemetry.sdk', 'opentelemetry.exporter', 'prometheus_client', 'requests')\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("OTEL_", "LOCI_"))}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_a_collector_that_never_answers_holds_shutdown_no_longer_than_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = set(threading.enumerate())
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "2")
        monkeypatch.setenv("OTEL_TRACES_EXPORTER", "otlp")
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{deaf.getsockname()[1]}")
        monkeypatch.setenv("OTEL_METRICS_EXPORTER", "none")
        telemetry = start(Settings())
        answer_a_call(telemetry)
        began = monotonic()
        assert not telemetry.shutdown(0.3)
        assert monotonic() - began < 3
    for thread in set(threading.enumerate()) - before:  # what is left behind would write into other tests' logs
        thread.join(30)
        assert not thread.is_alive()


def test_prometheus_serves_what_was_recorded_until_shutdown() -> None:
    telemetry = start(Settings(host="127.0.0.1", metrics_port=0))
    assert telemetry.metering
    assert not telemetry.tracing
    answer_a_call(telemetry)
    url = f"http://127.0.0.1:{telemetry.metrics_port}/metrics"
    with urlopen(url, timeout=5) as answer:
        text = answer.read().decode()
    line = f'rpc_server_call_duration_seconds_count{{rpc_method="{METHOD}",rpc_response_status_code="OK"'
    assert line in text
    assert 'rpc_server_active_requests{rpc_method="' in text
    assert "process_resident_memory_bytes" in text
    assert 'service_name="loci"' in text
    assert telemetry.shutdown()
    with pytest.raises(URLError):
        urlopen(url, timeout=5)


def test_each_worker_has_a_prometheus_port_of_its_own() -> None:
    assert [exporters.prometheus_port(9000, [], worker) for worker in range(3)] == [9000, 9001, 9002]
    assert exporters.prometheus_port(0, [], 2) == 0
    assert exporters.prometheus_port(None, [], 2) is None
    assert exporters.prometheus_port(None, ["prometheus"], 1) == 9465
    with pytest.raises(ValueError, match="worker 1"):
        exporters.prometheus_port(65535, [], 1)


def test_a_metrics_port_that_is_taken_is_an_error_at_start() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        start(Settings(host="127.0.0.1", metrics_port=taken.getsockname()[1]))


def test_an_exporter_that_is_not_known_is_warned_of_and_left_out(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "zipkin, console,console")
    assert exporters.wanted("TRACES") == ["console"]
    assert "zipkin" in caplog.text
