"""What a write and a query read from a text beside its terms, against the analysis that they do anyway."""

from collections.abc import Callable
from datetime import UTC, datetime
from time import thread_time

from bench.result import Measured
from bench.rounds import in_turns
from bench.site import Site
from loci_server.search import analysis
from loci_server.search.entities import entities
from loci_server.search.times import mentioned

TURNS = (
    "Hey Caroline! Good to see you! How have you been since we talked?",
    "I went to a support group yesterday and it was so powerful.",
    "Wow, that's cool! What happened that was so awesome? Did you hear any inspiring stories?",
    "We moved to New York two weeks ago, and the kids love it, although the house is full of boxes.",
    "That sounds really fulfilling. Combining your passions to make something new must be exciting.",
    "My brother bought a Fitbit Versa 3 last month, and I read that it was made in 2020.",
    "I can't wait to see the outcome, it looks like something from a storybook.",
    "In July we are going to Spain with Emma, from the 3rd to the 7th or so.",
)
AT = datetime(2023, 5, 24, 12, tzinfo=UTC)
_ROUNDS = 5
_REPEATS = 300


async def times(site: Site) -> Measured:
    """Microseconds of processor time per 100 characters."""
    return await _measured(site, lambda text: mentioned(text, AT))


async def names(site: Site) -> Measured:
    """Microseconds of processor time per 100 characters."""
    return await _measured(site, entities)


async def _measured(site: Site, read: Callable[[str], object]) -> Measured:
    async def figure(_: int) -> float:
        return _cost(read)

    async def floor(_: int) -> float:
        return _cost(analysis.terms)

    return await in_turns(site, _ROUNDS, figure, floor)


def _cost(read: Callable[[str], object]) -> float:
    start = thread_time()
    for _ in range(_REPEATS):
        for text in TURNS:
            read(text)
    return (thread_time() - start) / _REPEATS / sum(map(len, TURNS)) * 1e8
