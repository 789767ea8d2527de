"""Long work in turns: a call with much to check and seal lets the others of its process run in between."""

import asyncio
from time import perf_counter

BUDGET = 64 * 1024
"""Bytes of messages after which others get their turn: some five milliseconds of usual work."""
TURN = 0.005
"""Seconds after which they get it in any case: some texts take much more work than others."""
PER_ITEM = 512
"""Bytes that an item counts for beside its own."""


class Fairness:
    """Counts what one call has done since it last gave way."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._spent = 0
        self._since = perf_counter()

    async def spend(self, size: int) -> None:
        """One item of `size` bytes comes next."""
        if self.due(size):
            await self.give_way()

    def due(self, size: int) -> bool:
        """Whether it is others' turn before an item of `size` bytes: what `spend` asks, for loops that count each
        microsecond."""
        self._spent += size + PER_ITEM
        return self._spent >= self._budget or perf_counter() - self._since >= TURN

    async def give_way(self) -> None:
        self._spent = 0
        await asyncio.sleep(0)
        self._since = perf_counter()
