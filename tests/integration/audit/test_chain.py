"""Entries are chained by themselves, whole over several servers, and those past their time go."""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg
import pytest

from loci import AsyncClient
from loci.v1.audit_pb2 import VerifyAuditResponse
from loci_server.bootstrap import Unobserved
from loci_server.domain.audit import Head, Stored
from loci_server.store.audit import Audit
from loci_server.store.pool import connect
from tests.calls import collect
from tests.chains import LAST, NONE, furnish, key_of
from tests.server import RunningServer, new_tenant, running_server
from tests.sharing import another_server
from tests.waiting import eventually


async def test_servers_chain_at_once_without_gap_or_fork(database_url: str) -> None:
    async with running_server(database_url) as server, new_tenant(server) as first, another_server(server) as other:
        key = (await first.create_api_key(["admin"])).secret
        await first.create_graph("g")
        async with other.client(key) as second:

            async def write(client: AsyncClient, name: str) -> None:
                for number in range(60):
                    await client.create_node("g", f"{name}{number}")
                    if number % 10 == 0:
                        assert (await client.verify_audit()).problem == NONE

            await asyncio.gather(*(write(client, name) for client, name in ((first, "a"), (second, "b"), (first, "c"))))
            entries = await collect(second.export_audit_entries())
            assert [entry.sequence for entry in entries] == [*range(1, len(entries) + 1)]
            written = [entry for entry in entries if entry.revision]
            assert sorted(entry.revision for entry in written) == [*range(1, 181)]
            assert {name for entry in written for name in entry.resources} == {
                f"graphs/g/nodes/{name}{number}" for name in "abc" for number in range(60)
            }
            ends = [await client.verify_audit() for client in (first, second)]
            assert [end.problem for end in ends] == [NONE, NONE]
            assert ends[0].anchor == ends[1].anchor
            assert "does not go on" not in server.log + other.log


async def test_entries_are_chained_without_anybody_asking(server: RunningServer, client: AsyncClient) -> None:
    owner = await asyncpg.connect(server.database_url)
    try:
        tenant_key = await key_of(owner, client)
        await client.create_graph("g")
        await client.create_node("g", "a")

        async def chained() -> bool:
            sql = "SELECT count(*) FROM loci.audit WHERE tenant_key = $1 AND graph_id = 'g'"
            return bool(await owner.fetchval(sql, tenant_key) == 2)

        await eventually(chained)
    finally:
        await owner.close()


async def test_what_is_past_its_time_goes_and_the_rest_stays_whole(database_url: str) -> None:
    async with running_server(database_url) as server, new_tenant(server) as client:
        anchor = await furnish(client)
        key = (await client.create_api_key(["admin"])).secret
        async with another_server(server, LOCI_AUDIT_DAYS="0.00001") as tidy, tidy.client(key) as reader:

            async def cut() -> VerifyAuditResponse | None:
                found = await reader.verify_audit()
                return found if found.first_sequence > LAST else None

            found = await eventually(cut)
            assert (found.problem, found.verified_count) == (NONE, found.anchor.sequence - found.first_sequence + 1)
            assert [entry.sequence for entry in await collect(reader.export_audit_entries())][:1] != [1]
            await client.create_node("g", "later")
            late = await reader.verify_audit(anchor=found.anchor)
            assert (late.problem, late.anchor_met) == (NONE, True)
            old = await reader.verify_audit(anchor=anchor)
            assert (old.problem, old.anchor_met) == (NONE, old.first_sequence == anchor.sequence + 1)


@pytest.mark.parametrize("wait", [False, True])
async def test_of_a_tenant_that_is_gone_no_chain_is_begun(server: RunningServer, owner: Any, wait: bool) -> None:
    async def chained(head: Head, seal: bytes, entries: Sequence[Stored]) -> tuple[list[bytes], bytes]:
        raise AssertionError("there is no entry")

    gone = 4711
    database = await connect(server.database_url or "", size=1, pooler="none", observer=Unobserved())
    try:
        assert await Audit(database).append(gone, 10, wait, bytes(32), chained) == 0
    finally:
        await database.close()
    assert await owner.fetchval("SELECT count(*) FROM loci.audit_heads WHERE tenant_key = $1", gone) == 0
