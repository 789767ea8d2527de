"""Hybrid search against the SQL of its arms, sent by asyncpg with the same arguments: words and meaning side by side,
then the neighbours of what they found. In a large graph, and in a conversation, where there are neighbours to follow.

The figure holds all else too: the call, embedding the query, fusion, reading and opening the head of the ranking.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import asyncpg

from bench.cases.large_graph import GRAPH, MODEL, large_graph
from bench.corpus import queries
from bench.graphs import create_graphs
from bench.programs import load_generator, loci_server
from bench.result import Measured
from bench.rounds import in_turns
from bench.site import Installation, Site
from loci_server.crypto.local import from_file
from loci_server.embedding import Purpose
from loci_server.embedding.minilm import MiniLM
from loci_server.preflight import KEYRING_FILE
from loci_server.search.activation import DECAY, HOPS, LEAST
from loci_server.search.analysis import terms
from loci_server.search.arms import CANDIDATES
from loci_server.search.head import FAN, FRONTIER
from loci_server.search.shaping import SOURCES
from loci_server.store.handles import GraphHandle, Handles
from loci_server.store.items import SQL
from loci_server.store.pool import APPLICATION_ROLE, connect

K = 10
TALK = "talk"
TURNS = 1000


async def large(site: Site) -> Measured:
    """Milliseconds: the median over rounds of the p50 of searches that follow each other."""
    return await against_arms(site, await large_graph(site), GRAPH)


async def conversation(site: Site) -> Measured:
    """The same in a graph of turns."""
    installation = await site.installation("conversation")
    async with loci_server(installation, embedder="minilm") as loci, load_generator() as load:
        (graph,) = await create_graphs(loci, [TALK])
        await load.run("import_talk", address=loci.address, api_key=loci.api_key, graph=graph, count=TURNS, model=MODEL)
    await installation.run("VACUUM ANALYZE")
    return await against_arms(site, installation, TALK)


async def against_arms(site: Site, installation: Installation, identity: str) -> Measured:
    asked = queries(site.sizes.queries)
    graph = f"graphs/{identity}"
    async with (
        loci_server(installation, embedder="minilm") as loci,
        load_generator() as load,
        arms_alone(installation, identity, asked) as arms,
    ):

        async def figure(_: int) -> float:
            times = await load.run(
                "search", address=loci.address, api_key=loci.api_key, graph=graph, queries=asked, k=K
            )
            return float(median(times))

        async def floor(_: int) -> float:
            return median([await arms.search(arguments) for arguments in arms.arguments])

        await figure(0)
        await floor(0)
        return await in_turns(site, site.sizes.rounds, figure, floor)


@dataclass(frozen=True, slots=True)
class Arguments:
    """What the server gives to the arms for one query."""

    lexical: tuple[object, ...]
    semantic: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class ArmsAlone:
    """Two connections as the application role, so that two arms run at once, under row-level security as in Loci."""

    connections: "Sequence[asyncpg.Connection[asyncpg.Record]]"
    arguments: Sequence[Arguments]

    async def search(self, arguments: Arguments) -> float:
        """Milliseconds."""
        first, second = self.connections
        start = perf_counter()
        _, found = await asyncio.gather(
            first.fetch(SQL["search_lexical"], *arguments.lexical),
            second.fetch(SQL["search_semantic"], *arguments.semantic),
        )
        sources = [row["doc_no"] for row in found[:SOURCES]]
        await first.fetch(
            SQL["surroundings"], *arguments.semantic[:2], sources, None, None, HOPS, FAN, DECAY, LEAST / DECAY, FRONTIER
        )
        return (perf_counter() - start) * 1000


@asynccontextmanager
async def arms_alone(installation: Installation, graph: str, asked: Sequence[str]) -> AsyncIterator[ArmsAlone]:
    settings = {"role": APPLICATION_ROLE, "jit": "off"}
    url = installation.database_url
    connections = [await asyncpg.connect(url, server_settings=settings) for _ in range(2)]
    try:
        yield ArmsAlone(connections, await captured(installation, graph, asked))
    finally:
        for connection in connections:
            await connection.close()


async def captured(installation: Installation, graph: str, asked: Sequence[str]) -> list[Arguments]:
    """The arguments of each query, with terms keyed and vectors computed and rotated beforehand."""
    handle = await open_graph(installation, graph)
    model = await installation.number("SELECT model_key FROM loci.embedding_models WHERE model = $1", MODEL)
    embedder = MiniLM(cache=installation.data_dir / "models")
    try:
        rows = handle.rotation.apply(await embedder.embed(asked, Purpose.QUERY)).tolist()
    finally:
        await embedder.close()
    key = handle.tenant_key, handle.graph_key
    return [
        Arguments(
            (*key, sorted({handle.tokenizer.term(term) for term in terms(query)}), None, None, CANDIDATES),
            (*key, model, row, None, CANDIDATES, True, None),
        )
        for query, row in zip(asked, rows, strict=True)
    ]


async def open_graph(installation: Installation, graph: str = GRAPH) -> GraphHandle:
    tenant_key = await installation.number("SELECT tenant_key FROM loci.graphs WHERE graph_id = $1", graph)
    database = await connect(installation.database_url, size=1, pooler="none", observer=Silent())
    try:
        return await Handles(database, from_file(installation.data_dir / KEYRING_FILE)).get(tenant_key, graph)
    finally:
        await database.close()


class Silent:
    """Observes nothing."""

    def statement(self, name: str) -> nullcontext[None]:
        return nullcontext()
