"""The audit as it is stored: inboxes, chains, and their heads."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

import asyncpg

from loci_server.domain.audit import FIRST_MAC, INSTALLATION, MICROSECOND, Head, Marks, Stored
from loci_server.domain.row import Row
from loci_server.store.pool import Database, Transaction
from loci_server.store.statements import statements
from loci_server.store.times import aware

SQL = statements("audit")
WORKER, OPERATOR = "worker", "operator"

FIRST_TIME = datetime.min.replace(tzinfo=UTC) + MICROSECOND
LAST_TIME = datetime.max.replace(tzinfo=UTC) - MICROSECOND
"""Those before and behind are infinite to asyncpg, or none of Python's: a page has no place for them."""

AuditRow = tuple[object, ...]
"""A loci.audit_row."""
Leave = Callable[[Transaction, int, Sequence[str]], Awaitable[None]]
"""Leaves an entry in the transaction of a write: whose the things are that it writes, and their names."""


async def unaudited(transaction: Transaction, tenant_key: int, names: Sequence[str]) -> None:
    """Leaves nothing."""


class Link(NamedTuple):
    """One entry of a chain."""

    sequence: int
    mac: bytes
    stored: Stored
    is_found: bool = True
    """By all of its names; told of a Stretch only."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Entries of a chain from a place on, with the head and its seal as they were at the same moment. No head: there
    is none."""

    head: Head | None
    seal: bytes
    links: list[Link]


@dataclass(frozen=True, slots=True)
class Filter:
    """A loci.audit_filter. None: anything."""

    actor: int | None = None
    graph_id: str | None = None
    token: int | None = None
    method: str | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    refused: bool | None = None

    def row(self) -> tuple[object, ...]:
        return (
            *(self.actor, self.graph_id, self.token, self.method),
            *(max(self.start_time or FIRST_TIME, FIRST_TIME), min(self.end_time or LAST_TIME, LAST_TIME)),
            self.refused,
        )


async def leave(transaction: Transaction, rows: Sequence[AuditRow]) -> None:
    """Leaves entries in the inboxes of their tenants, in a transaction whichever tenant it has named."""
    await transaction.fetch("record_audit", SQL["record_audit"], rows)


Chain = Callable[[Head, bytes, Sequence[Stored]], Awaitable[tuple[list[bytes], bytes]]]
"""Given a head, its seal and what comes behind it: the macs, and the seal of the new head."""


class HeadLost(Exception):
    """There are entries and no record of how far the chain is: somebody has removed it."""


