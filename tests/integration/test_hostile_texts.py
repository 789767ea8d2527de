"""Texts that are made to be hard to read take no turn from others."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from loci import AsyncClient, node

SIZE = 15_900
TEXTS = ["“Xx ", "jan 1, ", "Aa Bb, "]
ITEMS, SEARCHES = 120, 20
"""So many that chance evens out on a busy machine."""


async def calls_beside(client: AsyncClient, work: Coroutine[Any, Any, object]) -> int:
    """How many short calls are answered while something else is done."""
    task, answered = asyncio.create_task(work), 0
    while not task.done():
        await client.get_graph("other")
        answered += 1
    await task
    return answered


@pytest.mark.parametrize("piece", TEXTS)
async def test_others_are_answered_while_hard_texts_are_written_and_searched(client: AsyncClient, piece: str) -> None:
    for graph in ("g", "other"):
        await client.create_graph(graph)
    text = "cat " + (piece * SIZE)[:SIZE]
    items = [node(f"n{number}", text=text, salience=0.1) for number in range(ITEMS)]
    assert await calls_beside(client, client.import_items("g", items)) > ITEMS / 4
    assert await calls_beside(client, searches(client)) > SEARCHES / 2


async def searches(client: AsyncClient) -> None:
    for _ in range(SEARCHES):
        assert (await client.search("g", "cat")).hits
