"""How many calls are served at once: in this process, and of one tenant. Beyond that they are refused, not queued."""

import asyncio
from typing import Final, Protocol

from loci_server.errors import TooManyRequests

RETRY_AFTER: Final = 0.5
"""Seconds a refused caller is told to wait."""
RESERVE: Final = 16
"""Places beyond both limits, for operators: who is to find out why a server is full must get in."""


EXPELLED: Final = "expelled"
"""What a task is cancelled with that had its time and did not end."""


class Rates(Protocol):
    """How many calls tenants may make."""

    async def charge(self, tenant_key: int, /) -> None:
        """One more is made. Raises RateLimited."""


class Admission:
    """The running calls. Each `enter` that did not raise is paired with one `leave`, whatever happens between; each
    `enter_share` with one `leave_share`."""

    def __init__(
        self,
        per_process: int,
        per_share: int,
        kind: str = "calls",
        name: str = "max_in_flight",
        share: str = "tenant",
        reserve: int = RESERVE,
    ) -> None:
        """`kind` of calls, `name` of the limit and whose `share` of it is counted are for those who are refused."""
        self._kind = kind
        self._name = name
        self._share = share
        self._per_process = per_process
        self._per_share = per_share
        self._reserve = reserve
        self._tasks: set[asyncio.Task[object]] = set()
        self._shares: dict[int | str, int] = {}
        self._placed = 0
        self._idle = asyncio.Event()

    @property
    def running(self) -> int:
        """Calls in this process."""
        return len(self._tasks)

    def enter(self) -> None:
        """Let the current task in, until it is known whose it is. Raises TooManyRequests when the process is full."""
        if len(self._tasks) >= self._per_process + self._reserve:
            raise self._full(self._per_process, "process", self._name)
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)

    def leave(self) -> None:
        self._tasks.discard(asyncio.current_task())
        if not self._tasks:
            self._idle.set()

    def enter_share(self, key: int | str, *, reserved: bool = False) -> None:
        """Count a call that is in for a tenant, or for an address. `reserved`: the reserve is there for it. Raises
        TooManyRequests when the process is full, or has as many of these as it may."""
        more = self._reserve if reserved else 0
        if self._placed >= self._per_process + more:
            raise self._full(self._per_process, "process", self._name)
        running = self._shares.get(key, 0)
        if running >= self._per_share + more:
            raise self._full(self._per_share, self._share, f"{self._name}_per_{self._share}")
        self._shares[key] = running + 1
        self._placed += 1

    def _full(self, limit: int, scope: str, name: str) -> TooManyRequests:
        return TooManyRequests(limit=limit, kind=self._kind, scope=scope, name=name, retry_after=RETRY_AFTER)

    def leave_share(self, key: int | str) -> None:
        running = self._shares[key]
        if running == 1:
            del self._shares[key]
        else:
            self._shares[key] = running - 1
        self._placed -= 1

    def running_of(self, key: int | str) -> int:
        """Calls of a tenant, or from an address, in this process."""
        return self._shares.get(key, 0)

    async def wait_idle(self) -> None:
        """Returns once no call is running."""
        while self._tasks:
            self._idle.clear()
            await self._idle.wait()

    def expel(self) -> None:
        """Cancel every call that is running; its caller is told that the server is draining."""
        for task in self._tasks:
            task.cancel(EXPELLED)
