"""A write is repeated under one request_id, within its deadline, and only when that is safe."""

import time
from collections.abc import Callable
from typing import Any

import grpc
import pytest
from google.rpc.status_pb2 import Status

from loci import AsyncClient, errors
from loci.errors import LociError
from loci.retries import MAX_WAITS, stream_pause, unary_pause
from loci.v1.node_pb2 import Node
from loci.v1.node_service_pb2 import CreateNodeResponse
from tests.stand_in import NOTHING, StandIn, failure

CREATE = "NodeService/CreateNode"
DONE = CreateNodeResponse(node=Node(name="graphs/g/nodes/n"))


async def test_a_write_whose_answer_was_lost_with_its_connection_is_repeated(
    server: StandIn, client: AsyncClient, blocking: Callable[..., Any]
) -> None:
    server.will(CREATE, NOTHING, DONE)
    assert (await client.create_node("g", type="t")).name == DONE.node.name
    first, second = (call.request.request_id for call in server.sent(CREATE))
    assert first == second
    server.will(CREATE, NOTHING, DONE)
    assert (await blocking(lambda client: client.create_node("g", type="t"))).name == DONE.node.name


async def test_a_call_whose_answers_are_all_lost_is_unavailable(
    server: StandIn, client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loci.retries.random.random", lambda: 0.0)  # the deadline is not met
    server.will(CREATE, NOTHING)
    with pytest.raises(errors.Unavailable, match="before the answer was read"):
        await client.create_node("g", type="t")
    assert len(server.sent(CREATE)) == MAX_WAITS


async def test_the_request_id_is_kept_over_retries(server: StandIn, client: AsyncClient) -> None:
    unavailable = failure(grpc.StatusCode.UNAVAILABLE, "DATABASE_UNAVAILABLE")
    server.will(CREATE, unavailable, unavailable, DONE)
    node = await client.create_node("g", "n", text="said once")
    assert node.name == "graphs/g/nodes/n"
    calls = server.sent(CREATE)
    assert len(calls) == 3
    assert len({call.request.request_id for call in calls}) == 1
    assert calls[0].request.request_id


async def test_the_blocking_client_keeps_it_too(server: StandIn, blocking: Callable[..., Any]) -> None:
    server.will(CREATE, failure(grpc.StatusCode.UNAVAILABLE), DONE)
    await blocking(lambda client: client.create_node("g", "n"))
    assert len({call.request.request_id for call in server.sent(CREATE)}) == 1
    assert len(server.sent(CREATE)) == 2


async def test_each_write_has_a_request_id_of_its_own(server: StandIn, client: AsyncClient) -> None:
    await client.create_node("g", "a")
    await client.create_node("g", "b")
    await client.create_node("g", "c", request_id="mine")
    first, second, third = (call.request.request_id for call in server.sent(CREATE))
    assert first != second
    assert third == "mine"


async def test_the_wait_that_the_server_asks_for_is_kept(server: StandIn, client: AsyncClient) -> None:
    server.will(CREATE, failure(grpc.StatusCode.ABORTED, "WRITE_CONTENTION", retry_after=0.2), DONE)
    began = time.monotonic()
    await client.create_node("g", "n")
    assert time.monotonic() - began >= 0.2
    assert len(server.sent(CREATE)) == 2


async def test_a_wait_that_is_longer_than_the_deadline_is_not_waited(server: StandIn, client: AsyncClient) -> None:
    server.will(CREATE, failure(grpc.StatusCode.ABORTED, "WRITE_CONTENTION", retry_after=60))
    began = time.monotonic()
    with pytest.raises(errors.WriteContention) as raised:
        await client.create_node("g", "n", timeout=5)
    assert time.monotonic() - began < 5
    assert raised.value.retry_after == 60


async def test_retries_end(server: StandIn, client: AsyncClient) -> None:
    server.will(CREATE, failure(grpc.StatusCode.UNAVAILABLE, "DRAINING"))
    with pytest.raises(errors.Draining):
        await client.create_node("g", "n")
    assert len(server.sent(CREATE)) == 4


async def test_what_cannot_be_repeated_safely_is_not(server: StandIn, client: AsyncClient) -> None:
    server.will("AdminService/CreateApiKey", failure(grpc.StatusCode.UNAVAILABLE))
    with pytest.raises(errors.Unavailable):
        await client.create_api_key(["read"])
    assert len(server.sent("AdminService/CreateApiKey")) == 1


@pytest.mark.parametrize(
    "error", [errors.EtagMismatch(), errors.NodeNotFound(), errors.InvalidField(), errors.Internal(reason="INTERNAL")]
)
def test_an_answer_is_not_asked_for_again(error: LociError) -> None:
    assert unary_pause(error, 1, 30.0, known=True) is None
    assert stream_pause(error, 1) is None


def test_a_stream_that_something_in_between_reset_is_taken_up_again() -> None:
    for code in (grpc.StatusCode.CANCELLED, grpc.StatusCode.INTERNAL):
        error = errors.from_status(Status(code=code.value[0], message="RST_STREAM"))
        assert stream_pause(error, 1) is not None


def test_who_cannot_be_reached_is_waited_for_if_it_has_answered_before() -> None:
    away = errors.Unavailable("connection refused", reason="")
    assert unary_pause(away, 1, 30.0, known=False) is None
    pauses = [unary_pause(away, attempt, 60.0, known=True) for attempt in range(1, 30)]
    assert all(pause is not None and 0 < pause <= 5 for pause in pauses)
    assert unary_pause(away, 20, 0.01, known=True) is None


def test_a_server_that_says_when_is_asked_again_for_as_long_as_the_deadline_lasts_and_not_for_ever() -> None:
    away = errors.DatabaseUnavailable("", retry_after=1.0)
    pauses = [unary_pause(away, attempt, 60.0, known=False) for attempt in range(1, 11)]
    assert all(pause is not None and pause >= 1.0 for pause in pauses[:9])
    assert pauses[9] is None
    assert unary_pause(away, 1, 0.5, known=False) is None


async def test_a_refusal_that_the_deadline_leaves_no_time_to_repeat_is_raised_and_not_the_deadline(
    server: StandIn, client: AsyncClient, blocking: Callable[..., Any]
) -> None:
    refused = failure(grpc.StatusCode.RESOURCE_EXHAUSTED, "RATE_LIMITED", retry_after=1.0)
    server.will("GraphService/GetGraph", *[refused] * 4)
    with pytest.raises(errors.RateLimited) as raised:
        await client.get_graph("g", timeout=1.9)
    assert raised.value.retry_after == 1.0
    with pytest.raises(errors.RateLimited):
        await blocking(lambda client: client.get_graph("g", timeout=1.9))
