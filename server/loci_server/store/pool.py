"""Connections to PostgreSQL: one pool per process, as the application role.

Every statement runs in a transaction that names the tenant, either inside a function of the schema (one round trip) or
in `transaction(tenant)`. All settings are local to their transaction, so a connection goes back to the pool as it came
and behind PgBouncer in transaction mode nothing can leak.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from typing import Any, Protocol
from urllib.parse import urlsplit

import asyncpg

from loci_server.errors import DatabaseUnavailable

APPLICATION_ROLE = "loci_app"
CONNECT_TIMEOUT = 10.0
CONNECTION_ERRORS = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    # What asyncpg raises, too, when the server ended a connection while nothing ran on it.
    asyncpg.InternalClientError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    OSError,
    TimeoutError,
)


class StatementObserver(Protocol):
    """Told of each statement by name (a span and a metric; never its parameters)."""

    def statement(self, name: str) -> AbstractContextManager[object]: ...


class Connection(asyncpg.Connection):
    """A connection that needs no reset query: nothing outlives its transaction here."""

    def get_reset_query(self) -> str:
        return ""


class Database:
    """The pool. `pooled` says that a pooler in transaction mode stands in between: no prepared statements then, and
    each statement in a transaction of its own that holds one server connection."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", pooled: bool, observer: StatementObserver) -> None:
        self.pool = pool
        self.pooled = pooled
        self._observer = observer

    async def fetch(self, name: str, sql: str, *arguments: object) -> list[asyncpg.Record]:
        """The rows of one self-contained statement (one that calls a function which names the tenant)."""
        try:
            with self._observer.statement(name):
                async with self.pool.acquire() as connection:
                    try:
                        if self.pooled:
                            async with connection.transaction():
                                return list(await connection.fetch(sql, *arguments))
                        return list(await connection.fetch(sql, *arguments))
                    except asyncpg.InternalClientError:
                        connection.terminate()
                        raise
        except CONNECTION_ERRORS as error:
            raise DatabaseUnavailable(retry_after=1.0) from error

    async def fetchrow(self, name: str, sql: str, *arguments: object) -> asyncpg.Record | None:
        rows = await self.fetch(name, sql, *arguments)
        return rows[0] if rows else None

    @asynccontextmanager
    async def transaction(self, tenant_key: int | None, *, role: str | None = None) -> AsyncIterator["Transaction"]:
        """A transaction that names a tenant, or a role (`operator`, `worker`), or both."""
        try:
            async with self.pool.acquire() as connection:
                try:
                    async with connection.transaction():
                        await connection.fetchrow(
                            "SELECT set_config('loci.tenant', $1, true), set_config('loci.role', $2, true)",
                            "" if tenant_key is None else str(tenant_key),
                            role or "",
                        )
                        yield Transaction(connection, self._observer)
                except asyncpg.InternalClientError:
                    connection.terminate()
                    raise
        except CONNECTION_ERRORS as error:
            raise DatabaseUnavailable(retry_after=1.0) from error

    async def ping(self) -> None:
        await self.fetch("ping", "SELECT 1")

    async def close(self) -> None:
        try:
            await asyncio.wait_for(self.pool.close(), 5)
        except TimeoutError:
            self.pool.terminate()


class Transaction:
    """Named statements inside one transaction."""

    def __init__(self, connection: Any, observer: StatementObserver) -> None:
        self.connection = connection
        self._observer = observer

    async def fetch(self, name: str, sql: str, *arguments: object) -> list[asyncpg.Record]:
        with self._observer.statement(name):
            return list(await self.connection.fetch(sql, *arguments))

    async def fetchrow(self, name: str, sql: str, *arguments: object) -> asyncpg.Record | None:
        rows = await self.fetch(name, sql, *arguments)
        return rows[0] if rows else None


async def connect(
    url: str, *, size: int, pooler: str, observer: StatementObserver, statement_timeout: float | None = None
) -> Database:
    """Opens the pool as the application role. `statement_timeout` in seconds ends statements that a server left behind
    when it was killed, and transactions of one that stands still; a call that ends cancels its own.

    A login that is not that role takes it with the first packet, so that its own rights (superuser, owner) are laid
    down. Raises DatabaseUnavailable.
    """
    login = urlsplit(url).username
    settings = {"application_name": "loci", "jit": "off"}
    try:
        pooled = pooler == "transaction" or (pooler == "auto" and await behind_pooler(url))
        if pooled:
            settings = {}
        elif login != APPLICATION_ROLE:
            settings["role"] = APPLICATION_ROLE
        if statement_timeout is not None and not pooled:
            timeout = str(round(statement_timeout * 1000))
            settings |= {"statement_timeout": timeout, "idle_in_transaction_session_timeout": timeout}
        pool = await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=size,
            connection_class=Connection,
            server_settings=settings,
            statement_cache_size=0 if pooled else 200,
            max_inactive_connection_lifetime=300.0,
            timeout=CONNECT_TIMEOUT,
        )
    except CONNECTION_ERRORS as error:
        raise DatabaseUnavailable(retry_after=1.0) from error
    return Database(pool, pooled, observer)


async def behind_pooler(url: str) -> bool:
    """Whether something stands between: the process that answers is not the one that greeted."""
    connection = await asyncpg.connect(url, statement_cache_size=0, timeout=CONNECT_TIMEOUT)
    try:
        backend: int = await connection.fetchval("SELECT pg_backend_pid()")
        return backend != connection.get_server_pid()
    finally:
        await connection.close()
