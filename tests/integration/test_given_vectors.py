"""A vector that a caller gave belongs to the text that it was given for."""

from loci import AsyncClient


async def embeddings(client: AsyncClient) -> list[str]:
    exported = [item.node async for item in client.export_items("g", include_embeddings=True)]
    return [node.embedding.model for node in exported]


async def test_other_text_drops_the_vector_and_other_fields_keep_it(client: AsyncClient) -> None:
    await client.create_graph("g")
    await client.create_node("g", "n", text="one", embedding=("mine", [1.0, 0.0]))
    await client.update_node("g", "n", salience=0.9, label="L")
    assert await embeddings(client) == ["mine"]
    await client.update_node("g", "n", text="two")
    assert await embeddings(client) == [""]


async def test_of_a_node_without_text_it_belongs_to_the_label(client: AsyncClient) -> None:
    await client.create_graph("g")
    await client.create_node("g", "n", label="one", embedding=("mine", [1.0, 0.0]))
    await client.update_node("g", "n", salience=0.9)
    assert await embeddings(client) == ["mine"]
    await client.update_node("g", "n", label="two")
    assert await embeddings(client) == [""]


async def test_a_vector_that_comes_with_the_text_stays(client: AsyncClient) -> None:
    await client.create_graph("g")
    await client.create_node("g", "n", text="one", embedding=("mine", [1.0, 0.0]))
    await client.update_node("g", "n", text="two", embedding=("mine", [0.0, 1.0]))
    assert await embeddings(client) == ["mine"]
