"""What a start does before it serves: migrations, fences, and on the first start a tenant and a key."""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import cast

import asyncpg

from loci_server.crypto.local import from_file, from_setting
from loci_server.crypto.provider import INSTALLATION, KeyProvider
from loci_server.errors import KeyServiceUnavailable, TenantExists
from loci_server.identity.keys import ApiKey, new_secret
from loci_server.identity.principal import Scope
from loci_server.preflight import check_keyring, keyring_file
from loci_server.settings import Settings
from loci_server.store.kek_uses import missing
from loci_server.store.log_parts import LogParts
from loci_server.store.migrations import migrate
from loci_server.store.pool import Database, connect
from loci_server.store.roles import check_fences
from loci_server.store.tenants import ApiKeys, Tenants, has_installation, new_api_key, open_installation

DEFAULT_TENANT = "default"
KEY_FILE = "api-key"
FIRST_SCOPES = (Scope.ADMIN, Scope.OPERATOR)
MADE_OFFLINE = "made by loci keys make-operator"
log = logging.getLogger(__name__)


class UnsafeDatabaseError(Exception):
    """The database would not keep tenants apart, so the server does not start."""


def key_provider(settings: Settings) -> KeyProvider:
    """The provider of `settings.key_provider`. Raises KeyringError."""
    if settings.key_provider != "local":
        from loci_server.crypto.vault import vault_keys  # the client of a service that few have

        return vault_keys(settings)
    if settings.encryption_key is not None:
        return from_setting(settings.encryption_key.get_secret_value())
    return from_file(keyring_file(settings))


class Unobserved:
    """What happens before the service is there is not measured."""

    def statement(self, name: str) -> AbstractContextManager[object]:
        return nullcontext()


async def prepare(settings: Settings, database_url: str) -> Path | None:
    """Brings the schema up to date, proves the fences, and makes a first tenant. The file with its key, if there is
    one. Raises MigrationError, KeyringError, UnsafeDatabaseError, LociError."""
    url = settings.migration_database_url
    owned = url.get_secret_value() if url else database_url
    await check_keyring(settings, owned)
    keys = key_provider(settings)
    for applied in await migrate(owned):
        log.info("migration %d %s applied", applied.version, applied.name)
    database = await connect(database_url, size=1, pooler=settings.database_pooler, observer=Unobserved())
    try:
        await prove_fences(database)
        await extend_log(database)
        key_file = await first_start(settings, database, keys)
        if settings.key_provider == "local":
            await warn_of_missing(database, keys)
        return key_file
    finally:
        await database.close()
        await keys.close()


async def prove_fences(database: Database) -> None:
    """Raises UnsafeDatabaseError if row-level security would not hold for the role that the server has."""
    async with database.pool.acquire() as connection:
        problems = await check_fences(cast(asyncpg.Connection, connection))
    if problems:
        raise UnsafeDatabaseError("; ".join(problems))


async def extend_log(database: Database) -> None:
    """Makes the parts of the log that the next months need. Where that cannot be now, a background job does it."""
    try:
        await LogParts(database, None).extend()
    except asyncpg.PostgresError as error:
        log.info("no parts of the log made: %s", type(error).__name__)


async def warn_of_missing(database: Database, keys: KeyProvider) -> None:
    """Says of each root key that is not in the keyring what it wraps. A start goes on without it: the rest is read."""
    for use in await missing(database, await keys.held(INSTALLATION)):
        log.warning(
            "the root key %s is not in the keyring and wraps %s, which cannot be read; `loci doctor` names graphs",
            use.kek_id,
            use.what,
        )


async def first_start(settings: Settings, database: Database, keys: KeyProvider) -> Path | None:
    """Makes the tenant `default` and its key where there is no tenant yet. The file with the key, if there is one.

    Two servers that start at once make one tenant; the one that made it writes the key. Where the key service is away,
    a database that was set up before is left as it is. Raises KeyServiceUnavailable of a new one.
    """
    path = settings.data_dir / KEY_FILE
    try:
        installation = await open_installation(database, keys)
    except KeyServiceUnavailable:
        if not await has_installation(database):
            raise
        return path if path.exists() else None
    tenants = Tenants(database, installation)
    if settings.bootstrap and not await tenants.page("", True, 1):
        with alone(settings.data_dir):
            await make_first_tenant(tenants, path)
    return path if path.exists() else None


async def make_operator_key(settings: Settings, database_url: str, tenant_id: str) -> ApiKey:
    """A further key for operators, for who has the database and the keys: the way back in where the last one is gone.
    Raises KeyringError, UnsafeDatabaseError, TenantNotFound, KeyServiceUnavailable, ContentUnreadable."""
    keys = key_provider(settings)
    database = await connect(database_url, size=1, pooler=settings.database_pooler, observer=Unobserved())
    try:
        await prove_fences(database)
        installation = await open_installation(database, keys)
        tenant = await Tenants(database, installation).find(tenant_id)
        secret = new_secret()
        row = await ApiKeys(database, installation).create(
            tenant["tenant_key"], tenant_id, secret, FIRST_SCOPES, MADE_OFFLINE, None
        )
        return ApiKey(tenant["tenant_key"], row["key_id"], secret)
    finally:
        await database.close()
        await keys.close()


async def make_first_tenant(tenants: Tenants, path: Path) -> None:
    """The file comes before the rows, and the rows come together: a start that is killed in between is made up for by
    the next one, and nobody is left with a tenant and no key."""
    before = content(path)
    key = new_api_key()
    write_private(path, key.encoded() + "\n")
    try:
        await tenants.create_first(DEFAULT_TENANT, "Default", key, FIRST_SCOPES)
    except TenantExists:
        write_private(path, before)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Of several servers that start at once in a folder, one at a time."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".first-start").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def content(path: Path) -> str | None:
    return path.read_text() if path.exists() else None


def write_private(path: Path, text: str | None) -> None:
    """A file that only its owner can read, whole or not at all; no file for None."""
    if text is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
