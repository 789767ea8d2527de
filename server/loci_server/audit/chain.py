"""Chaining: entries leave their inbox for the end of their tenant's chain, each with a mac over the one before it.

One process at a time has a chain, by the lock of its head; which entry comes next is decided under it, so that there is
neither a gap nor a fork.
"""

import asyncio
import hmac
import logging
import struct
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import asyncpg

from loci_server.crypto.audit import AuditKeys, TenantAuditKeys
from loci_server.domain.audit import Head, Stored
from loci_server.store.audit import Audit, HeadLost

STEP: Final = 1000
"""Entries that one transaction moves."""
TENANTS: Final = 100
"""Chains that one run goes through."""
GIVE_WAY: Final = 200
"""Entries after which others get their turn."""
CATCH_UP: Final = 20
"""Steps that a reader waits for."""
ENOUGH: Final = 500
"""Writes of this process after which the job is woken; it looks for others by itself every five seconds. A chain costs
as much for one entry as for dozens."""
STUCK: Final = (
    *(HeadLost, struct.error, ArithmeticError, ValueError),
    *(asyncpg.IntegrityConstraintViolationError, asyncpg.DataError, asyncpg.ProgramLimitExceededError),
)
"""What is raised where nothing can be put behind a chain: its head, or what stands behind it, was changed."""
BROKEN_PAUSE: Final = 60.0
"""Seconds until a chain is tried again that nothing can be put behind."""
BROKEN: Final = b""
"""The seal of a head that was changed: it never becomes good again."""
log = logging.getLogger(__name__)


class Chains:
    """Moves entries into chains, and cuts off what is past its time. `keep`: how long entries are kept; None: for
    ever."""

    def __init__(self, audit: Audit, keys: AuditKeys, keep: timedelta | None) -> None:
        self._audit = audit
        self._keys = keys
        self._keep = keep
        self._after = -1
        self._broken: dict[int, float] = {}

    async def run_once(self) -> bool:
        """A step for each of the next tenants that have something. True if there may be more."""
        tenants = await self._audit.inboxes(self._after, TENANTS)
        self._after = tenants[-1] if len(tenants) == TENANTS else -1
        moved = [await self.step(tenant_key, wait=False) for tenant_key in tenants if not self._is_put_off(tenant_key)]
        return STEP in moved or (self._after >= 0 and any(moved))

    async def step(self, tenant_key: int, *, wait: bool) -> int:
        """Moves up to STEP entries of one tenant. How many. A chain that was broken so that nothing can be put behind
        it keeps its inbox."""
        keys = self._keys.of(tenant_key)
        first_seal = keys.seal_of_head(Head().sealed(tenant_key))

        async def chained(head: Head, seal: bytes, entries: Sequence[Stored]) -> tuple[list[bytes], bytes]:
            return await linked(keys, tenant_key, head, seal, entries)

        try:
            return await self._audit.append(tenant_key, STEP, wait, first_seal, chained)
        except STUCK as error:
            self._broken[tenant_key] = time.monotonic() + BROKEN_PAUSE
            log.error(
                "the audit of a tenant does not go on (%s): its head is gone or changed, or entries stand behind it; "
                "verify it",
                type(error).__name__,
            )
            return 0

    def _is_put_off(self, tenant_key: int) -> bool:
        return self._broken.get(tenant_key, 0.0) > time.monotonic()

    async def catch_up(self, tenant_key: int) -> None:
        """Moves what is in a tenant's inbox now, so that a reader finds what was acknowledged before."""
        for _ in range(CATCH_UP):
            if await self.step(tenant_key, wait=True) < STEP:
                return

    async def cut(self) -> bool:
        """Removes some of what is past its time. True if there may be more."""
        if self._keep is None:
            return False
        before = datetime.now(UTC) - self._keep
        removed = 0
        for tenant_key in await self._audit.old(before, TENANTS):
            removed += await self._audit.cut(tenant_key, before, STEP, self._seal_for(tenant_key))
        return removed > 0

    def _seal_for(self, tenant_key: int) -> Callable[[Head], bytes]:
        keys = self._keys.of(tenant_key)
        return lambda head: keys.seal_of_head(head.sealed(tenant_key))


async def linked(
    keys: TenantAuditKeys, tenant_key: int, head: Head, seal: bytes, entries: Sequence[Stored]
) -> tuple[list[bytes], bytes]:
    """The macs of entries behind a head, and the seal of the head behind them."""
    macs: list[bytes] = []
    mac = head.mac
    for place, entry in enumerate(entries, start=1):
        mac = keys.mac(mac, entry.chained(head.sequence + place))
        macs.append(mac)
        if place % GIVE_WAY == 0:
            await asyncio.sleep(0)
    # Else whoever cut the tail and set the head back would have it sealed anew here.
    if not hmac.compare_digest(seal, keys.seal_of_head(head.sealed(tenant_key))):
        log.error("the head of a tenant's audit was changed; verify it")
        return macs, BROKEN
    following = Head(head.sequence + len(macs), mac, head.cut_sequence, head.cut_mac)
    return macs, keys.seal_of_head(following.sealed(tenant_key))


class Wake:
    """Calls a job after every so many writes."""

    def __init__(self, job: Callable[[], None], enough: int = ENOUGH) -> None:
        self._job = job
        self._enough = enough
        self._count = 0

    def __call__(self) -> None:
        self._count += 1
        if self._count >= self._enough:
            self._count = 0
            self._job()
