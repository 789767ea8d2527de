"""A commit is all of its mutations in order, under one revision, or nothing."""

import asyncio
import random

import asyncpg
import pytest

from loci import AsyncClient, LociError, errors, names, preconditions, properties
from loci.mutations import (
    create_edge,
    create_node,
    delete_edge,
    delete_node,
    rename_node,
    update_edge,
    update_node,
)
from loci.v1.commit_service_pb2 import Mutation
from loci_server.domain.ids import derived_edge_id
from tests.calls import collect
from tests.server import RunningServer


@pytest.fixture(autouse=True)
async def graph(client: AsyncClient) -> str:
    await client.create_graph("g")
    return "g"


async def node_ids(client: AsyncClient) -> list[str]:
    return [names.id_of(node.name) async for node in client.list_nodes("g")]


async def ends(client: AsyncClient) -> set[tuple[str, str, str]]:
    return {(edge.source, edge.relation, edge.target) async for edge in client.list_edges("g")}


async def test_mixed_mutations_are_one_commit_answered_in_order(client: AsyncClient) -> None:
    await client.create_node("g", "old")
    answer = await client.commit(
        "g",
        [
            create_node("a", text="A"),
            create_node("b"),
            create_edge("a", "R", "b", weight=2.0),
            create_edge("a", "R", "old"),
            update_node("a", label="L"),
            delete_node("old"),
            rename_node("b", "c"),
        ],
    )
    assert answer.revision == 2
    kinds = [result.WhichOneof("result") for result in answer.results]
    assert kinds == ["node", "deleted", "edge", "edge", "node", "deleted", "node"] or kinds[4:] == [
        "node",
        "deleted",
        "node",
    ]
    assert answer.results[4].node.text == "A"
    assert (answer.results[5].deleted, answer.results[5].affected_edge_count) == ("graphs/g/nodes/old", 1)
    assert (answer.results[6].node.name, answer.results[6].affected_edge_count) == ("graphs/g/nodes/c", 1)
    assert await node_ids(client) == ["a", "c"]
    assert await ends(client) == {("a", "R", "c")}
    assert {node.revision async for node in client.list_nodes("g")} == {2}


async def test_one_bad_mutation_of_fifty_leaves_nothing_behind(client: AsyncClient) -> None:
    bad: list[Mutation] = [
        create_node("n7"),
        update_node("missing", text="x"),
        delete_edge("missing"),
        create_edge("n1", "R", "missing"),
        create_node("x" * 300),
        update_node("n1", etag="0", text="x"),
    ]
    for mutation in bad:
        for place in (0, 25, 49):
            mutations = [create_node(f"n{number}", text="peanuts") for number in range(49)]
            mutations.insert(place, mutation)
            if mutation.WhichOneof("mutation") == "create_node" and place == 0 and "n7" in str(mutation):
                continue
            with pytest.raises(LociError):
                await client.commit("g", mutations)
    assert await node_ids(client) == []
    assert (await client.get_graph("g")).revision == 0
    assert (await client.get_graph_stats("g")).document_count == 0
    assert not (await client.search("g", "peanuts")).hits


async def test_the_bad_mutation_is_named_by_its_place(client: AsyncClient) -> None:
    with pytest.raises(errors.InvalidField) as caught:
        await client.commit("g", [create_node("a"), create_node("b", salience=2.0)])
    assert [violation.field for violation in caught.value.violations] == ["mutations[1].node.salience"]


async def test_preconditions_hold_or_nothing_is_written(client: AsyncClient) -> None:
    node = await client.create_node("g", "a")
    await client.create_node("g", "b")
    edge = await client.create_edge("g", "a", "R", "b", id="e")
    good = [
        preconditions.node_exists("a"),
        preconditions.node_absent("x"),
        preconditions.edge_exists("e"),
        preconditions.edge_absent("x"),
        preconditions.node_etag("a", node.etag),
        preconditions.edge_etag("e", edge.etag),
        preconditions.graph_revision(3),
    ]
    elsewhere = "the graph is not at the revision that they name"
    bad = [
        (preconditions.node_exists("x"), "graphs/g/nodes/x", "it is not there"),
        (preconditions.node_absent("a"), "graphs/g/nodes/a", "it is there"),
        (preconditions.edge_exists("x"), "graphs/g/edges/x", "it is not there"),
        (preconditions.edge_absent("e"), "graphs/g/edges/e", "it is there"),
        (preconditions.node_etag("a", "ff"), "graphs/g/nodes/a", "has another etag"),
        (preconditions.node_etag("x", node.etag), "graphs/g/nodes/x", "it is not there"),
        (preconditions.edge_etag("e", "ff"), "graphs/g/edges/e", "has another etag"),
        (preconditions.graph_revision(2), None, elsewhere),
        (preconditions.graph_revision(4), None, elsewhere),
    ]
    for condition, resource, why in bad:
        with pytest.raises(errors.PreconditionFailed, match=why) as refused:
            await client.commit("g", [create_node("new")], preconditions=[*good[:6], condition])
        assert refused.value.resource == resource
        assert refused.value.violations[-1].field == ("preconditions[6]" if resource else "preconditions")
    assert (await client.get_graph("g")).revision == 3
    assert (await client.commit("g", [create_node("new")], preconditions=good)).revision == 4


