"""One watcher: where it stands in the log of a graph, and the messages that take it on."""

import asyncio
from collections.abc import Iterator, Sequence
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
    written: int
    """When, in microseconds since 1970."""
    commit: bytes
    """A serialized CommitChanges."""


@dataclass(frozen=True, slots=True)
class Step:
    """All that is wanted between two places."""

    start: Place
    end: Place
    written: int
    """When the revision of `end` was, in microseconds since 1970; 0: there was none yet."""
    told: Sequence[Told]


class Watcher:
    """One who waits for news, reads them, and tells what is wanted of them, over and over."""

    __slots__ = ("_ahead", "_due", "_filter", "_place", "_quiet", "_told", "_written", "ending", "tailer")

    def __init__(
        self, tailer: Tailer, start: Place, written: int, filter: Filter, quiet: float, ending: Ending
    ) -> None:
        self.tailer = tailer
        self._filter = filter
        self._quiet = quiet
        self.ending = ending
        self._place = self._told = start
        self._written = written
        self._due = now()
        """loop.time() of the next step, if there is nothing to tell before."""
        self._ahead: Ahead | None = None

    def news(self) -> asyncio.Future[None] | None:
        """Done when there may be something to read, or a step is due. None: at once."""
        if self.ending.reached:
            return None  # a stir while a message was written has passed by
        return self.tailer.news(self._place, min(self._due, self.ending.at))

    async def read(self) -> Sequence[Entry]:
        """What there is to tell. Raises GraphNotFound, RevisionCompacted."""
        found = self.tailer.behind(self._place)
        if found is None:
            self._ahead = self._ahead or Ahead(self.tailer, facts=not self._filter.passes_all)
            return await self._ahead.behind(self._place)
        await self.aclose()
        return found

    def steps(self, found: Sequence[Entry]) -> Iterator[Step]:
        """What was read; and a step that tells nothing at first, when `quiet` seconds have passed without, or `ending`
        is reached."""
        for step in steps(self._place, self._written, found, self._filter):
            self._place, self._written = step.end, step.written
            if step.told:
                yield Step(self._told, self._place, self._written, step.told)
                self._told, self._due = self._place, now() + self._quiet
        if self.ending.reached or now() >= self._due:
            yield Step(self._told, self._place, self._written, ())
            self._told, self._due = self._place, now() + self._quiet

    async def aclose(self) -> None:
        """Drops what was read ahead."""
        if self._ahead is not None:
            await self._ahead.aclose()
            self._ahead = None


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


def steps(start: Place, written: int, found: Sequence[Entry], filter: Filter) -> list[Step]:
    """The entries behind `start`, cut into steps of about MESSAGE_BYTES."""
    result: list[Step] = []
    told: list[Told] = []
    size = 0
    place = start
    for entry in found:
        written = entry.written or written
        if (commit := filter.of(entry)) is not None:
            told.append(Told(entry.end, written, commit))
            size += len(commit)
        place = entry.end
        if size >= MESSAGE_BYTES:
            result.append(Step(start, place, written, told))
            start, told, size = place, [], 0
    if place > start:
        result.append(Step(start, place, written, told))
    return result


def now() -> float:
    return asyncio.get_running_loop().time()
