"""An import that was cut in its midst, by its connection or by kill -9 of the server, is taken up: each item once."""

import asyncio
import random
from collections.abc import AsyncIterator

import pytest

from loci import AsyncClient, edge, names, node
from loci.importing import ImportSummary
from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from tests.calls import collect
from tests.robustness import faults
from tests.robustness.results import SEED, note, scaled
from tests.robustness.run import scene
from tests.robustness.scene import PATIENCE, Scene
from tests.server import RunningServer, running_server
from tests.waiting import eventually

pytestmark = pytest.mark.robust

AT_ONCE = 5
"""Imports that run when a fault strikes: each of them is cut."""
CHUNK, CHUNKS = 50, 40


@pytest.fixture(scope="module")
async def lone_server(module_database_url: str) -> AsyncIterator[RunningServer]:
    async with running_server(module_database_url) as server:
        yield server


def items(prefix: str) -> list[Node | Edge]:
    """Nodes, and edges between them, in chunks."""
    nodes: list[Node | Edge] = [node(f"{prefix}-{n}", text=f"text {prefix} {n}") for n in range(CHUNK * CHUNKS // 2)]
    edges: list[Node | Edge] = [edge(f"{prefix}-{n}", "NEXT", f"{prefix}-{n + 1}") for n in range(len(nodes) - 1)]
    return [*nodes, *edges, node(f"{prefix}-last")]


class Importing:
    """One import at work, by the client, which takes it up by itself."""

    def __init__(self, client: AsyncClient, graph: str, number: int) -> None:
        self.graph = graph
        self.prefix = f"i{number}"
        self.chunks = 0
        self._client = client

    async def run(self) -> ImportSummary:
        def progress(summary: ImportSummary) -> None:
            self.chunks = summary.chunk_count

        return await self._client.import_items(
            self.graph, items(self.prefix), import_id=self.prefix, chunk_size=CHUNK, progress=progress, timeout=PATIENCE
        )


async def cut_one_round(place: Scene, how: str) -> int:
    """Starts imports, strikes when all are in their midst, and lets them end. How many were cut."""
    async with AsyncClient(place.calls.address, api_key=place.server.operator_key) as client:
        imports = [Importing(client, place.graph, number) for number in range(AT_ONCE)]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one.run()) for one in imports]
            wanted = [place.random.randint(1, CHUNKS // 3) for _ in imports]

            async def in_their_midst() -> bool:
                return all(one.chunks >= chunks for one, chunks in zip(imports, wanted, strict=True))

            await eventually(in_their_midst, within=PATIENCE, every=0.01)
            cut = sum(one.chunks < CHUNKS for one in imports)
            match how:
                case "connection":
                    place.calls.reset()
                case "server":
                    await faults.kill_server(place)
                case "chunk":
                    await faults.kill_before_commit(place)
                case _:
                    await faults.kill_after_commit(place)
        assert all(task.result().node_count + task.result().edge_count == CHUNK * CHUNKS for task in tasks)
        await each_item_once(client, place.graph, imports)
        return cut


async def each_item_once(client: AsyncClient, graph: str, imports: list[Importing]) -> None:
    wanted = [item for one in imports for item in items(one.prefix)]
    nodes = await collect(client.list_nodes(graph, page_size=1000))
    edges = await collect(client.list_edges(graph, page_size=1000))
    assert len(nodes) + len(edges) == len(wanted)
    ids = {names.id_of(item.name) for item in wanted if isinstance(item, Node)}
    ends = {(item.source, item.target) for item in wanted if isinstance(item, Edge)}
    assert {names.id_of(found.name) for found in nodes} == ids
    assert {(found.source, found.target) for found in edges} == ends
    told: dict[str, int] = {}
    revision = (await client.get_graph(graph)).revision
    assert revision == len(imports) * CHUNKS, "each chunk is one commit"
    watch = client.watch(graph, start="oldest", timeout=PATIENCE)
    async for commit in watch:
        for change in commit.changes:
            told[change.name] = told.get(change.name, 0) + 1
        if commit.revision == revision:
            break
    assert len(told) == len(wanted)
    assert set(told.values()) == {1}, "the log tells each item once"


@pytest.mark.parametrize("number", range(scaled(12)))
async def test_a_cut_import_is_taken_up_and_each_item_is_there_once(
    lone_server: RunningServer, module_database_url: str, number: int
) -> None:
    how = ("connection", "server", "chunk", "answer")[number % 4]
    seed = f"{SEED}-import-{number}"
    async with scene(lone_server, module_database_url, seed) as place:
        place.random = random.Random(seed)
        cut = await cut_one_round(place, how)
        assert cut >= 1
        kinds = {"connection": "connection reset", "server": "server killed", "chunk": "server killed in mid-chunk"}
        unit = f"imports cut: {kinds.get(how, 'server killed before the answer')}"
        note("A cut import goes on, and each item is there once", {unit: cut})
        note("Kills beside", dict(place.struck))
