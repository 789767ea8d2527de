"""Chains of the audit, for tests: made, and tampered with."""

from typing import Any

from loci import AsyncClient
from loci.v1.audit_pb2 import AuditAnchor, AuditProblem
from tests.auditing import own_tenant

NONE, CHANGED = AuditProblem.AUDIT_PROBLEM_UNSPECIFIED, AuditProblem.AUDIT_PROBLEM_CHANGED
MISSING, ADDED = AuditProblem.AUDIT_PROBLEM_MISSING, AuditProblem.AUDIT_PROBLEM_ADDED
HEAD, ANCHOR = AuditProblem.AUDIT_PROBLEM_HEAD, AuditProblem.AUDIT_PROBLEM_ANCHOR
LAST = 8
COLUMNS = "entry_id, time, actor, status, revision, method, graph_id, tokens, entry, mac"
OURS = "tenant_key = $tenant"
"""For statements of `tamper`."""


async def furnish(client: AsyncClient) -> AuditAnchor:
    """A chain of LAST entries. Its end."""
    await client.create_graph("g")
    for number in range(LAST - 3):  # the tenant and its key are entries, too
        await client.create_node("g", f"n{number}")
    found = await client.verify_audit()
    assert (found.problem, found.verified_count, found.anchor.sequence) == (NONE, LAST, LAST)
    return found.anchor


async def key_of(owner: Any, client: AsyncClient) -> int:
    sql = "SELECT tenant_key FROM loci.tenants WHERE tenant_id = $1"
    found: int = await owner.fetchval(sql, await own_tenant(client))
    return found


async def tamper(owner: Any, tenant_key: int, *statements: str) -> None:
    """In one transaction. `$tenant` stands for the tenant's key; each must change something."""
    async with owner.transaction():
        for sql in statements:
            done = await owner.execute(sql.replace("$tenant", str(tenant_key)))
            assert not done.endswith(" 0"), f"{sql} did nothing"
