"""What each key-encryption key wraps, of all tenants: with `local`, whether a root key may leave the keyring."""

from collections.abc import Collection
from dataclasses import dataclass

from loci_server.domain.names import graph_name, tenant_name
from loci_server.store.pool import Database
from loci_server.store.statements import statements

SQL, CLUSTER_SQL = statements("keys"), statements("tenants")


@dataclass(frozen=True, slots=True)
class KekUse:
    """What is stored under one kek id."""

    kek_id: str
    data_keys: int
    secret: bool
    """Whether the installation's secret is."""

    @property
    def what(self) -> str:
        """As people read it; empty if it wraps nothing."""
        counted = f"{self.data_keys} data key{'s' if self.data_keys != 1 else ''}" if self.data_keys else ""
        return " and ".join(part for part in (counted, "the secret of the installation" if self.secret else "") if part)


async def kek_uses(database: Database) -> dict[str, KekUse]:
    """By their ids, all key-encryption keys that wrap something."""
    async with database.transaction(None) as transaction:
        rows = await transaction.fetch("kek_uses", SQL["kek_uses"])
        cluster = await transaction.fetchrow("find_cluster", CLUSTER_SQL["find_cluster"])
    counts = {row["kek_id"]: row["key_count"] for row in rows}
    sealed_by = None if cluster is None else cluster["kek_id"]
    ids = sorted({*counts} | ({sealed_by} if sealed_by is not None else set()))
    return {kek_id: KekUse(kek_id, counts.get(kek_id, 0), kek_id == sealed_by) for kek_id in ids}


async def missing(database: Database, held: Collection[str]) -> list[KekUse]:
    """Those that wrap something and are not held."""
    return [use for kek_id, use in (await kek_uses(database)).items() if kek_id not in held]


async def graphs_wrapped_by(database: Database, kek_id: str, limit: int) -> list[str]:
    """Names of the first graphs, with their tenants, whose data keys it wraps."""
    async with database.transaction(None) as transaction:
        rows = await transaction.fetch("graphs_wrapped_by", SQL["graphs_wrapped_by"], kek_id, limit)
    return [f"{graph_name(row['graph_id'])} of {tenant_name(row['tenant_id'])}" for row in rows]
