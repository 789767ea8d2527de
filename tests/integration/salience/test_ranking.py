"""How much memories matter moves them among their like: by boosts, importance and age, stored for filters."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from loci import AsyncClient, errors, node
from loci.v1.salience_pb2 import RECALCULATION_STATE_UNSPECIFIED
from loci.v1.search_service_pb2 import SEARCH_BOOST_SALIENCE, SearchHit
from tests.calls import collect
from tests.integration.salience.asking import LONG_AGO, listed, recalculated, salience
from tests.server import new_tenant, running_server
from tests.waiting import eventually


async def order(client: AsyncClient, graph: str, **more: Any) -> list[tuple[str, float]]:
    answer = await client.recall(graph, "kettle", unrecorded=True, query_time=datetime.now(UTC), **more)
    return [(hit.node.name.rpartition("/")[2], hit.score) for hit in answer.memories]


def factor(hit: SearchHit) -> float:
    return next((boost.factor for boost in hit.boosts if boost.boost == SEARCH_BOOST_SALIENCE), 1.0)


async def test_boosts_move_a_memory_among_its_like_and_are_taken_back(client: AsyncClient, graph: str) -> None:
    before = [id for id, _ in await order(client, graph)]
    await client.boost_memory(graph, before[-1], 1.0)
    await client.boost_memory(graph, before[0], -1.0)
    assert [id for id, _ in await order(client, graph)] == [before[2], before[1], before[0]]
    hits = (await client.search(graph, "kettle", explain=True)).hits
    assert [factor(hit) for hit in hits] == [1.125, 1.0, 0.875]
    assert [(hit.salience.value, hit.salience.boost) for hit in hits] == [(1.0, 0.5), (0.5, 0.0), (0.0, -0.5)]
    assert hits[0].salience.half_life_days == 365
    for id in before:
        await client.boost_memory(graph, id, 0.0)
    assert [id for id, _ in await order(client, graph)] == before


async def test_age_alone_changes_no_salience_and_importance_fades_with_it(client: AsyncClient) -> None:
    await client.create_graph("g")
    moments = {"old": LONG_AGO, "new": datetime.now(UTC)}
    for id, moment in moments.items():
        await client.create_node("g", id, type="turn", text="kettle", event_time=moment)
        await client.create_node("g", f"{id}-important", type="turn", text="kettle", event_time=moment, salience=1.0)
        await client.create_node("g", f"{id}-trifle", type="turn", text="kettle", event_time=moment, salience=0.2)
    found = {hit.node.name.rpartition("/")[2]: hit for hit in (await client.search("g", "kettle", explain=True)).hits}
    assert factor(found["old"]) == factor(found["new"]) == 1.0
    assert factor(found["new-important"]) == pytest.approx(1.125, abs=1e-3)
    days = (datetime.now(UTC) - LONG_AGO) / timedelta(days=1)
    assert factor(found["old-important"]) == pytest.approx(1 + 0.25 * 0.5 / (1 + days / 30), abs=1e-6)
    assert factor(found["old-trifle"]) == factor(found["new-trifle"]) == pytest.approx(1 - 0.25 * 0.3)
    then = await client.search("g", "kettle", explain=True, query_time=LONG_AGO + timedelta(days=30))
    (important,) = [hit for hit in then.hits if hit.node.name.endswith("old-important")]
    assert factor(important) == pytest.approx(1 + 0.25 * 0.25)


async def test_an_earlier_state_is_ranked_without_what_is_known_of_now(client: AsyncClient, graph: str) -> None:
    revision = (await client.get_graph(graph)).revision
    await client.boost_memory(graph, "b", 1.0)
    await client.update_node(graph, "c", label="changed")
    hits = (await client.search(graph, "kettle", explain=True, as_of=revision)).hits
    assert len(hits) == 3
    assert [factor(hit) for hit in hits] == [1.0] * 3


async def test_a_boost_replaces_the_one_before_and_a_repeat_gets_the_first_answer(
    client: AsyncClient, graph: str
) -> None:
    first = await client.boost_memory(graph, "a", 0.5, request_id="one")
    assert (first.value, first.boost) == (0.75, 0.25)
    assert (await client.boost_memory(graph, "a", -1.0)).value == 0.0
    assert await client.boost_memory(graph, "a", 0.5, request_id="one") == first
    assert (await salience(client, graph, "a")).value == 0.0, "the repeat did nothing"
    with pytest.raises(errors.RequestIdReused):
        await client.boost_memory(graph, "a", 0.4, request_id="one")
    await client.delete_node(graph, "a")
    assert await client.boost_memory(graph, "a", 0.5, request_id="one") == first
    for request_id in ("two", ""):
        with pytest.raises(errors.NodeNotFound):
            await client.boost_memory(graph, "a", 0.5, request_id=request_id)


async def test_salience_is_told_of_many_nodes_and_of_those_that_are_missing(client: AsyncClient, graph: str) -> None:
    found = await client.batch_get_salience(graph, ["b", "none", "a", "b"])
    assert [one.node_name.rpartition("/")[2] for one in found.saliences] == ["b", "a", "b"]
    assert list(found.missing) == ["graphs/g/nodes/none"]


async def test_what_is_stored_can_be_filtered_by_and_a_second_run_changes_nothing(client: AsyncClient) -> None:
    await client.create_graph("g")
    await client.import_items(
        "g",
        [
            *(node(f"n{number}", type="turn", text="kettle", event_time=LONG_AGO) for number in range(2500)),
            node("faded", type="turn", text="kettle", event_time=LONG_AGO, salience=0.9),
            node("kept", type="turn", text="kettle", event_time=LONG_AGO, salience=0.9),
            node("low", type="turn", text="kettle", salience=0.123456789),
        ],
    )
    assert (await client.get_recalculation("g")).state == RECALCULATION_STATE_UNSPECIFIED
    await client.boost_memory("g", "kept", 0.75)
    assert await listed(client, "g", min_current_salience=0.6) == ["faded", "kept"]
    moment = LONG_AGO + timedelta(days=90)
    done = await recalculated(client, "g", moment)
    assert (done.node_count, done.seen_count, done.changed_count) == (2503, 2503, 2)
    assert done.time.ToDatetime(UTC) == moment
    # 0.5 + 0.4 / (1 + 90 / 30) = 0.6, and 0.375 more
    assert await listed(client, "g", min_current_salience=0.61) == ["kept"]
    assert await listed(client, "g", min_current_salience=0.6, max_current_salience=0.6) == ["faded"]
    assert await listed(client, "g", min_current_salience=0.975) == ["kept"]
    assert await listed(client, "g", max_current_salience=0.2) == ["low"]
    assert await listed(client, "g", min_salience=0.9) == ["faded", "kept"], "that is the importance as it was given"
    found: Any = {"min_current_salience": 0.61}
    for answer in (
        (await client.recall("g", "kettle", filter=found, unrecorded=True)).memories,
        (await client.search("g", "kettle", filter=found)).hits,
    ):
        assert [hit.node.name for hit in answer] == ["graphs/g/nodes/kept"]
    again = await recalculated(client, "g", moment)
    assert (again.seen_count, again.changed_count) == (2503, 0)
    await client.update_node("g", "faded", salience=0.95)
    assert await listed(client, "g", min_current_salience=0.61) == ["faded", "kept"], "it has not seen that importance"
    later = await recalculated(client, "g")
    assert later.changed_count == 2
    assert await listed(client, "g", min_current_salience=0.61) == ["kept"]


async def test_a_recalculation_goes_on_where_a_killed_server_left_it(database_url: str) -> None:
    async with running_server(database_url) as server, new_tenant(server) as client:
        await client.create_graph("g")
        many = [node(f"n{number:05}", salience=0.9, event_time=LONG_AGO) for number in range(5000)]
        await client.import_items("g", many)
        await client.recalculate("g", time=LONG_AGO + timedelta(days=90))

        async def is_under_way() -> bool:
            return (await client.get_recalculation("g")).seen_count > 0

        await eventually(is_under_way, every=0.01)
        await server.kill()
        connection = await asyncpg.connect(database_url)
        await connection.execute("UPDATE loci.jobs SET run_after = now() WHERE kind = 20")  # the lease of the dead
        await connection.close()
        await server.start()
        await client.wait_ready()
        done = await recalculated(client, "g")
        assert (done.seen_count, done.changed_count) == (5000, 5000)
        assert await listed(client, "g", max_current_salience=0.69) == []
        assert len(await listed(client, "g", min_current_salience=0.7, max_current_salience=0.7)) == 5000


async def test_no_earlier_state_is_filtered_by_what_is_stored_now(client: AsyncClient, graph: str) -> None:
    revision = (await client.get_graph(graph)).revision
    for call in (
        collect(client.list_nodes(graph, filter={"min_current_salience": 0.5}, as_of=revision)),
        client.search(graph, "kettle", filter={"max_current_salience": 0.5}, as_of=revision),
        client.recall(graph, "kettle", filter={"min_current_salience": 0.5}, as_of=revision),
    ):
        with pytest.raises(errors.InvalidField, match="current_salience"):
            await call
