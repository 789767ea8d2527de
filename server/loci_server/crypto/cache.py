"""Unwrapped data keys, kept for a while: what is warm goes on while the key service is away, up to a hard limit.

A key that was unwrapped less than `refresh` seconds ago is given at once. An older one is given, too, and asked for
again beside the call. One older than `lifetime` is gone, whatever the key service says. There is no other way to a key:
what is not here waits for the service, or fails.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from loci_server.crypto.envelope import WrappedKey
from loci_server.crypto.provider import KeyProvider
from loci_server.errors import ContentUnreadable, KeyServiceUnavailable, TenantKeyUnavailable

PAUSE_SECONDS: Final = 1.0
"""After a failure, for which the key service is not asked again: calls that need it fail at once meanwhile."""
PROBE_SECONDS: Final = 10.0
"""Between looks whether a key service that answers still does."""
GONE_SECONDS: Final = 60.0
"""For which it is remembered what is stored no more: longer than from when somebody reads it until it is asked for."""
MAX_REFUSED: Final = 1000
"""Tenants with keys that cannot be used, of which it is remembered; those of the last second in any case."""
log = logging.getLogger(__name__)

_Place = tuple[int, bytes, WrappedKey]
_Digest = tuple[int, bytes]
"""A tenant, and the SHA-256 of what was wrapped."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long and how many keys are kept. In seconds; `size`: keys, of which those not used for longest go first."""

    refresh: float = 300.0
    lifetime: float = 3600.0
    size: int = 30_000


@dataclass(slots=True)
class _Kept:
    key: bytes
    unwrapped: float


