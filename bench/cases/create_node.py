"""CreateNode, sealed, logged, searchable and idempotent, against a bare server that inserts one plain row."""

from bench.graphs import create_graphs
from bench.programs import bare_server, load_generator, loci_server
from bench.result import Measured
from bench.rounds import in_turns
from bench.site import Site

IN_FLIGHT = 32
GRAPHS = 100


async def run(site: Site) -> Measured:
    """Requests per second."""
    installation = await site.installation("create_node")
    sizes = site.sizes
    async with loci_server(installation) as loci, bare_server(installation) as bare, load_generator() as load:
        graphs = await create_graphs(loci, [f"g{number}" for number in range(GRAPHS)])
        shared = {"graphs": graphs, "in_flight": IN_FLIGHT}
        target = shared | {"address": loci.address, "api_key": loci.api_key}
        against = shared | {"address": bare.address, "api_key": bare.api_key}

        async def figure(place: int, seconds: float = sizes.seconds) -> float:
            await installation.run("CHECKPOINT")
            return float(await load.run("create_nodes", **target, prefix=f"r{place}", seconds=seconds))

        async def floor(place: int, seconds: float = sizes.seconds) -> float:
            await installation.run("CHECKPOINT")
            return float(await load.run("create_nodes", **against, prefix=f"r{place}", seconds=seconds))

        await figure(0, sizes.warm_up)
        await floor(0, sizes.warm_up)
        return await in_turns(site, sizes.rounds, figure, floor)
