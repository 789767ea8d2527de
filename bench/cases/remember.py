"""Remember, without an embedder, against CreateNode of the same memory: what it costs to look for duplicates."""

from bench.graphs import create_graphs
from bench.programs import load_generator, loci_server
from bench.result import Measured
from bench.rounds import in_turns
from bench.site import Site

IN_FLIGHT = 4
GRAPHS = 100


async def run(site: Site) -> Measured:
    """Median milliseconds."""
    installation = await site.installation("remember")
    sizes = site.sizes
    async with loci_server(installation) as loci, load_generator() as load:
        graphs = await create_graphs(loci, [f"g{number}" for number in range(GRAPHS)])
        target = {"graphs": graphs, "in_flight": IN_FLIGHT, "address": loci.address, "api_key": loci.api_key}

        async def figure(place: int, seconds: float = sizes.seconds) -> float:
            await installation.run("CHECKPOINT")
            return 1000 * float(await load.run("remember_latency", **target, prefix=f"r{place}", seconds=seconds))

        async def floor(place: int, seconds: float = sizes.seconds) -> float:
            await installation.run("CHECKPOINT")
            return 1000 * float(await load.run("create_latency", **target, prefix=f"c{place}", seconds=seconds))

        await figure(0, sizes.warm_up)
        await floor(0, sizes.warm_up)
        return await in_turns(site, sizes.rounds, figure, floor)
