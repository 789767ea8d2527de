"""What a watch of one graph tells, for tests."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from loci import AsyncClient, errors, names
from loci.v1 import watch_service_pb2 as pb
from loci.v1.change_pb2 import ChangeKind
from loci.v1.watch_service_pb2_grpc import WatchServiceStub
from tests.calls import bare_calls
from tests.server import RunningServer

LIMIT = 30.0
"""Seconds in which something is told, at the latest."""


async def take(watch: Any, count: int) -> list[pb.CommitChanges]:
    """The first commits of a watch."""
    found: list[pb.CommitChanges] = []
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(LIMIT) as limit:
        async for commit in watch:
            found.append(commit)
            if len(found) == count:
                return found
            limit.reschedule(loop.time() + LIMIT)
    raise AssertionError("the watch ended")


@asynccontextmanager
async def messages(
    server: RunningServer, client: AsyncClient, **fields: Any
) -> AsyncIterator[AsyncIterator[pb.WatchResponse]]:
    """The bare messages of a watch of the graph g."""
    key = (await client.create_api_key(["read"])).secret
    async with bare_calls(server, key) as bare:
        request = pb.WatchRequest(parent="graphs/g", **fields)
        call = WatchServiceStub(bare.channel).Watch(request, metadata=bare.metadata)
        try:
            yield aiter(call)
        finally:
            call.cancel()


async def refusal(client: AsyncClient, **options: Any) -> errors.LociError:
    """Why a watch of the graph g fails."""
    with pytest.raises(errors.LociError) as raised:
        await take(client.watch("g", **options), 1)
    return raised.value


def told(commits: list[pb.CommitChanges]) -> list[list[tuple[str, str]]]:
    """Kind and id of each change of each commit."""
    return [
        [(ChangeKind.Name(change.kind)[12:].lower(), names.id_of(change.name)) for change in commit.changes]
        for commit in commits
    ]
