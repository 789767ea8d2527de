"""When a stream ends by itself, with a message that says so."""

import asyncio
import random
from math import inf

EARLIEST, LATEST = 0.8, 0.9
"""Of the age that a connection may reach: a stream ends before it, and not all at once."""


class Ending:
    """As the server begins to drain, or before the connection has to end. `longest`: seconds that a connection may
    last."""

    __slots__ = ("at", "draining")

    def __init__(self, draining: asyncio.Event, longest: float = inf) -> None:
        self.draining = draining
        self.at = asyncio.get_running_loop().time() + longest * random.uniform(EARLIEST, LATEST)  # noqa: S311 # nosec B311
        """loop.time() at which it is reached without draining."""

    @property
    def reached(self) -> bool:
        return self.draining.is_set() or asyncio.get_running_loop().time() >= self.at
