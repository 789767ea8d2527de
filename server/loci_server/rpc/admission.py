"""How many calls are served at once: in this process, and for one tenant. Beyond that they are refused, not queued."""

import asyncio
from typing import Final, Protocol

from loci_server.errors import TooManyRequests

RETRY_AFTER: Final = 0.5
"""Seconds a refused caller is told to wait."""


EXPELLED: Final = "expelled"
"""What a task is cancelled with that had its time and did not end."""


class Rates(Protocol):
    """How many calls tenants may make."""

    async def charge(self, tenant_key: int, /) -> None:
        """One more is made. Raises RateLimited."""


class Admission:
    """The running calls. Each `enter` that did not raise is paired with one `leave`, whatever happens between."""

    def __init__(self, per_process: int, per_tenant: int, kind: str = "calls", name: str = "max_in_flight") -> None:
        """`kind` of calls and `name` of the limit are for those who are refused."""
        self._kind = kind
        self._name = name
        self._per_process = per_process
        self._per_tenant = per_tenant
        self._tasks: set[asyncio.Task[object]] = set()
        self._tenants: dict[int, int] = {}
        self._idle = asyncio.Event()

    @property
    def running(self) -> int:
        """Calls in this process."""
        return len(self._tasks)

    def enter(self) -> None:
        """Let the current task in. Raises TooManyRequests when the process is full."""
        if len(self._tasks) >= self._per_process:
            raise self._full(self._per_process, "process", self._name)
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)

    def leave(self) -> None:
        self._tasks.discard(asyncio.current_task())
        if not self._tasks:
            self._idle.set()

    def enter_tenant(self, tenant_key: int) -> None:
        """Raises TooManyRequests when the tenant has as many calls as it may."""
        running = self._tenants.get(tenant_key, 0)
        if running >= self._per_tenant:
            raise self._full(self._per_tenant, "tenant", f"{self._name}_per_tenant")
        self._tenants[tenant_key] = running + 1

    def _full(self, limit: int, scope: str, name: str) -> TooManyRequests:
        return TooManyRequests(limit=limit, kind=self._kind, scope=scope, name=name, retry_after=RETRY_AFTER)

    def leave_tenant(self, tenant_key: int) -> None:
        running = self._tenants[tenant_key]
        if running == 1:
            del self._tenants[tenant_key]
        else:
            self._tenants[tenant_key] = running - 1

    def running_of(self, tenant_key: int) -> int:
        """Calls of a tenant in this process."""
        return self._tenants.get(tenant_key, 0)

    async def wait_idle(self) -> None:
        """Returns once no call is running."""
        while self._tasks:
            self._idle.clear()
            await self._idle.wait()

    def expel(self) -> None:
        """Cancel every call that is running; its caller is told that the server is draining."""
        for task in self._tasks:
            task.cancel(EXPELLED)
