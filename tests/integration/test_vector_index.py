"""A graph with very many vectors is served by an index that all large graphs share. It finds what an exact search
does, and neither writes nor small graphs pay for it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import numpy as np
import pytest
from numpy.typing import NDArray

from loci import AsyncClient, names, node
from loci_server.crypto.rotation import Rotation
from loci_server.store.items import PASSES_ALL
from tests.postgres import DatabaseFactory, create_database, drop_database
from tests.server import new_tenant, running_server
from tests.waiting import eventually

Matrix = NDArray[np.float32]
DIMENSION = 384
DOCUMENTS = 2500
LEAST = 1000
STEP = 500
K = 50


def units(rows: NDArray[Any]) -> Matrix:
    result: Matrix = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return result


def clustered(seed: int, count: int, dimension: int = DIMENSION) -> Matrix:
    """Vectors about the same forty centres, whatever the seed."""
    centres = np.random.default_rng(1).normal(size=(40, dimension))
    chance = np.random.default_rng(seed)
    return units(units(centres)[chance.integers(0, 40, count)] + 0.05 * chance.normal(size=(count, dimension)))


def tenant_of(graph: int) -> int:
    """Graph 1 has a tenant of its own, 2 and 3 share one. The model has the number of its tenant."""
    return min(graph, 2)


class Graphs:
    """A database with graphs that are numbered."""

    def __init__(self, url: str, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self.url = url
        self.connection = connection

    async def make(self, graph: int, vectors: Matrix, per_document: int = 1, first: int = 1) -> None:
        """A graph with these vectors, or more of them: documents are numbered from `first` on."""
        tenant, documents = tenant_of(graph), len(vectors) // per_document
        await self.connection.execute("RESET ROLE")
        for sql, *arguments in (
            (
                "INSERT INTO loci.tenants (tenant_key, tenant_id, display_name) "
                "VALUES ($1::bigint, 't' || $1::bigint, '') ON CONFLICT DO NOTHING",
                tenant,
            ),
            (
                "INSERT INTO loci.graphs (graph_key, tenant_key, graph_id, display_name, create_incarnation, "
                "state_incarnation, incarnation) OVERRIDING SYSTEM VALUE "
                "VALUES ($1::bigint, $2, 'g' || $1::bigint, '', 1, 1, 1) ON CONFLICT DO NOTHING",
                *(graph, tenant),
            ),
            (
                "INSERT INTO loci.embedding_models (model_key, tenant_key, model, dimension, confirmed) "
                "OVERRIDING SYSTEM VALUE VALUES ($1, $2, 'm', $3, true) ON CONFLICT DO NOTHING",
                *(tenant, tenant, vectors.shape[1]),
            ),
            (
                "INSERT INTO loci.nodes (graph_key, tenant_key, doc_no, length, revision, create_time, update_time, "
                "salience, id, type, property_tokens, content) SELECT $1, $2, n, 1, 1, now(), now(), 0.5, 'n' || n, "
                "CASE WHEN n % 100 = 0 THEN 'rare' WHEN n % 2 = 0 THEN 'even' ELSE 'odd' END, '{}', '' "
                "FROM generate_series($3::bigint, $4::bigint) n",
                *(graph, tenant, first, first + documents - 1),
            ),
            ("UPDATE loci.graphs SET document_count = document_count + $2 WHERE graph_key = $1", graph, documents),
        ):
            await self.connection.execute(sql, *arguments)
        rotated = Rotation(graph.to_bytes(32, "big")).apply(vectors).tolist()
        rows = [
            (first + place // per_document, tenant, place % per_document, row, 0) for place, row in enumerate(rotated)
        ]
        await self.connection.execute("SET ROLE loci_app")
        for start in range(0, len(rows), 1000):
            part = rows[start : start + 1000]
            await self.fetch(graph, "SELECT loci.store_vectors($1, $2, 0, $3::loci.vector_row[], '{}')", part)

    async def fetch(self, graph: int, sql: str, *arguments: object) -> list[asyncpg.Record]:
        """As the service works. $1 is the tenant, $2 the graph."""
        async with self.connection.transaction():
            await self.connection.execute("SELECT set_config('loci.tenant', $1, true)", str(tenant_of(graph)))
            return await self.connection.fetch(sql, tenant_of(graph), graph, *arguments)

    async def step(self, graph: int) -> bool:
        sql = "SELECT loci.index_vectors($1, $2, $3, $4, $5)"
        (row,) = await self.fetch(graph, sql, tenant_of(graph), LEAST, STEP)
        more: bool = row[0]
        return more

    async def index(self, graph: int) -> None:
        while await self.step(graph):
            pass

    async def places(self, graph: int) -> dict[int | None, int]:
        """How many vectors are where: in no index, waiting (0), or in that of a dimension."""
        sql = "SELECT indexed, count(*) FROM loci.embeddings WHERE tenant_key = $1 AND graph_key = $2 GROUP BY 1"
        return dict(map(tuple, await self.fetch(graph, sql)))

    async def search(
        self, graph: int, query: Matrix, limit: int = K, types: list[str] | None = None
    ) -> dict[int, float]:
        """Documents and their scores, best first."""
        return await self._found("search_semantic($1, $2, $3, $4", graph, query, limit, types)

    async def exact(
        self, graph: int, query: Matrix, limit: int = K, types: list[str] | None = None
    ) -> dict[int, float]:
        """The same by looking at all."""
        return await self._found("nearest_exact($1, $2, $3, $4::real[]::public.halfvec", graph, query, limit, types)

    async def _found(
        self, call: str, graph: int, query: Matrix, limit: int, types: list[str] | None
    ) -> dict[int, float]:
        rotated = Rotation(graph.to_bytes(32, "big")).apply(query[None])[0].tolist()
        filter = (types, *PASSES_ALL[1:]) if types else None
        sql = f"SELECT * FROM loci.{call}, $5::loci.node_filter, $6)"
        return dict(map(tuple, await self.fetch(graph, sql, tenant_of(graph), rotated, filter, limit)))

    async def scans(self) -> int:
        """How often the index was used so far."""
        await self.connection.execute("SELECT pg_stat_force_next_flush(), pg_stat_clear_snapshot()")
        sql = "SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'embeddings_hnsw_384'"
        count: int = await self.connection.fetchval(sql)
        return count


@pytest.fixture(scope="module")
async def shared(postgres_url: str, migrated_template: str) -> AsyncIterator[Graphs]:
    """Three large graphs of two tenants, indexed in turns. All hold vectors about the same centres."""
    url = await create_database(postgres_url, migrated_template)
    connection = await asyncpg.connect(url)
    try:
        graphs = Graphs(url, connection)
        for graph in (1, 2, 3):
            await graphs.make(graph, clustered(graph, DOCUMENTS))
        going = {1, 2, 3}
        while going:
            for graph in sorted(going):
                if not await graphs.step(graph):
                    going.remove(graph)
        yield graphs
    finally:
        await connection.close()
        await drop_database(url)


@pytest.fixture
async def graphs(fresh_database: DatabaseFactory) -> AsyncIterator[Graphs]:
    url = await fresh_database()
    connection = await asyncpg.connect(url)
    yield Graphs(url, connection)
    await connection.close()


def recall(found: dict[int, float], exact: dict[int, float]) -> float:
    """A document counts that is as near as the last of the exact ones."""
    least = min(exact.values()) - 1e-6
    return sum(score >= least for score in found.values()) / len(exact)


@pytest.mark.parametrize("graph", [1, 2, 3])
async def test_beside_other_large_graphs_the_index_finds_what_exact_search_finds(shared: Graphs, graph: int) -> None:
    queries = clustered(100 + graph, 30)
    before = await shared.scans()
    recalls = []
    for query in queries:
        found = await shared.search(graph, query)
        assert len(found) == K
        assert list(found.values()) == sorted(found.values(), reverse=True)
        recalls.append(recall(found, await shared.exact(graph, query)))
    assert await shared.scans() - before == len(queries), "the index was used"
    assert np.mean(recalls) >= 0.95, recalls


async def test_a_search_sees_nothing_of_other_graphs(shared: Graphs) -> None:
    for graph in (1, 2, 3):
        for query in clustered(9, 5):
            exact = await shared.exact(graph, query, DOCUMENTS)
            found = await shared.search(graph, query, 400)  # so many that some are near by chance only
            assert found == pytest.approx({document: exact[document] for document in found}, abs=1e-6)


async def test_what_is_filtered_is_found_as_by_exact_search(shared: Graphs) -> None:
    for types, by_index in ((["rare"], False), (["even", "odd"], True), (["nothing"], False)):
        before = await shared.scans()
        recalls = []
        for query in clustered(10, 10):
            exact = await shared.exact(1, query, types=types)
            found = await shared.search(1, query, types=types)
            assert len(found) == len(exact)
            recalls.append(recall(found, exact) if exact else 1.0)
        assert np.mean(recalls) >= (0.95 if by_index else 1.0), (types, recalls)
        assert (await shared.scans() > before) == by_index, types


async def test_new_vectors_are_found_before_they_are_indexed_and_removed_ones_no_more(shared: Graphs) -> None:
    query = units(np.random.default_rng(11).normal(size=(1, DIMENSION)))[0]
    far = next(iter(await shared.search(3, query)))
    await shared.make(3, query[None], first=50_000)
    assert await shared.places(3) == {DIMENSION: DOCUMENTS, 0: 1}
    before = await shared.scans()
    assert list(await shared.search(3, query))[:2] == [50_000, far]
    await shared.index(3)
    assert await shared.places(3) == {DIMENSION: DOCUMENTS + 1}
    assert list(await shared.search(3, query))[:2] == [50_000, far]
    await shared.fetch(3, "SELECT loci.remove_documents($1, $2, ARRAY[50000, $3::bigint])", far)
    assert {50_000, far} & set(await shared.search(3, query)) == set()
    assert await shared.scans() == before + 3


async def test_a_document_is_found_by_its_best_vector(graphs: Graphs) -> None:
    alike = np.repeat(clustered(1, 800), 3, axis=0) + 0.02 * np.random.default_rng(12).normal(size=(2400, DIMENSION))
    await graphs.make(1, units(alike), per_document=3)
    await graphs.index(1)
    for query in clustered(2, 5):
        exact = await graphs.exact(1, query, 800)
        found = await graphs.search(1, query)
        assert recall(found, dict(list(exact.items())[:K])) >= 0.95
        assert found == pytest.approx({document: exact[document] for document in found}, abs=1e-6)
    assert await graphs.scans() == 5


async def test_all_documents_are_given_that_were_asked_for_though_a_few_have_most_vectors(graphs: Graphs) -> None:
    query = units(np.random.default_rng(13).normal(size=(1, DIMENSION)))[0]
    near = units(query + 0.02 * np.random.default_rng(14).normal(size=(600, DIMENSION)))
    await graphs.make(1, near, per_document=60)
    await graphs.make(1, clustered(1, 1200), per_document=3, first=1000)
    await graphs.index(1)
    assert list(await graphs.search(1, query, 100)) == list(await graphs.exact(1, query, 100))


# --- how an index comes to be ----------------------------------------------------------------------------------------


async def test_until_it_is_complete_a_search_is_exact_and_it_goes_on_where_it_stopped(graphs: Graphs) -> None:
    await graphs.make(1, clustered(1, LEAST + 200), per_document=4)
    query = clustered(2, 1)[0]
    exact = await graphs.exact(1, query)
    assert await graphs.places(1) == {None: LEAST + 200}
    for turn in range(3):
        assert await graphs.step(1)
        places = {None: LEAST + 200 - turn * STEP, DIMENSION: turn * STEP, 0: turn}
        assert await graphs.places(1) == {place: count for place, count in places.items() if count}
        assert await graphs.search(1, query) == exact
        await graphs.make(1, query[None], first=10_000 + turn)  # this one waits until those before it are done
        exact = await graphs.exact(1, query)
    assert await graphs.scans() == 0
    await graphs.index(1)
    assert await graphs.places(1) == {DIMENSION: LEAST + 203}
    assert recall(await graphs.search(1, query), exact) >= 0.95
    assert await graphs.scans() == 1


async def test_a_small_graph_and_one_of_a_rare_dimension_have_no_index(graphs: Graphs) -> None:
    await graphs.make(1, clustered(1, LEAST))
    await graphs.make(2, clustered(1, LEAST + 1, dimension=100))
    for graph in (1, 2):
        assert not await graphs.step(graph)
        assert set(await graphs.places(graph)) == {None}
    await graphs.make(1, clustered(2, 1), first=5000)
    assert await graphs.step(1), "one more is enough"


async def test_an_index_is_not_begun_under_a_write_that_does_not_know_of_it(graphs: Graphs) -> None:
    await graphs.make(1, clustered(1, LEAST + 1))
    other = await asyncpg.connect(graphs.url)
    try:
        writing = other.transaction()
        await writing.start()
        await other.execute("SELECT set_config('loci.tenant', '1', true)")
        vector = clustered(2, 1)[0].tolist()
        await other.execute("SELECT loci.hold_vectors(1)")
        await other.execute("SELECT loci.add_vectors(1, 1, $1::loci.vector_row[])", [(9000, 1, 0, vector, 0)])
        step = asyncio.create_task(graphs.step(1))
        await asyncio.sleep(0.5)
        assert not step.done()
        await writing.commit()
        assert await step
    finally:
        await other.close()
    await graphs.index(1)
    assert await graphs.places(1) == {DIMENSION: LEAST + 2}


async def test_only_now_and_then_it_is_looked_whether_there_is_something_to_index(graphs: Graphs) -> None:
    jobs = "SELECT count(*) FROM loci.jobs WHERE tenant_key = $1 AND graph_key = $2 AND kind = 3"
    hit = "SELECT count(*) FROM generate_series(1, 8::bigint) n WHERE hashint8(n) & 255 = 0"
    assert await graphs.connection.fetchval(hit) == 0
    await graphs.make(1, clustered(1, 8))
    assert [row[0] for row in await graphs.fetch(1, jobs)] == [0]
    await graphs.make(1, clustered(1, 3000), first=9)
    assert [row[0] for row in await graphs.fetch(1, jobs)] == [1]


# --- in a server -----------------------------------------------------------------------------------------------------


async def nearest(client: AsyncClient, graph: str, query: Matrix) -> list[str]:
    answer = await client.search(graph, mode="semantic", query_embedding=("m", query.tolist()), limit=K)
    return [names.id_of(hit.node.name) for hit in answer.hits]


async def test_a_graph_that_grows_large_is_indexed_by_and_by_and_one_that_does_not_is_not(database_url: str) -> None:
    vectors = {graph: clustered(seed, 2500) for graph, seed in (("large", 1), ("other", 2))}
    vectors["small"] = clustered(3, 300)
    queries = clustered(4, 10)
    connection = await asyncpg.connect(database_url)

    async def settled() -> bool:
        sql = "SELECT count(*) FILTER (WHERE ready) = 2 AND NOT EXISTS (SELECT FROM loci.jobs) FROM loci.vector_indexes"
        return bool(await connection.fetchval(sql))

    try:
        async with (
            running_server(database_url, LOCI_VECTOR_INDEX_THRESHOLD="500") as server,
            new_tenant(server) as client,
        ):
            for graph, rows in vectors.items():
                await client.create_graph(graph)
                items = [node(f"n{place}", embedding=("m", row.tolist())) for place, row in enumerate(rows)]
                await client.import_items(graph, items)
            await eventually(settled, within=180)
            for graph, rows in vectors.items():
                shares = []
                for query in queries:
                    exact = [f"n{place}" for place in np.argsort(-rows @ query)[:K]]
                    shares.append(len(set(exact) & set(await nearest(client, graph, query))) / K)
                assert np.mean(shares) >= (0.97 if graph == "small" else 0.95), (graph, shares)
            await client.create_node("large", "new", embedding=("m", queries[0].tolist()))
            assert (await nearest(client, "large", queries[0]))[0] == "new"
        where = "SELECT graph_id, array_agg(DISTINCT indexed) FROM loci.embeddings JOIN loci.graphs USING (graph_key)"
        assert dict(map(tuple, await connection.fetch(f"{where} GROUP BY graph_id"))) == {
            "large": [0, DIMENSION],
            "other": [DIMENSION],
            "small": [None],
        }
    finally:
        await connection.close()
