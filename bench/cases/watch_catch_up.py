"""A watch from the oldest commit on, against the bare SELECT of the rows that it reads."""

from time import perf_counter

import asyncpg

from bench.graphs import create_graphs
from bench.programs import load_generator, loci_server
from bench.result import Measured
from bench.rounds import in_turns
from bench.site import Site

SELECT = "SELECT * FROM loci.changes WHERE graph_key = $1 ORDER BY revision, ordinal"


async def run(site: Site) -> Measured:
    """Changes per second, over as many changes as two imports make."""
    installation = await site.installation("watch_catch_up")
    count = 2 * site.sizes.large
    async with loci_server(installation, background_jobs="false") as loci, load_generator() as load:
        (graph,) = await create_graphs(loci, ["log"])
        target = {"address": loci.address, "api_key": loci.api_key, "graph": graph}
        await load.run("import_nodes", **target, first=0, count=count)
        key = await installation.graph_key("log")
        revision = await installation.number("SELECT revision FROM loci.graphs WHERE graph_key = $1", key)
        await installation.run("VACUUM ANALYZE loci.changes")
        connection = await asyncpg.connect(installation.database_url)

        async def figure(place: int) -> float:
            changes, seconds = await load.run("catch_up", **target, revision=revision)
            if changes != count:
                raise RuntimeError(f"{changes} of {count} changes were told")
            return count / float(seconds)

        async def floor(place: int) -> float:
            start = perf_counter()
            rows = await connection.fetch(SELECT, key)
            return len(rows) / (perf_counter() - start)

        try:
            await floor(0)
            return await in_turns(site, site.sizes.import_rounds, figure, floor)
        finally:
            await connection.close()
