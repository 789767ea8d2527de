"""Rounds in turns: figure, floor, figure, floor …, so that both meet the same moods of the machine."""

from collections.abc import Awaitable, Callable
from statistics import median

from bench.result import Measured
from bench.site import Site


async def in_turns(
    site: Site,
    count: int,
    figure: Callable[[int], Awaitable[float]],
    floor: Callable[[int], Awaitable[float]],
) -> Measured:
    """The medians over `count` rounds. Each is told the number of the round, from 1."""
    figures: list[float] = []
    floors: list[float] = []
    for place in range(1, count + 1):
        figures.append(await figure(place))
        floors.append(await floor(place))
        site.say(f"  round {place}: {figures[-1]:,.2f} against {floors[-1]:,.2f}")
    return Measured(median(figures), median(floors))
