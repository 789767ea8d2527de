"""A stream ends soon after its credential does, also if nothing moves on it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from loci.v1.bulk_service_pb2 import ExportRequest, ExportResponse, ImportResponse
from loci_server.errors import CredentialInvalid, DatabaseUnavailable, LociError
from loci_server.rpc.call import Call
from loci_server.rpc.guard import Guard
from tests.unit.rpc.harness import EXPORT, IMPORT, Running, serving
from tests.waiting import eventually

SOON = 10.0


async def quiet(request: ExportRequest, call: Call) -> AsyncIterator[ExportResponse]:
    yield ExportResponse()
    await asyncio.Event().wait()


async def unread(requests: AsyncIterator[Any], call: Call) -> AsyncIterator[ImportResponse]:
    async for _ in requests:
        yield ImportResponse()


async def ended(running: Running, call: Any) -> str:
    async with asyncio.timeout(SOON):
        return (await running.refused(call)).reason


async def test_a_stream_on_which_nothing_moves_ends_when_its_key_is_revoked() -> None:
    async with serving(bulk={"Export": quiet, "Import": unread}) as running:
        answers, asks = running.client.stream(EXPORT), running.client.both(IMPORT)
        other = running.client.stream(EXPORT, key="other")
        await answers.read()
        await other.read()
        await asks.write(b"")
        await asks.read()
        running.keys.revoke("writer")
        assert await ended(running, answers) == "CREDENTIAL_INVALID"
        assert await ended(running, asks) == "CREDENTIAL_INVALID"

        async def left() -> bool:
            return running.pipeline.running == 1

        await eventually(left, within=SOON, every=0.01)  # their callers may know a moment before their room is free
        assert not other.done()
        other.cancel()


class Stream:
    refusal: LociError | None = None


async def test_a_stream_is_left_while_nobody_can_be_asked_and_ended_once_its_key_is_known_to_be_bad() -> None:
    guard, stream, asked = Guard(every=0.0), Stream(), 0

    async def identify() -> None:
        nonlocal asked
        asked += 1
        raise CredentialInvalid if asked > 3 else DatabaseUnavailable

    with guard.over(stream, identify), pytest.raises(asyncio.CancelledError):
        await asyncio.Event().wait()
    assert isinstance(stream.refusal, CredentialInvalid)
    assert asked == 4


async def test_streams_that_have_ended_are_not_asked_about() -> None:
    guard, asked = Guard(every=0.0), asyncio.Event()

    async def identify() -> None:
        asked.set()

    with guard.over(Stream(), identify):
        await asyncio.wait_for(asked.wait(), SOON)
    asked.clear()
    for _ in range(10):
        await asyncio.sleep(0)
    assert not asked.is_set()
