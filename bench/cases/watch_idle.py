"""What watches cost that have nothing to tell: writers beside them, and memory."""

from bench.cases.memory import resident
from bench.graphs import create_graphs
from bench.programs import load_generator, loci_server
from bench.result import Measured
from bench.rounds import in_turns
from bench.site import Site

IN_FLIGHT = 32
GRAPHS = 100
EACH = 8
"""Watches of each graph whose memory is measured."""


async def writes(site: Site) -> Measured:
    """Creations per second beside 100 watched graphs in which nothing happens, against none."""
    installation = await site.installation("watch_idle")
    seconds = site.sizes.seconds
    async with loci_server(installation) as loci, load_generator() as load, load_generator() as watchers:
        server = {"address": loci.address, "api_key": loci.api_key}
        written = await create_graphs(loci, [f"w{number}" for number in range(GRAPHS)])
        watched = await create_graphs(loci, [f"i{number}" for number in range(GRAPHS)])

        async def rate(prefix: str) -> float:
            await installation.run("CHECKPOINT")
            target = server | {"graphs": written, "in_flight": IN_FLIGHT}
            return float(await load.run("create_nodes", **target, prefix=prefix, seconds=seconds))

        async def figure(place: int) -> float:
            await watchers.run("open_watches", **server, graphs=watched, each=1)
            try:
                return await rate(f"f{place}")
            finally:
                await watchers.run("close_watches")

        async def floor(place: int) -> float:
            return await rate(f"b{place}")

        await rate("warm")
        return await in_turns(site, site.sizes.rounds, figure, floor)


async def memory(site: Site) -> Measured:
    """Kilobytes (10^3 bytes) of resident memory for each idle watcher."""
    installation = await site.installation("watch_memory")
    async with loci_server(installation) as loci, load_generator() as watchers:
        server = {"address": loci.address, "api_key": loci.api_key}
        graphs = await create_graphs(loci, [f"g{number}" for number in range(GRAPHS)])
        await watchers.run("open_watches", **server, graphs=graphs, each=1)  # what the first ones bring with them
        before = await resident(loci)
        opened = await watchers.run("open_watches", **server, graphs=graphs, each=EACH)
        after = await resident(loci)
        await watchers.run("close_watches")
    return Measured(1000 * (after - before) / (opened - GRAPHS))
