"""Deadlines, cancellation and the number of calls at once."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import grpc
import pytest
from google.rpc.error_details_pb2 import QuotaFailure, RetryInfo

from loci.v1.bulk_service_pb2 import ExportRequest, ExportResponse
from loci.v1.node_service_pb2 import GetNodeRequest, GetNodeResponse
from loci_server.rpc.call import Call
from tests.unit.rpc.harness import CREATE_NODE, EXPORT, GET_NODE, serving


class Waiting:
    """A servicer's method that tells when it runs, and ends when it is let go or cancelled."""

    def __init__(self) -> None:
        self.entered = asyncio.Semaphore(0)
        self.go = asyncio.Event()
        self.cancelled = asyncio.Event()

    @property
    def unary(self) -> Callable[[Any, Call], Coroutine[Any, Any, GetNodeResponse]]:
        async def wait(request: GetNodeRequest, call: Call) -> GetNodeResponse:
            await self._wait()
            return GetNodeResponse()

        return wait

    @property
    def stream(self) -> Callable[[Any, Call], AsyncIterator[ExportResponse]]:
        async def wait(request: ExportRequest, call: Call) -> AsyncIterator[ExportResponse]:
            yield ExportResponse()
            await self._wait()

        return wait

    async def _wait(self) -> None:
        self.entered.release()
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.cancelled.set()
            raise


async def test_a_call_that_names_no_deadline_gets_the_default_one() -> None:
    waiting = Waiting()
    async with serving({"GetNode": waiting.unary}, default_deadline=0.05) as running:
        refusal = await running.refused(running.client.unary(GET_NODE))
        assert (refusal.code, refusal.reason) == ("DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED")
        assert "0.05 s" in refusal.message
        assert waiting.cancelled.is_set()
        assert running.observer.spans[0].ended == [("DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED")]
        assert running.pipeline.admission.running == 0


async def test_a_deadline_that_is_too_long_is_cut() -> None:
    async with serving({"GetNode": Waiting().unary}, max_deadline=0.05) as running:
        refusal = await running.refused(running.client.unary(GET_NODE, timeout=60))
        assert (refusal.code, refusal.info.metadata["seconds"]) == ("DEADLINE_EXCEEDED", "0.05")


async def test_work_that_hides_its_cancellation_still_ends_as_deadline_exceeded() -> None:
    async def stubborn(request: GetNodeRequest, call: Call) -> GetNodeResponse:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise RuntimeError("connection lost") from None
        return GetNodeResponse()

    async with serving({"GetNode": stubborn}, default_deadline=0.05) as running:
        assert (await running.refused(running.client.unary(GET_NODE))).code == "DEADLINE_EXCEEDED"


async def test_a_stream_without_a_deadline_has_none() -> None:
    waiting = Waiting()
    async with serving(bulk={"Export": waiting.stream}, default_deadline=0.01, max_deadline=0.01) as running:
        call = running.client.stream(EXPORT)
        await waiting.entered.acquire()
        assert not await _within(0.1, waiting.cancelled.wait())
        waiting.go.set()
        assert [raw async for raw in call] == [b""]


@pytest.mark.parametrize("is_stream", [False, True])
async def test_a_deadline_of_the_caller_ends_the_work_and_is_recorded_as_one(is_stream: bool) -> None:
    waiting = Waiting()
    async with serving({"GetNode": waiting.unary}, {"Export": waiting.stream}) as running:
        call = running.client.stream(EXPORT, timeout=0.1) if is_stream else running.client.unary(GET_NODE, timeout=0.1)
        with pytest.raises(grpc.aio.AioRpcError) as raised:
            _ = [raw async for raw in call] if is_stream else await call
        assert raised.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
        await asyncio.wait_for(running.observer.spans[0].done.wait(), 5)
        assert waiting.cancelled.is_set()
        assert running.observer.spans[0].ended == [("DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED")]


