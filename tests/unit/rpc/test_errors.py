"""How errors reach a client: code, reason, details, sizes, and nothing that is not theirs to see."""

import logging
from typing import Any

import asyncpg
import pytest
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, PreconditionFailure, ResourceInfo, RetryInfo
from google.rpc.status_pb2 import Status

from loci.v1.node_service_pb2 import GetNodeRequest, GetNodeResponse
from loci_server import errors
from loci_server.errors import (
    DatabaseUnavailable,
    FieldViolation,
    InvalidArgument,
    InvalidField,
    LociError,
    NodeNotFound,
    PreconditionFailed,
    all_errors,
)
from loci_server.rpc.call import Call
from loci_server.rpc.errors import CODES, status_of
from tests.unit.rpc.harness import EXPORT, GET_NODE, Refusal, serving

TRAILERS_LIMIT = 8 * 1024


async def refusal_of(error: BaseException) -> Refusal:
    async def fail(request: GetNodeRequest, call: Call) -> GetNodeResponse:
        raise error

    async with serving({"GetNode": fail}) as running:
        refusal = await running.refused(running.client.unary(GET_NODE))
        assert running.observer.spans[0].ended == [(refusal.code, refusal.reason)]
        assert running.pipeline.admission.running == 0
        return refusal


async def test_an_error_carries_its_code_reason_message_and_metadata() -> None:
    refusal = await refusal_of(InvalidField(field="node.text", detail="is empty.", limit=3))
    assert (refusal.code, refusal.message) == ("INVALID_ARGUMENT", "node.text: is empty.")
    assert (refusal.status.code, refusal.status.message) == (3, "node.text: is empty.")
    assert (refusal.reason, refusal.info.domain) == ("INVALID_FIELD", "loci.dev")
    assert dict(refusal.info.metadata) == {"detail": "is empty.", "limit": "3"}
    violation = refusal.detail(BadRequest).field_violations[0]
    assert (violation.field, violation.description) == ("node.text", "node.text: is empty.")


async def test_what_is_missing_is_named_as_a_resource() -> None:
    refusal = await refusal_of(NodeNotFound(resource="graphs/g/nodes/n"))
    assert refusal.code == "NOT_FOUND"
    info = refusal.detail(ResourceInfo)
    assert (info.resource_type, info.resource_name) == ("loci.dev/nodes", "graphs/g/nodes/n")


async def test_a_state_that_does_not_allow_it_is_a_precondition() -> None:
    refusal = await refusal_of(PreconditionFailed(field="preconditions[0]", detail="it is there"))
    violation = refusal.detail(PreconditionFailure).violations[0]
    assert (violation.type, violation.subject) == ("PRECONDITION_FAILED", "preconditions[0]")


async def test_a_time_to_wait_is_told() -> None:
    refusal = await refusal_of(DatabaseUnavailable(retry_after=1.25))
    assert refusal.detail(RetryInfo).retry_delay.ToMilliseconds() == 1250


async def test_an_error_in_the_midst_of_a_stream_carries_its_details() -> None:
    async def fail(request: Any, call: Call) -> Any:
        yield GetNodeResponse()
        raise NodeNotFound(resource="graphs/g/nodes/n")

    async with serving(bulk={"Export": fail}) as running:
        assert (await running.refused(running.client.stream(EXPORT))).reason == "NODE_NOT_FOUND"


