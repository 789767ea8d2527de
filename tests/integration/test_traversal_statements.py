"""What a walk costs the database: a statement for each level, and the edges at its frontier instead of the table."""

import base64
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import asyncpg
import pytest

from loci.v1 import traversal_service_pb2 as pb
from loci.v1.commit_service_pb2 import Mutation
from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci_server.codec.page_tokens import PageTokens
from loci_server.crypto.local import from_setting
from loci_server.embedding import Embedders
from loci_server.services.call import Call
from loci_server.services.traversal import TraversalServicer
from loci_server.services.views import Views
from loci_server.store.graph_answers import Repeat
from loci_server.store.graph_models import GraphModels
from loci_server.store.graphs import Graphs
from loci_server.store.handles import Handles
from loci_server.store.items import Items
from loci_server.store.log import Log
from loci_server.store.models import Models
from loci_server.store.numbers import Numbers
from loci_server.store.pool import Database, connect
from loci_server.store.statements import statements
from loci_server.store.tenants import Tenants, open_installation
from loci_server.writing.vectors import Vectors
from loci_server.writing.writer import WriteContext, Writer
from tests.postgres import create_database, drop_database, run

LEVELS = 8
"""Of the graph that is walked: two nodes in each, all joined to all of the next."""


class Counted:
    """Counts statements by name."""

    def __init__(self) -> None:
        self.names: Counter[str] = Counter()

    def statement(self, name: str) -> AbstractContextManager[object]:
        self.names[name] += 1
        return nullcontext()


class Ground:
    """A servicer on a graph `g`, and what it has asked of the database since `names` was cleared."""

    def __init__(self, servicer: TraversalServicer, call: Call, counted: Counted) -> None:
        self.servicer = servicer
        self.call = call
        self.names = counted.names


@pytest.fixture
async def ground(database_url: str) -> AsyncIterator[Ground]:
    counted = Counted()
    database = await connect(database_url, size=2, pooler="none", observer=counted)
    try:
        yield await prepared(database, counted)
    finally:
        await database.close()


async def prepared(database: Database, counted: Counted) -> Ground:
    keys = from_setting(base64.b64encode(bytes(range(32))).decode())
    installation = await open_installation(database, keys)
    tenant = (await Tenants(database, installation).create("acme", ""))["tenant_key"]
    handles = Handles(database, keys)
    items = Items(database, handles)
    await Graphs(database, keys, installation, handles).create(tenant, "g", "", Repeat(None, b""))
    vectors = Vectors(Models(database), GraphModels(database), Embedders(None))
    writer = Writer(items, Numbers(database), vectors, lambda: None, lambda graph: None)
    await writer.write(await handles.get(tenant, "g"), ladder(), WriteContext(1))
    call = cast(Call, SimpleNamespace(principal=SimpleNamespace(tenant_key=tenant)))
    counted.names.clear()
    return Ground(
        TraversalServicer(handles, Views(items, Log(database, handles)), PageTokens(installation.sealer)), call, counted
    )


def ladder() -> list[Mutation]:
    nodes = [f"n{level}{side}" for level in range(LEVELS) for side in "ab"]
    edges = [
        Edge(source=f"n{level}{near}", relation="R", target=f"n{level + 1}{far}")
        for level in range(LEVELS - 1)
        for near in "ab"
        for far in "ab"
    ]
    made = [Mutation(create_node=Node(name=f"graphs/g/nodes/{node}", type="node")) for node in nodes]
    return made + [Mutation(create_edge=edge) for edge in edges]


async def test_a_walk_takes_one_statement_for_each_level_and_one_for_nodes_and_edges(ground: Ground) -> None:
    for depth in (1, 3, 7):
        ground.names.clear()
        request = pb.TraverseRequest(parent="graphs/g", start_names=["graphs/g/nodes/n0a"], max_depth=depth)
        request.selector.direction = pb.DIRECTION_OUTGOING
        answer = await ground.servicer.Traverse(request, ground.call)
        assert len(answer.nodes) == 1 + 2 * depth
        # One more expansion tells whether there is more beyond the depth.
        assert ground.names == {"expand": depth + 1, "get_nodes": 1, "get_edges": 1}


