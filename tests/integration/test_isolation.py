"""Nothing of one tenant can be seen, counted, named or reached by another, and the database alone would keep it so."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import asyncpg
import grpc
import pytest

from loci import AsyncClient, errors, mutations, names, search_request, slot
from loci.v1 import bulk_service_pb2 as bulk
from loci.v1 import edge_service_pb2 as edges
from loci.v1 import feedback_pb2 as feedback
from loci.v1 import graph_service_pb2 as graphs
from loci.v1 import node_service_pb2 as nodes
from loci.v1 import query_history_pb2 as query_history
from loci.v1 import search_service_pb2 as searches
from loci.v1.bulk_service_pb2_grpc import BulkServiceStub
from loci.v1.edge_service_pb2_grpc import EdgeServiceStub
from loci.v1.graph_service_pb2_grpc import GraphServiceStub
from loci.v1.memory_service_pb2 import REMEMBER_OUTCOME_ADDED
from loci.v1.memory_service_pb2_grpc import MemoryServiceStub
from loci.v1.node_service_pb2_grpc import NodeServiceStub
from loci.v1.search_service_pb2_grpc import SearchServiceStub
from tests.calls import bare_calls, collect
from tests.server import RunningServer, new_tenant


@pytest.fixture
async def other(server: RunningServer) -> AsyncIterator[AsyncClient]:
    async with new_tenant(server) as client:
        yield client


async def furnish(client: AsyncClient, word: str, graph: str = "g") -> None:
    await client.create_graph(graph, display_name=word, request_id="graph-" + graph)
    await client.commit(
        graph,
        [
            mutations.create_node("a", text=f"{word} apple", properties={"k": word}, embedding=("m", [1.0, 0.0])),
            mutations.create_node("b", text="apple"),
            mutations.create_node("c"),
            mutations.create_edge("a", "R", "b", properties={"k": word}),
            mutations.create_edge("b", "R", "c", properties={"k": word}),
        ],
        request_id="commit",
    )
    await client.import_items(graph, [], import_id="import")
    await client.give_feedback(graph, "helpful", node="a", comment=word)
    await client.boost_memory(graph, "a", 0.5)
    await client.search(graph, word)
    await client.recalculate(graph)


async def test_the_same_ids_are_different_things(client: AsyncClient, other: AsyncClient) -> None:
    await furnish(client, "mine")
    await furnish(other, "theirs")
    for one, word in ((client, "mine"), (other, "theirs")):
        assert (await one.get_graph("g")).display_name == word
        assert (await one.get_node("g", "a")).text == f"{word} apple"
        assert len(await collect(one.list_nodes("g", filter={"properties": {"k": word}}))) == 1
        for answer in (
            await one.search("g", "apple"),
            await one.search("g", mode="semantic", query_embedding=("m", [1.0, 0.0])),
            (await one.batch_search([search_request("g", "apple")]))[0].response,
        ):
            assert f"{word} apple" in [hit.node.text for hit in answer.hits]
            assert len(answer.hits) <= 2
        recalled = await one.recall("g", "apple", max_tokens=100)
        assert f"{word} apple" in recalled.context.text
        assert len(recalled.memories) <= 2
        told = await one.remember("g", "The apple is green", slot=slot("color", "green", subject="apple"))
        assert told.outcome == REMEMBER_OUTCOME_ADDED, "the other tenant's is not seen"
        await one.forget("g", [told.node.name], hard=True)
        assert len(await collect(one.export_items("g"))) == 5
        assert (await one.get_graph_stats("g")).node_count == 3
    await client.delete_node("g", "a")
    assert (await other.get_node("g", "a")).text == "theirs apple"
    await client.delete_graph("g")
    assert (await other.get_graph_stats("g")).edge_count == 2


def every_read_and_write(client: AsyncClient) -> dict[str, Callable[[], Awaitable[Any]]]:
    return {
        "get graph": lambda: client.get_graph("secret"),
        "update graph": lambda: client.update_graph("secret", display_name="x"),
        "delete graph": lambda: client.delete_graph("secret"),
        "undelete graph": lambda: client.undelete_graph("secret"),
        "stats": lambda: client.get_graph_stats("secret"),
        "create node": lambda: client.create_node("secret", "n"),
        "get node": lambda: client.get_node("secret", "a"),
        "get nodes": lambda: client.get_nodes("secret", ["a"]),
        "list nodes": lambda: collect(client.list_nodes("secret")),
        "update node": lambda: client.update_node("secret", "a", text="x"),
        "delete node": lambda: client.delete_node("secret", "a"),
        "rename node": lambda: client.rename_node("secret", "a", "z"),
        "create edge": lambda: client.create_edge("secret", "a", "S", "b"),
        "get edge": lambda: client.get_edge("secret", "e"),
        "get edges": lambda: client.get_edges("secret", ["e"]),
        "list edges": lambda: collect(client.list_edges("secret")),
        "update edge": lambda: client.update_edge("secret", "e", weight=1.0),
        "delete edge": lambda: client.delete_edge("secret", "e"),
        "commit": lambda: client.commit("secret", [mutations.create_node()]),
        "neighbors": lambda: collect(client.neighbors("secret", "a")),
        "traverse": lambda: client.traverse("secret", ["a"]),
        "find paths": lambda: client.find_paths("secret", "a", "b"),
        "get context": lambda: client.get_context("secret", ["a"]),
        "search": lambda: client.search("secret", "apple"),
        "recall": lambda: client.recall("secret", "apple"),
        "remember": lambda: client.remember("secret", "x"),
        "forget": lambda: client.forget("secret", ["a"]),
        "start session": lambda: client.start_session("secret"),
        "append turns": lambda: client.append_turns("secret", "s", ["x"]),
        "list sessions": lambda: collect(client.list_sessions("secret")),
        "transcript": lambda: collect(client.transcript("secret", "s")),
        "salience": lambda: client.batch_get_salience("secret", ["a"]),
        "boost": lambda: client.boost_memory("secret", "a", 1.0),
        "recalculate": lambda: client.recalculate("secret"),
        "get recalculation": lambda: client.get_recalculation("secret"),
        "queries": lambda: collect(client.list_queries("secret")),
        "give feedback": lambda: client.give_feedback("secret", "helpful", node="a"),
        "feedback": lambda: collect(client.list_feedback("secret")),
        "summarize feedback": lambda: client.summarize_feedback("secret"),
        "import": lambda: client.import_items("secret", [], import_id="import"),
        "get import": lambda: client.get_import("secret", "import"),
        "export": lambda: collect(client.export_items("secret")),
        "get reembedding": lambda: client.get_reembedding("secret"),
        "reembed": lambda: client.reembed_graph("secret"),
    }


async def test_a_graph_of_another_tenant_is_as_if_it_were_not_there(client: AsyncClient, other: AsyncClient) -> None:
    await furnish(client, "mine", "secret")
    for what, call in every_read_and_write(other).items():
        with pytest.raises(errors.GraphNotFound) as theirs:
            await call()
        assert "mine" not in str(theirs.value), what
    absent = await answer_of(other.get_node("never", "a"))
    present = await answer_of(other.get_node("secret", "a"))
    assert present == absent.replace("never", "secret")
    assert [graph async for graph in other.list_graphs(show_deleted=True)] == []
    assert (await client.get_graph("secret")).revision == 1


async def answer_of(call: Awaitable[Any]) -> str:
    try:
        await call
    except errors.LociError as error:
        return f"{error!r} {error.code} {error.metadata} {error.violations} {error.resource}"
    raise AssertionError("it was answered")


async def test_page_tokens_open_for_their_tenant_only(
    server: RunningServer, client: AsyncClient, other: AsyncClient
) -> None:
    for one, word in ((client, "mine"), (other, "theirs")):
        await furnish(one, word)
        await one.create_graph("h")
        await one.search("g", "again")
        await one.give_feedback("g", "missed", node="b")
    mine = (await client.create_api_key(["admin"])).secret
    theirs = (await other.create_api_key(["admin"])).secret
    cases: list[tuple[Any, str, Any]] = [
        (GraphServiceStub, "ListGraphs", graphs.ListGraphsRequest(page_size=1)),
        (NodeServiceStub, "ListNodes", nodes.ListNodesRequest(parent="graphs/g", page_size=1)),
        (EdgeServiceStub, "ListEdges", edges.ListEdgesRequest(parent="graphs/g", page_size=1)),
        (MemoryServiceStub, "ListQueries", query_history.ListQueriesRequest(parent="graphs/g", page_size=1)),
        (MemoryServiceStub, "ListFeedback", feedback.ListFeedbackRequest(parent="graphs/g", page_size=1)),
        (SearchServiceStub, "Search", searches.SearchRequest(parent="graphs/g", query="apple", page_size=1)),
    ]
    async with bare_calls(server, mine) as me, bare_calls(server, theirs) as them:
        tokens = []
        for stub, method, request in cases:
            request.page_token = (await me.unary(stub, method, request)).next_page_token
            assert request.page_token, method
            tokens.append(request.page_token)
            await me.unary(stub, method, request)
            with pytest.raises(errors.InvalidPageToken):
                await them.unary(stub, method, request)
        async for page in me.stream(BulkServiceStub, "Export", bulk.ExportRequest(parent="graphs/g", page_size=1)):
            export = bulk.ExportRequest(parent="graphs/g", page_size=1, page_token=page.next_page_token)
            break
        with pytest.raises(grpc.RpcError) as caught:
            await collect(them.stream(BulkServiceStub, "Export", export))
        assert isinstance(errors.from_rpc(caught.value), errors.InvalidPageToken)
        for token in tokens:  # nor for another method, or another query
            with pytest.raises(errors.InvalidPageToken):
                await me.unary(
                    NodeServiceStub,
                    "ListNodes",
                    nodes.ListNodesRequest(parent="graphs/h", page_size=1, page_token=token),
                )


async def test_request_ids_import_ids_and_etags_of_another_tenant_mean_nothing(
    client: AsyncClient, other: AsyncClient
) -> None:
    await furnish(client, "mine")
    await other.create_graph("g", request_id="graph-g")
    answer = await other.commit("g", [mutations.create_node("x", text="own")], request_id="commit")
    assert [result.node.text for result in answer.results] == ["own"]
    with pytest.raises(errors.ImportNotFound):
        await other.get_import("g", "import")
    etag = (await client.get_node("g", "a")).etag
    await other.update_node("g", "x", text="changed", etag=etag)  # the same revision, of another graph
    assert (await client.get_node("g", "a")).text == "mine apple"


async def test_dimensions_of_a_model_are_each_tenants_own(client: AsyncClient, other: AsyncClient) -> None:
    for one, vector in ((client, [1.0, 0.0]), (other, [1.0, 0.0, 0.0])):
        await one.create_graph("g")
        await one.create_node("g", "a", embedding=("m", vector))


# --- row-level security alone ----------------------------------------------------------------------------------------


async def test_row_level_security_alone_keeps_tenants_apart(
    server: RunningServer, client: AsyncClient, other: AsyncClient
) -> None:
    for one, word in ((client, "mine"), (other, "theirs")):
        await furnish(one, word)
        await one.verify_audit()
        assert await collect(one.list_queries("g"))
    connection = await asyncpg.connect(server.database_url)
    try:
        keys = dict(await connection.fetch("SELECT tenant_id, tenant_key FROM loci.tenants"))
        mine = keys[await tenant(client)]
        theirs = keys[await tenant(other)]
        tables = await connection.fetch(
            "SELECT table_name FROM information_schema.columns WHERE table_schema = 'loci' "
            "AND column_name = 'tenant_key' AND table_name !~ '^changes_' ORDER BY 1"
        )
        full = {
            table: await connection.fetchval(f"SELECT count(*) FROM loci.{table} WHERE tenant_key = $1", mine)
            for (table,) in tables
        }
        assert {"nodes", "edges", "changes", "graphs", "api_keys", "embeddings"} <= {t for t, n in full.items() if n}
        assert {"node_uses", "queries", "feedback", "recalculations"} <= {t for t, n in full.items() if n}
        await connection.execute("SET ROLE loci_app")
        for (table,) in tables:
            assert await seen(connection, table, "") == set(), table
            assert await seen(connection, table, str(theirs)) <= {theirs}, table
            assert await seen(connection, table, str(mine)) == ({mine} if full[table] else set()), table
            listed = ("jobs", "graph_models", "audit_inbox", "audit_heads", "key_rotations", "key_changes")
            assert await seen(connection, table, str(theirs), role="worker") <= (
                {theirs} if table not in listed else {0, *keys.values()}
            ), table
            assert await seen(connection, table, str(theirs), role="keeper") <= (
                {theirs} if table not in ("graph_keys", "key_rotations") else {0, *keys.values()}
            ), table
            assert await seen(connection, table, "0") == set(), table
        for sql in (
            "INSERT INTO loci.embedding_models (tenant_key, model, dimension) VALUES ($1, 'forged', 3)",
            "UPDATE loci.nodes SET tenant_key = $1",
            "UPDATE loci.graphs SET tenant_key = $1",
            "UPDATE loci.audit SET tenant_key = $1",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await execute_as(connection, theirs, sql, mine)
        done = await execute_as(connection, theirs, "DELETE FROM loci.nodes WHERE tenant_key = $1", mine)
        assert done == "DELETE 0"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("TRUNCATE loci.nodes")
        await connection.execute("SET row_security = off")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("SELECT * FROM loci.nodes")
    finally:
        await connection.close()


async def execute_as(connection: "asyncpg.Connection[Any]", as_tenant: int, sql: str, *arguments: object) -> str:
    async with connection.transaction():
        await connection.execute("SELECT set_config('loci.tenant', $1, true)", str(as_tenant))
        return await connection.execute(sql, *arguments)


async def tenant(client: AsyncClient) -> str:
    key = (await collect(client.list_api_keys()))[0]
    return key.name.split("/")[1]


async def seen(connection: "asyncpg.Connection[Any]", table: str, as_tenant: str, role: str = "") -> set[int]:
    """Tenants of the rows that a statement without any predicate sees."""
    async with connection.transaction():
        await connection.execute("SELECT set_config('loci.tenant', $1, true)", as_tenant)
        await connection.execute("SELECT set_config('loci.role', $1, true)", role)
        return {row[0] for row in await connection.fetch(f"SELECT DISTINCT tenant_key FROM loci.{table}")}


async def test_the_operator_reads_no_graph_of_another_tenant(server: RunningServer, client: AsyncClient) -> None:
    await furnish(client, "mine", "secret")
    async with server.client() as operator:
        for call in every_read_and_write(operator).values():
            with pytest.raises(errors.GraphNotFound):
                await call()
        only = await operator.create_api_key(["operator"])
    async with server.client(only.secret) as operator:
        for what, call in every_read_and_write(operator).items():
            with pytest.raises(errors.ScopeMissing):
                await call()
            assert what
        assert [names.id_of(found.name) async for found in operator.list_tenants()]
