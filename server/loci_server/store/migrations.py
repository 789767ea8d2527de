"""Brings the database to the tables that this server needs.

Migrations are files `NNNN_name.sql`, numbered from 0001 without a gap. Each runs once, in one transaction, together
with its row in `loci.schema_migrations`: it happens wholly or not at all. Several servers may migrate at once, one
does the work. The lock is held by the transaction, so that a pooler in between does no harm. There is no way back:
a migration is mended by the next one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from . import roles
from .migration_errors import (
    BadMigrations,
    DatabaseNewer,
    DatabaseUnreachable,
    ExtensionMissing,
    MigrationChanged,
    MigrationError,
    MigrationFailed,
    MigrationLocked,
    NotAllowed,
    UnfitDatabase,
)
from .migration_files import Migration, migrations_dir, read

__all__ = [
    "Applied",
    "BadMigrations",
    "DatabaseNewer",
    "DatabaseUnreachable",
    "ExtensionMissing",
    "Migration",
    "MigrationChanged",
    "MigrationError",
    "MigrationFailed",
    "MigrationLocked",
    "NotAllowed",
    "Status",
    "UnfitDatabase",
    "migrate",
    "migrations_dir",
    "read",
    "status",
]

LOCK = 0x4C4F4349
"""Key of the advisory lock: LOCI in ASCII."""
LOCK_TIMEOUT = 120.0
"""Seconds to wait for another server that migrates, or for a table that somebody uses."""
CONNECT_TIMEOUT = 30.0
OLDEST_POSTGRES = 16
OLDEST_PGVECTOR = (0, 8, 4)


@dataclass(frozen=True, slots=True)
class Applied:
    """A row of loci.schema_migrations."""

    version: int
    name: str
    checksum: str
    applied_at: datetime


@dataclass(frozen=True, slots=True)
class Status:
    """Where a database stands."""

    applied: tuple[Applied, ...]
    pending: tuple[Migration, ...]


async def migrate(
    url: str,
    *,
    directory: Path | None = None,
    target: int | None = None,
    allow_newer: bool = False,
    lock_timeout: float = LOCK_TIMEOUT,
) -> list[Applied]:
    """Apply what is missing, up to version `target`; returns what this call applied, in order.

    `url` is that of a role that may create a schema, a role and, if it is not there, the extension; it will own the
    tables. Where nothing is missing, any role that may read schema_migrations will do. `allow_newer` accepts a
    database that a newer server has migrated. Raises MigrationError.
    """
    files = read(directory or migrations_dir())
    if target is not None:
        if target > len(files):
            raise BadMigrations(detail=f"there is no migration {target:04}")
        wanted = files[:target]
    else:
        wanted = files
    connection = await connect(url)
    try:
        await _check_server(connection)
        if not _pending(await _applied(connection), files, wanted, allow_newer=allow_newer):
            await _check_extension(connection)
            return []
        done: list[Applied] = []
        async with _Locked(connection, lock_timeout):
            await _prepare(connection)
        while True:
            async with _Locked(connection, lock_timeout):
                pending = _pending(await _applied(connection), files, wanted, allow_newer=allow_newer)
                if not pending:
                    return done
                done.append(await _apply(connection, pending[0]))
    finally:
        await connection.close(timeout=CONNECT_TIMEOUT)


async def status(url: str, *, directory: Path | None = None) -> Status:
    """What has been applied and what is pending. Changes nothing. Raises MigrationError as migrate() would."""
    files = read(directory or migrations_dir())
    connection = await connect(url)
    try:
        await _check_server(connection)
        applied = await _applied(connection)
        return Status(tuple(applied), tuple(_pending(applied, files, files, allow_newer=True)))
    finally:
        await connection.close(timeout=CONNECT_TIMEOUT)


async def connect(url: str) -> "asyncpg.Connection[Any]":
    """A connection that also works through a pooler. Raises DatabaseUnreachable."""
    try:
        return await asyncpg.connect(
            url,
            timeout=CONNECT_TIMEOUT,
            statement_cache_size=0,
            server_settings={"application_name": "loci-migrate"},
        )
    except OSError as error:
        detail = error.strerror or str(error) or "it does not answer in time"
        raise DatabaseUnreachable(place=_place(url), detail=detail) from error


def _place(url: str) -> str:
    """Host and port for a message; nothing where they cannot be told from a password."""
    try:
        netloc = urlsplit(url).netloc
    except ValueError:
        return ""
    host = netloc.rpartition("@")[2]
    return f" at {host}" if host and netloc.count("@") == url.count("@") else ""


class _Locked:
    """A transaction in which nobody else migrates."""

    def __init__(self, connection: "asyncpg.Connection[Any]", lock_timeout: float) -> None:
        self._connection = connection
        self._lock_timeout = lock_timeout
        self._transaction = connection.transaction()

    async def __aenter__(self) -> None:
        await self._transaction.start()
        try:
            # lock_timeout holds for the whole transaction: a migration never queues for long before a busy table.
            milliseconds = max(1, int(self._lock_timeout * 1000))
            await self._connection.execute(f"SET LOCAL lock_timeout = {milliseconds}")
            await self._connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
        except BaseException as error:
            await self._transaction.rollback()
            if isinstance(error, asyncpg.LockNotAvailableError):
                raise MigrationLocked(seconds=self._lock_timeout) from error
            raise

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is None:
            await self._transaction.commit()
            return
        await self._transaction.rollback()
        if isinstance(error, asyncpg.LockNotAvailableError):
            raise MigrationLocked(seconds=self._lock_timeout) from error


async def _check_server(connection: "asyncpg.Connection[Any]") -> None:
    major = connection.get_server_version().major
    if major < OLDEST_POSTGRES:
        raise UnfitDatabase(needed=f"PostgreSQL {OLDEST_POSTGRES} or later", found=f"PostgreSQL {major}")
    encoding = await connection.fetchval("SELECT current_setting('server_encoding')")
    if encoding != "UTF8":
        raise UnfitDatabase(needed="the encoding UTF8", found=encoding)


async def _check_extension(connection: "asyncpg.Connection[Any]") -> None:
    row = await connection.fetchrow(
        "SELECT extversion, extnamespace::regnamespace::text AS schema FROM pg_extension WHERE extname = 'vector'"
    )
    if row is None:
        raise ExtensionMissing(
            detail="The extension vector (pgvector) is not in this database: CREATE EXTENSION vector;"
        )
    _check_pgvector(row["extversion"], "ALTER EXTENSION vector UPDATE;")
    if row["schema"] != "public":
        raise ExtensionMissing(detail="Loci looks for vector in public: ALTER EXTENSION vector SET SCHEMA public;")


def _check_pgvector(version: str, advice: str) -> None:
    if tuple(int(part) for part in re.findall(r"\d+", version)[:3]) < OLDEST_PGVECTOR:
        needed = ".".join(map(str, OLDEST_PGVECTOR))
        raise UnfitDatabase(needed=f"pgvector {needed} or later ({advice})", found=f"pgvector {version}")


async def _prepare(connection: "asyncpg.Connection[Any]") -> None:
    """Extension, role, schema, log of migrations and grants."""
    current = await connection.fetchval("SELECT current_user::text")
    if current == roles.APPLICATION_ROLE:
        raise NotAllowed(role=current, detail="it is the application's; set LOCI_MIGRATION_DATABASE_URL to the owner's")
    try:
        await _create_extension(connection, current)
        await _check_extension(connection)
        await roles.prepare(connection)
        await connection.execute(PREPARE)
        await roles.grant(connection)
    except asyncpg.InsufficientPrivilegeError as error:
        raise NotAllowed(role=current, detail=str(error)) from error


async def _create_extension(connection: "asyncpg.Connection[Any]", current: str) -> None:
    if await connection.fetchval("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'vector')"):
        return
    available = await connection.fetchval("SELECT default_version FROM pg_available_extensions WHERE name = 'vector'")
    if available is None:
        raise ExtensionMissing(detail="The extension vector (pgvector) is not installed on the database server.")
    _check_pgvector(available, "install a newer one on the database server")
    try:
        await connection.execute("CREATE EXTENSION IF NOT EXISTS vector SCHEMA public")
    except asyncpg.InsufficientPrivilegeError as error:
        advice = f"The role {current} may not create the extension vector; a superuser must: CREATE EXTENSION vector;"
        raise ExtensionMissing(detail=advice) from error


async def _applied(connection: "asyncpg.Connection[Any]") -> list[Applied]:
    if not await connection.fetchval("SELECT to_regclass('loci.schema_migrations') IS NOT NULL"):
        return []
    rows = await connection.fetch(
        "SELECT version, name, checksum, applied_at FROM loci.schema_migrations ORDER BY version"
    )
    return [Applied(**dict(row)) for row in rows]


def _pending(
    applied: Sequence[Applied], files: Sequence[Migration], wanted: Sequence[Migration], *, allow_newer: bool
) -> Sequence[Migration]:
    """What of `wanted` is not in `applied`, once both histories are known to agree."""
    for place, (row, migration) in enumerate(zip(applied, files, strict=False), start=1):
        if row.version != place:
            raise BadMigrations(detail=f"the database lacks migration {place:04} but has {row.version:04}")
        if row.checksum != migration.checksum:
            raise MigrationChanged(version=row.version)
    if len(applied) > len(files) and not allow_newer:
        raise DatabaseNewer(found=applied[-1].version, known=len(files))
    return wanted[len(applied) :]


async def _apply(connection: "asyncpg.Connection[Any]", migration: Migration) -> Applied:
    try:
        await connection.execute("SET LOCAL search_path = loci, public")
        before = await connection.fetchval(TRANSACTION)
        await connection.execute(f"{migration.sql}\n; SELECT 1")  # asyncpg stumbles over a text without a statement
        if await connection.fetchval(TRANSACTION) != before:
            raise BadMigrations(detail=f"{migration.version:04} ends the transaction that it runs in")
        row = await connection.fetchrow(RECORD, migration.version, migration.name, migration.checksum)
    except asyncpg.LockNotAvailableError:
        raise
    except asyncpg.PostgresError as error:
        raise MigrationFailed(version=migration.version, name=migration.name, detail=str(error)) from error
    assert row is not None
    return Applied(**dict(row))


TRANSACTION = "SELECT pg_current_xact_id()::text"

PREPARE = """
CREATE SCHEMA IF NOT EXISTS loci;
CREATE TABLE IF NOT EXISTS loci.schema_migrations (
    version integer PRIMARY KEY,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);
"""

RECORD = """
INSERT INTO loci.schema_migrations (version, name, checksum) VALUES ($1, $2, $3)
RETURNING version, name, checksum, applied_at
"""
