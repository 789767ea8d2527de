"""What is known of memories goes with them to another graph."""

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from loci import AsyncClient, edge, errors, node
from loci.v1.bulk_service_pb2 import BulkItem, NodeStanding
from tests.calls import collect
from tests.integration.salience.asking import salience, used


async def test_an_export_brings_boosts_and_uses_to_the_graph_that_it_is_imported_into(
    client: AsyncClient, graph: str
) -> None:
    await client.boost_memory(graph, "a", 0.5)
    for _ in range(3):
        await client.recall(graph, "kettle", limit=3)
    for id in "abc":
        await used(client, graph, id, 3)
    await client.create_node(graph, "unknown", text="It rains.", salience=0.9)
    items = await collect(client.export_items(graph))
    assert [item.node.name.rpartition("/")[2] for item in items if item.HasField("standing")] == ["a", "b", "c"]
    await client.create_graph("copy")
    await client.import_items("copy", items, keep_times=True)
    for id in ("a", "b", "c", "unknown"):
        before, after = await salience(client, graph, id), await salience(client, "copy", id)
        assert (after.boost, after.use_count, after.last_use_time) == (
            before.boost,
            before.use_count,
            before.last_use_time,
        )
        assert after.value == pytest.approx(before.value, abs=1e-4)
    again = [item.standing for item in await collect(client.export_items("copy", page_size=1))]
    assert again == [item.standing for item in items]
    await client.boost_memory("copy", "a", -1.0)
    await client.import_items("copy", items, keep_times=True, on_conflict="keep")
    assert (await salience(client, "copy", "a")).boost == -0.5, "what gives way brings nothing"
    await client.import_items("copy", items, keep_times=True, on_conflict="replace")
    assert (await salience(client, "copy", "a")).boost == 0.25
    assert (await salience(client, "copy", "a")).use_count == 3, "and not six"
    earlier = await collect(client.export_items(graph, revision=1))
    assert not [item for item in earlier if item.HasField("standing")], "of earlier states nobody knows"


@pytest.mark.parametrize(
    ("standing", "field"),
    [
        (NodeStanding(boost=1.5), "boost"),
        (NodeStanding(boost=float("nan")), "boost"),
        (NodeStanding(use_count=-1), "use_count"),
        (NodeStanding(use_count=2**60), "use_count"),
        (NodeStanding(use_count=1), "first_use_time"),
        (NodeStanding(use_count=1, first_use_time=Timestamp(seconds=1)), "last_use_time"),
        (NodeStanding(first_use_time=Timestamp(seconds=1)), "first_use_time"),
        (
            NodeStanding(use_count=2, first_use_time=Timestamp(seconds=2), last_use_time=Timestamp(seconds=1)),
            "first_use_time",
        ),
        (
            NodeStanding(use_count=2, first_use_time=Timestamp(seconds=-(10**15)), last_use_time=Timestamp(seconds=1)),
            "first_use_time",
        ),
    ],
)
async def test_a_standing_that_cannot_be_is_a_bad_item(
    client: AsyncClient, graph: str, standing: NodeStanding, field: str
) -> None:
    items = [BulkItem(node=node("new"), standing=standing)]
    (bad,) = (await client.import_items(graph, items, on_error="skip")).errors
    assert bad.error.violations[0].field == f"standing.{field}"


async def test_an_edge_has_no_standing(client: AsyncClient, graph: str) -> None:
    with pytest.raises(errors.BadItems):
        await client.import_items(graph, [BulkItem(edge=edge("a", "R", "b"), standing=NodeStanding(boost=0.5))])
