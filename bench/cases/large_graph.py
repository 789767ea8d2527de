"""The graph of 100,000 nodes with texts and vectors that several benchmarks search."""

import asyncio

from bench.graphs import create_graphs
from bench.programs import load_generator, loci_server
from bench.site import Installation, Site

GRAPH = "large"
MODEL = "minilm-l6-v2"
"""The id of the embedder `minilm`, so that queries that the server embeds meet the vectors."""
MERGE_SECONDS = 1800.0
QUIET = 2.0


async def large_graph(site: Site) -> Installation:
    """An installation with the graph, its lexical tail merged and its vectors indexed by the server's own jobs. Made at
    the first call."""
    installation = await site.installation("search")
    if GRAPH in installation.graphs:
        return installation
    site.say(f"  making a graph of {site.sizes.large:,} nodes with vectors")
    async with loci_server(installation, embedder="minilm") as server, load_generator() as load:
        await create_graphs(server, [GRAPH])
        await load.run(
            "import_nodes",
            address=server.address,
            api_key=server.api_key,
            graph=f"graphs/{GRAPH}",
            first=0,
            count=site.sizes.large,
            model=MODEL,
        )
        await merged(installation)
    await installation.run("VACUUM ANALYZE")
    installation.graphs.add(GRAPH)
    return installation


async def merged(installation: Installation) -> None:
    """Returns when no job is left and the tail has stopped shrinking."""
    before = -1
    async with asyncio.timeout(MERGE_SECONDS):
        while True:
            jobs = await installation.number("SELECT count(*) FROM loci.jobs")
            tail = await installation.number("SELECT count(*) FROM loci.lexical_tail")
            if jobs == 0 and tail == before:
                return
            before = tail
            await asyncio.sleep(QUIET)