async def test_a_defect_shows_its_trace_id_and_nothing_of_itself(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        refusal = await refusal_of(ValueError("the diary says canary"))
    assert (refusal.code, refusal.reason) == ("INTERNAL", "INTERNAL")
    assert refusal.info.metadata["trace_id"] == "5c0ffee0" * 4
    assert "canary" not in str(refusal.status)
    assert "canary" not in str(refusal.trailers)
    records = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(records) == 1
    assert "5c0ffee0" in records[0].getMessage()
    assert records[0].exc_info is not None


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (asyncpg.ConnectionDoesNotExistError("canary"), "DATABASE_UNAVAILABLE"),
        (asyncpg.AdminShutdownError("canary"), "DATABASE_UNAVAILABLE"),
        (asyncpg.TooManyConnectionsError("canary"), "DATABASE_UNAVAILABLE"),
        (asyncpg.InterfaceError("connection is closed"), "DATABASE_UNAVAILABLE"),
        (asyncpg.InterfaceError("the server expects 2 arguments"), "INTERNAL"),
        (ConnectionResetError("canary"), "DATABASE_UNAVAILABLE"),
        (asyncpg.QueryCanceledError("canary"), "DEADLINE_EXCEEDED"),
        (TimeoutError("canary"), "DEADLINE_EXCEEDED"),
        (asyncpg.DeadlockDetectedError("canary"), "WRITE_CONTENTION"),
        (asyncpg.SerializationError("canary"), "WRITE_CONTENTION"),
        (asyncpg.UniqueViolationError("canary"), "INTERNAL"),
        (FileNotFoundError("canary"), "INTERNAL"),
        (ExceptionGroup("canary", [NodeNotFound(resource="n")]), "NODE_NOT_FOUND"),
        (ExceptionGroup("canary", [ExceptionGroup("x", [TimeoutError()])]), "DEADLINE_EXCEEDED"),
        (ExceptionGroup("canary", [NodeNotFound(resource="n"), KeyError("canary")]), "INTERNAL"),
    ],
)
async def test_foreign_errors_become_ours(error: Exception, reason: str) -> None:
    refusal = await refusal_of(error)
    assert refusal.reason == reason
    assert "canary" not in str(refusal.status)


def test_every_error_of_the_tree_is_public_and_in_the_catalogue() -> None:
    def below(kind: type[LociError]) -> set[type[LociError]]:
        return {kind}.union(*map(below, kind.__subclasses__()))

    tree = {kind for kind in below(LociError) if kind.__module__.startswith(errors.__name__)}
    assert tree == {LociError, *all_errors()}
    assert {kind.__name__ for kind in tree} <= set(errors.__all__)


def test_every_error_of_the_tree_can_be_sent() -> None:
    for kind in all_errors():
        error = kind(field="f", resource="graphs/g", retry_after=1.0, detail="d", scope="tenant")
        status = status_of(error)
        assert kind.code in CODES
        assert status.details[0].type_url.endswith("google.rpc.ErrorInfo")


def test_thousands_of_violations_are_cut_and_counted() -> None:
    violations = tuple(FieldViolation(f"mutations[{n}].node.text", "is too long") for n in range(5000))
    status = status_of(InvalidArgument(violations=violations, detail="bad"))
    info, request = details(status)
    assert status.ByteSize() < TRAILERS_LIMIT / 2
    assert len(request.field_violations) > 20
    assert int(info.metadata["violations_left_out"]) + len(request.field_violations) == 5000


@pytest.mark.parametrize("letter", ["x", "é", "\N{PILE OF POO}", "\n", "\x00", "\udc80", "%"])
async def test_an_error_of_any_size_reaches_the_client_whole(letter: str) -> None:
    long = letter * 20_000
    error = InvalidArgument(
        detail=long,
        field=long,
        resource=long,
        violations=tuple(FieldViolation(long, long) for _ in range(50)),
        **{f"key{n}": long for n in range(100)},
    )
    refusal = await refusal_of(error)
    assert (refusal.code, refusal.reason) == ("INVALID_ARGUMENT", "INVALID_FIELD")
    assert all(len(value) <= 256 for value in refusal.info.metadata.values())
    assert sum(len(key) + len(value) + 32 for key, value in refusal.trailers) < TRAILERS_LIMIT / 2


def details(status: Status) -> tuple[Any, Any]:
    info, request = ErrorInfo(), BadRequest()
    status.details[0].Unpack(info)
    for packed in status.details:
        packed.Unpack(request)
    return info, request
