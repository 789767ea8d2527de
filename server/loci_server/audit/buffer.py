"""Entries that need not stand in a transaction: kept for a moment, bounded, and written together.

Refused calls that are alike share an entry, and each tenant has room for so many: a caller who is refused again and
again cannot fill the table. What does not fit is counted, and the count is an entry.
"""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

import asyncpg
from google.rpc.code_pb2 import Code

from loci_server.audit.entry import MAX_FOUND, Ending, Origin, row
from loci_server.crypto.audit import AuditKeys
from loci_server.domain.audit import INSTALLATION
from loci_server.errors import Unavailable
from loci_server.store.audit import Audit, AuditRow
from loci_server.store.times import timestamp

PAUSE: Final = 1.0
"""Seconds between two writes."""
MAX_WAITING: Final = 20_000
MAX_REFUSED: Final = 1000
"""Different refusals of one tenant that wait at once."""
MAX_STRANGE: Final = 100
"""The same for callers whom no tenant is known of."""
OVERFLOW: Final = "AUDIT_OVERFLOW"
"""The reason of the entry that counts what did not fit."""
log = logging.getLogger(__name__)

Key = tuple[object, ...]


@dataclass(slots=True)
class Waiting:
    """A call, or several alike."""

    tenant_key: int
    origin: Origin
    ending: Ending
    graph_id: str
    names: dict[str, None]
    """Of all of them, up to MAX_FOUND."""
    last: datetime
    count: int = 1

    def join(self, alike: "Waiting") -> None:
        """Takes in what is alike."""
        self.count += alike.count
        self.last = max(self.last, alike.last)
        for name in alike.names:
            if len(self.names) >= MAX_FOUND:
                break
            self.names[name] = None

    @property
    def key(self) -> Key:
        """What refusals that are alike have in common."""
        origin, ending = self.origin, self.ending
        return (
            *(self.tenant_key, origin.actor, origin.peer, origin.method),
            *(ending.status, ending.reason, self.graph_id),
        )


@dataclass(slots=True)
class Lost:
    """What did not fit, of one tenant."""

    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    count: int = 0


class Buffer:
    """The waiting entries of one process. `written` is called when some have been written."""

    def __init__(self, audit: Audit, keys: AuditKeys, written: Callable[[], None]) -> None:
        self._audit = audit
        self._keys = keys
        self._written = written
        self._refused: dict[Key, Waiting] = {}
        self._of_tenant: Counter[int] = Counter()
        self._reads: list[Waiting] = []
        self._lost: dict[int, Lost] = {}
        self._flushing = asyncio.Lock()

    def add(self, tenant_key: int, origin: Origin, ending: Ending, graph_id: str, names: Sequence[str]) -> None:
        """Keeps an entry until it is written."""
        assert ending.time is not None
        self._keep(Waiting(tenant_key, origin, ending, graph_id, dict.fromkeys(names), ending.time))

    async def run(self) -> None:
        """Writes what has come, every second, until cancelled."""
        while True:
            await asyncio.sleep(PAUSE)
            with contextlib.suppress(Unavailable, asyncpg.PostgresError):
                await self.flush()

    async def flush(self) -> None:
        """Writes what is waiting, in one statement. What cannot be written now goes on waiting."""
        async with self._flushing:
            entries = [*self._refused.values(), *self._reads]
            lost = self._lost
            if not entries and not lost:
                return
            self._refused, self._reads, self._lost = {}, [], {}
            self._of_tenant.clear()
            try:
                await self._audit.record([*map(self._row, entries), *self._counts(lost)])
            except BaseException:
                self._take_back(entries, lost)
                raise
        self._written()

    def _take_back(self, entries: Sequence[Waiting], lost: dict[int, Lost]) -> None:
        for waiting in entries:
            self._keep(waiting)
        for tenant_key, found in lost.items():
            self._lose(tenant_key, found.count)

    def _keep(self, waiting: Waiting) -> None:
        if waiting.ending.status == Code.OK:
            if len(self._reads) < MAX_WAITING:
                self._reads.append(waiting)
            else:
                self._lose(waiting.tenant_key, 1)
            return
        alike = self._refused.get(waiting.key)
        if alike is not None:
            alike.join(waiting)
        elif self._has_room(waiting.tenant_key):
            self._refused[waiting.key] = waiting
            self._of_tenant[waiting.tenant_key] += 1
        else:
            self._lose(waiting.tenant_key, waiting.count)

    def _has_room(self, tenant_key: int) -> bool:
        most = MAX_STRANGE if tenant_key == INSTALLATION else MAX_REFUSED
        return self._of_tenant[tenant_key] < most and len(self._refused) < MAX_WAITING

    def _lose(self, tenant_key: int, count: int) -> None:
        self._lost.setdefault(tenant_key, Lost()).count += count

    def _row(self, waiting: Waiting) -> AuditRow:
        ending = waiting.ending
        if waiting.count > 1:
            ending = replace(ending, count=waiting.count, last_time=timestamp(waiting.last))
        return row(self._keys, waiting.tenant_key, waiting.origin, ending, waiting.graph_id, [*waiting.names])

    def _counts(self, lost: dict[int, Lost]) -> list[AuditRow]:
        nobody = Origin(0, "", "", "", "", "")
        return [
            row(
                self._keys,
                tenant_key,
                nobody,
                Ending(Code.RESOURCE_EXHAUSTED, OVERFLOW, found.since, found.count, timestamp(datetime.now(UTC))),
                "",
                (),
            )
            for tenant_key, found in lost.items()
        ]
