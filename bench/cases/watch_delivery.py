"""From the commit to its watchers, through another server process, against a notification of PostgreSQL alone."""

import asyncio
from statistics import median, quantiles
from time import perf_counter

import asyncpg

from bench.graphs import create_graphs
from bench.programs import LoadGenerator, Server, load_generator, loci_server
from bench.result import Measured
from bench.site import Installation, Site

RATE = 300.0
WATCHERS = 10
WARM_UP = 200


async def p50(site: Site) -> Measured:
    """Milliseconds; the floor is the median round trip of NOTIFY beside the same writes."""
    installation = await site.installation("watch")
    async with loci_server(installation) as written, load_generator() as writer:
        (name,) = await create_graphs(written, ["floor"])
        writing = asyncio.create_task(write(writer, written, name, int(RATE * site.sizes.seconds)))
        floor = await notification(installation, writing)
    return Measured(median(await delays(site, installation, "p50")), floor)


async def p99(site: Site) -> Measured:
    """Milliseconds."""
    installation = await site.installation("watch")
    return Measured(quantiles(await delays(site, installation, "p99"), n=100)[98])


async def delays(site: Site, installation: Installation, graph: str) -> list[float]:
    """Milliseconds from the acknowledgement of each commit to its arrival at each watcher."""
    count = WARM_UP + int(RATE * site.sizes.seconds)
    async with (
        loci_server(installation) as written,
        loci_server(installation) as watched,
        load_generator() as writer,
        load_generator() as watcher,
    ):
        (name,) = await create_graphs(written, [graph])
        target = {"address": watched.address, "api_key": watched.api_key, "graph": name}
        watching = asyncio.create_task(watcher.run("watch_arrivals", **target, after=0, count=count, watchers=WATCHERS))
        acknowledged = dict(await write(writer, written, name, count))
        arrivals: list[tuple[int, float]] = await watching
        return [1000 * (time - acknowledged[revision]) for revision, time in arrivals if revision > WARM_UP]


async def write(writer: LoadGenerator, server: Server, graph: str, count: int) -> list[tuple[int, float]]:
    found: list[tuple[int, float]] = await writer.run(
        "write_at_pace", address=server.address, api_key=server.api_key, graph=graph, rate=RATE, count=count
    )
    return found


async def notification(installation: Installation, beside: asyncio.Task[list[tuple[int, float]]]) -> float:
    """Median milliseconds from NOTIFY on one connection to its arrival on another, for as long as `beside` runs."""
    speaker = await asyncpg.connect(installation.database_url)
    listener = await asyncpg.connect(installation.database_url)
    try:
        heard = asyncio.Event()
        await listener.add_listener("bench", lambda *_: heard.set())
        found = []
        while not beside.done():
            await asyncio.sleep(1 / RATE)
            heard.clear()
            start = perf_counter()
            await speaker.execute("NOTIFY bench")
            await heard.wait()
            found.append(1000 * (perf_counter() - start))
        await beside
        return median(found)
    finally:
        await speaker.close()
        await listener.close()
