"""One watcher: where it stands in the log of a graph, and the messages that take it on."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from loci_server.store.log import Place
from loci_server.watch.ending import Ending
from loci_server.watch.entries import Entry
from loci_server.watch.filter import Filter
from loci_server.watch.tailer import Tailer

MESSAGE_BYTES = 1024 * 1024
"""After which a message is sent and the next one begun."""


@dataclass(frozen=True, slots=True)
class Told:
    """A commit that is told, and the place behind it."""

    end: Place
    commit: bytes
    """A serialized CommitChanges."""


@dataclass(frozen=True, slots=True)
class Step:
    """All that is wanted between two places."""

    start: Place
    end: Place
    told: Sequence[Told]


async def follow(
    tailer: Tailer, start: Place, filter: Filter, quiet: float, ending: Ending
) -> AsyncGenerator[Step, None]:
    """Steps from `start` on, without an end: when there is something to tell, and one that tells nothing when `quiet`
    seconds have passed without, or `ending` is reached. Raises GraphNotFound, RevisionCompacted."""
    now = asyncio.get_running_loop().time
    place = told = start
    due = now() + quiet
    async with aclosing(Ahead(tailer, facts=not filter.passes_all)) as pages:
        while True:
            found = await tailer.behind(place, max(0.0, min(due, ending.at) - now()))
            if found is None:
                found = await pages.behind(place)
            else:
                await pages.aclose()
            for step in steps(place, found, filter):
                place = step.end
                if step.told:
                    yield Step(told, place, step.told)
                    told, due = place, now() + quiet
            if ending.reached or now() >= due:
                yield Step(told, place, ())
                told, due = place, now() + quiet


class Ahead:
    """Pages of the log for one who is behind the ring: while one is told, the next is read."""

    def __init__(self, tailer: Tailer, *, facts: bool) -> None:
        self._tailer = tailer
        self._facts = facts
        self._next: asyncio.Task[Sequence[Entry]] | None = None
        self._place: Place | None = None

    async def behind(self, place: Place) -> Sequence[Entry]:
        """The entries of the page behind `place`. Raises GraphNotFound, RevisionCompacted."""
        if self._next is None or self._place != place:
            await self.aclose()
            self._next = asyncio.create_task(self._tailer.page(place, facts=self._facts))
        found = await self._next
        self._next = None
        if found:
            self._place = found[-1].end
            self._next = asyncio.create_task(self._tailer.page(self._place, facts=self._facts))
        return found

    async def aclose(self) -> None:
        """Drops what was read ahead."""
        if self._next is not None:
            self._next.cancel()
            await asyncio.gather(self._next, return_exceptions=True)
            self._next = None


def steps(start: Place, found: Sequence[Entry], filter: Filter) -> list[Step]:
    """The entries behind `start`, cut into steps of about MESSAGE_BYTES."""
    result: list[Step] = []
    told: list[Told] = []
    size = 0
    place = start
    for entry in found:
        if (commit := filter.of(entry)) is not None:
            told.append(Told(entry.end, commit))
            size += len(commit)
        place = entry.end
        if size >= MESSAGE_BYTES:
            result.append(Step(start, place, told))
            start, told, size = place, [], 0
    if place > start:
        result.append(Step(start, place, told))
    return result
