"""Who did what, from where, with which key: written down with the write itself, and found again."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from google.rpc.code_pb2 import Code

from loci import AsyncClient, errors, mutations, names, node, search_request
from loci.v1 import bulk_service_pb2 as bulk
from loci.v1.audit_pb2 import AuditEntry
from loci.v1.bulk_service_pb2_grpc import BulkServiceStub
from loci.v1.graph_service_pb2 import GetGraphRequest
from loci.v1.node_pb2 import Node
from loci.v1.node_service_pb2 import CreateNodeRequest
from loci_server.audit.buffer import MAX_COUNTS, MAX_REFUSED, MAX_STRANGE, REFUSED_RATE, STRANGE_RATE, Buffer
from loci_server.audit.entry import Ending, Origin, opened
from loci_server.bootstrap import Unobserved
from loci_server.crypto.audit import AuditKeys
from loci_server.store.audit import Audit, stored
from loci_server.store.pool import connect
from tests.calls import bare_calls, collect
from tests.fuzz.methods import methods
from tests.integration.test_durability import write_until_cut
from tests.refusals import ask, bearer
from tests.server import RunningServer, new_tenant, running_server
from tests.waiting import eventually

READS = ("Get", "List", "BatchGet", "Search", "BatchSearch", "Traverse", "FindPaths", "Export", "Watch", "Verify")
"""How the names of methods begin that change nothing."""
CANARY = "xyzzy"


async def told(client: AsyncClient, tenant: str = "-", **filter: Any) -> list[AuditEntry]:
    """Entries, oldest first."""
    return await collect(client.list_audit_entries(tenant, oldest_first=True, **filter))


def short(entry: AuditEntry) -> str:
    """`CreateNode`."""
    return entry.method.rpartition("/")[2]


async def own_tenant(client: AsyncClient) -> str:
    return (await collect(client.list_api_keys()))[0].name.split("/")[1]


# --- what has an entry -----------------------------------------------------------------------------------------------


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
        "BulkService/Import": lambda: client.import_items("g", [node("i1")]),
        "BulkService/ImportChunk": chunk,
        "AdminService/CreateTenant": lambda: operator.create_tenant(tenant),
        "AdminService/DeleteTenant": lambda: operator.delete_tenant(tenant),
        "AdminService/UndeleteTenant": lambda: operator.undelete_tenant(tenant),
        "AdminService/CreateApiKey": lambda: client.create_api_key(["read"]),
        "AdminService/RevokeApiKey": revoke,
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
    writes = {path for path in there if not path.rpartition("/")[2].startswith(READS)}
    assert writes == set(calls), "a method that changes something is not tried here"
    revisions = [entry.revision for entry in ours if entry.revision]
    assert revisions == [*range(1, revisions[-1] + 1)], "each revision of the graph has its entry"
    assert [short(entry) for entry in objects] == ["CreateTenant", "DeleteTenant", "UndeleteTenant"]


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


# --- refused calls ---------------------------------------------------------------------------------------------------


async def test_calls_that_are_refused_before_their_tenant_is_known_are_the_operators_to_see(
    database_url: str, client: AsyncClient
) -> None:
    since = datetime.now(UTC) - timedelta(seconds=1)
    async with (
        running_server(database_url) as server,
        server.client() as operator,
        bare_calls(server, "loci_wrong") as stranger,
    ):
        for _ in range(20):
            found = await ask(stranger.channel, "GraphService/GetGraph", GetGraphRequest(name="graphs/g"), ())
            assert found.reason == "CREDENTIAL_MISSING"
        await ask(stranger.channel, f"GraphService/{CANARY}", b"", ())
        entries = await told(operator, "installation", start_time=since, method="loci.v1.GraphService/GetGraph")
        assert sum(entry.call_count for entry in entries) == 20
        assert len(entries) < 10, "calls that are alike share an entry"
        assert not any(entry.resources for entry in entries), "what strangers send is not looked into"
        assert {(entry.api_key, entry.peer, entry.reason) for entry in entries} == {
            ("", "127.0.0.1", "CREDENTIAL_MISSING")
        }
        unknown = [entry for entry in await told(operator, "installation", start_time=since) if not entry.method]
        assert {entry.reason for entry in unknown} == {"METHOD_NOT_FOUND"}
        assert CANARY not in str(unknown)
        assert (await operator.verify_audit("installation")).problem == 0
    for refused in (told(client, "installation"), client.verify_audit("installation"), told(client, "default")):
        with pytest.raises(errors.ScopeMissing):
            await refused


async def test_every_kind_of_refusal_is_recorded_with_the_key_that_was_used(
    server: RunningServer, client: AsyncClient
) -> None:
    await client.create_graph("g")
    made = await client.create_api_key(["read"])
    async with server.client(made.secret) as reader:
        with pytest.raises(errors.ScopeMissing):
            await reader.create_node("g", "a")
        with pytest.raises(errors.GraphNotFound):
            await reader.get_graph("none")
        with pytest.raises(errors.InvalidArgument):
            await reader.search("g", "x", page_token="AAAA")
        with pytest.raises(errors.GraphNotFound):
            await collect(reader.export_items("none"))
        await ask(
            (await _channel(reader)), "NodeService/CreateNode", CreateNodeRequest(parent="graphs/g"), bearer("x" * 20)
        )
    entries = await told(client, api_key=made.api_key.name, outcome="refused")
    assert [(short(entry), entry.reason) for entry in entries] == [
        ("CreateNode", "SCOPE_MISSING"),
        ("GetGraph", "GRAPH_NOT_FOUND"),
        ("Search", "INVALID_PAGE_TOKEN"),
        ("Export", "GRAPH_NOT_FOUND"),
    ]


async def test_a_call_that_lacks_a_scope_is_found_by_what_it_named_and_by_its_request_id(
    server: RunningServer, client: AsyncClient
) -> None:
    reader_key = (await client.create_api_key(["read"])).secret
    keeper_key = (await client.create_api_key(["admin"])).secret
    async with server.client(reader_key) as reader:
        with pytest.raises(errors.ScopeMissing):
            await reader.create_node("g", "a", request_id="mine")
        found = await ask(await _channel(reader), "NodeService/DeleteNode", b"\xff\xff", bearer(reader_key))
        assert found.reason == "SCOPE_MISSING"
        with pytest.raises(errors.ScopeMissing):
            await collect(reader.export_audit_entries())
    async with server.client(keeper_key) as keeper:
        (refused,) = await told(keeper, resource="graphs/g/nodes/a", outcome="refused")
        assert (short(refused), refused.reason, refused.request_id) == ("CreateNode", "SCOPE_MISSING", "mine")
        assert [short(entry) for entry in await told(keeper, resource="graphs/g")] == ["CreateNode"]
        tenant = await own_tenant(client)
        assert [short(one) for one in await told(keeper, resource=f"tenants/{tenant}", outcome="refused")] == [
            "ExportAuditEntries"
        ]
        (unread,) = await told(keeper, method="loci.v1.NodeService/DeleteNode")
        assert (unread.reason, list(unread.resources)) == ("SCOPE_MISSING", [])


async def test_calls_that_share_an_entry_are_found_by_the_names_of_each(database_url: str) -> None:
    async with running_server(database_url) as server, new_tenant(server) as client:
        await client.create_graph("g")
        tried = [f"n{number}" for number in range(40)]
        for id in tried:
            with pytest.raises(errors.NodeNotFound):
                await client.get_node("g", id)
        for id in tried:
            (entry,) = await told(client, resource=f"graphs/g/nodes/{id}")
            assert entry.resource_count >= len(entry.resources)
        entries = await told(client, outcome="refused")
        assert sum(entry.call_count for entry in entries) == sum(entry.resource_count for entry in entries) == 40
        assert len(entries) < 20, "calls that are alike share an entry"


async def _channel(client: AsyncClient) -> Any:
    return client._transport._open()


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


async def test_reads_and_refused_calls_are_written_before_a_server_ends(database_url: str) -> None:
    async with running_server(database_url) as server, new_tenant(server) as client:
        with pytest.raises(errors.GraphNotFound):
            await client.get_graph("none")
        assert await server.stop() == 0
        await server.start()
        await client.wait_ready()
        assert [entry.reason for entry in await told(client, outcome="refused")] == ["GRAPH_NOT_FOUND"]


async def test_who_is_refused_again_and_again_cannot_fill_the_table(database_url: str) -> None:
    database = await connect(database_url, size=1, pooler="none", observer=Unobserved())
    try:
        buffer = Buffer(Audit(database), AuditKeys(b"s" * 32), lambda: None, clock=lambda: 0.0)
        ending = Ending(Code.UNAUTHENTICATED, "CREDENTIAL_INVALID", datetime.now(UTC))
        for tenant_key, room in ((0, MAX_STRANGE), (7, MAX_REFUSED)):
            for number in range(room + 500):
                for _ in range(3):
                    origin = Origin(0, "", "loci.v1.NodeService/GetNode", f"10.0.0.{number}", "", "")
                    buffer.add(tenant_key, origin, ending, "", [])
        await buffer.flush()
        connection = await asyncpg.connect(database_url)
        rows = await connection.fetch("SELECT tenant_key, count(*) FROM loci.audit_inbox GROUP BY 1 ORDER BY 1")
        await connection.close()
        assert [tuple(row) for row in rows] == [(0, MAX_STRANGE + 1), (7, MAX_REFUSED + 1)]
    finally:
        await database.close()


async def test_refusals_that_go_on_for_a_day_take_little_room(database_url: str) -> None:
    database = await connect(database_url, size=1, pooler="none", observer=Unobserved())
    connection = await asyncpg.connect(database_url)
    now, times, flushes, calls = 0.0, 24, 10, 300
    try:
        buffer = Buffer(Audit(database), AuditKeys(b"s" * 32), lambda: None, clock=lambda: now)
        for hour in range(times):
            for second in range(flushes):
                for number in range(calls):
                    names_ = [f"graphs/{hour}-{second}-{number}"]
                    origin = Origin(1, "", f"loci.v1.NodeService/M{number % 120}", "10.0.0.1", "", "")
                    ending = Ending(Code.NOT_FOUND, "GRAPH_NOT_FOUND", datetime.now(UTC))
                    for tenant_key in (0, 7):
                        buffer.add(tenant_key, origin, ending, f"{hour}-{second}-{number}", names_)
                now += 1.0
                await buffer.flush(with_counts=False)
            now += 50.0
        counting = await connection.fetch("SELECT tenant_key, count(*) FROM loci.audit_inbox GROUP BY 1 ORDER BY 1")
        before = dict(map(tuple, counting))
        assert before[0] <= MAX_STRANGE + now * STRANGE_RATE
        assert before[7] <= MAX_REFUSED + now * REFUSED_RATE
        await buffer.flush()
        after = await connection.fetch("SELECT tenant_key, count(*) FROM loci.audit_inbox GROUP BY 1 ORDER BY 1")
        assert {key: count - before[key] for key, count in after} == dict.fromkeys((0, 7), MAX_COUNTS + 1)
        told_of = await collect_counts(connection, AuditKeys(b"s" * 32))
        assert told_of == dict.fromkeys((0, 7), times * flushes * calls), "each call is counted"
    finally:
        await connection.close()
        await database.close()


async def test_whatever_stops_a_write_of_what_waits_the_next_is_tried(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loci_server.audit.buffer.PAUSE", 0.01)
    database = await connect(database_url, size=1, pooler="none", observer=Unobserved())
    tries = asyncio.Semaphore(0)

    def fails() -> None:
        tries.release()
        raise RuntimeError

    buffer = Buffer(Audit(database), AuditKeys(b"s" * 32), fails)
    running = asyncio.create_task(buffer.run())
    try:
        for _ in range(3):
            buffer.add(7, Origin(1, "", "m", "", "", ""), Ending(Code.NOT_FOUND, "R", datetime.now(UTC)), "", [])
            async with asyncio.timeout(10):
                await tries.acquire()
        assert not running.done()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await database.close()


async def collect_counts(connection: Any, keys: AuditKeys) -> dict[int, int]:
    """Calls that the entries of an inbox tell of, by tenant."""
    found: dict[int, int] = {}
    for row in await connection.fetch("SELECT * FROM loci.audit_inbox"):
        key = row["tenant_key"]
        found[key] = found.get(key, 0) + opened(keys.of(key), stored(key, row)).call_count
    return found


async def test_what_cannot_be_written_now_is_written_later(database_url: str) -> None:
    database = await connect(database_url, size=1, pooler="none", observer=Unobserved())
    connection = await asyncpg.connect(database_url)
    try:
        buffer = Buffer(Audit(database), AuditKeys(b"s" * 32), lambda: None)
        origin = Origin(1, "tenants/t/apiKeys/1", "loci.v1.NodeService/GetNode", "10.0.0.1", "", "")
        await connection.execute("ALTER TABLE loci.audit_inbox RENAME TO elsewhere")
        for _ in range(5):
            buffer.add(7, origin, Ending(Code.NOT_FOUND, "NODE_NOT_FOUND", datetime.now(UTC)), "", [])
        with pytest.raises(asyncpg.UndefinedTableError):
            await buffer.flush()
        await connection.execute("ALTER TABLE loci.elsewhere RENAME TO audit_inbox")
        buffer.add(7, origin, Ending(Code.NOT_FOUND, "NODE_NOT_FOUND", datetime.now(UTC)), "", [])
        await buffer.flush()
        assert await connection.fetchval("SELECT count(*) FROM loci.audit_inbox") == 1
    finally:
        await connection.close()
        await database.close()


# --- how entries are found -------------------------------------------------------------------------------------------


async def test_entries_are_found_by_key_resource_method_time_and_outcome(
    server: RunningServer, client: AsyncClient
) -> None:
    made = await client.create_api_key(["write"], display_name="second")
    await client.create_graph("g")
    await client.create_graph("h")
    async with server.client(made.secret) as second:
        await second.create_node("g", "a")
        await second.create_node("h", "a")
        with pytest.raises(errors.NodeNotFound):
            await second.delete_node("g", "b")
    everything = await told(client)
    assert [short(entry) for entry in await told(client, api_key=made.api_key.name)] == [
        *["CreateNode", "CreateNode", "DeleteNode"]
    ]
    assert await told(client, api_key=names.id_of(made.api_key.name)) == await told(client, api_key=made.api_key.name)
    assert [short(entry) for entry in await told(client, resource="graphs/h")] == ["CreateGraph", "CreateNode"]
    assert await told(client, resource="graphs/-") == []  # which a watch of all graphs names
    assert [short(entry) for entry in await told(client, resource="graphs/g/nodes/a")] == ["CreateNode"]
    assert [short(entry) for entry in await told(client, resource=made.api_key.name)] == ["CreateApiKey"]
    own = made.api_key.name.replace(await own_tenant(client), "-")
    assert [short(entry) for entry in await told(client, resource=own)] == ["CreateApiKey"]
    assert [short(entry) for entry in await told(client, method="loci.v1.GraphService/CreateGraph")] == [
        *["CreateGraph", "CreateGraph"]
    ]
    assert [short(entry) for entry in await told(client, outcome="refused")] == ["DeleteNode"]
    assert len(await told(client, outcome="ok")) == len(everything) - 1
    middle = everything[3].time.ToDatetime(UTC)
    assert await told(client, end_time=middle) == everything[:3]
    assert await told(client, start_time=middle) == everything[3:]
    assert await told(client, resource="graphs/none") == []
    for size in (1, 2, 100):
        latest_first = await collect(client.list_audit_entries(page_size=size))
        assert latest_first == everything[::-1]
        assert await told(client, page_size=size) == everything
        assert len(await told(client, page_size=size, resource="graphs/g/nodes/a")) == 1


async def test_an_export_has_all_entries_in_order_and_goes_on_behind_any(client: AsyncClient) -> None:
    await client.create_graph("g")
    for number in range(5):
        await client.create_node("g", f"n{number}")
    exported = await collect(client.export_audit_entries())
    assert [entry.sequence for entry in exported] == [*range(1, len(exported) + 1)]
    assert exported == await told(client)
    assert await collect(client.export_audit_entries(first_sequence=4)) == exported[3:]
    assert await collect(client.export_audit_entries(first_sequence=1000)) == []


async def test_no_tenant_sees_the_entries_of_another(server: RunningServer, client: AsyncClient) -> None:
    await client.create_graph("mine")
    async with new_tenant(server) as other:
        await other.create_graph("theirs")
        with pytest.raises(errors.GraphNotFound):
            await other.get_graph("mine")
        for call in (
            told(client, await own_tenant(other)),
            client.verify_audit(await own_tenant(other)),
            collect(client.export_audit_entries(await own_tenant(other))),
            told(client, "never-made"),
        ):
            with pytest.raises(errors.ScopeMissing):
                await call
        assert await told(client, resource="graphs/theirs") == []
        assert {name for entry in await told(client) for name in entry.resources} & {"graphs/theirs"} == set()
        seen = [short(entry) for entry in await told(client, resource="graphs/mine")]
        assert seen == ["CreateGraph"], "what others try on a graph of the same name is no business of ours"
        made = await client.create_api_key(["write"])
        async with server.client(made.secret) as writer:
            with pytest.raises(errors.ScopeMissing):
                await told(writer)


async def test_what_an_operator_does_to_a_tenant_stands_with_both_without_the_operators_address(
    server: RunningServer,
) -> None:
    async with new_tenant(server) as client, server.client() as operator:
        tenant = await own_tenant(client)
        made = await operator.create_api_key(["read"], tenant=tenant)
        await operator.revoke_api_key(made.api_key.name)
        theirs = await told(client, resource=made.api_key.name)
        ours = await told(operator, resource=made.api_key.name)
        assert (
            [short(entry) for entry in ours] == [short(entry) for entry in theirs] == ["CreateApiKey", "RevokeApiKey"]
        )
        for entry, same in zip(ours, theirs, strict=True):
            assert entry.api_key == same.api_key
            assert entry.trace_id == same.trace_id
            assert (entry.peer, same.peer, same.user_agent) == ("127.0.0.1", "", "")


# --- content ---------------------------------------------------------------------------------------------------------


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
