"""By which key-encryption key a database is sealed, whether its migrations are those of this version or not."""

import asyncpg

from loci_server.crypto.envelope import WrappedKey
from loci_server.store.migrations import CONNECT_TIMEOUT, connect
from loci_server.store.statements import statements

SQL = statements("tenants")
NOTHING_YET = (
    asyncpg.UndefinedTableError,
    asyncpg.InvalidSchemaNameError,
    asyncpg.InsufficientPrivilegeError,  # a role that lays down its own rights is told at the opening
)


async def sealed_by(url: str) -> WrappedKey | None:
    """The installation's secret, wrapped as it is stored. None: there is no installation, or it cannot be seen."""
    connection = await connect(url)
    try:
        row = await connection.fetchrow(SQL["find_cluster"])
    except NOTHING_YET:
        return None
    finally:
        await connection.close(timeout=CONNECT_TIMEOUT)
    return None if row is None else WrappedKey(row["kek_id"], row["wrapped_secret"])
