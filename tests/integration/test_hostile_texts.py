"""Texts that are made to be hard to read take no turn from others: short calls are answered beside them as beside
ordinary texts, or nearly so. Both are measured in one run, since a busy machine is slow in both.
"""

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

import pytest

from loci import AsyncClient, node

SIZE = 15_900
TEXTS = ["“Xx ", "jan 1, ", "Aa Bb, "]
ORDINARY = "plain words go on "
ITEMS, SEARCHES = 120, 20
FEW = 10
SLOWER = 10
"""Times. It is one to three; 16 where the server reads `jan 1, ` on its event loop and not beside it."""


@dataclass(frozen=True)
class Beside:
    """Short calls that were answered while something else was done."""

    answered: int
    seconds: float

    @property
    def wait(self) -> float:
        """Seconds that one of them took, on average."""
        return self.seconds / self.answered


async def calls_beside(client: AsyncClient, work: Coroutine[Any, Any, object]) -> Beside:
    begun = time.monotonic()
    task, answered = asyncio.create_task(work), 0
    while not task.done():
        await client.get_graph("other")
        answered += 1
    await task
    return Beside(answered, time.monotonic() - begun)


@pytest.mark.parametrize("piece", TEXTS)
async def test_others_are_answered_while_hard_texts_are_written_and_searched(client: AsyncClient, piece: str) -> None:
    for graph in ("ordinary", "hard", "other"):
        await client.create_graph(graph)
    ordinary = await calls_beside(client, written(client, "ordinary", ORDINARY))
    hard = await calls_beside(client, written(client, "hard", piece))
    assert hard.answered > max(FEW, ordinary.answered / 4)
    assert hard.wait < SLOWER * ordinary.wait
    ordinary = await calls_beside(client, searches(client, "ordinary"))
    hard = await calls_beside(client, searches(client, "hard"))
    assert hard.answered > max(FEW, ordinary.answered / 4)
    assert hard.wait < SLOWER * ordinary.wait


async def written(client: AsyncClient, graph: str, piece: str) -> None:
    text = "cat " + (piece * SIZE)[:SIZE]
    await client.import_items(graph, [node(f"n{number}", text=text, salience=0.1) for number in range(ITEMS)])


async def searches(client: AsyncClient, graph: str) -> None:
    for _ in range(SEARCHES):
        assert (await client.search(graph, "cat")).hits
