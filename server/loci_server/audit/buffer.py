"""Entries that need not stand in a transaction: kept for a moment, bounded, and written together.

Refused calls that are alike share an entry, and each tenant has a budget of them: a caller who is refused again and
again cannot fill the table. Calls beyond it are counted by method and reason, and seldom is each count an entry.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, NamedTuple

from google.rpc.code_pb2 import Code

from loci_server.audit.budget import Budget
from loci_server.audit.entry import MAX_FOUND, Ending, Origin, row
from loci_server.crypto.audit import AuditKeys
from loci_server.domain.audit import INSTALLATION
from loci_server.store.audit import Audit, AuditRow
from loci_server.store.times import timestamp

PAUSE: Final = 1.0
"""Seconds between two writes."""
MAX_WAITING: Final = 20_000
MAX_REFUSED: Final = 1000
"""Different refusals of one tenant that wait at once."""
MAX_STRANGE: Final = 100
"""The same for callers whom no tenant is known of."""
REFUSED_RATE: Final = 1.0
"""Refusals of one tenant that are written each second when there are always more than MAX_REFUSED."""
STRANGE_RATE: Final = 0.1
"""The same for callers whom no tenant is known of."""
COUNTS_PAUSE: Final = 600.0
"""Seconds between two writes of counts."""
MAX_COUNTS: Final = 100
"""Methods and reasons of one tenant that are counted apart."""
OVERFLOW: Final = "AUDIT_OVERFLOW"
"""The reason of the entry that counts all else."""
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

    def join(self, alike: "Waiting", with_names: bool) -> int:
        """Takes in what is alike. How many names were new."""
        self.count += alike.count
        self.last = max(self.last, alike.last)
        before = len(self.names)
        for name in alike.names if with_names else ():
            if len(self.names) >= MAX_FOUND:
                break
            self.names[name] = None
        return len(self.names) - before

    @property
    def key(self) -> Key:
        """What refusals that are alike have in common."""
        origin, ending = self.origin, self.ending
        return (
            *(self.tenant_key, origin.actor, origin.peer, origin.method),
            *(ending.status, ending.reason, self.graph_id),
        )


class Kind(NamedTuple):
    """What calls have in common that are only counted."""

    method: str
    status: int
    reason: str


ALL_ELSE: Final = Kind("", Code.RESOURCE_EXHAUSTED, OVERFLOW)


@dataclass(slots=True)
class Count:
    """Of calls of one tenant and kind that have no entry of their own."""

    since: datetime
    last: datetime
    count: int = 0

    def join(self, since: datetime, last: datetime, count: int) -> None:
        self.since, self.last = min(self.since, since), max(self.last, last)
        self.count += count


Counts = dict[int, dict[Kind, Count]]
"""By tenant."""


class Buffer:
    """The waiting entries of one process. `written` is called when some have been written."""

    def __init__(
        self,
        audit: Audit,
        keys: AuditKeys,
        written: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._audit = audit
        self._keys = keys
        self._written = written
        self._refused: dict[Key, Waiting] = {}
        self._of_tenant: Counter[int] = Counter()
        self._reads: list[Waiting] = []
        self._counts: Counts = {}
        self._clock = clock
        self._counts_due = clock() + COUNTS_PAUSE
        self._budgets: dict[int, Budget] = {}
        self._flushing = asyncio.Lock()

    def add(self, tenant_key: int, origin: Origin, ending: Ending, graph_id: str, names: Sequence[str]) -> None:
        """Keeps an entry until it is written."""
        assert ending.time is not None
        waiting = Waiting(tenant_key, origin, ending, graph_id, dict.fromkeys(names), ending.time)
        if ending.status == Code.OK:
            self._keep_read(waiting)
        else:
            self._keep_refused(waiting, self._budget_of(tenant_key))

    async def run(self) -> None:
        """Writes what has come, every second, until cancelled. Whatever stops it, it is tried again."""
        failed = ""
        while True:
            await asyncio.sleep(PAUSE)
            try:
                await self.flush(with_counts=self._clock() >= self._counts_due)
                failed = ""
            except Exception as error:  # of which the message may hold content
                if failed != type(error).__name__:
                    failed = type(error).__name__
                    log.warning("entries of the audit cannot be written: %s; it will be tried again", failed)

    async def flush(self, *, with_counts: bool = True) -> None:
        """Writes what is waiting, in one statement. What cannot be written now goes on waiting."""
        async with self._flushing:
            if with_counts:
                self._forget_full_budgets()
            entries = [*self._refused.values(), *self._reads]
            counts = self._counts if with_counts else {}
            if not entries and not counts:
                return
            self._refused, self._reads = {}, []
            self._of_tenant.clear()
            if with_counts:
                self._counts = {}
                self._counts_due = self._clock() + COUNTS_PAUSE
            try:
                await self._audit.record([*map(self._row, entries), *self._count_rows(counts)])
            except BaseException:
                self._take_back(entries, counts)
                raise
        self._written()

    def _take_back(self, entries: Sequence[Waiting], counts: Counts) -> None:
        for waiting in entries:
            if waiting.ending.status == Code.OK:
                self._keep_read(waiting)
            else:
                self._keep_refused(waiting, None)
        for tenant_key, kinds in counts.items():
            for kind, found in kinds.items():
                self._count(tenant_key, kind, found.since, found.last, found.count)

    def _keep_read(self, waiting: Waiting) -> None:
        if len(self._reads) < MAX_WAITING:
            self._reads.append(waiting)
        else:
            self._count(waiting.tenant_key, ALL_ELSE, waiting.last, waiting.last, 1)

    def _keep_refused(self, waiting: Waiting, budget: Budget | None) -> None:
        """No budget: it was paid for before."""
        affordable = budget is None or budget.has_room(self._clock())
        alike = self._refused.get(waiting.key)
        entries, names = 0, 0
        if alike is not None:
            names = alike.join(waiting, affordable)
        elif affordable and self._has_room(waiting.tenant_key):
            self._refused[waiting.key] = waiting
            self._of_tenant[waiting.tenant_key] += 1
            entries, names = 1, min(len(waiting.names), MAX_FOUND)
        else:
            kind = Kind(waiting.origin.method, waiting.ending.status, waiting.ending.reason)
            since = waiting.ending.time or waiting.last
            self._count(waiting.tenant_key, kind, since, waiting.last, waiting.count)
        if budget is not None:
            budget.spend(entries, names)

    def _budget_of(self, tenant_key: int) -> Budget:
        budget = self._budgets.get(tenant_key)
        if budget is None:
            is_strange = tenant_key == INSTALLATION
            most, rate = (MAX_STRANGE, STRANGE_RATE) if is_strange else (MAX_REFUSED, REFUSED_RATE)
            budget = self._budgets[tenant_key] = Budget(most, rate, self._clock())
        return budget

    def _forget_full_budgets(self) -> None:
        """Of tenants of whose calls none was refused lately."""
        now = self._clock()
        self._budgets = {tenant: budget for tenant, budget in self._budgets.items() if not budget.is_full(now)}

    def _has_room(self, tenant_key: int) -> bool:
        most = MAX_STRANGE if tenant_key == INSTALLATION else MAX_REFUSED
        return self._of_tenant[tenant_key] < most and len(self._refused) < MAX_WAITING

    def _count(self, tenant_key: int, kind: Kind, since: datetime, last: datetime, count: int) -> None:
        kinds = self._counts.setdefault(tenant_key, {})
        if kind not in kinds and len(kinds) >= MAX_COUNTS:
            kind = ALL_ELSE
        kinds.setdefault(kind, Count(since, last)).join(since, last, count)

    def _row(self, waiting: Waiting) -> AuditRow:
        ending = waiting.ending
        if waiting.count > 1:
            ending = replace(ending, count=waiting.count, last_time=timestamp(waiting.last))
        return row(self._keys, waiting.tenant_key, waiting.origin, ending, waiting.graph_id, [*waiting.names])

    def _count_rows(self, counts: Counts) -> list[AuditRow]:
        rows = []
        for tenant_key, kinds in counts.items():
            for kind, found in kinds.items():
                ending = Ending(kind.status, kind.reason, found.since, found.count, timestamp(found.last))
                rows.append(row(self._keys, tenant_key, Origin(0, "", kind.method, "", "", ""), ending, "", ()))
        return rows
