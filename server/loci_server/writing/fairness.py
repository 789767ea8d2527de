"""Long work in turns: a call with much to check and seal lets the others of its process run in between."""

import asyncio

BUDGET = 64 * 1024
"""Bytes of messages after which others get their turn: some five milliseconds of work."""
PER_ITEM = 512
"""Bytes that an item counts for beside its own."""


class Fairness:
    """Counts what one call has done since it last gave way."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._spent = 0

    async def spend(self, size: int) -> None:
        """One item of `size` bytes comes next."""
        self._spent += size + PER_ITEM
        if self._spent >= self._budget:
            self._spent = 0
            await asyncio.sleep(0)
