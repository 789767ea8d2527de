"""Quotas of tenants, and what tenants have."""

from typing import NamedTuple

from loci_server.domain.quotas import Amount, Quota
from loci_server.domain.row import Row
from loci_server.store.pool import Database
from loci_server.store.statements import statements

SQL = statements("quotas")


class Usage(NamedTuple):
    """What a tenant has in its live graphs."""

    graphs: int
    nodes: int
    edges: int
    bytes: int


class QuotaRows:
    """One tenant at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def quota(self, tenant_key: int) -> Quota:
        """What was set for the tenant; nothing, for one that is not there."""
        async with self._database.transaction(tenant_key) as transaction:
            row = await transaction.fetchrow("tenant_quota", SQL["tenant_quota"], tenant_key)
        return Quota() if row is None else quota_of(row)

    async def usage(self, tenant_key: int) -> Usage:
        """Summed up over its graphs."""
        async with self._database.transaction(tenant_key) as transaction:
            row = await transaction.fetchrow("tenant_usage", SQL["tenant_usage"], tenant_key)
        assert row is not None
        return Usage(*row.values())

    async def amount(self, tenant_key: int) -> Amount:
        """The same, as far as there are quotas for it."""
        usage = await self.usage(tenant_key)
        return Amount(usage.graphs, usage.nodes, usage.bytes)


def quota_of(row: Row) -> Quota:
    """Of a row of loci.tenants."""
    return Quota(
        row["requests_per_second"], row["request_burst"], row["max_graphs"], row["max_nodes"], row["max_bytes"]
    )
