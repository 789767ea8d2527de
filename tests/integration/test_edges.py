"""Edges are made between nodes that are there, read, changed, listed and removed."""

import math
from typing import Any

import pytest

from loci import AsyncClient, errors, moment, mutations, names, properties
from loci_server.domain.ids import derived_edge_id
from tests.calls import collect


@pytest.fixture(autouse=True)
async def graph(client: AsyncClient) -> str:
    await client.create_graph("g")
    await client.commit("g", [mutations.create_node(id) for id in ("a", "b", "c")])
    return "g"


async def listed(client: AsyncClient, **filter: Any) -> list[str]:
    return [names.id_of(edge.name) async for edge in client.list_edges("g", filter=filter, page_size=2)]  # type: ignore[arg-type]


async def test_an_edge_is_read_as_it_was_written(client: AsyncClient) -> None:
    made = await client.create_edge(
        "g", "a", "KNOWS", "b", properties={"since": 1999, "how": None}, weight=-2.5, valid_from="1985/..", note="why"
    )
    found = await client.get_edge("g", names.id_of(made.name))
    assert found == made
    assert (found.source, found.relation, found.target, found.weight) == ("a", "KNOWS", "b", -2.5)
    assert (found.valid_from, found.valid_to, found.revision) == ("1985/..", "", 2)
    assert properties(found) == {"since": 1999, "how": None}


async def test_an_edge_without_an_id_has_one_derived_from_its_ends(client: AsyncClient) -> None:
    made = await client.create_edge("g", "a", "R", "b")
    assert names.id_of(made.name) == derived_edge_id("a", "R", "b")
    assert made.weight == 1.0
    with pytest.raises(errors.EdgeExists):
        await client.create_edge("g", "a", "R", "b")
    other = await client.create_edge("g", "b", "R", "a")
    assert other.name != made.name


async def test_parallel_edges_are_kept_apart_by_ids(client: AsyncClient) -> None:
    for year in ("1990", "2000"):
        await client.create_edge("g", "a", "WORKED_AT", "b", id=f"job-{year}", valid_from=year, valid_to=year)
    await client.create_edge("g", "a", "WORKED_AT", "b")
    assert len(await collect(client.list_edges("g", filter={"source": "a", "relations": ["WORKED_AT"]}))) == 3
    assert await listed(client, valid_at="1990") == [derived_edge_id("a", "WORKED_AT", "b"), "job-1990"]


async def test_an_end_that_is_missing_is_said(client: AsyncClient) -> None:
    for source, target, missing in (("a", "no", "no"), ("no", "a", "no"), ("no", "nor", "no")):
        with pytest.raises(errors.EndpointMissing) as caught:
            await client.create_edge("g", source, "R", target)
        assert caught.value.resource == f"graphs/g/nodes/{missing}" or missing in str(caught.value.metadata)
    with pytest.raises(errors.SelfEdge):
        await client.create_edge("g", "a", "R", "a")
    with pytest.raises(errors.InvalidField):
        await client.create_edge("g", "a", "R", "b", weight=math.inf)
    assert (await client.get_graph("g")).revision == 1


async def test_updates_touch_what_they_name(client: AsyncClient) -> None:
    made = await client.create_edge("g", "a", "R", "b", id="e", properties={"x": 1, "y": {"z": 1}}, weight=3.0)
    changed = await client.update_edge("g", "e", properties={"x": None, "y": {"w": 2}})
    assert (properties(changed), changed.weight) == ({"y": {"z": 1, "w": 2}}, 3.0)
    assert changed.create_time == made.create_time
    changed = await client.update_edge("g", "e", update_mask=["weight", "properties.y"])
    assert (properties(changed), changed.weight) == ({}, 1.0)
    changed = await client.update_edge("g", "e", valid_from="1985", update_mask=["*"])
    assert (changed.valid_from, changed.weight, changed.source, changed.relation) == ("1985", 1.0, "a", "R")
    assert await client.get_edge("g", "e") == changed
    with pytest.raises(errors.EtagMismatch):
        await client.update_edge("g", "e", etag=made.etag, weight=1.0)
    with pytest.raises(errors.EtagMismatch):
        await client.delete_edge("g", "e", etag=made.etag)


