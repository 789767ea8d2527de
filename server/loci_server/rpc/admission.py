"""How many calls are served at once: in this process, and for one tenant. Beyond that they are refused, not queued."""

import asyncio
from typing import Final

from loci_server.errors import TooManyRequests

RETRY_AFTER: Final = 0.5
"""Seconds a refused caller is told to wait."""


class Admission:
    """Counts of running calls. Each `enter` that did not raise is paired with one `leave`, whatever happens between."""

    def __init__(self, per_process: int, per_tenant: int) -> None:
        self._per_process = per_process
        self._per_tenant = per_tenant
        self._tenants: dict[int, int] = {}
        self._idle = asyncio.Event()
        self.running = 0
        """Calls in this process."""

    def enter(self) -> None:
        """Raises TooManyRequests when the process is full."""
        if self.running >= self._per_process:
            raise TooManyRequests(limit=self._per_process, scope="process", retry_after=RETRY_AFTER)
        self.running += 1

    def leave(self) -> None:
        self.running -= 1
        if not self.running:
            self._idle.set()

    def enter_tenant(self, tenant_key: int) -> None:
        """Raises TooManyRequests when the tenant has as many calls as it may."""
        running = self._tenants.get(tenant_key, 0)
        if running >= self._per_tenant:
            raise TooManyRequests(limit=self._per_tenant, scope="tenant", retry_after=RETRY_AFTER)
        self._tenants[tenant_key] = running + 1

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
        while self.running:
            self._idle.clear()
            await self._idle.wait()