async def test_paths_take_one_statement_for_each_level_and_one_for_nodes_and_edges(ground: Ground) -> None:
    request = pb.FindPathsRequest(
        parent="graphs/g", source_name="graphs/g/nodes/n0a", target_name="graphs/g/nodes/n6b", max_paths=100
    )
    answer = await ground.servicer.FindPaths(request, ground.call)
    assert len(answer.paths) == 2**5
    assert ground.names == {"expand": 6, "get_nodes": 1, "get_edges": 1}


async def test_a_context_takes_one_statement_for_each_level_and_one_for_nodes_and_edges(ground: Ground) -> None:
    request = pb.GetContextRequest(parent="graphs/g", seed_names=["graphs/g/nodes/n0a"], max_depth=3)
    answer = await ground.servicer.GetContext(request, ground.call)
    assert len(answer.nodes) == 8
    assert ground.names == {"expand": 4, "get_nodes": 1, "induced_edges": 1}


async def test_a_page_of_neighbors_takes_three_statements(ground: Ground) -> None:
    request = pb.GetNeighborsRequest(name="graphs/g/nodes/n1a", page_size=2)
    first = await ground.servicer.GetNeighbors(request, ground.call)
    assert ground.names == {"expand": 1, "get_nodes": 1, "get_edges": 1}
    ground.names.clear()
    request.page_token = first.next_page_token
    await ground.servicer.GetNeighbors(request, ground.call)
    assert ground.names == {"page_neighbors": 1, "get_nodes": 1, "get_edges": 1}


# --- The statements alone --------------------------------------------------------------------------------------------

TENANT = 77
HUB_EDGES = 5000
FILL = f"""
INSERT INTO loci.tenants (tenant_key, tenant_id, display_name) VALUES ({TENANT}, 'acme', '');
INSERT INTO loci.graphs (tenant_key, graph_id, display_name, create_incarnation, state_incarnation, incarnation)
SELECT {TENANT}, 'g' || n, '', 1, 1, 1 FROM generate_series(1, 20) n;
INSERT INTO loci.nodes (graph_key, tenant_key, length, revision, create_time, update_time, salience, id, type,
    property_tokens, content)
SELECT g.graph_key, {TENANT}, 0, 1, now(), now(), 0.5, 'n' || n, 'node', '{{}}', ''
FROM loci.graphs g, generate_series(0, {HUB_EDGES}) n;
INSERT INTO loci.edges (graph_key, tenant_key, revision, create_time, update_time, weight, id, source, relation, target,
    property_tokens, content)
SELECT g.graph_key, {TENANT}, 1, now(), now(), 1, 'e' || n, CASE WHEN n % 2 = 0 THEN 'n0' ELSE 'n' || n END, 'R',
    CASE WHEN n % 2 = 0 THEN 'n' || n ELSE 'n0' END, '{{}}', ''
FROM loci.graphs g, generate_series(1, {HUB_EDGES}) n;
ANALYZE loci.nodes, loci.edges;
"""
"""In each of 20 graphs a hub `n0` with 5,000 edges, half of them in either direction."""
SCANS = """
SELECT pg_stat_get_xact_numscans('loci.edges'::regclass) AS edge_scans,
    pg_stat_get_xact_numscans('loci.nodes'::regclass) AS node_scans,
    pg_stat_get_xact_tuples_returned('loci.edges_source'::regclass) AS by_source,
    pg_stat_get_xact_tuples_returned('loci.edges_target'::regclass) AS by_target
"""
ALL = (3, None, None, None, None)
"""A selector: both directions, all relations and types, at any time."""