async def test_preconditions_look_at_the_state_before_the_first_mutation(client: AsyncClient) -> None:
    await client.commit("g", [create_node("a")], preconditions=[preconditions.node_absent("a")])
    await client.commit("g", [delete_node("a")], preconditions=[preconditions.node_exists("a")])


async def test_of_many_commits_on_one_revision_one_wins(client: AsyncClient) -> None:
    condition = [preconditions.graph_revision(0)]

    async def attempt(number: int) -> bool:
        try:
            await client.commit("g", [create_node(f"n{number}")], preconditions=condition)
        except errors.PreconditionFailed:
            return False
        return True

    assert sum(await asyncio.gather(*[attempt(number) for number in range(10)])) == 1
    assert len(await node_ids(client)) == 1


async def test_later_mutations_see_earlier_ones(client: AsyncClient) -> None:
    answer = await client.commit(
        "g",
        [
            create_node("a", properties={"n": 1}),
            create_node("b"),
            create_edge("a", "R", "b"),
            update_node("a", properties={"m": 2}),
            update_edge(source="a", relation="R", target="b", weight=4.0),
            delete_edge(derived_edge_id("a", "R", "b")),
            create_edge("a", "R", "b", weight=5.0),
            delete_node("b"),
        ],
    )
    assert answer.revision == 1
    assert await node_ids(client) == ["a"]
    assert await ends(client) == set()
    assert properties(await client.get_node("g", "a")) == {"n": 1, "m": 2}


async def test_what_comes_to_nothing_is_no_revision(client: AsyncClient) -> None:
    answer = await client.commit("g", [create_node("a"), delete_node("a"), delete_node("b", allow_missing=True)])
    assert answer.revision == 0
    assert [result.WhichOneof("result") for result in answer.results] == ["deleted"] * 3
    assert (await client.get_graph("g")).revision == 0


async def test_a_node_is_made_again_after_its_deletion(client: AsyncClient) -> None:
    first = await client.create_node("g", "a", text="old", properties={"k": 1})
    await client.create_node("g", "b")
    await client.create_edge("g", "a", "R", "b")
    await client.commit("g", [delete_node("a"), create_node("a", label="new")])
    again = await client.get_node("g", "a")
    assert (again.text, again.label, properties(again), again.revision) == ("", "new", {}, 4)
    assert again.create_time != first.create_time
    assert await ends(client) == set()
    assert not (await client.search("g", "old")).hits


async def test_names_are_swapped_by_way_of_a_third(client: AsyncClient) -> None:
    await client.commit("g", [create_node("A", text="first"), create_node("B", text="second"), create_node("C")])
    await client.commit("g", [create_edge("A", "R", "B"), create_edge("B", "R", "A"), create_edge("A", "S", "C")])
    answer = await client.commit("g", [rename_node("A", "T"), rename_node("B", "A"), rename_node("T", "B")])
    assert answer.revision == 3
    assert (await client.get_node("g", "A")).text == "second"
    assert (await client.get_node("g", "B")).text == "first"
    assert await ends(client) == {("A", "R", "B"), ("B", "R", "A"), ("B", "S", "C")}
    for edge in await collect(client.list_edges("g")):
        assert names.id_of(edge.name) == derived_edge_id(edge.source, edge.relation, edge.target)


async def test_a_chain_of_renames_is_one_move(client: AsyncClient) -> None:
    await client.commit("g", [create_node("a", text="T"), create_node("x"), create_edge("a", "R", "x")])
    await client.commit("g", [rename_node("a", "b"), rename_node("b", "c"), rename_node("c", "d")])
    assert await node_ids(client) == ["d", "x"]
    assert await ends(client) == {("d", "R", "x")}
    await client.commit("g", [rename_node("d", "e"), rename_node("e", "d")])
    assert (await client.get_node("g", "d")).text == "T"
    assert await ends(client) == {("d", "R", "x")}


async def test_a_name_is_taken_over_within_one_commit(client: AsyncClient) -> None:
    await client.commit("g", [create_node("a", text="A"), create_node("b", text="B"), create_node("c")])
    await client.commit("g", [create_edge("a", "R", "c"), create_edge("b", "R", "c")])
    await client.commit("g", [delete_node("b"), rename_node("a", "b")])
    assert await node_ids(client) == ["b", "c"]
    assert (await client.get_node("g", "b")).text == "A"
    assert await ends(client) == {("b", "R", "c")}
    await client.commit("g", [rename_node("b", "z"), create_node("b", text="new"), create_edge("b", "R", "z")])
    assert (await client.get_node("g", "z")).text == "A"
    assert await ends(client) == {("z", "R", "c"), ("b", "R", "z")}
    stats = await client.get_graph_stats("g")
    assert (stats.node_count, stats.edge_count, stats.document_count) == (3, 2, 2)


