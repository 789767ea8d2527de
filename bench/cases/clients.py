"""GetNode by the client of each language against the generated stub alone: what its hand-written layer costs."""

from collections.abc import Awaitable, Callable
from functools import partial

from bench.graphs import create_graphs
from bench.programs import load_generator, loci_server
from bench.result import Measured
from bench.rounds import in_turns
from bench.site import Site
from tests.conformance.agent import running_agent
from tools.languages import Language, languages

IN_FLIGHT = 32
WRITE_SECONDS = 0.2
ROUNDS = 3
"""As many times the rounds of others: what a layer costs is little beside what two cores do of their own."""
WARM_UPS = 3
"""As many times the warm-up of others: what is compiled while it runs is fast late."""


def present() -> list[Language]:
    """Those whose toolchain is here; `make agents` has built their agents."""
    return [language for language in languages() if not language.missing]


def of(language: Language) -> Callable[[Site], Awaitable[Measured]]:
    """The benchmark of one."""
    return partial(run, language=language)


async def run(site: Site, language: Language) -> Measured:
    """Requests per second."""
    installation = await site.installation(f"client_{language.language}")
    sizes = site.sizes
    async with loci_server(installation) as loci, load_generator() as load:
        (graph,) = await create_graphs(loci, ["reads"])
        target = {"address": loci.address, "api_key": loci.api_key}
        await load.run("create_nodes", **target, graphs=[graph], prefix="n", seconds=WRITE_SECONDS, in_flight=IN_FLIGHT)
        async with running_agent(language) as agent:
            await agent.ask("connect", client="main", **target)

            async def rate(bare: bool, seconds: float) -> float:
                answer = await agent.ask(
                    "bench",
                    client="main",
                    **target,
                    name=f"{graph}/nodes/n-0",
                    seconds=seconds,
                    in_flight=IN_FLIGHT,
                    bare=bare,
                )
                if "error" in answer:
                    raise RuntimeError(f"the client failed: {answer['error']}")
                return float(answer["result"]["calls"]) / seconds

            for bare in (False, True):
                await rate(bare, sizes.warm_up * WARM_UPS)
            return await in_turns(
                site,
                sizes.rounds * ROUNDS,
                lambda _: rate(False, sizes.seconds / 2),
                lambda _: rate(True, sizes.seconds / 2),
            )
