"""Waiting for what happens in its own time: asked again until it is so, and never for ever."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def eventually(probe: Callable[[], Awaitable[T]], *, within: float = 30.0, every: float = 0.1) -> T:
    """The first true answer of `probe`. Fails after `within` seconds."""
    deadline = time.monotonic() + within
    while not (answer := await probe()):
        assert time.monotonic() < deadline, f"it was not so within {within:g} s"
        await asyncio.sleep(every)
    return answer
