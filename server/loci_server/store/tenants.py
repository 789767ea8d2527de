"""The installation, its tenants and their API keys."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import astuple
from datetime import UTC, datetime, timedelta

import asyncpg

from loci_server.crypto.envelope import WrappedKey
from loci_server.crypto.installation import Installation
from loci_server.crypto.provider import INSTALLATION, KeyProvider
from loci_server.domain.names import api_key_name, tenant_name
from loci_server.domain.quotas import Quota
from loci_server.domain.row import Row
from loci_server.errors import (
    ApiKeyEnded,
    LastOperatorKey,
    ScopeMissing,
    TenantBeingErased,
    TenantErased,
    TenantExists,
    TenantNotFound,
)
from loci_server.identity.keys import ApiKey, new_secret
from loci_server.identity.principal import Scope
from loci_server.store.audit import Leave, unaudited
from loci_server.store.pool import Database, Transaction
from loci_server.store.quotas import quota_of
from loci_server.store.statements import statements
from loci_server.store.times import aware

SQL = statements("tenants")
OPERATOR = "operator"
UNLIMITED = Quota()
PURPOSE = b"installation"
KEY_BITS = 63
FIRST_KEY = "made at the first start"
LAST = datetime.max.replace(tzinfo=UTC)


async def open_installation(database: Database, keys: KeyProvider) -> Installation:
    """The installation of this database, which is made at the first start. Raises ContentUnreadable if the keyring is
    not the one that it was made with, KeyServiceUnavailable."""
    async with database.transaction(None) as transaction:
        row = await transaction.fetchrow("find_cluster", SQL["find_cluster"])
        await transaction.fetch("begin_incarnation", SQL["begin_incarnation"])
    if row is None:
        wrapped = await keys.wrap(INSTALLATION, PURPOSE, secrets.token_bytes(32))
        async with database.transaction(None) as transaction:
            await transaction.fetch("insert_cluster", SQL["insert_cluster"], wrapped.kek_id, wrapped.wrapped)
            row = await transaction.fetchrow("find_cluster", SQL["find_cluster"])
            await transaction.fetch("begin_incarnation", SQL["begin_incarnation"])
    assert row is not None
    secret = await keys.unwrap(INSTALLATION, PURPOSE, WrappedKey(row["kek_id"], row["wrapped_secret"]))
    return Installation(row["cluster_id"], secret)


async def has_installation(database: Database) -> bool:
    """Whether this database was set up before."""
    async with database.transaction(None) as transaction:
        return await transaction.fetchrow("find_cluster", SQL["find_cluster"]) is not None


def new_api_key(tenant_key: int | None = None) -> ApiKey:
    """A random key, of a tenant or of one that is yet to be made."""
    tenant = secrets.randbits(KEY_BITS) if tenant_key is None else tenant_key
    return ApiKey(tenant, secrets.randbits(KEY_BITS), new_secret())


async def hold_tenant(transaction: Transaction, tenant_key: int, name: str = "tenants/-") -> None:
    """Until the end of the transaction nobody begins to erase the tenant. Raises TenantErased."""
    row = await transaction.fetchrow("hold_tenant", SQL["hold_tenant"], tenant_key)
    if row is None or row["erased"]:
        raise TenantErased(resource=name)


class Tenants:
    """Tenants, for operators."""

    def __init__(self, database: Database, installation: Installation) -> None:
        self._database = database
        self._installation = installation
        self._sealer = installation.sealer

    async def create(
        self, tenant_id: str, display_name: str, quota: Quota = UNLIMITED, audit: Leave = unaudited
    ) -> asyncpg.Record:
        """Raises TenantExists."""
        tenant_key = secrets.randbits(KEY_BITS)
        sealed = self._sealer.seal(b"tenant", tenant_id.encode(), b"display_name", display_name.encode())
        async with self._database.transaction(None, role=OPERATOR) as transaction:
            arguments = tenant_key, tenant_id, sealed, *astuple(quota)
            row = await transaction.fetchrow("insert_tenant", SQL["insert_tenant"], *arguments)
            if row is None:
                there = await transaction.fetchrow("find_tenant", SQL["find_tenant"], tenant_id)
                erased = there is not None and there["erased"]
                raise (TenantBeingErased if erased else TenantExists)(resource=tenant_name(tenant_id))
            await audit(transaction, tenant_key, [tenant_name(tenant_id)])
        return row

    async def create_first(self, tenant_id: str, display_name: str, key: ApiKey, scopes: Sequence[int]) -> None:
        """A tenant and its first key, both or none. Raises TenantExists."""
        sealer = self._sealer
        name = sealer.seal(b"tenant", tenant_id.encode(), b"display_name", display_name.encode())
        label = sealer.seal(b"api_key", str(key.key_id).encode(), b"display_name", FIRST_KEY.encode())
        hashed = self._installation.hash_secret(key.secret)
        async with self._database.transaction(key.tenant_key, role=OPERATOR) as transaction:
            tenant = key.tenant_key, tenant_id, name, *astuple(UNLIMITED)
            row = await transaction.fetchrow("insert_tenant", SQL["insert_tenant"], *tenant)
            if row is None:
                raise TenantExists(resource=tenant_name(tenant_id))
            arguments = key.tenant_key, key.key_id, hashed, scopes, label, None, ()
            await transaction.fetch("insert_api_key", SQL["insert_api_key"], *arguments)

    async def find(self, tenant_id: str) -> asyncpg.Record:
        """Raises TenantNotFound."""
        async with self._database.transaction(None, role=OPERATOR) as transaction:
            row = await transaction.fetchrow("find_tenant", SQL["find_tenant"], tenant_id)
        if row is None:
            raise TenantNotFound(resource=tenant_name(tenant_id))
        return row

    async def find_live(self, tenant_id: str) -> asyncpg.Record:
        """One that is not being erased. Raises TenantNotFound, TenantErased."""
        row = await self.find(tenant_id)
        if row["erased"]:
            raise TenantErased(resource=tenant_name(tenant_id))
        return row

    async def update(
        self, tenant_id: str, display_name: str | None, change: Callable[[Quota], Quota], audit: Leave = unaudited
    ) -> asyncpg.Record:
        """Gives it another display name (None: leaves it), and another quota. Raises TenantNotFound, and what `change`
        raises."""
        async with self._database.transaction(None, role=OPERATOR) as transaction:
            row = await transaction.fetchrow("lock_tenant", SQL["lock_tenant"], tenant_id)
            if row is None:
                raise TenantNotFound(resource=tenant_name(tenant_id))
            name = self.display_name(row) if display_name is None else display_name
            sealed = self._sealer.seal(b"tenant", tenant_id.encode(), b"display_name", name.encode())
            quota = astuple(change(quota_of(row)))
            row = await transaction.fetchrow("update_tenant", SQL["update_tenant"], tenant_id, sealed, *quota)
            assert row is not None
            await audit(transaction, row["tenant_key"], [tenant_name(tenant_id)])
        return row

    async def page(self, after: str, show_deleted: bool, limit: int) -> list[asyncpg.Record]:
        async with self._database.transaction(None, role=OPERATOR) as transaction:
            return await transaction.fetch("list_tenants", SQL["list_tenants"], after, show_deleted, limit)

    async def set_deleted(self, tenant_id: str, deleted: bool, audit: Leave = unaudited) -> asyncpg.Record:
        """Raises TenantNotFound."""
        async with self._database.transaction(None, role=OPERATOR) as transaction:
            row = await transaction.fetchrow("set_tenant_deleted", SQL["set_tenant_deleted"], tenant_id, deleted)
            if row is None:
                there = await transaction.fetchrow("find_tenant", SQL["find_tenant"], tenant_id)
                raise (TenantNotFound if there is None else TenantErased)(resource=tenant_name(tenant_id))
            await audit(transaction, row["tenant_key"], [tenant_name(tenant_id)])
        return row

    def display_name(self, row: Row) -> str:
        identity = row["tenant_id"].encode()
        return self._sealer.open(b"tenant", identity, b"display_name", row["display_name"]).decode()


class ApiKeys:
    """API keys of one tenant at a time."""

    def __init__(self, database: Database, installation: Installation) -> None:
        self._database = database
        self._installation = installation

    async def find(self, tenant_key: int, key_id: int) -> asyncpg.Record | None:
        """The key with its tenant's id and state, whoever holds it: the caller has yet to prove that it knows it."""
        async with self._database.transaction(tenant_key) as transaction:
            return await transaction.fetchrow("find_api_key", SQL["find_api_key"], tenant_key, key_id)

    async def create(
        self,
        tenant_key: int,
        tenant_id: str,
        secret: bytes,
        scopes: Sequence[int],
        display_name: str,
        expire_time: datetime | None,
        graphs: Sequence[str] = (),
        audit: Leave = unaudited,
    ) -> asyncpg.Record:
        """Raises TenantErased."""
        async with self._database.transaction(tenant_key) as transaction:
            await hold_tenant(transaction, tenant_key, tenant_name(tenant_id))
            row = await self._insert(transaction, tenant_key, secret, scopes, display_name, expire_time, graphs)
            await audit(transaction, tenant_key, [api_key_name(tenant_id, str(row["key_id"]))])
        return row

    async def rotate(
        self,
        tenant_key: int,
        tenant_id: str,
        key_id: int,
        secret: bytes,
        overlap: timedelta,
        expire_time: datetime | None,
        may_operate: bool,
        audit: Leave = unaudited,
    ) -> tuple[asyncpg.Record, asyncpg.Record] | None:
        """A key like another one, which then ends: the new one and the one before. None: there is no such key. Raises
        ApiKeyEnded, TenantErased, and ScopeMissing for an operator's key unless the caller is one."""
        name = api_key_name(tenant_id, str(key_id))
        async with self._database.transaction(tenant_key) as transaction:
            await hold_tenant(transaction, tenant_key, tenant_name(tenant_id))
            old = await transaction.fetchrow("lock_api_key", SQL["lock_api_key"], tenant_key, key_id)
            if old is None:
                return None
            if Scope.OPERATOR in old["scopes"] and not may_operate:
                raise ScopeMissing(scope=Scope.OPERATOR.name)
            if not old["good"]:
                raise ApiKeyEnded(resource=name)
            end = expire_time or end_of_another(old)
            row = await self._insert(
                transaction, tenant_key, secret, old["scopes"], self.display_name(old), end, old["graphs"]
            )
            ended = await transaction.fetchrow("end_api_key", SQL["end_api_key"], tenant_key, key_id, overlap)
            assert ended is not None
            await audit(transaction, tenant_key, [name, api_key_name(tenant_id, str(row["key_id"]))])
        return row, ended

    async def _insert(
        self,
        transaction: Transaction,
        tenant_key: int,
        secret: bytes,
        scopes: Sequence[int],
        display_name: str,
        expire_time: datetime | None,
        graphs: Sequence[str],
    ) -> asyncpg.Record:
        key_id = secrets.randbits(KEY_BITS)
        identity = str(key_id).encode()
        sealed = self._installation.sealer.seal(b"api_key", identity, b"display_name", display_name.encode())
        hashed = self._installation.hash_secret(secret)
        arguments = tenant_key, key_id, hashed, scopes, sealed, expire_time, graphs
        row = await transaction.fetchrow("insert_api_key", SQL["insert_api_key"], *arguments)
        assert row is not None
        return row

    async def page(self, tenant_key: int, after: int, limit: int) -> list[asyncpg.Record]:
        async with self._database.transaction(tenant_key) as transaction:
            return await transaction.fetch("list_api_keys", SQL["list_api_keys"], tenant_key, after, limit)

    async def revoke(
        self,
        tenant_key: int,
        tenant_id: str,
        key_id: int,
        may_operate: bool,
        force: bool,
        audit: Leave = unaudited,
    ) -> asyncpg.Record | None:
        """None: there is no such key. Raises ScopeMissing for an operator's key unless the caller is one, and
        LastOperatorKey for the last of them that is good, without `force`."""
        name = api_key_name(tenant_id, str(key_id))
        async with self._database.transaction(tenant_key) as transaction:
            operators = await transaction.fetch(
                "lock_operator_keys", SQL["lock_operator_keys"], tenant_key, Scope.OPERATOR
            )
            key = await transaction.fetchrow("lock_api_key", SQL["lock_api_key"], tenant_key, key_id)
            if key is None:
                return None
            if Scope.OPERATOR in key["scopes"] and not may_operate:
                raise ScopeMissing(scope=Scope.OPERATOR.name)
            if not force and [row["key_id"] for row in operators] == [key_id]:
                raise LastOperatorKey(field="force", resource=name)
            row = await transaction.fetchrow("revoke_api_key", SQL["revoke_api_key"], tenant_key, key_id)
            await audit(transaction, tenant_key, [name])
        return row

    async def note_uses(self, uses: Sequence[tuple[int, int, datetime]]) -> None:
        """When keys (tenant, key, time), in order, were last used."""
        await self._database.fetch("note_key_uses", SQL["note_key_uses"], uses)

    def display_name(self, row: Row) -> str:
        identity = str(row["key_id"]).encode()
        return self._installation.sealer.open(b"api_key", identity, b"display_name", row["display_name"]).decode()


def end_of_another(key: Row) -> datetime | None:
    """When a key ends that is made now and lasts as long as this one was to last, rotated or not."""
    if key["planned_expire_time"] is None:
        return None
    try:
        end: datetime = key["read_time"] + (aware(key["planned_expire_time"]) - key["create_time"])
    except OverflowError:
        return LAST
    return end
