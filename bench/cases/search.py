"""Hybrid search in a large graph against the SQL of its two arms, sent side by side by asyncpg with the same arguments.

The figure holds all else too: the call, embedding the query, fusion, reading and opening ten nodes.
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
from bench.programs import load_generator, loci_server
from bench.result import Measured
from bench.rounds import in_turns
from bench.site import Installation, Site
from loci_server.bootstrap import KEYRING_FILE
from loci_server.crypto.local import from_file
from loci_server.embedding import Purpose
from loci_server.embedding.minilm import MiniLM
from loci_server.search.analysis import terms
from loci_server.search.arms import CANDIDATES
from loci_server.store.handles import GraphHandle, Handles
from loci_server.store.items import SQL
from loci_server.store.pool import APPLICATION_ROLE, connect

K = 10


async def run(site: Site) -> Measured:
    """Milliseconds: the median over rounds of the p50 of searches that follow each other."""
    installation = await large_graph(site)
    asked = queries(site.sizes.queries)
    graph = f"graphs/{GRAPH}"
    async with (
        loci_server(installation, embedder="minilm") as loci,
        load_generator() as load,
        arms_alone(installation, asked) as arms,
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
    """Two connections as the application role, so that both arms run at once, under row-level security as in Loci."""

    connections: "Sequence[asyncpg.Connection[asyncpg.Record]]"
    arguments: Sequence[Arguments]

    async def search(self, arguments: Arguments) -> float:
        """Milliseconds."""
        first, second = self.connections
        start = perf_counter()
        await asyncio.gather(
            first.fetch(SQL["search_lexical"], *arguments.lexical),
            second.fetch(SQL["search_semantic"], *arguments.semantic),
        )
        return (perf_counter() - start) * 1000


@asynccontextmanager
async def arms_alone(installation: Installation, asked: Sequence[str]) -> AsyncIterator[ArmsAlone]:
    settings = {"role": APPLICATION_ROLE, "jit": "off"}
    url = installation.database_url
    connections = [await asyncpg.connect(url, server_settings=settings) for _ in range(2)]
    try:
        yield ArmsAlone(connections, await captured(installation, asked))
    finally:
        for connection in connections:
            await connection.close()


async def captured(installation: Installation, asked: Sequence[str]) -> list[Arguments]:
    """The arguments of each query, with terms keyed and vectors computed beforehand."""
    handle = await open_graph(installation)
    model = await installation.number("SELECT model_key FROM loci.embedding_models WHERE model = $1", MODEL)
    embedder = MiniLM(cache=installation.data_dir / "models")
    try:
        rows = (await embedder.embed(asked, Purpose.QUERY)).tolist()
    finally:
        await embedder.close()
    key = handle.tenant_key, handle.graph_key
    return [
        Arguments(
            (*key, sorted({handle.tokenizer.term(term) for term in terms(query)}), None, CANDIDATES),
            (*key, model, row, None, CANDIDATES),
        )
        for query, row in zip(asked, rows, strict=True)
    ]


async def open_graph(installation: Installation) -> GraphHandle:
    tenant_key = await installation.number("SELECT tenant_key FROM loci.graphs WHERE graph_id = $1", GRAPH)
    database = await connect(installation.database_url, size=1, pooler="none", observer=Silent())
    try:
        return await Handles(database, from_file(installation.data_dir / KEYRING_FILE)).get(tenant_key, GRAPH)
    finally:
        await database.close()


class Silent:
    """Observes nothing."""

    def statement(self, name: str) -> nullcontext[None]:
        return nullcontext()
