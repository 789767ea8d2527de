"""An envelope that was changed or moved does not open, whatever was done to it; what asks for it is told so by
DATA_LOSS or by a mark, and everything else is answered as it was."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

import asyncpg
import grpc
import pytest

from loci import AsyncClient, edge, errors, mutations, names, node
from loci.v1.watch_service_pb2 import WATCH_START_OLDEST, WatchRequest, WatchResponse
from loci_server.crypto.local import from_setting
from tests.calls import collect
from tests.integration.tampering.envelopes import NOT_SEALED, SEALED, tampered
from tests.postgres import DatabaseFactory
from tests.server import RunningServer, new_tenant, running_server
from tests.sharing import another_server, root_key

SEED = 20261122
ITEMS = 1300
"""Nodes, and as many edges; each also stands in the log."""
MARK = "zqxmarkzqx"
AT_ONCE = 16
Connection = Any
"""Of asyncpg."""


@pytest.fixture
async def superuser(server: RunningServer) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(server.database_url)
    yield connection
    await connection.close()


async def keys(superuser: Connection, client: AsyncClient, graph: str) -> tuple[int, int]:
    """The numbers of its tenant and of a graph."""
    tenant = (await collect(client.list_api_keys()))[0].name.split("/")[1]
    row = await superuser.fetchrow(
        "SELECT tenant_key, graph_key FROM loci.graphs JOIN loci.tenants USING (tenant_key) "
        "WHERE tenant_id = $1 AND graph_id = $2",
        tenant,
        graph,
    )
    assert row is not None
    return row["tenant_key"], row["graph_key"]


async def test_every_column_of_bytes_is_an_envelope_or_not(superuser: Connection) -> None:
    rows = await superuser.fetch(
        "SELECT table_name || '.' || column_name FROM information_schema.columns "
        "WHERE table_schema = 'loci' AND data_type = 'bytea' AND table_name !~ '^changes_'"
        "AND table_name IN (SELECT table_name FROM information_schema.tables WHERE table_schema = 'loci')"
    )
    assert {name for (name,) in rows if not name.startswith("schema_migrations")} == SEALED.keys() | NOT_SEALED.keys()


def text(number: int) -> str:
    return f"{MARK} {number}"


async def fill(client: AsyncClient, graph: str, count: int) -> None:
    await client.create_graph(graph)
    await client.import_items(graph, [node(f"n{n}", text=text(n)) for n in range(count)])
    await client.import_items(
        graph,
        [edge(f"n{n}", "R", f"n{(n + 1) % count}", id=f"e{n}", properties={"k": text(n)}) for n in range(count)],
    )


async def spoil(superuser: Connection, rng: random.Random, graph: int) -> dict[str, set[str]]:
    """Tampers with most envelopes of a graph. By table the ids of the items that it did this to."""
    spoilt: dict[str, set[str]] = {}
    for table, column in (("nodes", "content"), ("edges", "content"), ("changes", "image")):
        rows = await superuser.fetch(f"SELECT id, {column} FROM loci.{table} WHERE graph_key = $1", graph)
        chosen = [(graph, row[0], tampered(rng, row[1])) for row in rows if rng.random() < 0.98]
        await superuser.executemany(f"UPDATE loci.{table} SET {column} = $3 WHERE graph_key = $1 AND id = $2", chosen)
        spoilt[table] = {id for _, id, _ in chosen}
    return spoilt


async def get_all(client: AsyncClient, count: int) -> tuple[dict[str, str], list[errors.LociError]]:
    """What each node and edge holds, by id; and the errors of the others."""
    found: dict[str, str] = {}
    failures: list[errors.LociError] = []
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(number: int, kind: str) -> None:
        async with slots:
            try:
                if kind == "n":
                    found[f"n{number}"] = (await client.get_node("g", f"n{number}")).text
                else:
                    found[f"e{number}"] = (await client.get_edge("g", f"e{number}")).properties["k"]
            except errors.LociError as error:
                failures.append(error)

    await asyncio.gather(*(one(number, kind) for number in range(count) for kind in "ne"))
    return found, failures


async def feed(server: RunningServer, key: str) -> list[Any]:
    """All changes of the graph, from the first one."""
    async with grpc.aio.insecure_channel(server.address) as channel:
        call = channel.unary_stream("/loci.v1.WatchService/Watch")(
            WatchRequest(parent="graphs/g", position=WATCH_START_OLDEST).SerializeToString(),
            metadata=(("authorization", f"Bearer {key}"),),
            timeout=60,
        )
        changes: list[Any] = []
        while len(changes) < 2 * ITEMS:
            response = WatchResponse.FromString(await call.read())
            changes += [change for commit in response.commits for change in commit.changes]
        call.cancel()
    return changes


async def test_thousands_of_changed_envelopes_are_noticed_one_by_one(
    server: RunningServer, client: AsyncClient, superuser: Connection
) -> None:
    rng = random.Random(SEED)
    await fill(client, "g", ITEMS)
    spoilt = await spoil(superuser, rng, (await keys(superuser, client, "g"))[1])
    assert sum(map(len, spoilt.values())) >= 5000
    found, failures = await get_all(client, ITEMS)
    expected = {f"{kind}{n}": text(n) for n in range(ITEMS) for kind in "ne"}
    assert found == {id: held for id, held in expected.items() if id not in spoilt["nodes"] | spoilt["edges"]}
    assert len(failures) == 2 * ITEMS - len(found)
    for error in failures:
        assert (error.code, error.reason) == ("DATA_LOSS", "CONTENT_UNREADABLE")
        assert MARK not in repr(error)
    changes = await feed(server, (await client.create_api_key(["read"])).secret)
    assert [names.id_of(change.name) for change in changes if change.unreadable] == [
        names.id_of(change.name) for change in changes if names.id_of(change.name) in spoilt["changes"]
    ]
    for change in changes:
        id = names.id_of(change.name)
        assert change.WhichOneof("after") == (None if change.unreadable else "node" if id[0] == "n" else "edge")
        if not change.unreadable:
            assert (change.node.text or change.edge.properties["k"]) == expected[id]
    assert MARK not in server.log


async def refused(calls: Iterable[Any]) -> None:
    """Each says that it does not open, and nothing of what is in there."""
    for call in calls:
        with pytest.raises(errors.ContentUnreadable) as caught:
            await call
        assert caught.value.code == "DATA_LOSS"
        assert MARK not in repr(caught.value)


@pytest.mark.parametrize(
    "swap",
    [
        "UPDATE loci.nodes n SET content = o.content FROM loci.nodes o WHERE n.graph_key = $1 AND o.graph_key = $1 "
        "AND substr(o.id, 2)::integer = (substr(n.id, 2)::integer + 1) % 20 AND $2 = $2 AND $3 = $3",
        "UPDATE loci.nodes n SET content = o.content FROM loci.edges o WHERE n.graph_key = $1 AND o.graph_key = $1 "
        "AND substr(o.id, 2) = substr(n.id, 2) AND $2 = $2 AND $3 = $3",
        "UPDATE loci.nodes n SET content = o.image FROM loci.changes o WHERE n.graph_key = $1 AND o.graph_key = $1 "
        "AND o.id = n.id AND $2 = $2 AND $3 = $3",
        "UPDATE loci.nodes n SET content = o.content FROM loci.nodes o WHERE n.graph_key = $1 AND o.graph_key = $2 "
        "AND o.id = n.id AND $3 = $3",
        "UPDATE loci.nodes n SET content = o.content FROM loci.nodes o WHERE n.graph_key = $1 AND o.graph_key = $3 "
        "AND o.id = n.id AND $2 = $2",
    ],
    ids=["row", "kind", "column", "graph", "tenant"],
)
async def test_what_was_moved_does_not_open(
    server: RunningServer, client: AsyncClient, superuser: Connection, swap: str
) -> None:
    async with new_tenant(server) as other:
        graphs = []
        for one, graph in ((client, "g"), (client, "h"), (other, "g")):
            await fill(one, graph, 20)
            graphs.append((await keys(superuser, one, graph))[1])
        types = swap.replace("$1", "$1::bigint").replace("$2", "$2::bigint").replace("$3", "$3::bigint")
        assert await superuser.execute(types, *graphs) == "UPDATE 20"
        await refused(client.get_node("g", f"n{n}") for n in range(20))
        assert [(await client.get_edge("g", f"e{n}")).properties["k"] for n in range(20)] == [
            text(n) for n in range(20)
        ]
        for one, graph in ((client, "h"), (other, "g")):
            assert [(await one.get_node(graph, f"n{n}")).text for n in range(20)] == [text(n) for n in range(20)]


async def test_what_claims_another_key_version_does_not_open(
    server: RunningServer, client: AsyncClient, superuser: Connection
) -> None:
    await client.create_graph("g")
    await client.commit("g", [mutations.create_node(f"n{n}", text=text(n)) for n in range(10)])
    tenant, graph = await keys(superuser, client, "g")
    second = await from_setting(root_key(server)).wrap(tenant, b"content", random.Random(SEED).randbytes(32))
    await superuser.execute(
        "INSERT INTO loci.graph_keys (graph_key, purpose, version, tenant_key, kek_id, wrapped) "
        "VALUES ($1, 1, 2, $2, $3, $4)",
        graph,
        tenant,
        second.kek_id,
        second.wrapped,
    )
    key = (await client.create_api_key(["write"])).secret
    async with another_server(server) as fresh, fresh.client(key) as again:
        await again.commit("g", [mutations.create_node(f"n{n}", text=text(n)) for n in range(10, 20)])
        versions = "SELECT DISTINCT get_byte(content, 4) FROM loci.nodes WHERE graph_key = $1 ORDER BY 1"
        assert [row[0] for row in await superuser.fetch(versions, graph)] == [1, 2]
        assert [(await again.get_node("g", f"n{n}")).text for n in range(20)] == [text(n) for n in range(20)]
        await superuser.execute(
            "UPDATE loci.nodes SET content = set_byte(content, 4, 3 - get_byte(content, 4)) WHERE graph_key = $1", graph
        )
        await refused(again.get_node("g", f"n{n}") for n in range(20))


# --- what each call says of it ----------------------------------------------------------------------------------------

FLIP = "UPDATE loci.{0} SET {1} = set_byte({1}, length({1}) - 20, get_byte({1}, length({1}) - 20) # 1)"


async def flip(superuser: Connection, column: str, where: str, *arguments: object) -> None:
    table, _, name = column.partition(".")
    done = await superuser.execute(f"{FLIP.format(table, name)} WHERE {where}", *arguments)
    assert int(done.split()[1]) >= 1, column


async def test_calls_for_an_item_fail_and_searches_leave_it_out(client: AsyncClient, superuser: Connection) -> None:
    await fill(client, "g", 3)
    _, graph = await keys(superuser, client, "g")
    await flip(superuser, "nodes.content", "graph_key = $1 AND id = 'n1'", graph)
    await refused(
        [
            client.get_node("g", "n1"),
            client.get_nodes("g", ["n0", "n1"]),
            collect(client.list_nodes("g")),
            client.update_node("g", "n1", label="L"),
            client.traverse("g", ["n0"]),
            collect(client.neighbors("g", "n0")),
            client.get_context("g", ["n0"]),
            client.find_paths("g", "n0", "n1"),
            client.rename_node("g", "n1", "m1"),
        ]
    )
    assert sorted(hit.node.text for hit in (await client.search("g", MARK)).hits) == [text(0), text(2)]
    assert sorted(hit.node.text for hit in (await client.recall("g", MARK)).memories) == [text(0), text(2)]
    await flip(superuser, "edges.content", "graph_key = $1 AND id = 'e0'", graph)
    await refused(
        [collect(client.list_edges("g")), client.get_edge("g", "e0"), client.update_edge("g", "e0", weight=2.0)]
    )
    await refused([client.delete_node("g", "n1"), client.delete_edge("g", "e0")])
    await client.import_items("g", [node("n1", text="again"), edge("n0", "R", "n1", id="e0")], on_conflict="replace")
    assert [found.text for found in await collect(client.list_nodes("g"))] == [text(0), "again", text(2)]
    assert len(await collect(client.list_edges("g"))) == 3


async def test_the_log_marks_what_does_not_open(client: AsyncClient, superuser: Connection) -> None:
    await client.create_graph("g")
    for number in range(3):
        await client.create_node("g", f"n{number}", text=text(number), note=text(number))
    _, graph = await keys(superuser, client, "g")
    await flip(superuser, "changes.image", "graph_key = $1 AND id = 'n1'", graph)
    await flip(superuser, "changes.note", "graph_key = $1 AND id = 'n2'", graph)
    first, second, third = [(await collect(client.list_node_revisions("g", f"n{n}")))[0] for n in range(3)]
    assert (first.change.unreadable, first.note, first.change.node.text) == (False, text(0), text(0))
    assert (second.change.unreadable, second.note, second.change.HasField("node")) == (True, text(1), False)
    assert (third.change.unreadable, third.note, third.change.node.text) == (True, "", text(2))
    await refused([client.get_node("g", "n1", as_of=3), collect(client.export_items("g"))])
    assert (await client.get_node("g", "n0", as_of=3)).text == text(0)


async def test_records_of_what_was_said_mark_it(client: AsyncClient, superuser: Connection) -> None:
    await fill(client, "g", 2)
    tenant, graph = await keys(superuser, client, "g")
    for word in ("first", "second"):
        await client.search("g", f"{MARK} {word}")
        await client.give_feedback("g", "helpful", node="n0", comment=f"{MARK} {word}")
    asked = await collect(client.list_queries("g"))
    said = await collect(client.list_feedback("g"))
    await flip(superuser, "queries.content", "graph_key = $1 AND query_id = $2", graph, names.id_of(asked[0].name))
    await flip(superuser, "feedback.comment", "graph_key = $1 AND feedback_id = $2", graph, names.id_of(said[0].name))
    queries, comments = await collect(client.list_queries("g")), await collect(client.list_feedback("g"))
    assert [(one.unreadable, one.query) for one in queries] == [(True, ""), (False, asked[1].query)]
    assert [(one.unreadable, one.comment) for one in comments] == [(True, ""), (False, said[1].comment)]
    await client.verify_audit()
    await flip(superuser, "audit.entry", "tenant_key = $1 AND sequence = 1", tenant)
    entries = {entry.sequence: entry for entry in await collect(client.list_audit_entries())}
    assert entries[1].unreadable
    assert not entries[2].unreadable


async def test_repeated_calls_do_not_get_an_answer_that_was_changed(client: AsyncClient, superuser: Connection) -> None:
    await client.create_graph("g", display_name=MARK, request_id="one")
    await client.create_node("g", "n", text=MARK, request_id="one")
    await client.create_node("g", "m", text=MARK, request_id="two")
    tenant, _ = await keys(superuser, client, "g")
    await flip(superuser, "idempotency.answer", "tenant_key = $1 AND length(answer) > 40", tenant)
    await refused(
        [
            client.create_graph("g", display_name=MARK, request_id="one"),
            client.create_node("g", "n", text=MARK, request_id="one"),
        ]
    )
    assert (await client.get_node("g", "m")).text == MARK
    assert (await client.get_graph("g")).revision == 2, "nothing was written anew"


async def test_names_that_do_not_open_fail_their_calls(
    server: RunningServer, client: AsyncClient, superuser: Connection
) -> None:
    await client.create_graph("g", display_name=MARK)
    key = await client.create_api_key(["read"], display_name=MARK)
    tenant, graph = await keys(superuser, client, "g")
    for column, where, of in (
        ("graphs.display_name", "graph_key = $1", graph),
        ("api_keys.display_name", "key_id = $1", int(names.id_of(key.api_key.name))),
    ):
        await flip(superuser, column, where, of)
    await refused([client.get_graph("g"), collect(client.list_graphs()), collect(client.list_api_keys())])
    await client.create_node("g", "n", text=MARK)
    assert (await client.get_node("g", "n")).text == MARK, "what is in the graph is there"
    async with server.client() as operator:
        id = key.api_key.name.split("/")[1]
        await flip(superuser, "tenants.display_name", "tenant_key = $1", tenant)
        await refused([operator.get_tenant(id)])
        await flip(superuser, "tenants.display_name", "tenant_key = $1", tenant)  # or no other test could list tenants


async def test_a_graph_whose_keys_were_changed_or_moved_does_not_open(
    server: RunningServer, client: AsyncClient, superuser: Connection
) -> None:
    graphs: Sequence[str] = ("whole", "flipped", "moved", "fields")
    for graph in graphs:
        await client.create_graph(graph)
        await client.create_node(graph, "n", text=MARK)
    await client.update_graph("fields", search_fields={"properties": ["k"]})
    numbers = {graph: (await keys(superuser, client, graph))[1] for graph in graphs}
    await flip(superuser, "graph_keys.wrapped", "graph_key = $1 AND purpose = 1", numbers["flipped"])
    await flip(superuser, "graphs.search_fields", "graph_key = $1", numbers["fields"])
    await superuser.execute(
        "UPDATE loci.graph_keys k SET wrapped = o.wrapped FROM loci.graph_keys o "
        "WHERE k.graph_key = $1 AND k.purpose = 1 AND o.graph_key = $1 AND o.purpose = 2",
        numbers["moved"],
    )
    key = (await client.create_api_key(["write"])).secret
    async with another_server(server) as fresh, fresh.client(key) as again:  # it has no key in its memory
        assert (await again.get_node("whole", "n")).text == MARK
        for graph in graphs[1:]:
            await refused([again.get_node(graph, "n"), again.create_node(graph, "m")])


async def test_a_changed_secret_of_the_installation_stops_the_start(fresh_database: DatabaseFactory) -> None:
    url = await fresh_database()
    async with running_server(url) as server:
        await server.stop()
        connection = await asyncpg.connect(url)
        try:
            await flip(connection, "cluster.wrapped_secret", "true")
            with pytest.raises(RuntimeError, match="does not open"):
                await server.start()
            await flip(connection, "cluster.wrapped_secret", "true")
        finally:
            await connection.close()
        await server.start()
