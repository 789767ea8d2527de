"""What a watch of all graphs tells, for tests."""

import asyncio
from collections import defaultdict
from typing import Any

from loci.v1 import watch_service_pb2 as pb
from tests.waiting import eventually

LIMIT = 60.0
CREATED, DELETED, RESTORED = 1, 2, 3


class Seen:
    """What a watch of all graphs has told."""

    def __init__(self) -> None:
        self.commits: dict[str, list[int]] = defaultdict(list)
        self.events: list[tuple[str, int]] = []
        self.token = ""
        self.tokens: list[str] = []

    def add(self, told: Any) -> None:
        graph = told.graph.removeprefix("graphs/")
        if isinstance(told, pb.GraphEvent):
            self.events.append((graph, told.kind))
            return
        self.commits[graph].append(told.revision)
        self.tokens.append(told.resume_token)

    @property
    def count(self) -> int:
        return sum(map(len, self.commits.values()))


async def take(watch: Any, count: int, *, events: int = 0) -> Seen:
    """The first commits of a watch of all graphs, and at least so many events."""
    seen = Seen()
    async with asyncio.timeout(LIMIT):
        async for told in watch:
            seen.add(told)
            if seen.count >= count and len(seen.events) >= events:
                return seen
    raise AssertionError("the watch ended")


async def begun(watch: Any) -> None:
    """Returns once the server has told where the watch stands."""

    async def stands() -> bool:
        return bool(watch.resume_token)

    await eventually(stands)
