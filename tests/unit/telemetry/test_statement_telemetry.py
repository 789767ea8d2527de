"""Every statement is one span below the call that made it and one measurement, known by its name alone."""

import pytest
from asyncpg.exceptions import UniqueViolationError
from opentelemetry.trace import SpanKind, StatusCode

from loci_server.telemetry.database import SECONDS_BUCKETS, PoolState, StatementTelemetry
from loci_server.telemetry.rpc import RpcTelemetry
from loci_server.telemetry.setup import Telemetry

from .conftest import Recorded

METHOD = "loci.v1.NodeService/GetNode"
CANARY = "canary-4711"


def test_a_statement_is_a_client_span_below_the_call(recorded: Recorded) -> None:
    statements = StatementTelemetry(recorded.telemetry)
    call = RpcTelemetry(recorded.telemetry, [METHOD]).start_call(METHOD, None)
    with statements.statement("node_get"):
        pass
    call.end("OK")

    span, above = recorded.span("node_get"), recorded.span(METHOD)
    assert span.kind is SpanKind.CLIENT
    assert span.parent is not None
    assert above.context is not None
    assert (span.parent.trace_id, span.parent.span_id) == (above.context.trace_id, above.context.span_id)
    assert dict(span.attributes or {}) == {
        "db.system.name": "postgresql",
        "db.operation.name": "node_get",
        "db.query.summary": "node_get",
    }


def test_a_failed_statement_tells_its_sqlstate_and_not_its_message(recorded: Recorded) -> None:
    statements = StatementTelemetry(recorded.telemetry)
    call = RpcTelemetry(recorded.telemetry, [METHOD]).start_call(METHOD, None)
    with pytest.raises(UniqueViolationError), statements.statement("node_insert"):
        raise UniqueViolationError(f"Key (id)=({CANARY}) already exists")
    with pytest.raises(ConnectionResetError), statements.statement("node_get"):
        raise ConnectionResetError(CANARY)
    call.end("INTERNAL")

    span = recorded.span("node_insert")
    assert span.status.status_code is StatusCode.ERROR
    assert span.attributes is not None
    assert span.attributes["db.response.status_code"] == span.attributes["error.type"] == "23505"
    reset = recorded.span("node_get")
    assert reset.attributes is not None
    assert reset.attributes["error.type"] == "ConnectionResetError"
    assert not any(CANARY in each.to_json() for each in recorded.spans.get_finished_spans())


def test_the_duration_is_in_seconds_with_the_advised_buckets(recorded: Recorded) -> None:
    statements = StatementTelemetry(recorded.telemetry)
    for _ in range(2):
        with statements.statement("node_get"):
            pass
    assert recorded.metrics()["db.client.operation.duration"].unit == "s"
    assert recorded.bounds("db.client.operation.duration") == {SECONDS_BUCKETS}
    assert list(recorded.points("db.client.operation.duration").values()) == [2]


def test_what_the_server_does_on_its_own_makes_no_traces_of_one_span(recorded: Recorded) -> None:
    with StatementTelemetry(recorded.telemetry).statement("changes_poll"):
        pass
    assert not recorded.spans.get_finished_spans()


def test_a_pool_is_reported_by_the_state_of_its_connections(recorded: Recorded) -> None:
    StatementTelemetry(recorded.telemetry).observe_pool("main", lambda: PoolState(idle=3, used=7, limit=16))
    pool = ("db.client.connection.pool.name", "main")
    assert recorded.points("db.client.connection.count") == {
        frozenset({pool, ("db.client.connection.state", "idle")}): 3,
        frozenset({pool, ("db.client.connection.state", "used")}): 7,
    }
    assert recorded.points("db.client.connection.max") == {frozenset({pool}): 16}
    assert recorded.metrics()["db.client.connection.count"].unit == "{connection}"


def test_without_recording_a_statement_lets_errors_through() -> None:
    statements = StatementTelemetry(Telemetry.off())
    with pytest.raises(KeyError), statements.statement("node_get"):
        raise KeyError
