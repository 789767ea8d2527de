"""Every call is one span in the caller's trace and one measurement; it has a trace id even if nothing is recorded."""

import asyncio

import pytest
from opentelemetry.trace import SpanKind, StatusCode, get_current_span

from loci_server.telemetry.current import current_ids, current_trace_id
from loci_server.telemetry.rpc import SECONDS_BUCKETS, RpcTelemetry
from loci_server.telemetry.setup import Telemetry

from .conftest import Recorded

METHOD = "loci.v1.NodeService/GetNode"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"
METADATA = (("authorization", "Bearer loci_secret"), ("traceparent", f"00-{TRACE}-{PARENT}-01"), ("tracestate", "a=b"))


def test_a_call_is_a_server_span_below_the_callers_span(recorded: Recorded) -> None:
    call = RpcTelemetry(recorded.telemetry, [METHOD]).start_call(f"/{METHOD}", METADATA)
    assert call.trace_id == current_trace_id() == TRACE
    call.end("OK")

    span = recorded.span(METHOD)
    assert span.kind is SpanKind.SERVER
    assert span.parent is not None
    assert (f"{span.parent.trace_id:032x}", f"{span.parent.span_id:016x}") == (TRACE, PARENT)
    assert span.parent.trace_state["a"] == "b"
    assert dict(span.attributes or {}) == {
        "rpc.system.name": "grpc",
        "rpc.method": METHOD,
        "rpc.response.status_code": "OK",
        "server.address": "127.0.0.1",
        "server.port": 50051,
    }
    assert span.status.status_code is StatusCode.UNSET


@pytest.mark.parametrize(
    ("status", "reason", "fault"),
    [("NOT_FOUND", "NODE_NOT_FOUND", StatusCode.UNSET), ("INTERNAL", "INTERNAL", StatusCode.ERROR)],
)
def test_only_faults_of_the_server_make_a_failed_span(
    recorded: Recorded, status: str, reason: str, fault: StatusCode
) -> None:
    RpcTelemetry(recorded.telemetry, [METHOD]).start_call(METHOD, None).end(status, reason)
    span = recorded.span(METHOD)
    assert span.status.status_code is fault
    assert span.attributes is not None
    assert span.attributes["error.type"] == status
    assert span.attributes["loci.error.reason"] == reason
    assert not span.events


def test_the_duration_is_in_seconds_with_the_advised_buckets(recorded: Recorded) -> None:
    rpc = RpcTelemetry(recorded.telemetry, [METHOD])
    for _ in range(3):
        rpc.start_call(METHOD, None).end("OK")
    rpc.start_call(METHOD, None).end("ABORTED", "ETAG_MISMATCH")

    assert recorded.metrics()["rpc.server.call.duration"].unit == "s"
    assert recorded.bounds("rpc.server.call.duration") == {SECONDS_BUCKETS}
    same = {("rpc.system.name", "grpc"), ("rpc.method", METHOD)}
    aborted = {("error.type", "ABORTED"), ("loci.error.reason", "ETAG_MISMATCH")}
    assert recorded.points("rpc.server.call.duration") == {
        frozenset(same | {("rpc.response.status_code", "OK")}): 3,
        frozenset(same | {("rpc.response.status_code", "ABORTED")} | aborted): 1,
    }


def test_running_calls_are_counted_and_a_second_end_counts_for_nothing(recorded: Recorded) -> None:
    rpc = RpcTelemetry(recorded.telemetry, [METHOD, "loci.v1.WatchService/Watch"])
    first, second = rpc.start_call(METHOD, None), rpc.start_call(METHOD, None)
    key = frozenset({("rpc.system.name", "grpc"), ("rpc.method", METHOD)})
    assert recorded.points("rpc.server.active_requests") == {key: 2}
    second.end("OK")
    second.end("CANCELLED")
    first.end("OK")
    assert recorded.points("rpc.server.active_requests") == {key: 0}
    assert recorded.metrics()["rpc.server.active_requests"].unit == "{request}"
    assert sum(recorded.points("rpc.server.call.duration").values()) == 2


def test_a_caller_cannot_make_up_method_names(recorded: Recorded) -> None:
    RpcTelemetry(recorded.telemetry, [METHOD]).start_call("/made.Up/Canary", None).end("UNIMPLEMENTED")
    assert [span.name for span in recorded.spans.get_finished_spans()] == ["_OTHER"]


async def test_calls_of_other_tasks_do_not_mix_and_nothing_is_left_behind(recorded: Recorded) -> None:
    rpc = RpcTelemetry(recorded.telemetry, [METHOD])
    both_run = asyncio.Barrier(2)

    async def serve(trace: str) -> tuple[str, str]:
        call = rpc.start_call(METHOD, [("traceparent", f"00-{trace}-{PARENT}-01")])
        await both_run.wait()
        seen = current_trace_id()
        call.end("OK")
        return seen, current_trace_id()

    traces = ["1" * 32, "2" * 32]
    assert await asyncio.gather(*map(serve, traces)) == [(trace, "") for trace in traces]
    assert not get_current_span().get_span_context().is_valid


def test_without_recording_a_call_keeps_the_callers_trace_id() -> None:
    call = RpcTelemetry(Telemetry.off(), [METHOD]).start_call(METHOD, METADATA)
    assert call.trace_id == TRACE
    assert current_ids() == (TRACE, "")
    call.end("OK")
    assert current_ids() == ("", "")


@pytest.mark.parametrize(
    "sent",
    [None, "", "canary", f"00-{'0' * 32}-{PARENT}-01", f"ff-{TRACE}-{PARENT}-01", f"00-{TRACE.upper()}-{PARENT}-01"],
)
@pytest.mark.parametrize("on", [False, True])
def test_without_a_good_traceparent_a_call_gets_a_trace_id_of_its_own(
    recorded: Recorded, sent: str | None, on: bool
) -> None:
    telemetry = recorded.telemetry if on else Telemetry.off()
    call = RpcTelemetry(telemetry, [METHOD]).start_call(METHOD, [("traceparent", sent)] if sent is not None else None)
    made = call.trace_id
    call.end("OK")
    assert len(made) == 32
    assert int(made, 16)
    assert made == call.trace_id
    assert made.lower() != TRACE


def test_metadata_never_comes_into_a_span(recorded: Recorded) -> None:
    RpcTelemetry(recorded.telemetry, [METHOD]).start_call(METHOD, METADATA).end("OK")
    assert "secret" not in recorded.span(METHOD).to_json()
