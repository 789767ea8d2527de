"""Semantic search of a growing graph by the index that large graphs share, beside another large graph, against exact
search of the same vectors. Both are asked as the server asks them, by SQL, for as many documents as an arm ranks.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from statistics import fmean, median
from time import perf_counter

import asyncpg

from bench.cases.search import open_graph
from bench.corpus import BLOCK, sentences
from bench.graphs import create_graphs
from bench.programs import load_generator, loci_server
from bench.result import Measured
from bench.site import Installation, Site
from loci_server.search.arms import CANDIDATES
from loci_server.store.handles import GraphHandle
from loci_server.store.items import SQL
from loci_server.store.jobs import SQL as JOBS
from loci_server.store.pool import APPLICATION_ROLE

GRAPH, BESIDE = "growing", "beside"
MODEL = "sentences"
STAGES = 0.1, 0.5, 1.0
"""Of the whole graph; it is measured at each."""
SHARE_BESIDE = 0.2
STEP = 1000
"""Vectors that are indexed in one transaction."""
K = 50
QUERY_STREAM = 1
EXACT = "SELECT * FROM loci.nearest_exact($1, $2, $3, $4::real[]::public.halfvec, $5::loci.node_filter, $6)"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Milliseconds at the median, and the share of the nearest 50 documents that the index finds."""

    exact: float
    indexed: float
    recall: float


async def latency(site: Site) -> Measured:
    """Milliseconds in the whole graph; the floor is exact search."""
    found = await compare(site, await built(site))
    return Measured(found.indexed, found.exact)


async def recall(site: Site) -> Measured:
    """In the whole graph."""
    return Measured((await compare(site, await built(site))).recall)


async def built(site: Site) -> Installation:
    """An installation with both graphs, all of them indexed. Made at the first call, which tells how they grew."""
    installation = await site.installation("vector_index")
    if GRAPH in installation.graphs:
        return installation
    async with loci_server(installation, background_jobs="false") as server, load_generator() as load:
        await create_graphs(server, [GRAPH, BESIDE])
        first = 0
        beside = whole_blocks(site, SHARE_BESIDE)
        for share in STAGES:
            size = whole_blocks(site, share)
            for graph, start, count in ((GRAPH, first, size - first), (BESIDE, 0, beside)):
                await load.run(
                    "import_nodes",
                    **{"address": server.address, "api_key": server.api_key, "graph": f"graphs/{graph}"},
                    **{"first": start, "count": count, "model": MODEL, "kind": "sentences"},
                )
                seconds = await index(installation, graph)
                if graph == GRAPH:
                    site.say(f"  {count:,} more vectors indexed, {seconds / count * 1000:.2f} ms each")
            first, beside = size, 0
            await installation.run("VACUUM ANALYZE")
            found = await compare(site, installation)
            site.say(
                f"  {size:,} vectors: exact {found.exact:.1f} ms, by the index {found.indexed:.1f} ms, "
                f"recall@{K} {found.recall:.3f}"
            )
    installation.graphs.add(GRAPH)
    return installation


def whole_blocks(site: Site, share: float) -> int:
    return max(BLOCK, int(site.sizes.large * share) // BLOCK * BLOCK)


async def index(installation: Installation, graph: str) -> float:
    """Has all vectors of the graph indexed. Seconds."""
    async with as_server(installation, graph) as (connection, handle, model):
        start = perf_counter()
        arguments = handle.tenant_key, handle.graph_key, model, 0, STEP
        while await connection.fetchval(JOBS["index_vectors"], *arguments):
            pass
        return perf_counter() - start


async def compare(site: Site, installation: Installation) -> Comparison:
    queries = sentences(0, BLOCK, QUERY_STREAM)[: site.sizes.recall_queries]
    async with as_server(installation, GRAPH) as (connection, handle, model):
        times: dict[str, list[float]] = {EXACT: [], SQL["search_semantic"]: []}
        recalls = []
        for query in handle.rotation.apply(queries).tolist():
            arguments = handle.tenant_key, handle.graph_key, model, query, None, CANDIDATES
            answers = []
            for sql, taken in times.items():
                more = () if sql == EXACT else (False, None)
                start = perf_counter()
                answers.append([row["doc_no"] for row in await connection.fetch(sql, *arguments, *more)])
                taken.append((perf_counter() - start) * 1000)
            exact, indexed = answers
            recalls.append(len(set(exact[:K]) & set(indexed[:K])) / K)
    exact_times, indexed_times = times.values()
    return Comparison(median(exact_times), median(indexed_times), fmean(recalls))


@asynccontextmanager
async def as_server(
    installation: Installation, graph: str
) -> AsyncIterator[tuple["asyncpg.Connection[asyncpg.Record]", GraphHandle, int]]:
    """A connection as the application role, which names the tenant; the graph; and its model."""
    handle = await open_graph(installation, graph)
    model = await installation.number("SELECT model_key FROM loci.embedding_models WHERE model = $1", MODEL)
    settings = {"role": APPLICATION_ROLE, "jit": "off"}
    connection = await asyncpg.connect(installation.database_url, server_settings=settings)
    try:
        await connection.execute("SELECT set_config('loci.tenant', $1, false)", str(handle.tenant_key))
        yield connection, handle, model
    finally:
        await connection.close()
