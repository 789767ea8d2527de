"""A new data key takes the place of the one before in all that is stored, and nobody notices but by looking."""

from typing import Any

import asyncpg

from loci import AsyncClient, node
from loci.v1 import keys_pb2 as pb
from loci_server.jobs.rederiving import LAST
from loci_server.store.key_rotations import State
from tests.integration.rotation.scene import PLACES, SOON, Scene, furnish, scene, stopped
from tests.sharing import another_server
from tests.waiting import eventually


async def told_of(client: AsyncClient, graph: str = "g") -> tuple[Any, ...]:
    """All that a graph tells of what furnish put there."""
    a = await client.get_node(graph, "a")
    revisions = [
        (each.revision, each.note, each.change.node.text) async for each in client.list_node_revisions(graph, "a")
    ]
    gone = [(each.revision, each.note) async for each in client.list_node_revisions(graph, "gone")]
    return (
        (a.text, a.revision, a.etag),
        (await client.get_node(graph, "a", as_of=1)).text,
        revisions,
        gone,
        [(edge.source, edge.target) async for edge in client.list_edges(graph)],
        (await client.get_graph(graph)).display_name,
        (await client.get_graph(graph)).search_fields.label_weight,
        [query.query async for query in client.list_queries(graph)],
        [each.comment async for each in client.list_feedback(graph)],
        [hit.node.name for hit in (await client.search(graph, "viola")).hits],
    )


async def furnished(found: Scene) -> None:
    await furnish(found.client)

    async def is_there() -> bool:
        return set(await found.versions()) == PLACES

    await eventually(is_there)


async def test_after_a_rotation_nothing_is_left_under_the_key_before_and_all_is_told_as_before(
    database_url: str,
) -> None:
    async with scene(database_url) as found:
        await furnished(found)
        key = "0a8a3f0e-6a0c-4d52-8bb4-1f2a7c9d5e01"
        first = await found.client.create_node("g", "once", text="only once", request_id=key)
        before = await told_of(found.client)
        begun = await found.client.rotate_keys("g")
        assert (begun.name, begun.state == pb.KEY_ROTATION_STATE_DONE) == ("graphs/g", False)
        over = await found.over()
        assert (over.version, over.unreadable_count, over.failure_reason) == (2, 0, "")
        assert over.done_count == over.total_count > 0
        versions = await found.versions()
        assert set(versions) == PLACES
        assert {place: set(counted) for place, counted in versions.items()} == {place: {2} for place in PLACES}
        assert await found.keys() == {2}
        after = await told_of(found.client)
        assert [*after[:7], *after[8:]] == [*before[:7], *before[8:]]  # the history of queries has grown
        assert after[7][-len(before[7]) :] == before[7]
        again = await found.client.create_node("g", "once", text="only once", request_id=key)
        assert again == first
        await found.server.stop()
        await found.server.start()
        assert (await told_of(found.client))[:7] == before[:7]


async def test_a_rotation_changes_no_revision_and_is_no_change_for_watchers(database_url: str) -> None:
    async with scene(database_url) as found:
        await furnished(found)
        before = await found.client.get_graph("g")
        await found.client.rotate_keys("g")
        await found.over()
        after = await found.client.get_graph("g")
        assert (after.revision, after.etag, after.update_time) == (before.revision, before.etag, before.update_time)


async def test_a_rotation_goes_on_where_a_killed_server_left_it(database_url: str) -> None:
    async with scene(database_url) as found:
        await found.client.create_graph("g")
        texts = {f"n{number}": f"text of {number}" for number in range(3000)}
        await found.client.import_items("g", [node(id, text=text) for id, text in texts.items()])
        await found.client.rotate_keys("g")

        async def under_way() -> bool:
            row = await found.database.fetchrow("SELECT state, stage FROM loci.key_rotations")
            return (row["state"], row["stage"] > 1) == (2, True)

        await eventually(under_way, every=0.01)
        await found.server.kill()
        await found.server.start()
        await found.database.execute("UPDATE loci.key_rotations SET run_after = now()")  # the lease of the dead one
        await found.over()
        assert {each.name.split("/")[-1]: each.text async for each in found.client.list_nodes("g")} == texts
        assert set((await found.versions())["nodes"]) == set((await found.versions())["images"]) == {2}


async def test_an_envelope_that_was_damaged_stays_unreadable_and_keeps_no_rotation_from_its_end(
    database_url: str,
) -> None:
    async with scene(database_url) as found:
        await furnished(found)
        await found.database.execute(
            "UPDATE loci.nodes SET content = set_byte(content, 40, get_byte(content, 40) # 1) WHERE id = 'b'"
        )
        await found.client.rotate_keys("g")
        over = await found.over()
        assert (over.unreadable_count, await found.keys()) == (1, {2})
        assert (await found.versions())["nodes"] == {1: 1, 2: 1}
        assert (await found.client.get_node("g", "a")).text == "plays the viola"


