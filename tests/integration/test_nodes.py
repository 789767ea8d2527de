"""Nodes are made, read, changed field by field, listed by what they are, renamed and removed with their edges."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from loci import AsyncClient, errors, moment, mutations, names, properties
from loci.v1.node_pb2 import Node
from loci_server.domain.ids import derived_edge_id
from tests.calls import collect

FIRST = datetime(2024, 5, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
async def graph(client: AsyncClient) -> str:
    await client.create_graph("g")
    return "g"


async def listed(client: AsyncClient, **filter: Any) -> list[str]:
    return [names.id_of(node.name) async for node in client.list_nodes("g", filter=filter, page_size=2)]  # type: ignore[arg-type]


async def test_a_node_is_read_as_it_was_written(client: AsyncClient) -> None:
    wanted = {"text": "x", "n": 1.5, "yes": True, "no": None, "list": [1, {"a": "b"}], "deep": {"er": {"est": "ö"}}}
    made = await client.create_node(
        "g",
        "ann",
        type="person",
        label="Ann",
        aliases=["Annie", "A."],
        text="Ann plays the cello.",
        properties=wanted,
        valid_from="1985~",
        valid_to="..",
        event_time=FIRST,
        salience=0.25,
    )
    found = await client.get_node("g", "ann")
    assert found == made
    assert (found.type, found.label, list(found.aliases), found.text) == (
        "person",
        "Ann",
        ["Annie", "A."],
        "Ann plays the cello.",
    )
    assert properties(found) == wanted
    assert (found.valid_from, found.valid_to, moment(found.event_time), found.salience) == ("1985~", "..", FIRST, 0.25)
    assert (found.name, found.revision) == ("graphs/g/nodes/ann", 1)
    assert found.create_time == found.update_time


async def test_defaults_are_filled_in(client: AsyncClient) -> None:
    made = await client.create_node("g")
    assert (made.type, made.salience) == ("node", 0.5)
    assert names.id_of(made.name)[14] == "7", "the id is a UUIDv7"
    assert (await client.create_node("g", salience=0.0)).salience == 0.0


async def test_what_only_the_server_says_is_ignored(client: AsyncClient) -> None:
    given = Node(name="graphs/g/nodes/a", revision=77)
    given.create_time.FromDatetime(FIRST)
    answer = await client.commit("g", [mutations.Mutation(create_node=given)])
    assert answer.results[0].node.revision == 1
    assert moment(answer.results[0].node.create_time) > FIRST


async def test_a_taken_id_is_refused(client: AsyncClient) -> None:
    await client.create_node("g", "a")
    with pytest.raises(errors.NodeExists) as caught:
        await client.create_node("g", "a")
    assert caught.value.resource == "graphs/g/nodes/a"
    assert (await client.get_graph("g")).revision == 1


async def test_a_missing_node_is_not_found(client: AsyncClient) -> None:
    for call in (
        client.get_node("g", "a"),
        client.update_node("g", "a", text="x"),
        client.delete_node("g", "a"),
        client.rename_node("g", "a", "b"),
    ):
        with pytest.raises(errors.NodeNotFound):
            await call


async def test_batch_get_keeps_the_order_asked_for_and_names_what_is_missing(client: AsyncClient) -> None:
    await client.commit("g", [mutations.create_node(id) for id in ("a", "b", "c")])
    answer = await client.get_nodes("g", ["c", "no", "a", "c", "nor"])
    assert [names.id_of(node.name) for node in answer.nodes] == ["c", "a", "c"]
    assert list(answer.missing) == ["graphs/g/nodes/no", "graphs/g/nodes/nor"]


# --- updates ---------------------------------------------------------------------------------------------------------


async def test_an_update_touches_only_the_fields_of_its_mask(client: AsyncClient) -> None:
    made = await client.create_node("g", "a", label="L", text="T", salience=0.9, properties={"k": 1})
    changed = await client.update_node("g", "a", text="new", label="ignored", update_mask=["text"])
    assert (changed.text, changed.label, changed.salience, properties(changed)) == ("new", "L", 0.9, {"k": 1})
    assert (changed.create_time, changed.revision) == (made.create_time, 2)
    assert moment(changed.update_time) > moment(made.update_time)
    assert changed.etag != made.etag
    assert await client.get_node("g", "a") == changed


async def test_without_a_mask_the_fields_that_are_set_are_written(client: AsyncClient) -> None:
    await client.create_node("g", "a", label="L", text="T")
    changed = await client.update_node("g", "a", text="new", update_mask=[])
    assert (changed.text, changed.label) == ("new", "L")


async def test_a_masked_field_that_is_not_set_is_cleared_to_its_default(client: AsyncClient) -> None:
    await client.create_node("g", "a", type="person", label="L", aliases=["x"], salience=0.9, properties={"k": 1})
    mask = ["type", "label", "aliases", "salience", "properties"]
    changed = await client.update_node("g", "a", update_mask=mask)
    assert (changed.type, changed.label, list(changed.aliases), changed.salience) == ("node", "", [], 0.5)
    assert properties(changed) == {}


async def test_a_star_replaces_everything(client: AsyncClient) -> None:
    await client.create_node("g", "a", type="person", label="L", text="T", properties={"k": 1}, valid_from="1985")
    changed = await client.update_node("g", "a", text="only", properties={"z": 1}, update_mask=["*"])
    assert (changed.type, changed.label, changed.text, changed.valid_from) == ("node", "", "only", "")
    assert properties(changed) == {"z": 1}


async def test_properties_are_merged_null_deletes_and_untouched_keys_stay(client: AsyncClient) -> None:
    await client.create_node("g", "a", properties={"keep": 1, "drop": 2, "deep": {"x": 1, "y": 2}, "list": [1, 2]})
    changed = await client.update_node(
        "g", "a", properties={"drop": None, "absent": None, "deep": {"y": None, "z": 3}, "list": [9]}
    )
    assert properties(changed) == {"keep": 1, "deep": {"x": 1, "z": 3}, "list": [9]}


async def test_one_property_is_set_or_removed_whole(client: AsyncClient) -> None:
    await client.create_node("g", "a", properties={"deep": {"x": 1}, "drop": 1, "stay": 1, "dot.ted": 1})
    changed = await client.update_node(
        "g",
        "a",
        properties={"deep": {"y": 2}, "dot.ted": 2, "ignored": 1},
        update_mask=["properties.deep", "properties.drop", "properties.dot.ted"],
    )
    assert properties(changed) == {"deep": {"y": 2}, "stay": 1, "dot.ted": 2}


async def test_an_unknown_path_in_a_mask_is_refused_and_nothing_is_written(client: AsyncClient) -> None:
    await client.create_node("g", "a", text="T")
    for path in ("nothing", "name", "revision", "text.x", "properties.", ""):
        with pytest.raises(errors.InvalidFieldMask):
            await client.update_node("g", "a", text="new", update_mask=["text", path])
    assert (await client.get_node("g", "a")).text == "T"


async def test_an_etag_that_is_not_current_aborts(client: AsyncClient) -> None:
    made = await client.create_node("g", "a")
    await client.update_node("g", "a", etag=made.etag, text="1")
    for call in (
        client.update_node("g", "a", etag=made.etag, text="2"),
        client.delete_node("g", "a", etag=made.etag),
        client.rename_node("g", "a", "b", etag=made.etag),
    ):
        with pytest.raises(errors.EtagMismatch):
            await call
    assert (await client.get_node("g", "a")).text == "1"


async def test_allow_missing_creates_updates_and_forgives(client: AsyncClient) -> None:
    made = await client.update_node("g", "a", allow_missing=True, text="T", properties={"k": 1, "null": None})
    assert (made.text, made.type, made.revision) == ("T", "node", 1)
    assert properties(made) == {"k": 1}
    changed = await client.update_node("g", "a", allow_missing=True, label="L")
    assert (changed.text, changed.label, changed.revision) == ("T", "L", 2)
    assert (await client.delete_node("g", "a", allow_missing=True)).revision == 3
    assert (await client.delete_node("g", "a", allow_missing=True)).revision == 0
    assert (await client.get_graph("g")).revision == 3


# --- lists -----------------------------------------------------------------------------------------------------------


async def test_nodes_are_listed_in_order_of_their_ids_whatever_the_page_size(client: AsyncClient) -> None:
    ids = ["B", "a", "a-1", "a.b", "b", "c", "ä", "日本", "😀"]
    await client.commit("g", [mutations.create_node(id) for id in reversed(ids)])
    for size in (1, 2, 9, 1000):
        found = [names.id_of(node.name) async for node in client.list_nodes("g", page_size=size)]
        assert found == ids


async def test_every_field_of_the_filter_selects(client: AsyncClient) -> None:
    day = timedelta(days=1)
    first = await client.create_node("g", "a", type="turn", event_time=FIRST, salience=0.1)
    await client.create_node("g", "b", type="fact", event_time=FIRST + day, salience=0.5)
    last = await client.create_node("g", "c", type="goal", salience=1.0)
    changed = await client.update_node("g", "a", label="now")
    assert await listed(client, types=["turn"]) == ["a"]
    assert await listed(client, types=["turn", "goal", "none"]) == ["a", "c"]
    assert await listed(client, event_time=(FIRST, None)) == ["a", "b"]
    assert await listed(client, event_time=(FIRST, FIRST + day)) == ["a"]
    assert await listed(client, event_time=(None, FIRST)) == []
    assert await listed(client, create_time=(moment(first.create_time), moment(last.create_time))) == ["a", "b"]
    assert await listed(client, create_time=(moment(last.create_time), None)) == ["c"]
    assert await listed(client, update_time=(moment(changed.update_time), None)) == ["a"]
    assert await listed(client, update_time=(None, moment(changed.update_time))) == ["b", "c"]
    assert await listed(client, min_salience=0.5) == ["b", "c"]
    assert await listed(client, max_salience=0.5) == ["a", "b"]
    assert await listed(client, min_salience=0.2, max_salience=0.9) == ["b"]
    assert await listed(client, types=["turn", "fact"], min_salience=0.5) == ["b"]


async def test_properties_select_by_equality_of_kind_and_value(client: AsyncClient) -> None:
    values: dict[str, Any] = {"s": "1", "n": 1, "t": True, "z": None, "f": False, "zero": 0, "e": "", "o": {"x": 1}}
    await client.commit("g", [mutations.create_node(id, properties={"k": value}) for id, value in values.items()])
    await client.create_node("g", "none")
    for id, value in values.items():
        if id != "o":
            assert await listed(client, properties={"k": value}) == [id]
    assert await listed(client, properties={"k": 1.0}) == ["n"]
    assert await listed(client, properties={"k": "one"}) == []
    assert await listed(client, properties={"K": 1}) == []


async def test_several_properties_must_all_be_equal(client: AsyncClient) -> None:
    for city in ("Rome", "Oslo"):
        for year in (1999, 2000):
            await client.create_node("g", f"{city}-{year}", properties={"city": city, "year": year, "all": True})
    assert await listed(client, properties={"city": "Rome", "year": 2000}) == ["Rome-2000"]
    assert await listed(client, properties={"all": True}) == ["Oslo-1999", "Oslo-2000", "Rome-1999", "Rome-2000"]
    assert await listed(client, properties={"all": True, "city": "Oslo"}, types=["node"]) == ["Oslo-1999", "Oslo-2000"]


async def test_the_property_filter_follows_updates_renames_and_deletes(client: AsyncClient) -> None:
    await client.create_node("g", "a", properties={"k": 1})
    await client.update_node("g", "a", properties={"k": 2})
    assert (await listed(client, properties={"k": 1}), await listed(client, properties={"k": 2})) == ([], ["a"])
    await client.rename_node("g", "a", "b")
    assert await listed(client, properties={"k": 2}) == ["b"]
    await client.delete_node("g", "b")
    assert await listed(client, properties={"k": 2}) == []


@pytest.mark.parametrize(
    ("valid_at", "expected"),
    [
        ("1984", ["open", "until"]),
        ("1985", ["about", "decade", "open", "until", "year"]),
        ("1985-06", ["about", "decade", "open", "until", "year"]),
        ("1987", ["decade", "open", "until"]),
        ("1990", ["open", "until"]),
        ("1991", ["from", "open"]),
        ("1992/1993", ["from", "open"]),
    ],
)
async def test_validity_filters_by_what_may_overlap(client: AsyncClient, valid_at: str, expected: list[str]) -> None:
    spans = {
        "year": ("1985", "1985"),
        "about": ("1985~", "1985~"),
        "decade": ("198X", "198X"),
        "until": ("..", "1990"),
        "from": ("1991", ".."),
        "open": ("", ""),
    }
    await client.commit(
        "g", [mutations.create_node(id, valid_from=low, valid_to=high) for id, (low, high) in spans.items()]
    )
    found = await listed(client, valid_at=valid_at)
    assert [id for id in found if id not in ("about", "decade")] == [
        id for id in expected if id not in ("about", "decade")
    ]
    if valid_at.startswith("1985"):
        assert {"about", "decade"} <= set(found)


# --- deletion and renaming -------------------------------------------------------------------------------------------


async def test_deleting_a_node_removes_its_edges_and_no_others(client: AsyncClient) -> None:
    await client.commit("g", [mutations.create_node(id) for id in ("a", "b", "c")])
    await client.commit(
        "g",
        [
            mutations.create_edge("a", "R", "b"),
            mutations.create_edge("c", "R", "a"),
            mutations.create_edge("b", "R", "c", id="stays"),
        ],
    )
    assert (await client.delete_node("g", "a")).deleted_edge_count == 2
    assert [names.id_of(edge.name) async for edge in client.list_edges("g")] == ["stays"]
    made = await client.create_node("g", "a")
    assert made.revision == 4
    assert [edge.name async for edge in client.list_edges("g", filter={"source": "a"})] == []


async def test_a_rename_moves_edges_and_everything_the_node_holds(client: AsyncClient) -> None:
    before = await client.create_node(
        "g", "a", label="L", aliases=["al"], text="peanuts", properties={"k": 1}, valid_from="1985", salience=0.75
    )
    await client.commit("g", [mutations.create_node("b"), mutations.create_node("c")])
    await client.commit(
        "g",
        [
            mutations.create_edge("a", "R", "b"),
            mutations.create_edge("c", "R", "a", properties={"p": "q"}),
            mutations.create_edge("a", "R", "c", id="mine"),
        ],
    )
    derived = {edge.relation + edge.target async for edge in client.list_edges("g")}
    answer = await client.rename_node("g", "a", "z")
    assert answer.moved_edge_count == 3
    after = answer.node
    assert after.name == "graphs/g/nodes/z"
    for field in ("label", "aliases", "text", "properties", "valid_from", "salience", "create_time", "type"):
        assert getattr(after, field) == getattr(before, field), field
    edges = {names.id_of(edge.name): edge async for edge in client.list_edges("g")}
    assert sorted((edge.source, edge.target) for edge in edges.values()) == [("c", "z"), ("z", "b"), ("z", "c")]
    assert (edges["mine"].source, edges["mine"].target) == ("z", "c")
    assert derived
    with pytest.raises(errors.NodeNotFound):
        await client.get_node("g", "a")
    hits = (await client.search("g", "peanuts")).hits
    assert [hit.node.name for hit in hits] == ["graphs/g/nodes/z"]


async def test_after_a_rename_the_same_edge_written_again_is_one_edge(client: AsyncClient) -> None:
    await client.commit("g", [mutations.create_node("a"), mutations.create_node("b")])
    before = await client.create_edge("g", "a", "R", "b")
    await client.rename_node("g", "a", "z")
    moved = await collect(client.list_edges("g"))
    assert len(moved) == 1
    assert moved[0].name != before.name
    assert moved[0].create_time == before.create_time
    with pytest.raises(errors.EdgeExists):
        await client.create_edge("g", "z", "R", "b")
    again = await client.update_edge("g", derived_edge_id("z", "R", "b"), weight=2.0)
    assert (again.name, again.weight) == (moved[0].name, 2.0)
    assert len(await collect(client.list_edges("g"))) == 1


async def test_an_old_id_is_free_again(client: AsyncClient) -> None:
    await client.create_node("g", "a", text="old")
    await client.rename_node("g", "a", "b")
    assert (await client.create_node("g", "a", text="new")).text == "new"
    assert (await client.get_node("g", "b")).text == "old"


async def test_a_rename_to_a_taken_id_is_refused(client: AsyncClient) -> None:
    await client.commit("g", [mutations.create_node("a"), mutations.create_node("b")])
    for target in ("b", "a"):
        with pytest.raises(errors.NodeExists):
            await client.rename_node("g", "a", target)


async def test_a_callers_embedding_is_returned_by_export_only(client: AsyncClient) -> None:
    made = await client.create_node("g", "a", text="T", embedding=("mine", [3.0, 4.0]))
    assert not made.HasField("embedding")
    assert not (await client.get_node("g", "a")).HasField("embedding")
    assert not (await client.get_nodes("g", ["a"])).nodes[0].HasField("embedding")
    assert not [node async for node in client.list_nodes("g") if node.HasField("embedding")]
    assert not (await client.update_node("g", "a", label="L")).HasField("embedding")
    hits = (await client.search("g", mode="semantic", query_embedding=("mine", [1.0, 1.0]))).hits
    assert len(hits) == 1
    assert not hits[0].node.HasField("embedding")
    assert not [item async for item in client.export_items("g") if item.node.HasField("embedding")]
    exported = [item.node.embedding async for item in client.export_items("g", include_embeddings=True)]
    assert [(vector.model, list(vector.values)) for vector in exported] == [("mine", [3.0, 4.0])]
