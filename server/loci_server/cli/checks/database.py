"""The database: reached, new enough, migrated, fenced, and sealed with the keyring that we have."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from loci_server.cli.checks.finding import Finding, ok, problem, warning
from loci_server.cli.checks.keys import KEY_SERVICE
from loci_server.preflight import keyring_file
from loci_server.settings import Settings

if TYPE_CHECKING:
    from loci_server.crypto.provider import KeyProvider
    from loci_server.store.pool import Database


def database(settings: Settings) -> Iterator[Finding]:
    """All of it. The bundled PostgreSQL runs meanwhile; one that was never started is left alone."""
    from loci_server.embedded import BundledPostgres, BundledPostgresError

    if settings.database_url is not None:
        yield from _findings(settings, settings.database_url.get_secret_value())
        return
    if not BundledPostgres.exists_in(settings.data_dir):
        yield ok("database", "There is no database yet; `loci serve` makes one of its own, or set LOCI_DATABASE_URL.")
        return
    try:
        with BundledPostgres.start(settings.data_dir) as server:
            yield ok("database", f"The bundled PostgreSQL in {server.folder} runs.")
            yield from _findings(settings, server.url)
    except BundledPostgresError as error:
        yield problem("database", f"The bundled PostgreSQL does not run: {error}")


def _findings(settings: Settings, url: str) -> Iterator[Finding]:
    import asyncpg

    from loci_server.errors import LociError
    from loci_server.store.migrations import MigrationError

    async def collect() -> list[Finding]:
        found: list[Finding] = []
        try:
            async for finding in _look(settings, url):
                found += [finding]
        except (LociError, MigrationError) as error:
            found.append(problem("database", str(error)))
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, ValueError) as error:
            found.append(problem("database", f"The database cannot be used: {error or 'it does not answer in time'}"))
        return found

    yield from asyncio.run(collect())


async def _look(settings: Settings, url: str) -> AsyncIterator[Finding]:
    from loci_server.store import migrations, pool

    connection = await migrations.connect(url)
    try:
        version = await connection.fetchval("SELECT current_setting('server_version')")
        vector = await connection.fetchval("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
    finally:
        await connection.close()
    yield ok("database", f"PostgreSQL {version} answers.")
    if vector is None:
        yield warning("pgvector", "pgvector is not in the database yet; the migrations add it.")
    else:
        yield ok("pgvector", f"pgvector {vector}.")
    if await pool.behind_pooler(url):
        yield warning(
            "pooler",
            "A pooler stands before the database. Its login must be loci_app; migrate around it with"
            " LOCI_MIGRATION_DATABASE_URL.",
        )
    migration_url = settings.migration_database_url
    status = await migrations.status(migration_url.get_secret_value() if migration_url else url)
    if status.pending:
        names = ", ".join(f"{migration.version:04}_{migration.name}" for migration in status.pending)
        yield warning("migrations", f"Migrations are pending: {names}. `loci migrate` or `loci serve` applies them.")
        return
    yield ok("migrations", f"All {len(status.applied)} migrations are applied.")
    opened = await pool.connect(url, size=1, pooler=settings.database_pooler, observer=_Unobserved())
    try:
        async for finding in _inside(settings, opened):
            yield finding
    finally:
        await opened.close()


async def _inside(settings: Settings, database: "Database") -> AsyncIterator[Finding]:
    """What is seen as the application's role."""
    from loci_server.store.roles import check_fences

    async with database.transaction(None) as transaction:
        problems = await check_fences(transaction.connection)
    for sentence in problems:
        yield problem("fences", f"Tenants are not kept apart: {sentence}")
    if not problems:
        yield ok("fences", "Row-level security keeps the tenants apart.")
    yield await _fit(settings, database)
    async for finding in _root_keys(settings, database):
        yield finding
    async for finding in _models(database):
        yield finding


async def _models(database: "Database") -> AsyncIterator[Finding]:
    """How far a change of the embedder is."""
    from loci_server.store import jobs, reembedding

    async with database.transaction(None, role=jobs.WORKER) as transaction:
        row = await transaction.fetchrow("find_changes", reembedding.SQL["find_changes"])
    if row is None:
        return
    changes = reembedding.Reembedding(database)
    graphs = sum([await changes.count(tenant) for tenant in row["tenants"] or ()])
    if graphs:
        model = row["target"] or "the model of the next server with an embedder"
        yield ok("embedding models", f"{graphs} graphs are being embedded by {model}; `loci reembed list` tells.")


async def _fit(settings: Settings, database: "Database") -> Finding:
    """Whether the keys that we have open what is in the database. None is made here."""
    from loci_server.crypto.keyring import KeyringError
    from loci_server.errors import ContentUnreadable, KeyServiceUnavailable
    from loci_server.store import tenants

    check, holder = ("keyring", "The keyring") if settings.key_provider == "local" else (KEY_SERVICE, "Vault")
    async with database.transaction(None) as transaction:
        row = await transaction.fetchrow("find_cluster", tenants.SQL["find_cluster"])
    if row is None:
        return ok(check, "The database is new; the first start seals it with the keys that are there then.")
    try:
        keys = _keys(settings, keyring_file(settings))
        if keys is None:
            return problem(check, "The database is sealed and the keyring is missing: put it back where it was.")
        try:
            await tenants.open_installation(database, keys)
        finally:
            await keys.close()
    except ContentUnreadable as error:
        return problem(check, f"{holder} is not that of this database. {error}")
    except KeyServiceUnavailable as error:
        return problem(check, f"Whether Vault opens the database is not known. {error}")
    except KeyringError as error:
        return problem(check, f"{error}.")
    return ok(check, f"{holder} opens the database.")


async def _root_keys(settings: Settings, database: "Database") -> AsyncIterator[Finding]:
    """With `local`, what each root key wraps. A keyring that cannot be read was told of before."""
    from loci_server.cli.checks.root_keys import root_keys
    from loci_server.crypto.keyring import KeyringError

    if settings.key_provider != "local":
        return
    try:
        keys = _keys(settings, keyring_file(settings))
    except KeyringError:
        return
    if keys is not None:
        async for finding in root_keys(keys, database):
            yield finding


def _keys(settings: Settings, path: Path) -> "KeyProvider | None":
    from loci_server.bootstrap import key_provider

    if settings.key_provider == "local" and settings.encryption_key is None and not path.exists():
        return None
    return key_provider(settings)


class _Unobserved:
    """Statements of a check are not worth a metric."""

    def statement(self, name: str) -> AbstractContextManager[object]:
        return nullcontext()
