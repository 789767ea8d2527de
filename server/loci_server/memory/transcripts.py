"""The order of what was said in a session, read from any place on.

Each turn has at most one after it (its first NEXT edge) and one before it (of those that lead to it, the earliest), so
that a session is chains, as a rule one. They are told in the order of their first turns, by time; a chain costs what is
read of it. Only who looks for the first turn of a chain looks at all turns of the session, in the database. Rings of
turns come last, if there are more turns than were told.
"""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from loci_server.domain.claims import EPISODES
from loci_server.domain.row import Row
from loci_server.store.handles import GraphHandle
from loci_server.store.items import Items
from loci_server.store.times import EPOCH, MICROSECOND, microseconds

TYPES: Final = sorted(EPISODES)
READ_AT_ONCE: Final = 1000
"""Turns of a session of which rings are looked for."""


class Turn(NamedTuple):
    """A turn, and what chains are ordered by: when it was said, and when it was written (microseconds since 1970)."""

    said: int
    written: int
    id: str

    @classmethod
    def of(cls, row: Row) -> "Turn":
        return cls(microseconds(row["said"]), microseconds(row["create_time"]), row["id"])


@dataclass(frozen=True, slots=True)
class Position:
    """Behind which turn a transcript stands, with which one its chain began, and how many were told before it."""

    told: int
    first: Turn
    last: Turn
    ring: int = 0
    """How many were told of those that lie in rings, which come last."""

    def encode(self) -> bytes:
        return json.dumps([self.told, *self.first, *self.last, self.ring]).encode()

    @classmethod
    def decode(cls, position: bytes) -> "Position":
        """Raises ValueError."""
        found = json.loads(position)
        if not isinstance(found, list):
            raise ValueError("no position of a transcript")
        told, said, written, first, last_said, last_written, last, ring = found
        return cls(int(told), Turn(said, written, first), Turn(last_said, last_written, last), int(ring))


@dataclass(frozen=True, slots=True)
class Transcript:
    """That of one session, by the tokens of the property that its turns have."""

    items: Items
    handle: GraphHandle
    tokens: Sequence[int]

    async def behind(self, at: Position | None, ahead: int) -> AsyncGenerator[Position, None]:
        """All turns behind a place, or from the first one on; `ahead` are read at once. Raises GraphNotFound."""
        told, begun = (at.told, at.ring) if at is not None else (0, 0)
        if at is not None and not begun:
            async for position in self._chain(at, ahead):
                told = position.told
                yield position
        if not begun:
            async for position in self._further(at, told, ahead):
                told = position.told
                yield position
        if told < await self._count():
            for place, turn in enumerate((await self._rings())[begun:], 1):
                yield Position(told + place, turn, turn, begun + place)

    async def _chain(self, at: Position, ahead: int) -> AsyncIterator[Position]:
        """The turns behind one, until nothing follows."""
        told, last = at.told, at.last
        while True:
            rows = await self._fetch("session_chain", last.id, at.first.id, ahead)
            for row in rows:
                told, last = told + 1, Turn.of(row)
                yield Position(told, at.first, last)
            if len(rows) < ahead:
                return

    async def _further(self, at: Position | None, told: int, ahead: int) -> AsyncIterator[Position]:
        """The chains that begin behind that of a turn, after `told` turns."""
        after = Turn(microseconds(EPOCH.min.replace(tzinfo=EPOCH.tzinfo)), 0, "")
        if at is not None:
            # If the first turn is gone meanwhile, the second one begins the chain now, which was told.
            there = await self.items.fetch("existing_nodes", self.handle, [at.first.id])
            after = at.first if there else at.last
        while True:
            times = (EPOCH + after.said * MICROSECOND, EPOCH + after.written * MICROSECOND)
            rows = await self._fetch("session_heads", *times, after.id, ahead)
            for row in rows:
                after, told = Turn.of(row), told + 1
                begin = Position(told, after, after)
                yield begin
                async for position in self._chain(begin, ahead):
                    told = position.told
                    yield position
            if len(rows) < ahead:
                return

    async def _rings(self) -> list[Turn]:
        """The turns that no first turn leads to, ring by ring."""
        turns: dict[str, Turn] = {}
        following: dict[str, str | None] = {}
        after = ""
        while rows := await self._fetch("session_turns", after, READ_AT_ONCE):
            turns |= {row["id"]: Turn.of(row) for row in rows}
            following |= {row["id"]: row["next"] for row in rows}
            after = rows[-1]["id"]
        return rings(turns, following)

    async def _count(self) -> int:
        rows = await self._fetch("session_count")
        count: int = rows[0]["turns"]
        return count

    async def _fetch(self, name: str, *arguments: object) -> list[Row]:
        return [*await self.items.fetch(name, self.handle, self.tokens, TYPES, *arguments)]


def rings(turns: Mapping[str, Turn], following: Mapping[str, str | None]) -> list[Turn]:
    """The turns that only turns lead to that they lead to themselves; each ring from its earliest turn on."""
    before: dict[str, str] = {}
    for one in sorted(turns.values()):
        after = following[one.id]
        if after is not None and after in turns:
            before.setdefault(after, one.id)
    links = {one: after for after, one in before.items()}
    left = dict(turns)
    turn: str | None
    for first in turns.keys() - before.keys():
        turn = first
        while turn is not None:
            left.pop(turn, None)
            turn = links.get(turn)
    found: dict[str, Turn] = {}
    for earliest in sorted(left.values()):
        turn = earliest.id
        while turn is not None and turn not in found:
            found[turn] = turns[turn]
            turn = links.get(turn)
    return [*found.values()]