async def test_a_rename_onto_an_edge_id_that_is_taken_is_refused(client: AsyncClient) -> None:
    await client.commit("g", [create_node("a"), create_node("b"), create_node("c")])
    taken = derived_edge_id("z", "R", "b")
    await client.commit("g", [create_edge("a", "R", "b"), create_edge("b", "R", "c", id=taken)])
    with pytest.raises(errors.EdgeExists):
        await client.rename_node("g", "a", "z")


# --- concurrency -----------------------------------------------------------------------------------------------------


async def revisions(server: RunningServer, client: AsyncClient) -> list[int]:
    """Those in the log, with repeats left out, of the one graph `g` whose tenant the client has."""
    key = (await collect(client.list_api_keys()))[0].name.split("/")[1]
    connection = await asyncpg.connect(server.database_url)
    try:
        rows = await connection.fetch(
            "SELECT DISTINCT c.revision FROM loci.changes c JOIN loci.graphs g USING (graph_key) "
            "JOIN loci.tenants t ON t.tenant_key = g.tenant_key "
            "WHERE t.tenant_id = $1 AND g.graph_id = 'g' ORDER BY 1",
            key,
        )
    finally:
        await connection.close()
    return [row["revision"] for row in rows]


async def test_revisions_are_dense_under_eight_writers_and_each_is_in_the_log(
    server: RunningServer, client: AsyncClient
) -> None:
    chance = random.Random(7)
    seen: list[int] = []

    async def write(writer: int) -> None:
        for _ in range(25):
            a, b = chance.sample(range(6), 2)
            choice: list[list[Mutation]] = [
                [update_node(f"n{a}", label=f"by {writer}", allow_missing=True)],
                [update_node(f"n{a}", allow_missing=True), delete_node(f"n{a}")],
                [rename_node(f"n{a}", f"n{b}")],
                [create_edge(f"n{a}", "R", f"n{b}")],
                [delete_node(f"n{a}", allow_missing=True)],
            ]
            try:
                answer = await client.commit("g", chance.choice(choice))
            except (errors.NotFound, errors.AlreadyExists, errors.EndpointMissing):
                continue
            if answer.revision:
                seen.append(answer.revision)

    await asyncio.gather(*[write(number) for number in range(8)])
    last = (await client.get_graph("g")).revision
    assert sorted(seen) == list(range(1, last + 1))
    assert await revisions(server, client) == list(range(1, last + 1))
    there = set(await node_ids(client))
    assert all(source in there and target in there for source, _, target in await ends(client))
    stats = await client.get_graph_stats("g")
    assert (stats.node_count, stats.edge_count) == (len(there), len(await collect(client.list_edges("g"))))


async def test_concurrent_updates_of_one_node_lose_nothing(client: AsyncClient) -> None:
    await client.create_node("g", "counter", properties={"n": 0})

    async def increment() -> None:
        for _ in range(10):
            while True:
                node = await client.get_node("g", "counter")
                try:
                    await client.update_node(
                        "g", "counter", etag=node.etag, properties={"n": properties(node)["n"] + 1}
                    )
                except errors.EtagMismatch:
                    continue
                break

    await asyncio.gather(*[increment() for _ in range(8)])
    assert properties(await client.get_node("g", "counter")) == {"n": 80}


async def test_concurrent_updates_of_different_fields_are_all_kept(client: AsyncClient) -> None:
    await client.create_node("g", "a")
    await asyncio.gather(*[client.update_node("g", "a", properties={f"k{n}": n}) for n in range(30)])
    assert properties(await client.get_node("g", "a")) == {f"k{n}": n for n in range(30)}


async def test_no_edge_is_left_dangling_when_its_end_goes_meanwhile(client: AsyncClient) -> None:
    for round in range(15):
        await client.commit("g", [create_node(f"a{round}"), create_node(f"b{round}")])
        remove = (
            client.delete_node("g", f"b{round}") if round % 2 else client.rename_node("g", f"b{round}", f"c{round}")
        )
        await asyncio.gather(
            client.create_edge("g", f"a{round}", "R", f"b{round}"),
            remove,
            client.create_edge("g", f"b{round}", "S", f"a{round}"),
            return_exceptions=True,
        )
    there = set(await node_ids(client))
    assert all(source in there and target in there for source, _, target in await ends(client))
    assert (await client.get_graph_stats("g")).edge_count == len(await collect(client.list_edges("g")))
