"""Turns of what reads a whole graph: a page at a time, so that a long scan keeps nobody waiting for its end.

Few run at once, in a process and of one tenant. The tenants that wait come one after the other, the scans of a tenant
in the order in which they came; who has read a page goes to the end.
"""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from math import inf
from typing import Final

from loci_server.errors import DeadlineExceeded, TooManyScans

AT_ONCE: Final = 4
"""In a process."""
AT_ONCE_OF_A_TENANT: Final = 2
RETRY_AFTER: Final = 2.0
"""Seconds that the caller of one who waited in vain is told to wait."""


@dataclass(frozen=True, slots=True)
class Scan:
    """Who wants turns, since when and until when, by loop.time()."""

    tenant_key: int
    begun: float
    deadline: float = inf


@dataclass(slots=True)
class Line:
    """The scans of a tenant that wait."""

    served: float
    """When one of the tenant last had a turn, by loop.time()."""
    waiting: deque["asyncio.Future[None]"] = field(default_factory=deque)


class Turns:
    """Those of one process."""

    def __init__(self, at_once: int = AT_ONCE, of_a_tenant: int = AT_ONCE_OF_A_TENANT) -> None:
        self._at_once = at_once
        self._of_a_tenant = of_a_tenant
        self._running: Counter[int] = Counter()
        self._lines: dict[int, Line] = {}
        """By tenant, in the order of their next turns."""

    @asynccontextmanager
    async def turn(self, scan: Scan, patience: float = inf) -> AsyncIterator[None]:
        """Room to read a page. `patience`: seconds that are waited while no scan of the tenant has a turn; for those of
        the own tenant it is waited until the deadline. Raises TooManyScans, DeadlineExceeded."""
        mine = asyncio.get_running_loop().create_future()
        line = self._lines.setdefault(scan.tenant_key, Line(scan.begun))
        line.waiting.append(mine)
        self._give()
        try:
            await self._wait(scan, line, mine, patience)
            yield
        finally:
            if mine.done():
                self._end(scan.tenant_key)
            else:
                self._withdraw(scan.tenant_key, line, mine)

    async def _wait(self, scan: Scan, line: Line, mine: "asyncio.Future[None]", patience: float) -> None:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        if begun >= scan.deadline:
            raise _too_late(scan)
        while not mine.done():
            now = loop.time()
            alone_since = now if self._running[scan.tenant_key] else max(begun, line.served)
            left = min(scan.deadline, alone_since + patience) - now
            if left > 0:
                await asyncio.wait([mine], timeout=None if left == inf else left)
            elif now >= scan.deadline:
                raise _too_late(scan)
            else:
                raise TooManyScans(limit=self._at_once, scope="process", name="scans_at_once", retry_after=RETRY_AFTER)

    def _give(self) -> None:
        """Turns to those who are next, as long as there is room."""
        while self._running.total() < self._at_once:
            room = (tenant for tenant in self._lines if self._running[tenant] < self._of_a_tenant)
            tenant = next(room, None)
            if tenant is None:
                return
            line = self._lines.pop(tenant)
            line.waiting.popleft().set_result(None)
            if line.waiting:
                self._lines[tenant] = line
            self._running[tenant] += 1

    def _end(self, tenant: int) -> None:
        self._running[tenant] -= 1
        if not self._running[tenant]:
            del self._running[tenant]
        line = self._lines.pop(tenant, None)
        if line is not None:  # goes behind those who came during the turn
            line.served = asyncio.get_running_loop().time()
            self._lines[tenant] = line
        self._give()

    def _withdraw(self, tenant: int, line: Line, mine: "asyncio.Future[None]") -> None:
        line.waiting.remove(mine)
        if not line.waiting:
            del self._lines[tenant]


def _too_late(scan: Scan) -> DeadlineExceeded:
    return DeadlineExceeded(seconds=f"{scan.deadline - scan.begun:.3g}")
