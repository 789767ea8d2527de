"""What tests of salience ask and wait for."""

from datetime import UTC, datetime
from typing import Any

from loci import AsyncClient
from loci.v1.salience_pb2 import RECALCULATION_STATE_DONE, Recalculation, Salience
from tests.waiting import eventually

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


async def salience(client: AsyncClient, graph: str, id: str) -> Salience:
    (found,) = (await client.batch_get_salience(graph, [id])).saliences
    return found


async def used(client: AsyncClient, graph: str, id: str, times: int) -> Salience:
    """Waits until it is known that a memory was used so often."""

    async def is_so() -> Salience | None:
        found = await salience(client, graph, id)
        return found if found.use_count >= times else None

    found = await eventually(is_so)
    assert found is not None
    assert found.use_count == times
    return found


async def recalculated(client: AsyncClient, graph: str, time: datetime | None = None) -> Recalculation:
    await client.recalculate(graph, time=time)

    async def is_done() -> Recalculation | None:
        found = await client.get_recalculation(graph)
        return found if found.state == RECALCULATION_STATE_DONE else None

    found = await eventually(is_done)
    assert found is not None
    return found


async def listed(client: AsyncClient, graph: str, **filter: Any) -> list[str]:
    found: Any = filter
    return [one.name.rpartition("/")[2] async for one in client.list_nodes(graph, filter=found, page_size=1000)]