class Audit:
    """Chains of one tenant at a time. That of the installation opens for the roles only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, rows: Sequence[AuditRow]) -> None:
        """Leaves entries of calls that are over in the inboxes of those of their tenants that are there."""
        await self._database.fetch("record_late_audit", SQL["record_late_audit"], rows)

    async def inboxes(self, after: int, limit: int) -> list[int]:
        """Tenants behind `after` that have something in their inbox."""
        async with self._database.transaction(None, role=WORKER) as transaction:
            rows = await transaction.fetch("find_audit_inboxes", SQL["find_audit_inboxes"], after, limit)
        return [row["tenant_key"] for row in rows]

    async def append(
        self,
        tenant_key: int,
        limit: int,
        wait: bool,
        first_seal: bytes,
        chain: Chain,
    ) -> int:
        """Moves the oldest entries of an inbox to the end of the chain. How many it moved; 0 also if somebody else has
        the chain and `wait` is false. Raises HeadLost."""
        async with self._database.transaction(tenant_key, role=WORKER) as transaction:
            row, begun = await self._locked(transaction, tenant_key, wait, first_seal)
            if row is None and wait:
                raise HeadLost
            if row is None:
                return 0
            rows = await transaction.fetch("read_audit_inbox", SQL["read_audit_inbox"], tenant_key, limit)
            if not rows:
                if begun:  # of a tenant that is gone nobody else would take it away
                    await transaction.fetch("drop_audit_head", SQL["drop_audit_head"], tenant_key)
                return 0
            head = head_of(row)
            macs, seal = await chain(head, row["seal"], [stored(tenant_key, one) for one in rows])
            times, ids = [one["time"] for one in rows], [one["entry_id"] for one in rows]
            await transaction.fetch(
                "append_audit", SQL["append_audit"], tenant_key, head.sequence, times, ids, macs, seal
            )
        return len(rows)

    async def page(
        self, tenant_key: int, filter: Filter, newest_first: bool, time: datetime, sequence: int, limit: int
    ) -> list[Link]:
        """Entries in order of time, behind one."""
        async with self._database.transaction(tenant_key, role=role_for(tenant_key)) as transaction:
            rows = await transaction.fetch(
                "list_audit", SQL["list_audit"], tenant_key, filter.row(), newest_first, time, sequence, limit
            )
        return [link(tenant_key, row) for row in rows]

    async def stretch(self, tenant_key: int, first: int, limit: int) -> Stretch:
        """Entries from a sequence on, in order."""
        async with self._database.transaction(tenant_key, role=role_for(tenant_key)) as transaction:
            rows = await transaction.fetch("audit_from", SQL["audit_from"], tenant_key, first, limit)
        links = [link(tenant_key, row)._replace(is_found=is_found(row)) for row in rows if row["sequence"] is not None]
        if rows[0]["head_sequence"] is None:
            return Stretch(None, b"", links)
        head = Head(rows[0]["head_sequence"], rows[0]["head_mac"], rows[0]["cut_sequence"], rows[0]["cut_mac"])
        return Stretch(head, rows[0]["seal"], links)

    async def old(self, before: datetime, limit: int) -> list[int]:
        """Tenants whose chains begin before a time."""
        async with self._database.transaction(None, role=WORKER) as transaction:
            rows = await transaction.fetch("old_audits", SQL["old_audits"], before, limit)
        return [row["tenant_key"] for row in rows]

    async def cut(self, tenant_key: int, before: datetime, limit: int, seal: Callable[[Head], bytes]) -> int:
        """Removes up to `limit` entries from the front of a chain, up to the first that is not older than `before`.
        How many. A chain whose head was changed is left alone."""
        async with self._database.transaction(tenant_key, role=WORKER) as transaction:
            row = await transaction.fetchrow("lock_audit_head", SQL["lock_audit_head"], tenant_key)
            if row is None or row["seal"] != seal(head := head_of(row)):
                return 0
            last: asyncpg.Record | None = None
            front = await transaction.fetch("audit_front", SQL["audit_front"], tenant_key, limit)
            for place, entry in enumerate(front, start=head.cut_sequence + 1):
                # What is wrong with a chain stays there to be found.
                if aware(entry["time"]) >= before or entry["sequence"] != place or place > head.sequence:
                    break
                last = entry
            if last is not None:
                head = Head(head.sequence, head.mac, last["sequence"], last["mac"])
                await transaction.fetch("cut_audit_names", SQL["cut_audit_names"], tenant_key, head.cut_sequence)
                await transaction.fetch("cut_audit", SQL["cut_audit"], tenant_key, head.cut_sequence)
            await transaction.fetch(
                "note_audit_cut", SQL["note_audit_cut"], tenant_key, head.cut_sequence, head.cut_mac, seal(head)
            )
        return 0 if last is None else head.cut_sequence - row["cut_sequence"]

    async def _locked(
        self, transaction: Transaction, tenant_key: int, wait: bool, first_seal: bytes
    ) -> tuple[asyncpg.Record | None, bool]:
        """The head of a chain, and whether it was begun for that."""
        name = "lock_audit_head" if wait else "try_audit_head"
        row = await transaction.fetchrow(name, SQL[name], tenant_key)
        if row is not None:
            return row, False
        begun = await transaction.fetch("begin_audit", SQL["begin_audit"], tenant_key, FIRST_MAC, first_seal)
        return await transaction.fetchrow(name, SQL[name], tenant_key), bool(begun)


def role_for(tenant_key: int) -> str | None:
    return OPERATOR if tenant_key == INSTALLATION else None


def head_of(row: Row) -> Head:
    return Head(row["sequence"], row["mac"], row["cut_sequence"], row["cut_mac"])


def stored(tenant_key: int, row: Row) -> Stored:
    marks = Marks(row["entry_id"], row["actor"], row["status"], row["method"], row["graph_id"], row["tokens"])
    return Stored(tenant_key, aware(row["time"]), row["revision"], marks, row["entry"])


def is_found(row: Row) -> bool:
    """By each of its names."""
    try:
        return bool(row["found"] == len(set(row["tokens"])))
    except TypeError:  # arrays in the array: no server wrote that
        return False


def link(tenant_key: int, row: Row) -> Link:
    return Link(row["sequence"], row["mac"], stored(tenant_key, row))
