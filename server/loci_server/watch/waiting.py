"""Who waits for news of a graph or for a moment: thousands at a time, each with one future, all with one timer."""

import asyncio
from math import floor

TICK = 0.1
"""Seconds by which who waits for a moment may be late."""


class Waiting:
    """Those who wait at one tailer."""

    def __init__(self) -> None:
        self._by_tick: dict[int, list[asyncio.Future[None]]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._tick = 0
        """Of the timer."""

    def wait(self, until: float) -> asyncio.Future[None]:
        """Done at the next `wake`, or soon after loop.time() is `until`. Who is cancelled is forgotten by then."""
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[None] = loop.create_future()
        tick = floor(until / TICK) + 1
        waiters = self._by_tick.get(tick)
        if waiters is None:
            waiters = self._by_tick[tick] = []
            if self._timer is None or tick < self._tick:
                self._arm(loop, tick)
        waiters.append(waiter)
        return waiter

    def wake(self) -> None:
        """All of them, now."""
        waiting, self._by_tick = self._by_tick, {}
        for waiters in waiting.values():
            awaken(waiters)

    def close(self) -> None:
        """Nobody waits any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _arm(self, loop: asyncio.AbstractEventLoop, tick: int) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = loop.call_at(tick * TICK, self._fire)
        self._tick = tick

    def _fire(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer = None
        passed = max(self._tick, floor(loop.time() / TICK))
        for tick in [tick for tick in self._by_tick if tick <= passed]:
            awaken(self._by_tick.pop(tick))
        if self._by_tick:
            self._arm(loop, min(self._by_tick))


def awaken(waiters: list[asyncio.Future[None]]) -> None:
    for waiter in waiters:
        if not waiter.done():
            waiter.set_result(None)
