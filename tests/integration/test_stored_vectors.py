"""Vectors stand in the database under a secret rotation of their graph, by whatever way they came there."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import numpy as np
import pytest
from numpy.typing import NDArray

from loci import AsyncClient, mutations, names, node
from loci_server.embedding import Purpose
from loci_server.embedding.minilm import MiniLM
from tests.calls import collect
from tests.postgres import create_database, drop_database
from tests.server import RunningServer, new_tenant, running_server
from tests.waiting import eventually

TEXTS = {
    "music": "She plays the violin in an orchestra.",
    "food": "He bakes sourdough bread every morning.",
    "pets": "Their old dog sleeps beside the fire.",
}
Matrix = NDArray[np.float32]


@pytest.fixture(scope="module")
async def embedding_server(postgres_url: str, migrated_template: str) -> AsyncIterator[RunningServer]:
    url = await create_database(postgres_url, migrated_template)
    async with running_server(url, LOCI_EMBEDDER="minilm") as server:
        yield server
    await drop_database(url)


@pytest.fixture
async def writer(embedding_server: RunningServer) -> AsyncIterator[AsyncClient]:
    async with new_tenant(embedding_server) as client:
        yield client


@pytest.fixture(scope="module")
async def clear(embedding_server: RunningServer) -> Matrix:
    """What the embedder makes of the texts."""
    embedder = MiniLM(cache=embedding_server.data_dir / "models")
    try:
        return await embedder.embed(list(TEXTS.values()), Purpose.DOCUMENT)
    finally:
        await embedder.close()


async def stored(server: RunningServer, client: AsyncClient, graph: str) -> Matrix:
    """What the database holds of the graph, in order of document and passage, a row each."""
    tenant = (await collect(client.list_api_keys()))[0].name.split("/")[1]
    connection = await asyncpg.connect(server.database_url)
    try:
        rows = await connection.fetch(
            "SELECT embedding::text FROM loci.embeddings JOIN loci.graphs g USING (graph_key) "
            "JOIN loci.tenants t ON t.tenant_key = g.tenant_key WHERE tenant_id = $1 AND graph_id = $2 "
            "ORDER BY doc_no, chunk",
            tenant,
            graph,
        )
    finally:
        await connection.close()
    return np.array([row[0].strip("[]").split(",") for row in rows], dtype=np.float32)


async def settled(client: AsyncClient, graph: str) -> None:
    async def empty() -> bool:
        return (await client.get_graph_stats(graph)).pending_embedding_count == 0

    await eventually(empty, within=60)


def assert_hidden(stored: Matrix, clear: Matrix) -> None:
    """Angles are as in clear, directions are not."""
    assert stored.shape == clear.shape
    assert np.abs(stored @ stored.T - clear @ clear.T).max() < 1e-3
    assert np.abs(stored @ clear.T).max() < 0.3


async def write_by_name(client: AsyncClient, graph: str, way: str, clear: Matrix) -> None:
    vectors = dict(zip(TEXTS, clear.tolist(), strict=True))
    match way:
        case "in line":
            for id, text in TEXTS.items():
                await client.create_node(graph, id, text=text)
        case "by the job":
            await client.commit(graph, [mutations.create_node(id, text=text) for id, text in TEXTS.items()])
        case "imported":
            await client.import_items(graph, [node(id, text=text) for id, text in TEXTS.items()])
        case "given":
            for id, vector in vectors.items():
                await client.create_node(graph, id, embedding=("m", vector))
        case "given in a commit":
            await client.commit(graph, [mutations.create_node(id, embedding=("m", v)) for id, v in vectors.items()])
        case "given in an import":
            await client.import_items(graph, [node(id, embedding=("m", vector)) for id, vector in vectors.items()])
    await settled(client, graph)


WAYS = ["in line", "by the job", "imported", "given", "given in a commit", "given in an import"]


@pytest.mark.parametrize("way", WAYS)
async def test_whatever_way_it_comes_a_vector_is_stored_rotated_and_found(
    embedding_server: RunningServer, writer: AsyncClient, clear: Matrix, way: str
) -> None:
    for graph in ("g", "h"):
        await writer.create_graph(graph)
        await write_by_name(writer, graph, way, clear)
    one, other = [await stored(embedding_server, writer, graph) for graph in ("g", "h")]
    assert_hidden(one, clear)
    assert_hidden(other, clear)
    assert np.abs(one @ other.T).max() < 0.3, "two graphs with the same texts"
    if way.startswith("given"):
        answer = await writer.search("g", mode="semantic", query_embedding=("m", clear[0].tolist()), explain=True)
    else:
        answer = await writer.search("g", TEXTS["music"], mode="semantic", explain=True)
    assert names.id_of(answer.hits[0].node.name) == "music"
    assert answer.hits[0].arm_scores[0].score == pytest.approx(1.0, abs=1e-3)
    assert answer.hits[1].arm_scores[0].score == pytest.approx(float((clear @ clear.T)[0, 1:].max()), abs=1e-3)


async def test_callers_see_their_vectors_as_they_gave_them(writer: AsyncClient, clear: Matrix) -> None:
    await writer.create_graph("g")
    await writer.create_node("g", "n", embedding=("m", (2 * clear[0]).tolist()))
    (item,) = await collect(writer.export_items("g", include_embeddings=True))
    assert list(item.node.embedding.values) == pytest.approx((2 * clear[0]).tolist())


async def test_a_text_of_several_sentences_has_a_vector_for_each_behind_its_label(
    embedding_server: RunningServer, writer: AsyncClient
) -> None:
    embedder = MiniLM(cache=embedding_server.data_dir / "models")
    wanted = await embedder.embed([f"Ann: {text}" for text in TEXTS.values()], Purpose.DOCUMENT)
    await embedder.close()
    text = " ".join(TEXTS.values())
    await writer.create_graph("in line")
    await writer.create_node("in line", "n", label="Ann", text=text)
    await writer.create_graph("later")
    await writer.import_items("later", [node("n", label="Ann", text=text)])
    await asyncio.gather(settled(writer, "in line"), settled(writer, "later"))
    for graph in ("in line", "later"):
        assert_hidden(await stored(embedding_server, writer, graph), wanted)
