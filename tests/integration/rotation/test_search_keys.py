"""What is searched by changes its keys with the content: tokens and vectors are made anew, and no search notices."""

import asyncio
from collections.abc import Awaitable, Callable
from math import cos, sin
from typing import Any

import pytest

from loci import AsyncClient, mutations, node, slot
from loci.v1 import keys_pb2 as pb
from loci.v1.memory_service_pb2 import REMEMBER_OUTCOME_DUPLICATE_OF, REMEMBER_OUTCOME_SUPERSEDES
from tests.calls import collect
from tests.integration.rotation.scene import SOON, Scene, scene
from tests.sharing import another_server
from tests.waiting import eventually

TOKENS = """
    SELECT unnest(terms) AS token FROM loci.lexical_tail UNION
    SELECT unnest(mentions) FROM loci.lexical_tail UNION
    SELECT term FROM loci.lexical_segments UNION
    SELECT unnest(property_tokens) FROM loci.nodes UNION
    SELECT unnest(property_tokens) FROM loci.edges UNION
    SELECT token FROM loci.property_index
"""
INSTRUMENTS = ("viola", "cello", "flute", "oboe", "harp")
COUNT = 300


async def furnished(found: Scene) -> None:
    """A graph of which every way to search finds something, a part of it merged into segments."""
    client = found.client
    await client.create_graph("g")
    await client.import_items(
        "g",
        [
            node(
                f"n{number}",
                text=f"Player {number} plays the {INSTRUMENTS[number % 5]} in Ulm, since May {1990 + number % 20}.",
                properties={"desk": number % 7},
                embedding=("m", [cos(number / COUNT), sin(number / COUNT), *[0.0] * 30]),
            )
            for number in range(COUNT)
        ],
    )
    await client.commit(
        "g", [mutations.create_edge(f"n{n}", "SITS_BY", f"n{n + 1}", properties={"row": n % 3}) for n in range(50)]
    )
    await found.database.execute(
        "INSERT INTO loci.jobs (graph_key, kind, subject, tenant_key) SELECT graph_key, 2, 1, tenant_key "
        "FROM loci.graphs WHERE graph_id = 'g'"
    )

    async def merged() -> bool:
        return await found.database.fetchval("SELECT count(*) FROM loci.lexical_tail") == 0

    await eventually(merged)
    await client.create_node("g", "late", text="Nobody but the late one plays a theorbo.", properties={"desk": 3})
    await client.start_session("g", "talk")
    await client.append_turns("g", "talk", [("Ann", "We met in Ulm."), ("Bob", "By the theorbo, it was.")])
    await client.remember("g", "Ann lives in Ulm", slot=slot("lives_in", "Ulm", subject="Ann"))


async def found_by(client: AsyncClient) -> dict[str, Any]:
    """What each way to search tells."""

    def ranked(answer: Any) -> list[tuple[str, float]]:
        return [(hit.node.name, pytest.approx(hit.score, abs=1e-2)) for hit in answer.hits]

    vector = ("m", [cos(-1), sin(-1), *[0.0] * 30])
    return {
        "words": ranked(await client.search("g", "viola theorbo", mode="lexical", limit=20)),
        "a phrase": ranked(await client.search("g", '"plays the oboe"', mode="lexical", limit=100)),
        "meaning": ranked(await client.search("g", mode="semantic", query_embedding=vector, limit=20)),
        "times": ranked(await client.search("g", "who came in May 1993", limit=30)),
        "a filter": ranked(await client.search("g", "harp", filter={"properties": {"desk": 3}}, limit=100)),
        "properties": [each.name async for each in client.list_nodes("g", filter={"properties": {"desk": 3}})],
        "edges": [each.name async for each in client.list_edges("g", filter={"properties": {"row": 1}})],
        "a transcript": [each.text async for each in client.transcript("g", "talk")],
        "a session": [each.name async for each in client.list_nodes("g", filter={"session": "talk"})],
    }


async def tokens(found: Scene) -> set[int]:
    return {row["token"] for row in await found.database.fetch(TOKENS)} - {None}


async def vectors(found: Scene) -> dict[tuple[int, int], str]:
    rows = await found.database.fetch("SELECT doc_no, chunk, embedding::text AS embedding FROM loci.embeddings")
    return {(row["doc_no"], row["chunk"]): row["embedding"] for row in rows}


async def all_the_while(look: Callable[[], Awaitable[None]], over: Awaitable[Any]) -> None:
    """Looks again and again until it is over."""
    ended = asyncio.ensure_future(over)
    looks = 0
    while not ended.done():
        await look()
        looks += 1
    await ended
    assert looks > 5


async def test_every_way_to_search_finds_the_same_before_during_and_after_a_rotation(database_url: str) -> None:
    async with scene(database_url) as found, another_server(found.server, **SOON) as other:
        await furnished(found)
        key = (await found.client.create_api_key(["write"])).secret
        async with other.client(key) as second:
            expected = await found_by(found.client)
            assert all(expected.values())
            for version in (2, 3):
                before, turned = await tokens(found), await vectors(found)
                await found.client.rotate_keys("g")

                async def look() -> None:
                    for client in (found.client, second):
                        assert await found_by(client) == expected

                await all_the_while(look, found.over())
                await look()
                after = await tokens(found)
                assert len(after) == len(before) > 300
                assert not before & after
                assert {token & 1 for token in after} == {version & 1}
                again = await vectors(found)
                assert again.keys() == turned.keys()
                assert not [place for place, vector in again.items() if vector == turned[place]]
                assert await found.database.fetchval("SELECT count(*) FROM loci.lexical_dead") == 0
                versions = await found.database.fetch("SELECT purpose, version FROM loci.graph_keys ORDER BY 1")
                assert [tuple(row) for row in versions] == [(1, version), (2, version), (3, version), (4, 1)]


