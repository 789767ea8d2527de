"""GetNode against a bare server that reads the same rows: what identity, tenancy, sealing and telemetry cost a read."""

from bench.graphs import create_graphs
from bench.programs import bare_server, load_generator, loci_server
from bench.result import Measured
from bench.rounds import in_turns
from bench.site import Site

IN_FLIGHT = 32
WRITE_SECONDS = 1.0


async def run(site: Site) -> Measured:
    """Requests per second. The nodes are those of the benchmark's own first second of writes."""
    installation = await site.installation("get_node")
    sizes = site.sizes
    async with loci_server(installation) as loci, load_generator() as load:
        (graph,) = await create_graphs(loci, ["reads"])
        target = {"address": loci.address, "api_key": loci.api_key, "in_flight": IN_FLIGHT}
        await load.run("create_nodes", **target, graphs=[graph], prefix="n", seconds=WRITE_SECONDS)
        graph_key = await installation.graph_key("reads")
        await installation.run("VACUUM ANALYZE loci.nodes")
        count = await installation.number("SELECT count(*) FROM loci.nodes WHERE graph_key = $1", graph_key)
        names = [f"{graph}/nodes/n-{number}" for number in range(count)]
        async with bare_server(installation, graph_key) as bare:
            against = {"address": bare.address, "api_key": bare.api_key, "in_flight": IN_FLIGHT}

            async def figure(_: int, seconds: float = sizes.seconds) -> float:
                return float(await load.run("get_nodes", **target, names=names, seconds=seconds))

            async def floor(_: int, seconds: float = sizes.seconds) -> float:
                return float(await load.run("get_nodes", **against, names=names, seconds=seconds))

            await figure(0, sizes.warm_up)
            await floor(0, sizes.warm_up)
            return await in_turns(site, sizes.rounds, figure, floor)
