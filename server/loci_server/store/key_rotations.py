"""Rotation of keys, as it stands in the database: migrations/0017_keys.sql says what the states mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from uuid import UUID

import asyncpg

from loci_server.crypto.envelope import WrappedKey, version_header
from loci_server.crypto.provider import INSTALLATION
from loci_server.errors import GraphNotFound
from loci_server.identity.grants import Grants
from loci_server.store.audit import Leave, unaudited
from loci_server.store.handles import GraphHandle
from loci_server.store.items import GRAPH_GONE
from loci_server.store.jobs import WORKER
from loci_server.store.pool import Database
from loci_server.store.statements import statements
from loci_server.store.tenants import hold_tenant

SQL, CLUSTER_SQL = statements("keys"), statements("tenants")
LAPSE_SECONDS = 15.0
"""After which a server that was not heard of counts as gone. It has stopped to trust what it holds before."""


class State(IntEnum):
    """As in loci.key_rotations."""

    DONE = 0
    ANNOUNCED = 1
    RESEALING = 2
    SETTLING = 3
    PROVING = 4
    REWRAPPING = 5
    KNOWN = 6


@dataclass(frozen=True, slots=True)
class KeyRotation:
    """One that is under way. `graph_key` 0: of the tenant's key-encryption key; `tenant_key` 0: the installation's."""

    tenant_key: int
    graph_key: int
    state: State
    version: int
    kek_id: str
    epoch: int
    stage: int
    place: str
    left: int
    age: float
    """Seconds for which it has been in this state."""
    lease: datetime | None = None
    """Until when it belongs to who claimed it. What is done of one that was lost since does nothing."""

    @property
    def where(self) -> tuple[int, int]:
        return self.tenant_key, self.graph_key


@dataclass(frozen=True, slots=True)
class Found:
    """A row that holds envelopes; None: they are under the new version already."""

    place: str
    kind: int
    id: str
    number: int
    content: bytes | None
    note: bytes | None


@dataclass(frozen=True, slots=True)
class Resealed:
    """New envelopes for a row; None: that one stays."""

    found: Found
    content: bytes | None
    note: bytes | None


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A data key as it is stored."""

    graph_key: int
    purpose: int
    version: int
    key: WrappedKey

    @property
    def place(self) -> str:
        return f"{self.graph_key}:{self.purpose}:{self.version}"


