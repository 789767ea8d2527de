"""Long work lets the others of its process run in between, by its size and by its time."""

import asyncio
from time import perf_counter

from loci_server.writing.fairness import BUDGET, TURN, Fairness


async def turns_of_others(sizes: list[int], seconds: float) -> int:
    """How often another task runs beside items of these sizes that take so long each."""
    ran = 0

    async def other() -> None:
        nonlocal ran
        while True:
            ran += 1
            await asyncio.sleep(0)

    beside = asyncio.create_task(other())
    fairness = Fairness()
    try:
        for size in sizes:
            await fairness.spend(size)
            end = perf_counter() + seconds
            while perf_counter() < end:
                pass
    finally:
        beside.cancel()
    return ran


async def test_small_items_that_take_no_time_are_done_in_one_go() -> None:
    assert await turns_of_others([10] * 5, 0) == 0


async def test_others_run_after_so_many_bytes() -> None:
    assert await turns_of_others([BUDGET] * 4, 0) == 4


async def test_others_run_after_so_much_time_however_small_the_items_are() -> None:
    assert await turns_of_others([0] * 5, 1.5 * TURN) == 4