@dataclass(frozen=True)
class Hubs:
    """A connection as the application has it, in a transaction, and the key of one of the graphs."""

    connection: Any
    graph: int

    async def rows(self, name: str, *arguments: object) -> list[asyncpg.Record]:
        return list(await self.connection.fetch(statements("items")[name], TENANT, self.graph, *arguments))

    async def scanned(self) -> asyncpg.Record:
        """What the transaction has scanned until now: whole tables by number of scans, indexes by entries."""
        return cast(asyncpg.Record, await self.connection.fetchrow(SCANS))


@pytest.fixture(scope="module")
async def filled_database(postgres_url: str, migrated_template: str) -> AsyncIterator[str]:
    url = await create_database(postgres_url, migrated_template)
    await run(url, FILL)
    yield url
    await drop_database(url)


@pytest.fixture
async def hubs(filled_database: str) -> AsyncIterator[Hubs]:
    connection = await asyncpg.connect(filled_database)
    graph = await connection.fetchval("SELECT graph_key FROM loci.graphs WHERE graph_id = 'g7'")
    await connection.execute("SET ROLE loci_app; SET jit = off")
    async with connection.transaction():
        yield Hubs(connection, graph)
    await connection.close()


async def test_the_heaviest_edges_of_a_hub_are_read_from_the_indexes_and_no_more_of_them(hubs: Hubs) -> None:
    rows = await hubs.rows("expand", ["n0"], *ALL, [], None, None, 11, 100)
    assert len(rows) == 11
    scanned = await hubs.scanned()
    assert (scanned["edge_scans"], scanned["node_scans"]) == (0, 0)
    assert scanned["by_source"] <= 12
    assert scanned["by_target"] <= 12


async def test_a_frontier_of_many_nodes_is_read_from_the_indexes(hubs: Hubs) -> None:
    frontier = [f"n{place}" for place in range(1, 1001)]
    rows = await hubs.rows("expand", frontier, *ALL, [], None, None, 101, 50_001)
    assert [row["origin"] for row in rows] == frontier
    scanned = await hubs.scanned()
    assert scanned["edge_scans"] == 0
    assert scanned["by_source"] + scanned["by_target"] == 1000


async def test_a_step_stops_at_its_limit(hubs: Hubs) -> None:
    frontier = [f"n{place}" for place in range(1, 1001)]
    rows = await hubs.rows("expand", frontier, *ALL, [], None, None, 101, 20)
    assert [row["origin"] for row in rows] == frontier[:20]
    scanned = await hubs.scanned()
    assert scanned["by_source"] + scanned["by_target"] <= 21


async def test_types_and_times_are_looked_up_by_id(hubs: Hubs) -> None:
    now = datetime.now(UTC)
    rows = await hubs.rows("expand", ["n0"], 3, ["R"], ["node"], now, now, [], None, None, 11, 100)
    assert len(rows) == 11
    scanned = await hubs.scanned()
    assert (scanned["edge_scans"], scanned["node_scans"]) == (0, 0)


async def test_what_lies_beyond_a_hub_is_known_without_reading_it(hubs: Hubs) -> None:
    known = [f"e{place}" for place in range(1, 101)]
    assert len(await hubs.rows("expand", ["n0"], *ALL, [], None, known, 1, 1)) == 1
    scanned = await hubs.scanned()
    assert scanned["edge_scans"] == 0
    assert scanned["by_source"] + scanned["by_target"] <= len(known) + 4


async def test_a_late_page_of_a_hub_costs_as_little_as_the_first(hubs: Hubs) -> None:
    rows = await hubs.rows("page_neighbors", "n0", *ALL, 101, 1.0, "e7")
    assert [row["edge"] for row in rows[:3]] == ["e70", "e700", "e701"]
    scanned = await hubs.scanned()
    assert scanned["edge_scans"] == 0
    assert scanned["by_source"] + scanned["by_target"] <= 2 * 102


async def test_the_edges_among_some_nodes_are_read_from_the_indexes(hubs: Hubs) -> None:
    rows = await hubs.rows("induced_edges", ["n0", "n1", "n2", "n3"], None, None, None, 500)
    assert [row["id"] for row in rows] == ["e1", "e2", "e3"]
    assert (await hubs.scanned())["edge_scans"] == 0