class KeyRotations:
    """Each step is one transaction, and does nothing if the rotation is another process's by then."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def hear(self, server: UUID, epoch: int | None, limit: int) -> list[asyncpg.Record]:
        async with self._database.transaction(None) as transaction:
            return await transaction.fetch("hear_keys", SQL["hear_keys"], server, epoch, limit)

    async def leave(self, server: UUID) -> None:
        async with self._database.transaction(None) as transaction:
            await transaction.fetch("leave_keys", SQL["leave_keys"], server)

    async def doubt(self, tenant_key: int, graph_key: int) -> None:
        """A server could not learn the keys that are announced for a graph: nobody seals by them before all servers
        have heard of them once more. Raises DatabaseUnavailable."""
        await self._database.fetch("doubt_keys", SQL["doubt_keys"], tenant_key, graph_key)

    async def begin(self, handle: GraphHandle, wrapped: Mapping[int, WrappedKey], audit: Leave = unaudited) -> bool:
        """Announces new versions of a graph's keys, by their purposes. False if a rotation is under way. Raises
        GraphNotFound."""
        arguments = [*wrapped], [key.kek_id for key in wrapped.values()], [key.wrapped for key in wrapped.values()]
        try:
            async with self._database.transaction(handle.tenant_key) as transaction:
                row = await transaction.fetchrow(
                    "begin_key_rotation", SQL["begin_key_rotation"], handle.tenant_key, handle.graph_key, *arguments
                )
                await audit(transaction, handle.tenant_key, [handle.name])
        except asyncpg.PostgresError as error:
            if error.sqlstate == GRAPH_GONE:
                raise GraphNotFound(resource=handle.name) from None
            raise
        assert row is not None
        begun: bool = row["begun"]
        return begun

    async def begin_rewrapping(self, tenant_key: int, kek_id: str, name: str, audit: Leave = unaudited) -> None:
        """Raises TenantErased."""
        async with self._database.transaction(tenant_key) as transaction:
            if tenant_key != INSTALLATION:
                await hold_tenant(transaction, tenant_key, name or "tenants/-")
            await transaction.fetch("begin_rewrapping", SQL["begin_rewrapping"], tenant_key, kek_id)
            await audit(transaction, tenant_key, [name])

    async def join(self, tenant_key: int, name: str, audit: Leave = unaudited) -> None:
        """Leaves word of who wanted one that is under way already."""
        async with self._database.transaction(tenant_key) as transaction:
            await audit(transaction, tenant_key, [name])

    async def claim(self, lease: float) -> KeyRotation | None:
        """One that is due, for `lease` seconds."""
        async with self._database.transaction(None, role=WORKER) as transaction:
            row = await transaction.fetchrow("claim_key_rotation", SQL["claim_key_rotation"], lease)
        if row is None:
            return None
        return KeyRotation(
            row["tenant_key"],
            row["graph_key"],
            State(row["state"]),
            row["version"],
            row["kek_id"],
            row["epoch"],
            row["stage"],
            row["place"],
            row["left_count"],
            row["age"],
            row["run_after"],
        )

    async def known(self, epoch: int) -> bool:
        """Whether every server knows of all changes of keys up to an epoch."""
        async with self._database.transaction(None) as transaction:
            row = await transaction.fetchrow("keys_known", SQL["keys_known"], epoch, LAPSE_SECONDS)
        assert row is not None
        known: bool = row["known"]
        return known

    async def wait(self, rotation: KeyRotation, seconds: float, failure: str | None = None) -> None:
        await self._do("wait_key_rotation", rotation, seconds, failure)

    async def note_known(self, rotation: KeyRotation) -> None:
        """All servers know the new versions."""
        await self._do("note_known", rotation)

    async def begin_sealing(self, rotation: KeyRotation) -> None:
        """Takes the new versions into use, if all servers still know them; else they are announced again."""
        await self._do("begin_sealing", rotation, LAPSE_SECONDS)

    async def begin_settling(self, rotation: KeyRotation) -> None:
        await self._do("begin_settling", rotation)

    async def begin_proving(self, rotation: KeyRotation) -> None:
        await self._do("begin_proving", rotation)

    async def end(self, rotation: KeyRotation) -> None:
        """Destroys the versions before."""
        await self._do("end_key_rotation", rotation)

    async def envelopes(self, rotation: KeyRotation, stage: int, place: str, limit: int) -> list[Found]:
        """Rows behind a place of a stage."""
        async with self._database.transaction(rotation.tenant_key) as transaction:
            rows = await transaction.fetch(
                "old_envelopes",
                SQL["old_envelopes"],
                *rotation.where,
                stage,
                version_header(rotation.version),
                place,
                limit,
            )
        return [Found(**row) for row in rows]

    async def reseal(self, rotation: KeyRotation, stage: int, resealed: Sequence[Resealed]) -> None:
        columns = [
            (row.found.place, row.content and row.found.content, row.content, row.note and row.found.note, row.note)
            for row in resealed
        ]
        async with self._database.transaction(rotation.tenant_key, role=WORKER) as transaction:
            await transaction.fetch(
                "reseal", SQL["reseal"], *rotation.where, stage, *map(list, zip(*columns, strict=True))
            )

    async def move(
        self, rotation: KeyRotation, stage: int, place: str, *, done: int, left: int, unreadable: int
    ) -> None:
        await self._do("move_key_rotation", rotation, stage, place, done, left, unreadable)

    async def worn(self, days: float | None, encryptions: int, behind: int, limit: int) -> list[tuple[int, int]]:
        """Graphs whose content key is due: keys of tenant and graph, in the order of the latter, behind one."""
        async with self._database.transaction(None, role=WORKER) as transaction:
            rows = await transaction.fetch("worn_keys", SQL["worn_keys"], days, encryptions, behind, limit)
        return [(row["tenant_key"], row["graph_key"]) for row in rows]

    async def purge(self) -> bool:
        """Forgets changes of keys that every server has heard of. There is never more to do at once."""
        async with self._database.transaction(None, role=WORKER) as transaction:
            await transaction.fetch("purge_key_changes", SQL["purge_key_changes"])
        return False

    async def old_wraps(self, rotation: KeyRotation, limit: int) -> list[Wrapped]:
        """Behind the place of the rotation."""
        after = [int(part) for part in rotation.place.split(":")] if rotation.place else [0, 0, 0]
        async with self._database.transaction(rotation.tenant_key) as transaction:
            rows = await transaction.fetch(
                "old_wraps", SQL["old_wraps"], rotation.tenant_key, rotation.kek_id, *after, limit
            )
        return [
            Wrapped(row["graph_key"], row["purpose"], row["version"], WrappedKey(row["kek_id"], row["wrapped"]))
            for row in rows
        ]

    async def left_behind(self, tenant_key: int, kek_id: str) -> int:
        """How many data keys of a tenant are wrapped by another key than this one."""
        async with self._database.transaction(tenant_key) as transaction:
            row = await transaction.fetchrow("count_old_wraps", SQL["count_old_wraps"], tenant_key, kek_id)
        assert row is not None
        found: int = row["found"]
        return found

    async def wrapped_by(self, tenant_key: int) -> list[str]:
        """The kek ids by which the data keys of a tenant are wrapped, or the installation's secret; the most used one
        first."""
        if tenant_key == INSTALLATION:
            return [(await self.installation()).kek_id]
        async with self._database.transaction(tenant_key) as transaction:
            rows = await transaction.fetch("keks_of_tenant", SQL["keks_of_tenant"], tenant_key)
        return [row["kek_id"] for row in rows]

    async def rewrap(self, rotation: KeyRotation, rewrapped: Sequence[tuple[Wrapped, WrappedKey]]) -> None:
        """Puts wrapped keys in the place of others. Servers hear that these are gone, all at once."""
        columns = [
            (old.graph_key, old.purpose, old.version, old.key.wrapped, new.kek_id, new.wrapped)
            for old, new in rewrapped
        ]
        async with self._database.transaction(rotation.tenant_key) as transaction:
            await transaction.fetch(
                "rewrap", SQL["rewrap"], rotation.tenant_key, *map(list, zip(*columns, strict=True))
            )

    async def look_again(self, rotation: KeyRotation) -> None:
        """Begins anew to look for keys that are wrapped by another one."""
        await self._do("look_again", rotation)

    async def installation(self) -> WrappedKey:
        """The wrapped secret of the installation."""
        async with self._database.transaction(None) as transaction:
            row = await transaction.fetchrow("find_cluster", CLUSTER_SQL["find_cluster"])
        assert row is not None
        return WrappedKey(row["kek_id"], row["wrapped_secret"])

    async def rewrap_installation(self, old: WrappedKey, new: WrappedKey) -> None:
        async with self._database.transaction(None) as transaction:
            await transaction.fetch(
                "rewrap_installation", SQL["rewrap_installation"], old.wrapped, new.kek_id, new.wrapped
            )

    async def end_rewrapping(self, rotation: KeyRotation) -> None:
        await self._do("end_rewrapping", rotation)

    async def one(self, handle: GraphHandle) -> asyncpg.Record:
        """How the key of a graph's content stands. Raises GraphNotFound."""
        async with self._database.transaction(handle.tenant_key) as transaction:
            row = await transaction.fetchrow(
                "find_key_rotation", SQL["find_key_rotation"], handle.tenant_key, handle.graph_id
            )
        if row is None or row["graph_key"] != handle.graph_key:
            raise GraphNotFound(resource=handle.name)
        return row

    async def rewrapping(self, tenant_key: int) -> asyncpg.Record | None:
        """How the wrapping of a tenant's keys stands; None: they were never wrapped anew."""
        async with self._database.transaction(tenant_key, role=WORKER) as transaction:
            return await transaction.fetchrow("find_rewrapping", SQL["find_rewrapping"], tenant_key)

    async def page(self, tenant_key: int, after: int, limit: int, grants: Grants) -> list[asyncpg.Record]:
        """Graphs that are granted and whose keys are being rotated."""
        lows, highs = zip(*grants.spans(), strict=True)
        async with self._database.transaction(tenant_key) as transaction:
            return await transaction.fetch(
                "list_key_rotations", SQL["list_key_rotations"], tenant_key, after, limit, lows, highs
            )

    async def _do(self, name: str, rotation: KeyRotation, *arguments: object) -> None:
        async with self._database.transaction(rotation.tenant_key, role=WORKER) as transaction:
            await transaction.fetch(name, SQL[name], *rotation.where, rotation.lease, *arguments)
