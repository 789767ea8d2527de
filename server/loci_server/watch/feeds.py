"""The readers of all graphs of a tenant: each makes passes over them, when there may be something new."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from loci_server.identity.grants import ALL_GRAPHS, Grants
from loci_server.store.feed import Feed, Moment
from loci_server.store.handles import Handles
from loci_server.watch.ending import Ending
from loci_server.watch.sweep import Passed, Standing, Sweep

POLL = 1.0
"""Seconds between passes if nobody tells of commits."""
REST = 4.0
"""A pass that cost t seconds is followed by a rest of at least REST × t."""
SHORTEST_REST = 0.005


@dataclass(frozen=True, slots=True)
class Tick:
    """What was passed, and where the reader stands now. Nothing passed: all is quiet."""

    standing: Standing
    passed: Sequence[Passed]


class Feeds:
    """Wakes the readers of tenants."""

    def __init__(self, feed: Feed, handles: Handles) -> None:
        self._feed = feed
        self._handles = handles
        self._news: dict[int, set[asyncio.Event]] = defaultdict(set)

    def wake(self, keys: Iterable[tuple[int, int]]) -> None:
        """These graphs, by tenant and own key, have new commits, it is said."""
        for tenant in {tenant for tenant, _ in keys}:
            for event in self._news.get(tenant, ()):
                event.set()

    def wake_all(self) -> None:
        """Hints may have been missed."""
        for events in self._news.values():
            for event in events:
                event.set()

    async def now(self, tenant_key: int) -> Moment:
        """What the database has seen."""
        return await self._feed.now(tenant_key)

    async def knows(self, tenant_key: int, standing: Standing) -> bool:
        """Whether the log is the one in which a reader stood there."""
        return standing.witness is None or await self._feed.holds(tenant_key, standing.witness)

    async def follow(
        self,
        tenant_key: int,
        standing: Standing,
        quiet: float,
        ending: Ending,
        grants: Grants = ALL_GRAPHS,
        *,
        before: bool,
        facts: bool,
    ) -> AsyncGenerator[Tick, None]:
        """What happens in all graphs that are granted from `standing` on, without an end; and a tick with nothing when
        `quiet` seconds have passed without, or `ending` is reached. `facts` as for `entries`. Raises
        RevisionCompacted."""
        clock = asyncio.get_running_loop().time
        sweep = Sweep(self._feed, self._handles, tenant_key, grants, before=before, facts=facts)
        news = asyncio.Event()
        self._news[tenant_key].add(news)
        due = clock() + quiet
        try:
            while True:
                news.clear()
                begun, spent = clock(), 0.0
                async with aclosing(sweep.run(standing)) as pages:
                    async for page in pages:
                        spent += clock() - begun
                        standing = page[-1].standing
                        told = [passed for passed in page if passed.entry or passed.event]
                        if told:
                            due = clock() + quiet
                            yield Tick(standing, told)
                        if ending.reached or clock() >= due:
                            due = clock() + quiet
                            yield Tick(standing, ())
                        begun = clock()
                rest = max(SHORTEST_REST, REST * spent)
                until = min(due, ending.at)
                await asyncio.sleep(min(rest, max(0.0, until - clock())))
                await self._wait(news, ending, min(max(POLL, rest), max(0.0, until - clock())))
        finally:
            self._news[tenant_key].discard(news)
            if not self._news[tenant_key]:
                del self._news[tenant_key]

    async def _wait(self, news: asyncio.Event, ending: Ending, timeout: float) -> None:
        waiting = [asyncio.create_task(event.wait()) for event in (news, ending.draining)]
        try:
            await asyncio.wait(waiting, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
