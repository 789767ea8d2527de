"""What the audit tells, for tests."""

from typing import Any

from loci import AsyncClient
from loci.v1.audit_pb2 import AuditEntry
from tests.calls import collect

CANARY = "xyzzy"


async def told(client: AsyncClient, tenant: str = "-", **filter: Any) -> list[AuditEntry]:
    """Entries, oldest first."""
    return await collect(client.list_audit_entries(tenant, oldest_first=True, **filter))


def short(entry: AuditEntry) -> str:
    """`CreateNode`."""
    return entry.method.rpartition("/")[2]


async def own_tenant(client: AsyncClient) -> str:
    return (await collect(client.list_api_keys()))[0].name.split("/")[1]
