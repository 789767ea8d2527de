"""When API keys were last used, noted in the process and written together: no call ever waits for a write, or makes
one."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, NamedTuple, Protocol

import asyncpg

from loci_server.errors import Unavailable

PAUSE: Final = 5.0
INTERVAL: Final = 60.0
"""Seconds between two writes of one key."""
MAX_KEYS: Final = 50_000
"""Keys that are known at a time. Of the longest unused one is forgotten what was not written."""


class KeyUse(NamedTuple):
    """A loci.key_use: when a key was used."""

    tenant_key: int
    key_id: int
    time: datetime


class KeyBook(Protocol):
    async def note_uses(self, uses: list[KeyUse], /) -> None: ...


class _Known:
    """A key, as this process has seen it."""

    __slots__ = ("used", "written")

    def __init__(self) -> None:
        self.used: datetime | None = None
        """What is to be written."""
        self.written = float("-inf")
        """By the clock."""


class KeyUses:
    """Those of one process."""

    def __init__(self, book: KeyBook, clock: Callable[[], float] = time.monotonic) -> None:
        self._book = book
        self._clock = clock
        self._known: OrderedDict[tuple[int, int], _Known] = OrderedDict()

    def note(self, tenant_key: int, key_id: int) -> None:
        """A key is being used."""
        key = tenant_key, key_id
        self._known.setdefault(key, _Known()).used = datetime.now(UTC)
        self._known.move_to_end(key)
        while len(self._known) > MAX_KEYS:
            self._known.popitem(last=False)

    async def run(self) -> None:
        """Writes what is due, until cancelled."""
        while True:
            await asyncio.sleep(PAUSE)
            try:
                await self.write(INTERVAL)
            except (Unavailable, asyncpg.PostgresError):
                continue  # health tells of it

    async def flush(self) -> None:
        """Writes all. Raises Unavailable."""
        await self.write(0.0)

    async def write(self, interval: float) -> None:
        """Writes the uses of keys that were not written for so many seconds. Of what fails nothing is lost."""
        now = self._clock()
        due = {
            key: known.used
            for key, known in self._known.items()
            if known.used is not None and known.written <= now - interval
        }
        if not due:
            return
        # In one order, so that no two processes wait for each other.
        await self._book.note_uses([KeyUse(*key, used) for key, used in sorted(due.items())])
        for key, used in due.items():
            if (known := self._known.get(key)) is not None:
                known.written = now
                if known.used == used:
                    known.used = None