class CachedKeys:
    """A key provider before another one. Each key is asked for once at a time, however many calls wait for it."""

    def __init__(self, provider: KeyProvider, keeping: Keeping, clock: Callable[[], float] = time.monotonic) -> None:
        self._provider = provider
        self._keeping = keeping
        self._clock = clock
        self._kept: OrderedDict[_Place, _Kept] = OrderedDict()
        self._places: dict[_Digest, set[_Place]] = {}
        """What is kept, as others tell of it."""
        self._gone: dict[_Digest, float] = {}
        """What is stored no more, and since when that is known."""
        self._asking: dict[_Place, asyncio.Task[bytes]] = {}
        self._failure: KeyServiceUnavailable | None = None
        self._failed = 0.0
        self._refused: dict[int, tuple[KeyServiceUnavailable, float]] = {}
        """What is wrong with the keys of single tenants, and since when: no concern of others."""

    @property
    def available(self) -> bool:
        """Whether the key service answered when it was last asked."""
        return self._failure is None

    async def wrap(self, tenant_key: int, purpose: bytes, key: bytes) -> WrappedKey:
        with self._noted(tenant_key):
            wrapped = await self._provider.wrap(tenant_key, purpose, key)
        self._keep((tenant_key, purpose, wrapped), key)
        return wrapped

    async def unwrap(self, tenant_key: int, purpose: bytes, wrapped: WrappedKey) -> bytes:
        place = tenant_key, purpose, wrapped
        kept = self._kept.get(place)
        age = self._clock() - kept.unwrapped if kept is not None else self._keeping.lifetime
        if kept is None or age >= self._keeping.lifetime:
            return await asyncio.shield(self._ask(place))
        self._kept.move_to_end(place)
        if age >= self._keeping.refresh and not self._pauses(tenant_key):
            self._ask(place)
        return kept.key

    async def rewrap(self, tenant_key: int, purpose: bytes, wrapped: WrappedKey) -> WrappedKey:
        """The same key, wrapped anew. Nothing is kept of it that was not before: what is not stored in the end is never
        said to be gone, and all keys of a tenant would leave no room for those in use."""
        kept = self._kept.get((tenant_key, purpose, wrapped))
        fresh = kept is not None and self._clock() - kept.unwrapped < self._keeping.lifetime
        with self._noted(tenant_key):
            key = kept.key if kept and fresh else await self._provider.unwrap(tenant_key, purpose, wrapped)
            return await self._provider.wrap(tenant_key, purpose, key)

    async def rotate(self, tenant_key: int) -> str:
        with self._noted(tenant_key):
            return await self._provider.rotate(tenant_key)

    async def retire(self, tenant_key: int, kek_id: str) -> list[str]:
        """Also forgets the keys here that those versions wrapped."""
        with self._noted(tenant_key):
            destroyed = await self._provider.retire(tenant_key, kek_id)
        self._forget(lambda place: place[0] == tenant_key and place[2].kek_id in destroyed)
        return destroyed

    async def destroy(self, tenant_key: int) -> list[str]:
        """Also forgets the tenant's keys here."""
        with self._noted(tenant_key):
            destroyed = await self._provider.destroy(tenant_key)
        self._forget(lambda place: place[0] == tenant_key)
        return destroyed

    async def held(self, tenant_key: int) -> list[str]:
        with self._noted(tenant_key):
            return await self._provider.held(tenant_key)

    def supersedes(self, tenant_key: int, kek_id: str, other: str) -> bool:
        return self._provider.supersedes(tenant_key, kek_id, other)

    def forget(self, tenant_key: int, gone: Collection[bytes]) -> None:
        """Wrapped keys of a tenant, by the SHA-256 of what was wrapped, that are stored no more. Who has read one
        before it went still gets what it wrapped, and it is not kept."""
        now = self._clock()
        for digest in gone:
            self._gone[tenant_key, digest] = now
            for place in [*self._places.get((tenant_key, digest), ())]:
                self._drop(place)
        for place in [place for place in self._asking if _digest(place) in self._gone]:
            del self._asking[place]

    async def check(self) -> None:
        with self._noted():
            await self._provider.check()

    async def close(self) -> None:
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        self._kept.clear()
        self._places.clear()
        await self._provider.close()

    async def run(self) -> None:
        """Until cancelled: asks now and then whether the service answers, more often while it does not, and forgets
        keys that have become too old, also those that nobody asks for."""
        while True:
            with suppress(KeyServiceUnavailable):
                await self.check()
            self.sweep()
            await asyncio.sleep(PROBE_SECONDS if self.available else PAUSE_SECONDS)

    def sweep(self) -> None:
        oldest = self._clock() - self._keeping.lifetime
        for place in [place for place, kept in self._kept.items() if kept.unwrapped <= oldest]:
            self._drop(place)
        since = self._clock() - GONE_SECONDS
        for digest in [digest for digest, known in self._gone.items() if known <= since]:
            del self._gone[digest]

    def _ask(self, place: _Place) -> asyncio.Task[bytes]:
        task = self._asking.get(place)
        if task is None:
            task = self._asking[place] = asyncio.create_task(self._unwrapped(place))
            task.add_done_callback(_heard)
        return task

    async def _unwrapped(self, place: _Place) -> bytes:
        try:
            with self._noted(place[0]):
                key = await self._provider.unwrap(*place)
        except ContentUnreadable:
            self._drop(place)  # its key was destroyed: nobody gets it any more
            raise
        else:
            if self._asking.get(place) is asyncio.current_task():  # not destroyed meanwhile
                self._keep(place, key)
            return key
        finally:
            if self._asking.get(place) is asyncio.current_task():
                del self._asking[place]

    def _forget(self, meant: Callable[[_Place], bool]) -> None:
        """Also what is being asked for: those who wait get it, and it is not kept."""
        for place in [place for place in self._kept if meant(place)]:
            self._drop(place)
        for place in [place for place in self._asking if meant(place)]:
            del self._asking[place]

    def _keep(self, place: _Place, key: bytes) -> None:
        digest = _digest(place)
        if digest in self._gone:
            return
        self._kept[place] = _Kept(key, self._clock())
        self._kept.move_to_end(place)
        self._places.setdefault(digest, set()).add(place)
        while len(self._kept) > self._keeping.size:
            self._drop(next(iter(self._kept)))

    def _drop(self, place: _Place) -> None:
        if self._kept.pop(place, None) is None:
            return
        digest = _digest(place)
        self._places[digest].discard(place)
        if not self._places[digest]:
            del self._places[digest]

    def _pauses(self, tenant_key: int | None = None) -> KeyServiceUnavailable | None:
        """Why the service is not asked now, for this tenant."""
        since = self._clock() - PAUSE_SECONDS
        if self._failure is not None and self._failed > since:
            return self._failure
        failure, failed = self._refused.get(tenant_key, (None, 0.0)) if tenant_key is not None else (None, 0.0)
        return failure if failed > since else None

    @contextmanager
    def _noted(self, tenant_key: int | None = None) -> Iterator[None]:
        """Around a request: notes whether the service answers. Raises KeyServiceUnavailable at once in a pause."""
        paused = self._pauses(tenant_key)
        if paused is not None:
            raise type(paused)(detail=paused.metadata["detail"], retry_after=PAUSE_SECONDS)
        try:
            yield
        except KeyServiceUnavailable as failure:
            if isinstance(failure, TenantKeyUnavailable) and tenant_key is not None:
                self._refuse(tenant_key, failure)
            else:
                if self._failure is None:
                    log.warning("the key service cannot be used: what is open goes on for a while")
                self._failure, self._failed = failure, self._clock()
            raise
        except ContentUnreadable:
            self._note_there()
            raise
        self._note_there()
        self._refused.pop(tenant_key or 0, None)

    def _refuse(self, tenant_key: int, failure: KeyServiceUnavailable) -> None:
        now = self._clock()
        if tenant_key not in self._refused:
            log.warning("the key of a tenant cannot be used: %s", failure.metadata["detail"])
        if len(self._refused) >= MAX_REFUSED:
            self._refused = {
                tenant: (known, since)
                for tenant, (known, since) in self._refused.items()
                if since > now - PAUSE_SECONDS
            }
        self._refused[tenant_key] = failure, now

    def _note_there(self) -> None:
        if self._failure is not None:
            log.info("the key service answers again")
        self._failure = None


def _digest(place: _Place) -> _Digest:
    return place[0], sha256(place[2].wrapped).digest()


def _heard(task: asyncio.Task[bytes]) -> None:
    """Those who wait for it are told; where nobody does, what became of it is known already."""
    if not task.cancelled():
        task.exception()
