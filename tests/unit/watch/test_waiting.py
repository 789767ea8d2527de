"""Many wait with one timer, and each is woken by news, or soon after its moment."""

import asyncio
from time import perf_counter

from loci_server.watch.waiting import TICK, Waiting

SOON = 2 * TICK
LONG = 60.0


def moment(seconds: float) -> float:
    return asyncio.get_running_loop().time() + seconds


async def test_news_wake_all_who_wait() -> None:
    waiting = Waiting()
    waiters = [waiting.wait(moment(LONG * number)) for number in range(1, 4)]
    await asyncio.sleep(0)
    assert not any(waiter.done() for waiter in waiters)
    waiting.wake()
    assert all(waiter.done() for waiter in waiters)
    waiting.close()


async def test_each_is_woken_soon_after_its_moment_and_not_before() -> None:
    waiting = Waiting()
    begun = perf_counter()

    async def waited(seconds: float) -> float:
        await waiting.wait(moment(seconds))
        return perf_counter() - begun

    # The later ones come first, so that the timer has to be set to an earlier tick.
    seconds = [5 * TICK, 3 * TICK, TICK, TICK]
    for wanted, found in zip(seconds, await asyncio.gather(*map(waited, seconds)), strict=True):
        assert wanted - 0.01 <= found < wanted + 4 * TICK


async def test_a_moment_that_has_passed_is_told_within_a_tick() -> None:
    async with asyncio.timeout(5 * TICK):
        await Waiting().wait(moment(-LONG))


async def test_who_begins_to_wait_after_news_is_woken_by_the_next_ones() -> None:
    waiting = Waiting()
    waiting.wait(moment(SOON))
    waiting.wake()
    late = waiting.wait(moment(2 * SOON))
    await asyncio.sleep(SOON + TICK)  # the moment of the first is over
    assert not late.done()
    async with asyncio.timeout(SOON + 3 * TICK):
        await late


async def test_one_who_went_away_keeps_nobody_from_being_woken() -> None:
    waiting = Waiting()
    gone, left = waiting.wait(moment(SOON)), waiting.wait(moment(SOON))
    gone.cancel()
    async with asyncio.timeout(SOON + 3 * TICK):
        await left
    waiting.wait(moment(LONG)).cancel()
    waiting.wake()


async def test_after_the_close_no_timer_is_left() -> None:
    waiting = Waiting()
    waiter = waiting.wait(moment(TICK))
    waiting.close()
    await asyncio.sleep(3 * TICK)
    assert not waiter.done()
