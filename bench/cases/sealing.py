"""What sealing and row-level security cost a read and a write: against the same server without either (bench.unsealed),
over the same tables, in graphs of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bench.graphs import create_graphs
from bench.programs import LoadGenerator, Server, load_generator, loci_server
from bench.result import Measured
from bench.rounds import in_turns
from bench.site import Installation, Site
from bench.unsealed import CREATE_ROLE

IN_FLIGHT = 32
GRAPHS = 50
WRITE_SECONDS = 1.0
SLICES = 4
"""Into which a round is cut, so that both meet the same moods of the machine."""
IN_CLEAR = "SELECT count(*) FROM loci.nodes WHERE graph_key = $1 AND position('\\x0a047475726e'::bytea IN content) > 0"
"""Nodes in which the field `type` with the word `turn` stands as protobuf writes it."""


@asynccontextmanager
async def servers(site: Site) -> AsyncIterator[tuple[Installation, Server, Server, LoadGenerator]]:
    """A server as users have it, and one without."""
    installation = await site.installation("sealing")
    async with loci_server(installation) as sealed:
        await installation.run(CREATE_ROLE)
        async with loci_server(installation, "bench.unsealed") as unsealed, load_generator() as load:
            yield installation, sealed, unsealed, load


async def reads(site: Site) -> Measured:
    """GetNode, requests per second."""
    async with servers(site) as (installation, sealed, unsealed, load):
        targets, names = {}, {}
        for name, server in (("sealed", sealed), ("unsealed", unsealed)):
            (graph,) = await create_graphs(server, [f"{name}-reads"])
            targets[name] = {"address": server.address, "api_key": server.api_key, "in_flight": IN_FLIGHT}
            await load.run("create_nodes", **targets[name], graphs=[graph], prefix="n", seconds=WRITE_SECONDS)
            key = await installation.graph_key(f"{name}-reads")
            count = await installation.number("SELECT count(*) FROM loci.nodes WHERE graph_key = $1", key)
            assert await installation.number(IN_CLEAR, key) == (0 if name == "sealed" else count)
            names[name] = [f"{graph}/nodes/n-{number}" for number in range(count)]
        fewest = min(map(len, names.values()))
        await installation.run("VACUUM ANALYZE loci.nodes")

        async def figure(name: str, seconds: float = site.sizes.seconds / SLICES) -> float:
            asked: dict[str, Any] = targets[name] | {"names": names[name][:fewest], "seconds": seconds}
            return float(await load.run("get_nodes", **asked))

        for name in targets:
            await figure(name, site.sizes.warm_up)
        return await in_turns(
            site, site.sizes.rounds * SLICES, lambda _: figure("sealed"), lambda _: figure("unsealed")
        )


async def writes(site: Site) -> Measured:
    """CreateNode over many graphs, requests per second."""
    async with servers(site) as (installation, sealed, unsealed, load):
        targets = {}
        for name, server in (("sealed", sealed), ("unsealed", unsealed)):
            graphs = await create_graphs(server, [f"{name}-{number}" for number in range(GRAPHS)])
            targets[name] = {
                "address": server.address,
                "api_key": server.api_key,
                "in_flight": IN_FLIGHT,
                "graphs": graphs,
            }

        async def figure(name: str, place: int, seconds: float = site.sizes.seconds / SLICES) -> float:
            await installation.run("CHECKPOINT")
            return float(await load.run("create_nodes", **targets[name], prefix=f"r{place}", seconds=seconds))

        for name in targets:
            await figure(name, 0, site.sizes.warm_up)
        return await in_turns(
            site,
            site.sizes.rounds * SLICES,
            lambda place: figure("sealed", place),
            lambda place: figure("unsealed", place),
        )