async def test_ends_and_relation_cannot_be_changed(client: AsyncClient) -> None:
    await client.create_edge("g", "a", "R", "b", id="e")
    for change in ({"source": "c"}, {"target": "c"}, {"relation": "S"}):
        with pytest.raises(errors.InvalidField):
            await client.update_edge("g", "e", weight=2.0, **change)  # type: ignore[arg-type]
    for path in ("source", "target", "relation"):
        with pytest.raises(errors.InvalidFieldMask):
            await client.update_edge("g", "e", update_mask=[path])


async def test_allow_missing_makes_an_edge_by_its_ends(client: AsyncClient) -> None:
    id = derived_edge_id("a", "R", "b")
    ends = {"source": "a", "relation": "R", "target": "b"}
    made = await client.update_edge("g", id, **ends, allow_missing=True, weight=2.0)  # type: ignore[arg-type]
    again = await client.update_edge("g", id, **ends, allow_missing=True, weight=3.0)  # type: ignore[arg-type]
    assert (made.name, made.weight, again.weight) == (again.name, 2.0, 3.0)
    with pytest.raises(errors.EdgeNotFound):
        await client.update_edge("g", "none", weight=1.0)
    assert (await client.delete_edge("g", "none", allow_missing=True)).revision == 0
    with pytest.raises(errors.EdgeNotFound):
        await client.delete_edge("g", "none")


async def test_batch_get_keeps_the_order_asked_for_and_names_what_is_missing(client: AsyncClient) -> None:
    await client.create_edge("g", "a", "R", "b", id="1")
    await client.create_edge("g", "a", "R", "c", id="2")
    answer = await client.get_edges("g", ["2", "no", "1"])
    assert [names.id_of(edge.name) for edge in answer.edges] == ["2", "1"]
    assert list(answer.missing) == ["graphs/g/edges/no"]


async def test_every_field_of_the_filter_selects(client: AsyncClient) -> None:
    first = await client.create_edge("g", "a", "R", "b", id="1", properties={"k": 1, "all": True}, valid_to="1990")
    await client.create_edge("g", "b", "S", "c", id="2", properties={"k": None, "all": True}, valid_from="199X")
    last = await client.create_edge("g", "a", "S", "c", id="3", properties={"k": "1", "all": True})
    changed = await client.update_edge("g", "1", weight=2.0)
    assert await listed(client) == ["1", "2", "3"]
    assert await listed(client, relations=["S"]) == ["2", "3"]
    assert await listed(client, relations=["S", "R"], source="a") == ["1", "3"]
    assert await listed(client, target="c") == ["2", "3"]
    assert await listed(client, source="a", target="c") == ["3"]
    assert await listed(client, create_time=(moment(first.create_time), moment(last.create_time))) == ["1", "2"]
    assert await listed(client, update_time=(moment(changed.update_time), None)) == ["1"]
    assert await listed(client, properties={"k": 1}) == ["1"]
    assert await listed(client, properties={"k": None}) == ["2"]
    assert await listed(client, properties={"k": "1", "all": True}) == ["3"]
    assert await listed(client, properties={"all": True}) == ["1", "2", "3"]
    assert await listed(client, valid_at="1980") == ["1", "3"]
    assert await listed(client, valid_at="1995") == ["2", "3"]


async def test_a_removed_edge_is_gone_and_its_nodes_stay(client: AsyncClient) -> None:
    await client.create_edge("g", "a", "R", "b", id="e")
    assert (await client.delete_edge("g", "e")).revision == 3
    with pytest.raises(errors.EdgeNotFound):
        await client.get_edge("g", "e")
    assert len((await client.get_nodes("g", ["a", "b"])).nodes) == 2
