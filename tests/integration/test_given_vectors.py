"""A vector that a caller gave belongs to the text that it was given for."""

import asyncio

import pytest

from loci import AsyncClient, errors, mutations, names, node
from loci.v1.bulk_service_pb2 import ItemError


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


async def test_a_refused_write_fixes_no_dimension(client: AsyncClient) -> None:
    await client.create_graph("g")
    await client.create_node("g", "taken")
    with pytest.raises(errors.NodeExists):
        await client.create_node("g", "taken", embedding=("m", [1.0, 2.0, 3.0]))
    await client.create_node("g", "first", embedding=("m", [1.0, 2.0]))
    with pytest.raises(errors.DimensionMismatch):
        await client.create_node("g", "second", embedding=("m", [1.0, 2.0, 3.0]))


async def test_two_dimensions_of_one_model_in_one_commit_are_refused(client: AsyncClient) -> None:
    await client.create_graph("g")
    with pytest.raises(errors.DimensionMismatch):
        await client.commit(
            "g",
            [
                mutations.create_node("a", embedding=("m", [1.0, 2.0])),
                mutations.create_node("b", embedding=("m", [1.0, 2.0, 3.0])),
            ],
        )
    assert (await client.get_graph("g")).revision == 0


async def test_first_vectors_of_two_dimensions_at_once_leave_one(client: AsyncClient) -> None:
    await client.create_graph("g")
    results = await asyncio.gather(
        *[client.create_node("g", f"n{size}", embedding=("m", [1.0] * size)) for size in range(2, 10)],
        return_exceptions=True,
    )
    written = [result for result in results if not isinstance(result, BaseException)]
    assert len(written) == 1
    assert sum(isinstance(result, errors.DimensionMismatch) for result in results) == 7


async def test_an_import_leaves_out_vectors_of_another_dimension_and_names_them(client: AsyncClient) -> None:
    await client.create_graph("g")
    items = [node("a", embedding=("m", [1.0, 2.0])), node("b", embedding=("m", [1.0])), node("c")]
    summary = await client.import_items("g", items, on_error="skip")
    assert (summary.node_count, [failure.index for failure in summary.errors]) == (2, [1])
    assert summary.errors[0].error.reason == "DIMENSION_MISMATCH"
    with pytest.raises(errors.BadItems) as raised:
        await client.import_items("g", [node("d"), node("e", embedding=("m", [1.0, 2.0, 3.0]))])
    assert [detail.index for detail in raised.value.details if isinstance(detail, ItemError)] == [1]


async def test_vectors_of_several_models_in_one_write_go_each_with_its_node(client: AsyncClient) -> None:
    await client.create_graph("g")
    models = {"two": 2, "three": 3, "four": 4}
    vectors = {
        f"{model}-{place}": (model, [1.0 * (axis == place) for axis in range(size)])
        for model, size in models.items()
        for place in range(size)
    }
    await client.import_items("g", [node(id, embedding=vector) for id, vector in reversed(vectors.items())])
    await client.create_graph("h")
    await client.commit("h", [mutations.create_node(id, embedding=vector) for id, vector in vectors.items()])
    for graph in ("g", "h"):
        for id, (model, vector) in vectors.items():
            answer = await client.search(graph, mode="semantic", query_embedding=(model, vector))
            assert len(answer.hits) == models[model]
            assert names.id_of(answer.hits[0].node.name) == id