@pytest.mark.parametrize("is_stream", [False, True])
async def test_a_caller_who_leaves_cancels_the_work_and_is_recorded_as_cancelled(is_stream: bool) -> None:
    waiting = Waiting()
    async with serving({"GetNode": waiting.unary}, {"Export": waiting.stream}) as running:
        call = running.client.stream(EXPORT) if is_stream else running.client.unary(GET_NODE)
        await waiting.entered.acquire()
        call.cancel()
        await asyncio.wait_for(waiting.cancelled.wait(), 5)
        await asyncio.wait_for(running.observer.spans[0].done.wait(), 5)
        assert running.observer.spans[0].ended == [("CANCELLED", "CANCELLED")]
        await asyncio.wait_for(running.pipeline.admission.wait_idle(), 5)
        assert running.pipeline.admission.running_of(1) == 0


async def test_a_cancellation_that_nobody_asked_for_is_a_defect_and_is_answered() -> None:
    async def broken(request: GetNodeRequest, call: Call) -> GetNodeResponse:
        raise asyncio.CancelledError

    async with serving({"GetNode": broken}) as running:
        assert (await running.refused(running.client.unary(GET_NODE))).code == "INTERNAL"


async def test_more_calls_than_the_process_may_have_are_refused_and_told_when_to_repeat() -> None:
    waiting = Waiting()
    async with serving({"GetNode": waiting.unary}, max_in_flight=2) as running:
        calls = [asyncio.ensure_future(_answer(running.client.unary(GET_NODE))) for _ in range(2)]
        for _ in calls:
            await waiting.entered.acquire()
        refusal = await running.refused(running.client.unary(CREATE_NODE, key="other"))
        assert (refusal.code, refusal.reason) == ("RESOURCE_EXHAUSTED", "TOO_MANY_REQUESTS")
        assert refusal.detail(RetryInfo).retry_delay.ToMilliseconds() == 500
        assert refusal.detail(QuotaFailure).violations[0].subject == "process"
        assert refusal.info.metadata["name"] == "max_in_flight"
        waiting.go.set()
        await asyncio.gather(*calls)
        await running.client.unary(CREATE_NODE)


async def test_a_tenant_with_too_many_calls_does_not_keep_another_out() -> None:
    waiting = Waiting()
    async with serving({"GetNode": waiting.unary}, max_in_flight_per_tenant=1) as running:
        call = asyncio.ensure_future(_answer(running.client.unary(GET_NODE, key="reader")))
        await waiting.entered.acquire()
        refusal = await running.refused(running.client.unary(CREATE_NODE, key="writer"))
        assert refusal.detail(QuotaFailure).violations[0].subject == "tenant"
        assert refusal.info.metadata["name"] == "max_in_flight_per_tenant"
        await running.client.unary(CREATE_NODE, key="other")
        waiting.go.set()
        await call
        await running.client.unary(CREATE_NODE, key="writer")


async def test_counts_are_right_after_every_way_a_call_can_end() -> None:
    async def fails(request: Any, call: Call) -> GetNodeResponse:
        raise ZeroDivisionError

    async with serving({"GetNode": fails}, max_in_flight=1, max_in_flight_per_tenant=1) as running:
        for key in ("reader", None, "nobody", "operator"):
            for _ in range(2):
                refusal = await running.refused(running.client.unary(GET_NODE, key=key))
                assert refusal.code != "RESOURCE_EXHAUSTED"
        assert (await running.refused(running.client.unary(GET_NODE, b"\xff"))).reason == "UNDECODABLE_MESSAGE"
        assert (running.pipeline.admission.running, running.pipeline.admission.running_of(1)) == (0, 0)


async def _within(seconds: float, done: Coroutine[Any, Any, Any]) -> bool:
    try:
        await asyncio.wait_for(done, seconds)
    except TimeoutError:
        return False
    return True


async def _answer(call: Any) -> bytes:
    raw: bytes = await call
    return raw
