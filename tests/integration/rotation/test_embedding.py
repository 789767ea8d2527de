"""What an embedder makes of documents while keys are rotated, or their graph is erased, however long it takes."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from loci import AsyncClient
from loci.v1 import admin_service_pb2 as pb
from tests.embedders import ONE, Service, embedding_service, settings_of
from tests.integration.erasure.test_graphs import graph_key, over, rows_of
from tests.integration.rotation.scene import Scene, scene
from tests.waiting import eventually

COUNT = 20
LATE = "Nobody but the late one plays a theorbo."


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    async with embedding_service() as started:
        yield started


def embedded(client: AsyncClient, graph: str = "g") -> Callable[[], Awaitable[bool]]:
    """Whether nothing waits for the embedder."""

    async def none_pending() -> bool:
        return (await client.get_graph_stats(graph)).pending_embedding_count == 0

    return none_pending


def held(service: Service) -> Callable[[], Awaitable[bool]]:
    """Whether the embedder is at work on documents."""

    async def at_work() -> bool:
        return service.held[ONE] > 0

    return at_work


async def furnish(client: AsyncClient) -> None:
    await client.create_graph("g")
    for number in range(COUNT):
        await client.create_node("g", f"n{number}", text=f"Entry {number} of ledger{number % 3}.")
    await eventually(embedded(client))


async def generations(found: Scene) -> dict[int, int]:
    """How many vectors are under which of two rotations."""
    rows = await found.database.fetch("SELECT generation, count(*) FROM loci.embeddings GROUP BY 1")
    return dict(map(tuple, rows))


async def test_what_was_embedded_while_keys_were_rotated_is_found_by_meaning(
    database_url: str, service: Service
) -> None:
    async with scene(database_url, **settings_of(service, ONE)) as found:
        await furnish(found.client)
        service.hold(ONE)
        await found.client.create_node("g", "late", text=LATE)
        await eventually(held(service))
        await found.client.rotate_keys("g")
        await found.over()
        assert await generations(found) == {0: COUNT}
        service.let(ONE)
        await eventually(embedded(found.client))
        assert await generations(found) == {0: COUNT + 1}
        (hit,) = (await found.client.search("g", LATE, mode="semantic", limit=1)).hits
        assert hit.node.name == "graphs/g/nodes/late"
        assert service.documents[ONE].count(LATE) == 1, "it is turned anew, not embedded again"


async def test_a_graph_whose_vectors_are_made_anew_while_its_keys_are_rotated_is_found_by_meaning(
    database_url: str, service: Service
) -> None:
    async with scene(database_url, **settings_of(service, ONE)) as found:
        client = found.client
        await furnish(client)
        service.hold(ONE)
        await client.reembed_graph("g")
        await eventually(held(service))
        await client.rotate_keys("g")
        await found.over()
        service.let(ONE)

        async def done() -> bool:
            return (await client.get_reembedding("g")).state == pb.REEMBEDDING_STATE_DONE

        await eventually(done)
        assert await generations(found) == {0: COUNT}
        for number in (0, COUNT - 1):
            text = f"Entry {number} of ledger{number % 3}."
            hits = (await client.search("g", text, mode="semantic", limit=COUNT)).hits
            assert hits[0].node.name == f"graphs/g/nodes/n{number}"
            assert len(hits) == COUNT


async def test_what_was_embedded_of_an_erased_graph_leaves_nothing(database_url: str, service: Service) -> None:
    async with scene(database_url, **settings_of(service, ONE)) as found:
        service.hold(ONE)
        await found.client.create_graph("g")
        await found.client.create_node("g", text=LATE)
        await eventually(held(service))
        erased = await graph_key(found)
        await over(found.client, await found.client.erase_graph("g"))
        service.let(ONE)
        await found.client.create_graph("h")
        await found.client.create_node("h", text="It has its turn once the other one has had its own.")
        await eventually(embedded(found.client, "h"))
        assert LATE in service.documents[ONE]
        assert set(await rows_of(found.database, erased)) <= {"graphs", "erasures", "key_changes"}