async def test_a_new_key_seals_only_once_every_server_knows_it(database_url: str) -> None:
    async with scene(database_url) as found, another_server(found.server, **SOON) as other:
        await furnished(found)
        key = (await found.client.create_api_key(["write"])).secret
        async with other.client(key) as second:
            await second.get_node("g", "a")
            with stopped(other):
                begun = await found.client.rotate_keys("g")
                assert begun.state == pb.KEY_ROTATION_STATE_ANNOUNCING
                await found.client.create_node("g", "meanwhile", text="sealed by the one before")
                assert set((await found.versions())["nodes"]) == {1}
                assert (await found.client.get_key_rotation("g")).state == pb.KEY_ROTATION_STATE_ANNOUNCING
            await found.over()
            assert (await second.get_node("g", "a")).text == "plays the viola"
            await second.create_node("g", "last", text="by the second")
            assert await found.keys() == set((await found.versions())["nodes"]) == {2}


async def test_who_seals_by_the_key_before_is_waited_for_from_when_every_server_knows_of_the_new_one(
    database_url: str,
) -> None:
    async with (
        scene(database_url) as found,
        another_server(found.server, LOCI_BACKGROUND_JOBS="false", **SOON) as other,
    ):
        await furnished(found)

        async def rotation() -> asyncpg.Record:
            row = await found.database.fetchrow("SELECT state, stage, run_after FROM loci.key_rotations")
            assert row is not None
            return row

        async def known() -> bool:
            return (await rotation())["state"] == State.KNOWN

        async def all_gone_through() -> bool:
            return (await rotation())["stage"] > LAST

        turns = set()

        async def more_turns() -> bool:
            now = await rotation()
            assert now["state"] == State.RESEALING
            turns.add(now["run_after"])
            return len(turns) > 3

        await found.client.rotate_keys("g")
        await eventually(known, every=0.02)
        with stopped(other):
            await eventually(all_gone_through, every=0.02)
            await eventually(more_turns, every=0.02)
        await found.over()
        assert set((await found.versions())["nodes"]) == {2}


async def test_asked_again_while_it_is_under_way_a_rotation_is_one(database_url: str) -> None:
    async with scene(database_url) as found, another_server(found.server, **SOON) as other:
        await furnished(found)
        with stopped(other):
            await found.client.rotate_keys("g")
            await found.client.rotate_keys("g")
        await found.over()
        assert await found.keys() == {2}
        assert [each async for each in found.client.list_key_rotations()] == []
        await found.client.rotate_keys("g")
        assert [each.name async for each in found.client.list_key_rotations()] == ["graphs/g"]
        assert (await found.over()).version == 3
        assert await found.keys() == {3}


async def test_a_key_that_has_sealed_enough_is_rotated_by_itself(database_url: str) -> None:
    async with scene(database_url, LOCI_DATA_KEY_ENCRYPTIONS="1000") as found:
        await found.client.create_graph("g")
        await found.client.import_items("g", [node(f"n{number}", text="text") for number in range(600)])
        await found.client.create_graph("little")

        async def counted() -> bool:
            return (await found.client.get_key_rotation("g")).encryption_count >= 1200

        await eventually(counted)
        await found.server.stop()
        await found.server.start()  # it looks when it starts, and then every ten minutes

        async def rotated() -> bool:
            return await versions_of(found.database) == {"g": {2}, "little": {1}}

        await eventually(rotated)


async def test_a_key_that_is_old_enough_is_rotated_by_itself(database_url: str) -> None:
    async with scene(database_url, LOCI_DATA_KEY_DAYS="30") as found:
        for graph in ("g", "young"):
            await found.client.create_graph(graph)
        await found.database.execute(
            "UPDATE loci.graph_keys k SET create_time = now() - interval '31 days' FROM loci.graphs g "
            "WHERE g.graph_key = k.graph_key AND g.graph_id = 'g'"
        )
        await found.server.stop()
        await found.server.start()

        async def rotated() -> bool:
            return await versions_of(found.database) == {"g": {2}, "young": {1}}

        await eventually(rotated)


async def versions_of(database: asyncpg.Connection) -> dict[str, set[int]]:
    rows = await database.fetch(
        "SELECT g.graph_id, array_agg(k.version) AS versions FROM loci.graphs g "
        "JOIN loci.graph_keys k USING (graph_key) WHERE k.purpose = 1 GROUP BY 1"
    )
    return {row["graph_id"]: set(row["versions"]) for row in rows}
