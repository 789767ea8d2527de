"""What is forgotten by a filter is read by turns with the searches that read a whole graph."""

import asyncio
from dataclasses import dataclass
from typing import Any, cast

from loci_server.memory.forget import Forgetter, Selection
from loci_server.search.turns import Scan, Turns
from loci_server.store.handles import GraphHandle
from loci_server.store.items import PASSES_ALL
from loci_server.writing.writer import WriteContext


@dataclass
class Tenant:
    tenant_key: int = 1


class Shelf:
    """An empty graph."""

    read = 0

    async def fetch(self, *arguments: object) -> list[dict[str, Any]]:
        self.read += 1
        return []


async def test_it_waits_for_its_turn() -> None:
    turns, shelf = Turns(of_a_tenant=1), Shelf()
    forgetter = Forgetter(shelf, None, turns)  # type: ignore[arg-type]  # it stands for the items; nothing is written
    selection = Selection(PASSES_ALL, lambda node: True)
    async with turns.turn(Scan(1, asyncio.get_running_loop().time())):
        forgetting = asyncio.create_task(
            forgetter.selected(
                cast(GraphHandle, Tenant()), selection, cast(WriteContext, None), hard=False, dry_run=True
            )
        )
        for _ in range(10):
            await asyncio.sleep(0)
        assert (shelf.read, forgetting.done()) == (0, False)
    assert not (await forgetting).names
    assert shelf.read == 1
