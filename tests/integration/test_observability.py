"""A running server tells of its calls and statements by OTLP and Prometheus, in the caller's trace, without content."""

import asyncio
import urllib.request

import grpc
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from loci.v1 import node_service_pb2, node_service_pb2_grpc
from tests.collecting import collector
from tests.conftest import DatabaseFactory
from tests.server import RunningServer, running_server

CANARY = "zanzibar-canary-4711"
TRACE = "0af7651916cd43dd8448eb211c80319c"


async def write_and_read(server: RunningServer) -> None:
    async with server.client() as client:
        await client.create_graph("g", display_name=CANARY)
        await client.create_node("g", "n", label=CANARY, text=f"about {CANARY}", properties={"k": CANARY})
        await client.search("g", CANARY)
    async with grpc.aio.insecure_channel(server.address) as channel:
        stub = node_service_pb2_grpc.NodeServiceStub(channel)
        metadata = (
            ("authorization", f"Bearer {server.operator_key}"),
            ("traceparent", f"00-{TRACE}-b7ad6b7169203331-01"),
        )
        await stub.GetNode(node_service_pb2.GetNodeRequest(name="graphs/g/nodes/n"), metadata=metadata)


async def test_spans_of_call_and_statement_are_exported_in_the_callers_trace(fresh_database: DatabaseFactory) -> None:
    with collector() as (endpoint, posted):
        environment = {"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, "OTEL_SERVICE_NAME": "loci-test"}
        async with running_server(await fresh_database(), **environment) as server:
            await write_and_read(server)
            await server.stop()  # flushes
    spans: list[Span] = []
    for path, body in posted:
        if path == "/v1/traces":
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                for scope in resource.scope_spans:
                    spans.extend(scope.spans)
    mine = [span for span in spans if span.trace_id.hex() == TRACE]
    call = next(span for span in mine if span.name == "loci.v1.NodeService/GetNode")
    statement = next(span for span in mine if span.name == "get_node")
    assert call.kind == Span.SPAN_KIND_SERVER
    assert statement.parent_span_id == call.span_id
    assert any(path == "/v1/metrics" for path, _ in posted)
    assert not [path for path, body in posted if CANARY.encode() in body]


async def test_prometheus_serves_the_metrics_of_calls_and_statements(
    fresh_database: DatabaseFactory, port: int
) -> None:
    async with running_server(await fresh_database(), LOCI_METRICS_PORT=str(port)) as server:
        await write_and_read(server)
        url = f"http://127.0.0.1:{port}/metrics"
        text = await asyncio.to_thread(lambda: urllib.request.urlopen(url, timeout=10).read().decode())
        log = server.log
    assert "rpc_server_call_duration_seconds" in text
    assert "db_client_operation_duration_seconds" in text
    assert CANARY not in text
    assert CANARY not in log