async def test_what_is_written_while_keys_are_rotated_is_found_and_what_is_removed_is_not(database_url: str) -> None:
    async with scene(database_url) as found:
        await furnished(found)
        client = found.client
        await client.rotate_keys("g")
        number = 0

        async def write() -> None:
            nonlocal number
            if number == COUNT // 2 - 1:
                await asyncio.sleep(0.01)
                return
            number += 1
            new, old = f"w{number}", f"n{number}"
            await client.create_node("g", new, text=f"Written in round{number}.", properties={"round": number})
            await client.update_node("g", f"n{COUNT - number}", properties={"round": number})
            await client.delete_node("g", old, hard=number % 2 == 0)
            hits = (await client.search("g", f"round{number}", mode="lexical")).hits
            assert [hit.node.name.split("/")[-1] for hit in hits] == [new]
            listed = [
                n.name.split("/")[-1] async for n in client.list_nodes("g", filter={"properties": {"round": number}})
            ]
            assert listed == [f"n{COUNT - number}", new]
            assert not (await client.search("g", f'"Player {number} plays"', mode="lexical")).hits

        await all_the_while(write, found.over())
        async for each in client.list_nodes("g", filter={"types": ["node"]}):
            hits = (await client.search("g", each.text, mode="lexical", limit=5)).hits
            assert hits[0].node.name == each.name
        held = await found.database.fetch(
            "SELECT count(*) FILTER (WHERE i IS NULL), count(*) FILTER (WHERE n IS NULL) FROM "
            "(SELECT id, unnest(property_tokens) AS token FROM loci.nodes) n FULL JOIN "
            "(SELECT id, token FROM loci.property_index WHERE kind = 1) i USING (id, token)"
        )
        assert tuple(held[0]) == (0, 0)


async def test_memories_that_say_the_same_are_known_again_while_keys_are_rotated(database_url: str) -> None:
    async with scene(database_url) as found:
        await furnished(found)
        client = found.client
        await client.remember("g", "The theorbo is Bob's")
        await client.rotate_keys("g")
        places = ["Ulm", "Bonn"]

        async def tell() -> None:
            again = await client.remember("g", "The theorbo is Bob's")
            assert again.outcome == REMEMBER_OUTCOME_DUPLICATE_OF
            places.reverse()
            moved = await client.remember(
                "g", f"Ann lives in {places[0]}", slot=slot("lives_in", places[0], subject="Ann")
            )
            assert moved.outcome == REMEMBER_OUTCOME_SUPERSEDES

        await all_the_while(tell, found.over())
        current = [
            each.text
            async for each in client.list_nodes("g", filter={"types": ["fact"], "superseded": False})
            if each.claim.slot
        ]
        assert current == [f"Ann lives in {places[0]}"]


async def test_speakers_and_repeated_calls_are_known_again_after_a_rotation(database_url: str) -> None:
    async with scene(database_url) as found:
        await furnished(found)
        client = found.client
        key = "0a8a3f0e-6a0c-4d52-8bb4-1f2a7c9d5e02"
        first = await client.append_turns("g", "talk", [("Ann", "Once more.")], request_id=key)
        await client.rotate_keys("g")
        await found.over()
        assert await client.append_turns("g", "talk", [("Ann", "Once more.")], request_id=key) == first
        await client.append_turns("g", "talk", [("Ann", "And again."), ("Bob", "Indeed.")])
        speakers = await collect(client.list_nodes("g", filter={"types": ["person"]}))
        assert len(speakers) == 2


async def test_new_tokens_are_written_only_once_every_call_looks_for_them(database_url: str) -> None:
    async with scene(database_url) as found:
        await furnished(found)
        await found.client.rotate_keys("g")

        async def states() -> list[int]:
            return [row["state"] for row in await found.database.fetch("SELECT state FROM loci.key_rotations")]

        async def known() -> bool:
            return await states() == [6]

        await eventually(known, every=0.05)
        number = 0
        while await states() == [6]:
            number += 1
            await found.client.create_node("g", f"w{number}", text=f"written in round{number}")
            if await states() == [6]:
                assert {token & 1 for token in await tokens(found)} == {1}
        assert number
        over = await found.over()
        assert over.state == pb.KEY_ROTATION_STATE_DONE
        assert {token & 1 for token in await tokens(found)} == {0}


async def test_a_damaged_node_keeps_no_rotation_from_its_end_and_is_found_by_nothing_any_more(
    database_url: str,
) -> None:
    async with scene(database_url) as found:
        await furnished(found)
        await found.database.execute(
            "UPDATE loci.nodes SET content = set_byte(content, 40, get_byte(content, 40) # 1) WHERE id = 'late'"
        )
        await found.client.rotate_keys("g")
        over = await found.over()
        assert over.unreadable_count == 1
        assert {token & 1 for token in await tokens(found)} == {0}
        hits = (await found.client.search("g", "theorbo", mode="lexical")).hits
        assert "graphs/g/nodes/late" not in [hit.node.name for hit in hits]
