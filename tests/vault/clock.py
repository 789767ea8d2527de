"""A clock that a test turns."""

import asyncio
from collections.abc import Callable


class TestClock:
    """Short pauses (those between two tries) pass at once; long ones when the test says so."""

    __test__ = False
    SHORT = 20.0

    def __init__(self) -> None:
        self.time = 1000.0
        self.pauses: list[float] = []
        self._waiting: list[tuple[float, asyncio.Event]] = []
        self.chance_is = 0.5

    def now(self) -> float:
        return self.time

    def chance(self) -> float:
        return self.chance_is

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        if seconds < self.SHORT:
            self.time += seconds
            await asyncio.sleep(0)
            return
        woken = asyncio.Event()
        self._waiting.append((self.time + seconds, woken))
        await woken.wait()

    async def advance(self, seconds: float) -> None:
        """Goes on, and wakes those whose time has come."""
        self.time += seconds
        due = [woken for time, woken in self._waiting if time <= self.time]
        self._waiting = [(time, woken) for time, woken in self._waiting if time > self.time]
        for woken in due:
            woken.set()
        await asyncio.sleep(0)


async def until(probe: Callable[[], bool]) -> None:
    """Waits for what other threads are about to do. Fails after five seconds."""
    async with asyncio.timeout(5):
        while not probe():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
