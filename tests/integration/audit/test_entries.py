"""Who did what, from where, with which key: written down with the write itself."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from google.rpc.code_pb2 import Code

from loci import AsyncClient, errors, mutations, names, node, search_request
from loci.v1 import bulk_service_pb2 as bulk
from loci.v1.bulk_service_pb2_grpc import BulkServiceStub
from loci.v1.node_pb2 import Node
from tests.auditing import CANARY, own_tenant, short, told
from tests.calls import bare_calls, collect
from tests.fuzz.methods import methods
from tests.integration.test_durability import write_until_cut
from tests.server import RunningServer, new_tenant, running_server
from tests.waiting import eventually

READ = "Get List BatchGet Search BatchSearch Recall Traverse FindPaths Export Watch Verify Summarize"
READS = tuple(READ.split())
"""How the names of methods begin that change nothing. (Recalculate does.)"""


def every_write(client: AsyncClient, operator: AsyncClient, tenant: str) -> dict[str, Callable[[], Awaitable[Any]]]:
    """A call of each method that changes something, in an order in which all of them can be done."""

    async def chunk() -> None:
        made = await client.create_api_key(["write"])
        items = bulk.ImportItems(sequence=1, items=[bulk.BulkItem(node=Node(name="graphs/g/nodes/i2"))])
        request = bulk.ImportChunkRequest(parent="graphs/g", import_id="twin", items=items)
        async with bare_calls(RunningServer(None, None, {}, client.address), made.secret) as bare:  # type: ignore[arg-type]
            await bare.unary(BulkServiceStub, "ImportChunk", request)

    async def revoke() -> None:
        made = await client.create_api_key(["read"])
        await client.revoke_api_key(made.api_key.name)

    async def rotate() -> None:
        made = await client.create_api_key(["read"])
        await client.rotate_api_key(made.api_key.name)

    return {
        "GraphService/CreateGraph": lambda: client.create_graph("g"),
        "GraphService/UpdateGraph": lambda: client.update_graph("g", display_name="x"),
        "GraphService/DeleteGraph": lambda: client.delete_graph("g"),
        "GraphService/UndeleteGraph": lambda: client.undelete_graph("g"),
        "NodeService/CreateNode": lambda: client.create_node("g", "a", text="x"),
        "NodeService/UpdateNode": lambda: client.update_node("g", "a", text="y"),
        "NodeService/RenameNode": lambda: client.rename_node("g", "a", "b"),
        "NodeService/DeleteNode": lambda: client.delete_node("g", "b"),
        "NodeService/RestoreNode": lambda: client.restore_node("g", "b", 3),
        "CommitService/Commit": lambda: client.commit(
            "g", [mutations.create_node("c"), mutations.create_edge("b", "R", "c", id="e1")]
        ),
        "EdgeService/CreateEdge": lambda: client.create_edge("g", "c", "R", "b", id="e2"),
        "EdgeService/UpdateEdge": lambda: client.update_edge("g", "e2", weight=2.0),
        "EdgeService/DeleteEdge": lambda: client.delete_edge("g", "e2"),
        "EdgeService/RestoreEdge": lambda: client.restore_edge("g", "e2", 8),
        "MemoryService/Remember": lambda: client.remember("g", "x"),
        "MemoryService/StartSession": lambda: client.start_session("g", "s"),
        "MemoryService/AppendTurns": lambda: client.append_turns("g", "s", ["x"]),
        "MemoryService/Forget": lambda: client.forget("g", filter={"types": ["fact"]}),
        "MemoryService/BoostMemory": lambda: client.boost_memory("g", "c", 1.0),
        "MemoryService/Recalculate": lambda: client.recalculate("g"),
        "MemoryService/GiveFeedback": lambda: client.give_feedback("g", "helpful", node="c"),
        "BulkService/Import": lambda: client.import_items("g", [node("i1")]),
        "BulkService/ImportChunk": chunk,
        "AdminService/CreateTenant": lambda: operator.create_tenant(tenant),
        "AdminService/UpdateTenant": lambda: operator.update_tenant(tenant, max_nodes=1000),
        "AdminService/DeleteTenant": lambda: operator.delete_tenant(tenant),
        "AdminService/UndeleteTenant": lambda: operator.undelete_tenant(tenant),
        "AdminService/CreateApiKey": lambda: client.create_api_key(["read"]),
        "AdminService/RevokeApiKey": revoke,
        "AdminService/RotateApiKey": rotate,
        "AdminService/ReembedGraph": lambda: client.reembed_graph("g"),
        "AdminService/RotateKeys": lambda: client.rotate_keys("g"),
        "GraphService/EraseGraph": lambda: client.erase_graph("g"),
        "AdminService/EraseTenant": lambda: operator.erase_tenant(tenant),
    }


async def test_every_method_that_changes_something_has_an_entry(server: RunningServer, client: AsyncClient) -> None:
    tenant = f"{await own_tenant(client)}x"
    since = datetime.now(UTC) - timedelta(seconds=1)
    async with server.client() as operator:
        calls = every_write(client, operator, tenant)
        for call in calls.values():
            await call()
        ours, theirs = await told(client), await told(operator, start_time=since)
        objects = await told(operator, tenant)
    found = {entry.method.removeprefix("loci.v1.") for entry in [*ours, *theirs] if entry.code == 0}
    assert set(calls) <= found
    there = {method.path.removeprefix("/loci.v1.") for method in methods() if method.path.startswith("/loci.v1.")}
    writes = {path for path in there if not path.rpartition("/")[2].startswith(READS) or path.endswith("/Recalculate")}
    assert writes == set(calls), "a method that changes something is not tried here"
    revisions = [entry.revision for entry in ours if entry.revision]
    assert revisions == [*range(1, revisions[-1] + 1)], "each revision of the graph has its entry"
    told_of = ["CreateTenant", "UpdateTenant", "DeleteTenant", "UndeleteTenant", "EraseTenant"]
    assert [short(entry) for entry in objects] == told_of


async def test_an_entry_says_who_what_from_where_and_how_it_ended(client: AsyncClient) -> None:
    await client.create_graph("g")
    before = datetime.now(UTC) - timedelta(seconds=1)
    await client.create_node("g", "a", text="x", request_id="mine")
    with pytest.raises(errors.NodeExists):
        await client.create_node("g", "a", text="x", request_id="again")
    done, refused = await told(client, resource="graphs/g/nodes/a")
    tenant = await own_tenant(client)
    for entry in (done, refused):
        assert entry.api_key.startswith(f"tenants/{tenant}/apiKeys/")
        assert entry.peer == "127.0.0.1"
        assert entry.user_agent.startswith("loci-python/")
        assert entry.method == "loci.v1.NodeService/CreateNode"
        assert len(entry.trace_id) == 32
        assert entry.name == f"tenants/{tenant}/auditEntries/{entry.sequence}"
        assert before < entry.time.ToDatetime(UTC) < datetime.now(UTC) + timedelta(seconds=1)
    assert (done.code, done.reason, done.revision, done.request_id) == (Code.OK, "", 1, "mine")
    assert list(done.resources) == ["graphs/g/nodes/a"]
    assert (refused.code, refused.reason, refused.revision) == (Code.ALREADY_EXISTS, "NODE_EXISTS", 0)
    assert refused.request_id == "again"
    assert "graphs/g/nodes/a" in refused.resources


async def test_a_commit_names_what_it_touches_and_is_found_by_all_of_it(client: AsyncClient) -> None:
    await client.create_graph("g")
    await client.commit("g", [mutations.create_node(f"n{number}") for number in range(100)])
    (entry,) = await told(client, resource="graphs/g/nodes/n99")
    assert (len(entry.resources), entry.resource_count) == (16, 100)
    await client.rename_node("g", "n99", "m")
    assert [short(one) for one in await told(client, resource="graphs/g/nodes/n99")] == ["Commit", "RenameNode"]
    assert [short(one) for one in await told(client, resource="graphs/g/nodes/m")] == ["RenameNode"]


async def test_a_repeated_call_has_one_entry(client: AsyncClient) -> None:
    for _ in range(3):
        await client.create_graph("g", request_id="graph")
        await client.create_node("g", "a", request_id="node")
    assert [short(entry) for entry in await told(client, resource="graphs/g")] == ["CreateGraph", "CreateNode"]


async def test_each_chunk_of_an_import_has_its_entry(client: AsyncClient) -> None:
    await client.create_graph("g")
    await client.import_items("g", [node(f"n{number}") for number in range(30)], chunk_size=10)
    entries = [entry for entry in await told(client, resource="graphs/g") if short(entry) == "Import"]
    assert [(entry.revision, entry.resource_count) for entry in entries] == [(1, 10), (2, 10), (3, 10)]


async def test_acknowledged_writes_have_their_entries_after_kill_9_and_others_have_none(database_url: str) -> None:
    async with running_server(database_url) as server, new_tenant(server) as client:
        key = (await client.create_api_key(["admin"])).secret
        await client.create_graph("g")
        acknowledged: set[str] = set()
        async with asyncio.TaskGroup() as group:
            for writer in range(4):
                group.create_task(write_until_cut(server, key, acknowledged, writer))

            async def enough() -> bool:
                return len(acknowledged) > 40

            await eventually(enough, every=0.01)
            await server.kill()
        await server.start()
        async with server.client(key) as reader:
            await reader.wait_ready()
            entries = await told(reader, method="loci.v1.NodeService/CreateNode", outcome="ok")
            written = {name for entry in entries for name in entry.resources}
            assert {names.node_name("g", id) for id in acknowledged} <= written
            assert {found.name for found in await collect(reader.list_nodes("g"))} == written
            assert (await reader.verify_audit()).problem == 0


async def test_what_is_recorded_can_be_chosen(database_url: str) -> None:
    async with running_server(database_url, LOCI_AUDIT="all") as server, new_tenant(server) as client:
        await client.create_graph("g")
        await client.create_graph("h")
        await client.get_graph("g")
        await client.batch_search([search_request("g", "x"), search_request("h", "x")])
        await client.create_node("g", "a")
        await client.create_node("g", "b", request_id="b")
        await client.create_node("g", "b", request_id="b")
        seen = [short(entry) for entry in await told(client, resource="graphs/g")]
        assert sorted(seen) == sorted(["CreateGraph", "GetGraph", "BatchSearch", *["CreateNode"] * 3])
        assert [short(entry) for entry in await told(client, resource="graphs/h")] == ["CreateGraph", "BatchSearch"]
        server.environment = {"LOCI_AUDIT": "off"}
        await server.stop()
        await server.start()
        await client.wait_ready()
        before = await told(client)
        await client.create_node("g", "c")
        with pytest.raises(errors.GraphNotFound):
            await client.get_graph("none")
        assert await told(client) == before
        assert (await client.verify_audit()).verified_count == len(before)


async def test_what_callers_say_freely_is_not_in_clear(server: RunningServer, client: AsyncClient) -> None:
    key = (await client.create_api_key(["admin"])).secret
    async with AsyncClient(server.address, api_key=key, user_agent=f"{CANARY}agent") as named:
        await named.create_graph("g", display_name=f"{CANARY}name")
        await named.create_node("g", "a", text=f"{CANARY}text", note=f"{CANARY}note", request_id=f"{CANARY}id")
        with pytest.raises(errors.NodeExists):
            await named.create_node("g", "a", request_id=f"{CANARY}refused")
        with pytest.raises(errors.InvalidArgument):
            await named.get_node(f"{CANARY}\n", f"{CANARY}\n")
        entries = await told(named)
    assert {f"{CANARY}id", f"{CANARY}refused"} <= {entry.request_id for entry in entries}
    assert any(entry.user_agent.startswith(f"{CANARY}agent") for entry in entries)
    connection = await asyncpg.connect(server.database_url)
    try:
        for table in ("audit", "audit_inbox", "audit_heads"):
            for (row,) in await connection.fetch(f"SELECT t::text FROM loci.{table} t"):
                assert CANARY not in row
                assert CANARY.encode().hex() not in row
    finally:
        await connection.close()
