"""Keeps a process in touch with what becomes of keys: a new version seals only once every server knows it."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from uuid import uuid4

import asyncpg

from loci_server.domain.row import Row
from loci_server.errors import ContentUnreadable, KeyServiceUnavailable, TenantKeyUnavailable, Unavailable
from loci_server.store.key_rotations import KeyRotations

HEAR_SECONDS = 1.0
"""Between two looks."""
TRUST_SECONDS = 10.0
"""After which what is held is not trusted any more. Others stop to wait for this process later (LAPSE_SECONDS)."""
AT_ONCE = 1000
log = logging.getLogger(__name__)

Renew = Callable[[int, int], Awaitable[None]]
"""Learns the keys of a graph anew, by the keys of its tenant and its own."""
Forget = Callable[[int, Collection[bytes]], None]
"""Forgets wrapped keys of a tenant, by their hashes."""

Drop = Callable[[int, int], None]
"""Closes a graph here, as it was before it was opened."""


class KeyNews:
    """What this process knows of, and tells that it knows."""

    def __init__(self, rotations: KeyRotations, clock: Callable[[], float] = time.monotonic) -> None:
        self._rotations = rotations
        self._clock = clock
        self._server = uuid4()
        self._epoch: int | None = None
        self._heard = -TRUST_SECONDS
        self._awake = asyncio.Event()

    def in_touch(self) -> bool:
        """Whether what this process holds can be relied on."""
        return self._clock() - self._heard < TRUST_SECONDS

    async def arrive(self) -> None:
        """Before this process opens a graph. Raises DatabaseUnavailable."""
        rows = await self._rotations.hear(self._server, None, AT_ONCE)
        self._epoch, self._heard = rows[0]["epoch"], self._clock()

    def wake(self) -> None:
        """Something has changed: called by who changed it, in this process."""
        self._awake.set()

    async def run(self, renew: Renew, forget: Forget, drop: Drop) -> None:
        """Until cancelled."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(HEAR_SECONDS):
                    await self._awake.wait()
            self._awake.clear()
            with suppress(Unavailable, asyncpg.PostgresError):  # health tells of it
                while await self._hear(renew, forget, drop):
                    pass

    async def leave(self) -> None:
        """This process holds no keys any more: nobody need wait for it. Raises DatabaseUnavailable."""
        await self._rotations.leave(self._server)

    async def _hear(self, renew: Renew, forget: Forget, drop: Drop) -> bool:
        """True if there was something new: that it is known now is told the next time. Not at once where a tenant's key
        was denied: who reads its graph opens it anew and makes news of that, which would go on without a pause."""
        asked, denied = self._clock(), False
        rows = await self._rotations.hear(self._server, self._epoch, AT_ONCE)
        self._heard = asked
        for row in rows:
            if row["gone"]:
                forget(row["tenant_key"], row["gone"])
        # Those first for which the key service is not needed: a graph that was erased is closed while it is away, too.
        told = [row for row in rows if row["tenant_key"] is not None]
        for place in dict.fromkeys(_place(row) for row in sorted(told, key=lambda row: not row["gone"])):
            try:
                await renew(*place)
            except TenantKeyUnavailable:
                drop(*place)  # and what opens it anew is refused, while others go on
                denied = True
            except KeyServiceUnavailable as error:
                log.warning("a new key cannot be learned yet: %s", error.reason_name())
                return False
            except ContentUnreadable:
                continue  # it opens nowhere
        if rows:
            self._epoch = rows[-1]["epoch"]
        return bool(told) and not denied


def _place(row: Row) -> tuple[int, int]:
    return row["tenant_key"], row["graph_key"]
