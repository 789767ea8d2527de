"""Quotas of tenants: how many calls they may make, and how much they may have.

What a tenant has is summed up over its graphs now and then, beside the calls, and added to as this process writes: a
write costs a comparison. So a tenant may come to have more than its quota by what other processes write between two
sums.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Final, Protocol

import asyncpg

from loci_server.domain.quotas import Amount, Bucket, Quota, exceeded
from loci_server.errors import QuotaExceeded, RateLimited, Unavailable
from loci_server.store.handles import GraphHandle
from loci_server.store.items import Traits

LIFETIME: Final = 4.0
"""Seconds after which a quota is read again, and half of those for which it is used: a change holds within ten."""
SUM_SECONDS: Final = 10.0
"""Between two sums of what a tenant has …"""
SUM_REST: Final = 100.0
"""… which is more for one whose sum costs more than a hundredth of that."""
MAX_TENANTS: Final = 10_000
RETRY_AFTER: Final = 60.0
"""Seconds after which it is worth to look whether there is room."""
log = logging.getLogger(__name__)


class QuotaStore(Protocol):
    async def quota(self, tenant_key: int, /) -> Quota: ...

    async def amount(self, tenant_key: int, /) -> Amount: ...


def room(quotas: "Quotas | None", handle: GraphHandle, traits: Traits) -> AbstractAsyncContextManager[None]:
    """For a commit. Raises QuotaExceeded when it is entered."""
    adds = Amount(nodes=traits.nodes, bytes=traits.bytes)
    return nullcontext() if quotas is None else quotas.room(handle.tenant_key, adds)


class _Tenant:
    """What a process knows of one."""

    __slots__ = ("added", "bucket", "has", "known_at", "loading", "quota", "summed_at", "summing", "wait")

    def __init__(self) -> None:
        self.quota = Quota()
        self.known_at = float("-inf")
        self.loading: asyncio.Task[None] | None = None
        self.bucket: Bucket | None = None
        self.has: Amount | None = None
        """As it was summed last."""
        self.added = Amount()
        """By this process since that sum began."""
        self.summed_at = float("-inf")
        self.wait = SUM_SECONDS
        self.summing: asyncio.Task[None] | None = None


class Quotas:
    """Those of all tenants, in one process."""

    def __init__(self, store: QuotaStore, defaults: Quota, clock: Callable[[], float] = time.monotonic) -> None:
        """`defaults` hold for what the quota of a tenant does not say."""
        self._store = store
        self._defaults = defaults
        self._clock = clock
        self._tenants: OrderedDict[int, _Tenant] = OrderedDict()

    async def charge(self, tenant_key: int) -> None:
        """A call of this tenant is let in. Raises RateLimited."""
        tenant = self._tenants.get(tenant_key)
        if tenant is None or self._clock() - tenant.known_at > LIFETIME:
            tenant = await self._known(tenant_key)
        quota = tenant.quota
        if not quota.requests_per_second:
            return
        now = self._clock()
        if tenant.bucket is None:
            tenant.bucket = Bucket(quota.burst, now)
        wait = tenant.bucket.take(quota.requests_per_second, quota.burst, now)
        if wait:
            raise RateLimited(limit=quota.requests_per_second, name="requests_per_second", retry_after=wait)

    @asynccontextmanager
    async def room(self, tenant_key: int, adds: Amount) -> AsyncIterator[None]:
        """For a write that adds so much, which is counted unless it fails. Raises QuotaExceeded."""
        tenant = await self._known(tenant_key)
        if not tenant.quota.limits_what_is_there:
            yield
            return
        has = await self._amount(tenant_key, tenant)
        beyond = exceeded(tenant.quota, has, adds)
        if beyond is not None:
            name, limit = beyond
            raise QuotaExceeded(limit=limit, name=name, retry_after=RETRY_AFTER)
        tenant.added += adds
        try:
            yield
        except BaseException:
            tenant.added -= adds
            raise

    async def of(self, tenant_key: int) -> Quota:
        """What holds for a tenant."""
        return (await self._known(tenant_key)).quota

    async def _known(self, tenant_key: int) -> _Tenant:
        """With a quota that was read a moment ago; while the database is away, with the one that was read last."""
        tenant = self._tenants.get(tenant_key)
        if tenant is None:
            tenant = self._tenants[tenant_key] = _Tenant()
            if len(self._tenants) > MAX_TENANTS:
                self._tenants.popitem(last=False)
        self._tenants.move_to_end(tenant_key)
        age = self._clock() - tenant.known_at
        if age > LIFETIME:
            if tenant.loading is None:
                tenant.loading = asyncio.create_task(self._load(tenant_key, tenant))
            if age > 2 * LIFETIME:  # else it is read beside the calls
                await asyncio.shield(tenant.loading)
        return tenant

    async def _load(self, tenant_key: int, tenant: _Tenant) -> None:
        try:
            tenant.quota = (await self._store.quota(tenant_key)).over(self._defaults)
        except (Unavailable, asyncpg.PostgresError):
            if tenant.known_at == float("-inf"):
                tenant.quota = self._defaults
        finally:
            tenant.known_at = self._clock()
            tenant.loading = None

    async def _amount(self, tenant_key: int, tenant: _Tenant) -> Amount:
        """What the tenant has, as far as is known here. Only the first asks and waits."""
        if tenant.summing is None and self._clock() - tenant.summed_at > tenant.wait:
            tenant.summing = asyncio.create_task(self._sum(tenant_key, tenant))
        if tenant.has is None and tenant.summing is not None:
            await asyncio.shield(tenant.summing)
        return (tenant.has or Amount()) + tenant.added

    async def _sum(self, tenant_key: int, tenant: _Tenant) -> None:
        begun, before = self._clock(), tenant.added
        try:
            tenant.has = await self._store.amount(tenant_key)
            tenant.added -= before
        except (Unavailable, asyncpg.PostgresError):
            log.warning("what a tenant has cannot be summed up; its quota is held against an older sum")
        finally:
            tenant.summed_at = self._clock()
            tenant.wait = max(SUM_SECONDS, SUM_REST * (tenant.summed_at - begun))
            tenant.summing = None
