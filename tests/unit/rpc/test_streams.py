"""Streams have room of their own, parted among tenants and addresses, and an end when nothing moves on them."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from google.rpc.error_details_pb2 import QuotaFailure
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse

from loci.v1.bulk_service_pb2 import ExportRequest, ExportResponse, ImportRequest, ImportResponse
from loci_server.rpc.call import Call
from tests.unit.rpc.harness import CREATE_NODE, EXPORT, GET_NODE, IMPORT, Running, serving

HEALTH = "/grpc.health.v1.Health/Check"
HEALTH_WATCH = "/grpc.health.v1.Health/Watch"
REFLECTION = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"


async def endless(requests: Any, call: Call) -> AsyncIterator[ImportResponse]:
    yield ImportResponse()
    await asyncio.Event().wait()


async def opened(running: Running, key: str) -> Any:
    """An import that lasts."""
    call = running.client.both(IMPORT, key)
    assert await call.read() == b""
    return call


async def test_streams_that_last_leave_the_room_of_calls_alone() -> None:
    async with serving(bulk={"Import": endless}, max_in_flight=1, max_in_flight_per_tenant=1) as running:
        lasting = [await opened(running, "writer") for _ in range(20)]
        await running.client.unary(CREATE_NODE, key="writer")
        await running.client.unary(GET_NODE, key="other")
        assert running.pipeline.streams.running == len(lasting)


async def test_a_tenant_has_a_part_of_the_room_for_streams_only() -> None:
    async with serving(bulk={"Import": endless}, max_streams=3, max_streams_per_tenant=1) as running:
        mine = await opened(running, "writer")
        refusal = await running.refused(running.client.stream(EXPORT, key="reader"))
        assert (refusal.code, refusal.reason) == ("RESOURCE_EXHAUSTED", "TOO_MANY_REQUESTS")
        assert refusal.detail(QuotaFailure).violations[0].subject == "tenant"
        assert refusal.info.metadata["name"] == "max_streams_per_tenant"
        await opened(running, "other")
        mine.cancel()
        await asyncio.wait_for(running.observer.spans[0].done.wait(), 5)
        await opened(running, "writer")


async def test_an_operator_gets_into_a_process_that_is_full() -> None:
    room = {"max_streams": 1, "max_in_flight": 1}
    entered = asyncio.Event()

    async def waiting(request: Any, call: Call) -> Any:
        entered.set()
        await asyncio.Event().wait()

    async with serving({"GetNode": waiting}, {"Import": endless}, **room) as running:
        call = asyncio.ensure_future(_answer(running.client.unary(GET_NODE, key="writer")))
        await entered.wait()
        await opened(running, "writer")
        for refused in (running.client.unary(CREATE_NODE, key="other"), running.client.both(IMPORT, "other")):
            assert (await running.refused(refused)).detail(QuotaFailure).violations[0].subject == "process"
        await running.client.unary(CREATE_NODE, key="writing-operator")
        await opened(running, "writing-operator")
        call.cancel()


async def test_an_operator_gets_in_where_his_tenant_is_full() -> None:
    async with serving(bulk={"Import": endless}, max_streams_per_tenant=1) as running:
        await opened(running, "writer")
        await opened(running, "writing-operator")


async def watching_health(running: Running) -> Any:
    call = running.client.stream(HEALTH_WATCH, HealthCheckRequest(), None)
    assert HealthCheckResponse.FromString(await call.read()).status == HealthCheckResponse.SERVING
    return call


@pytest.mark.parametrize(
    ("room", "scope", "name"),
    [
        ({"max_public_streams_per_address": 2}, "address", "max_public_streams_per_address"),
        ({"max_public_streams": 2}, "process", "max_public_streams"),
    ],
)
async def test_streams_without_a_credential_are_bounded_and_health_is_told_all_the_same(
    room: dict[str, int], scope: str, name: str
) -> None:
    async with serving(**room) as running:
        first, _ = [await watching_health(running) for _ in range(2)]
        for refused in (
            running.client.stream(HEALTH_WATCH, HealthCheckRequest(), None),
            running.client.both(REFLECTION, None),
        ):
            refusal = await asyncio.wait_for(running.refused(refused), 10)
            assert (refusal.code, refusal.reason) == ("RESOURCE_EXHAUSTED", "TOO_MANY_REQUESTS")
            assert refusal.detail(QuotaFailure).violations[0].subject == scope
            assert refusal.info.metadata["name"] == name
        await running.client.unary(HEALTH, HealthCheckRequest(), None)
        await running.client.unary(CREATE_NODE)
        await opened_and_closed(running, first)
        await watching_health(running)


async def opened_and_closed(running: Running, call: Any) -> None:
    span = next(span for span in running.observer.spans if span.method == HEALTH_WATCH)
    call.cancel()
    await asyncio.wait_for(span.done.wait(), 5)


async def test_reflection_that_asks_nothing_ends() -> None:
    async with serving(stream_idle_timeout=0.05) as running:
        refusal = await asyncio.wait_for(running.refused(running.client.both(REFLECTION, None)), 10)
        assert (refusal.code, refusal.reason) == ("DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED")
        assert refusal.info.metadata["name"] == "stream_idle_timeout"


async def test_a_reader_that_takes_nothing_ends_its_export_and_is_told_why() -> None:
    async def large(request: ExportRequest, call: Call) -> AsyncIterator[ExportResponse]:
        while True:
            yield ExportResponse(next_page_token="x" * 1_000_000)

    async with serving(bulk={"Export": large}, stream_idle_timeout=0.2) as running:
        call = running.client.stream(EXPORT)
        await call.read()
        await asyncio.wait_for(running.observer.spans[0].done.wait(), 30)
        assert running.observer.spans[0].ended == [("DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED")]
        refusal = await running.refused(call)
        assert refusal.info.metadata["name"] == "stream_idle_timeout"
        assert "0.2 s" in refusal.message


async def test_a_stream_of_requests_whose_servicer_counts_by_itself_is_told_how_long() -> None:
    told: list[float | None] = []

    async def noting(requests: AsyncIterator[ImportRequest], call: Call) -> AsyncIterator[ImportResponse]:
        told.append(call.idle_timeout)
        yield ImportResponse()

    async with serving(bulk={"Import": noting}, stream_idle_timeout=7.0) as running:
        await opened(running, "writer")
        assert told == [7.0]


async def _answer(call: Any) -> bytes:
    raw: bytes = await call
    return raw
