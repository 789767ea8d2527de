"""A server started as users start it stores a node and finds it."""

from loci import AsyncClient


async def test_what_was_written_is_read_and_found(client: AsyncClient) -> None:
    await client.create_graph("g")
    await client.create_node("g", "n", text="Ann likes peanuts", properties={"city": "Boston"})
    assert (await client.get_node("g", "n")).text == "Ann likes peanuts"
    answer = await client.search("g", "who likes a peanut?")
    assert [hit.node.name for hit in answer.hits] == ["graphs/g/nodes/n"]
