"""Sessions keep what was said, in its order, whoever writes at once."""

import asyncio
import itertools
import random
import time
from datetime import UTC, datetime, timedelta

import pytest

from loci import AsyncClient, edge, errors, node, turn
from tests.calls import collect
from tests.postgres import DatabaseFactory
from tests.server import new_tenant, running_server

WHEN = datetime(2031, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
async def graph(client: AsyncClient) -> None:
    await client.create_graph("g")


async def said(client: AsyncClient, session: str = "s", **given: int) -> list[str]:
    return [found.text async for found in client.transcript("g", session, **given)]


async def test_a_session_has_what_it_was_given(client: AsyncClient) -> None:
    made = await client.start_session("g", "s", title="On tea", metadata={"channel": "mail"}, start_time=WHEN)
    assert made.name == "graphs/g/nodes/session:s"
    assert (made.session_id, made.title, dict(made.metadata), made.turn_count) == (
        "s",
        "On tea",
        {"channel": "mail"},
        0,
    )
    assert made.start_time.ToDatetime(tzinfo=UTC) == WHEN
    assert not made.HasField("last_time")
    with pytest.raises(errors.NodeExists):
        await client.start_session("g", "s")
    other = await client.start_session("g")
    assert [one.session_id async for one in client.list_sessions("g", page_size=1)] == sorted(["s", other.session_id])


async def test_turns_are_kept_in_their_order_with_their_edges(client: AsyncClient) -> None:
    await client.start_session("g", "s")
    first = await client.append_turns("g", "s", [("Ann", "Hello"), ("Bob", "Hi"), "(a door closes)"])
    assert [(one.type, one.label, one.text) for one in first.nodes] == [
        ("turn", "Ann", "Hello"),
        ("turn", "Bob", "Hi"),
        ("turn", "", "(a door closes)"),
    ]
    assert first.session.turn_count == 3
    late = await client.append_turns("g", "s", [turn("Bye", "Ann", event_time=WHEN, metadata={"mood": "glad"})])
    assert (late.session.turn_count, late.session.last_time.ToDatetime(tzinfo=UTC)) == (4, WHEN)
    assert dict(late.nodes[0].properties) == {"session": "s", "speaker": "Ann", "mood": "glad"}
    assert await said(client) == ["Hello", "Hi", "(a door closes)", "Bye"]  # as they came, whatever their times
    assert await said(client, page_size=3) == await said(client, page_size=1) == await said(client)
    relations = sorted(one.relation for one in await collect(client.list_edges("g")))
    assert relations == ["IN_SESSION"] * 4 + ["NEXT"] * 3 + ["SPEAKER"] * 3
    people = [one.label async for one in client.list_nodes("g", filter={"types": ["person"]})]
    assert sorted(people) == ["Ann", "Bob"]
    found = await client.recall("g", "door", filter={"session": "s"})
    assert found.memories[0].node.text == "(a door closes)"


async def test_those_who_append_at_once_wait_for_each_other(client: AsyncClient) -> None:
    await client.start_session("g", "s")
    await asyncio.gather(*(client.append_turns("g", "s", [f"{number} a", f"{number} b"]) for number in range(6)))
    order = await said(client)
    assert sorted(order) == sorted(f"{number} {part}" for number in range(6) for part in "ab")
    assert [order[place + 1] for place in range(0, 12, 2)] == [text[0] + " b" for text in order[::2]]
    assert [one.turn_count async for one in client.list_sessions("g")] == [12]


async def test_a_repeated_call_appends_nothing_more(client: AsyncClient) -> None:
    await client.start_session("g", "s", request_id="begin")
    assert (await client.start_session("g", "s", request_id="begin")).session_id == "s"
    first = await client.append_turns("g", "s", ["Hello"], request_id="r")
    assert await client.append_turns("g", "s", ["Hello"], request_id="r") == first
    assert await said(client) == ["Hello"]


async def test_a_transcript_goes_on_behind_what_was_forgotten(client: AsyncClient) -> None:
    await client.start_session("g", "s")
    made = await client.append_turns("g", "s", ["one", "two", "three", "four"])
    await client.forget("g", [made.nodes[1].name, made.nodes[3].name])
    assert await said(client) == ["one", "three"]
    await client.append_turns("g", "s", ["five"])
    assert await said(client) == ["one", "three", "five"]


async def test_imported_conversations_are_sessions_too(client: AsyncClient) -> None:
    items = [node("session:d", type="session", properties={"session": "d"})]
    ids = [f"D:{number}" for number in (9, 10, 11)]
    items += [node(one, type="turn", text=f"turn {one}", properties={"session": "d"}, event_time=WHEN) for one in ids]
    links = [edge(before, "NEXT", after) for before, after in itertools.pairwise(ids)]
    await client.import_items("g", [*items, *links])
    assert await said(client, "d") == ["turn D:9", "turn D:10", "turn D:11"]
    await client.append_turns("g", "d", ["and on"])
    assert (await said(client, "d"))[-1] == "and on"
    assert len(await said(client, "d")) == 4


async def test_turns_of_any_time_have_their_place(client: AsyncClient) -> None:
    await client.start_session("g", "s")
    ends = [datetime.max.replace(tzinfo=UTC), WHEN, datetime.min.replace(tzinfo=UTC)]
    for when in ends:
        await client.create_node("g", type="turn", text=str(when), event_time=when, properties={"session": "s"})
    await client.create_node("g", type="turn", text="never", properties={"session": "s"})
    assert await said(client) == [*(str(when) for when in ends[:1:-1]), "never", str(ends[1]), str(ends[0])]


@pytest.mark.parametrize("seed", range(4))
async def test_every_turn_is_told_once_whatever_its_edges_and_pages(client: AsyncClient, seed: int) -> None:
    chance = random.Random(seed)
    ids = [f"t{number}" for number in range(12)]
    items = [node("session:r", type="session", properties={"session": "r"}), node("other", type="turn", text="other")]
    items += [
        node(
            one,
            type="turn",
            text=one,
            properties={"session": "r"},
            event_time=WHEN + timedelta(days=chance.randint(0, 5)),
        )
        for one in ids
    ]
    items += [
        edge(one, "NEXT", after)
        for one in ids
        for after in chance.sample([*ids, "other"], chance.choice([0, 1, 1, 2]))
        if after != one
    ]
    await client.import_items("g", items)
    whole = await said(client, "r")
    assert sorted(whole) == sorted(ids)
    for size in (1, 5):
        assert await said(client, "r", page_size=size) == whole


async def test_a_long_transcript_goes_on_behind_what_is_forgotten_while_it_is_read(client: AsyncClient) -> None:
    await client.start_session("g", "s")
    made = [await client.append_turns("g", "s", [f"{part}-{turn}" for turn in range(50)]) for part in range(4)]
    turns = [one for each in made for one in each.nodes]
    told: list[str] = []
    async for found in client.transcript("g", "s", page_size=20):
        told.append(found.text)
        if len(told) == 30:
            await client.forget("g", [turns[0].name, turns[35].name, turns[100].name])
    expected = [one.text for place, one in enumerate(turns) if place not in (35, 100)]
    assert told in (expected, [one.text for place, one in enumerate(turns) if place != 100])


async def test_the_end_of_a_transcript_is_told_though_turns_go_while_it_is_read(client: AsyncClient) -> None:
    await client.start_session("g", "s")
    turns = (await client.append_turns("g", "s", [f"t{number}" for number in range(20)])).nodes
    told: list[str] = []
    async for found in client.transcript("g", "s", page_size=12):
        told.append(found.text)
        if len(told) == 12:
            await client.forget("g", [one.name for one in (*turns[:8], turns[15])])
    assert told == [f"t{number}" for number in range(20) if number != 15]


async def test_a_transcript_costs_what_it_holds_though_its_plans_were_made_for_empty_tables(
    fresh_database: DatabaseFactory,
) -> None:
    async with running_server(await fresh_database()) as server, new_tenant(server) as client:
        await client.create_graph("g")
        await client.start_session("g", "short")
        await client.append_turns("g", "short", ["a", "b"])
        for _ in range(3):  # on each connection
            await asyncio.gather(*(said(client, "short") for _ in range(12)))
        ids = [f"t{number:04}" for number in range(3000)]
        items = [node("session:long", type="session", properties={"session": "long"})]
        items += [node(one, type="turn", text=one, properties={"session": "long"}) for one in ids]
        await client.import_items("g", [*items, *(edge(a, "NEXT", b) for a, b in itertools.pairwise(ids))])
        begin = time.monotonic()
        assert await said(client, "long", page_size=1000) == ids
        whole = time.monotonic() - begin
        assert whole < 20, "seconds: with the square of the turns it is more than a minute"
        begin = time.monotonic()
        first = client.transcript("g", "long", page_size=1)
        assert (await anext(aiter(first))).text == ids[0]
        assert time.monotonic() - begin < whole / 4, "the first turn of a chain is found without asking each of them"


async def test_facts_of_a_session_are_no_turns(client: AsyncClient) -> None:
    await client.start_session("g", "s")
    await client.append_turns("g", "s", ["I live in Austin"])
    await client.remember("g", "Lives in Austin", session="s")
    assert await said(client) == ["I live in Austin"]


async def test_what_is_said_must_be_good(client: AsyncClient) -> None:
    await client.start_session("g", "s")
    await client.create_node("g", "plain")
    for name, turns, error in (
        ("s", [], errors.InvalidArgument),
        ("s", [""], errors.InvalidArgument),
        ("s", ["x"] * 201, errors.LimitExceeded),
        ("s", [("x" * 241, "y")], errors.LimitExceeded),
        ("s", [turn("x", metadata={"speaker": "y"})], errors.InvalidArgument),
        ("nobody", ["x"], errors.NodeNotFound),
        ("graphs/g/nodes/plain", ["x"], errors.InvalidArgument),
    ):
        with pytest.raises(error):
            await client.append_turns("g", name, turns)  # type: ignore[arg-type]
    for given in ({"session": "a/b"}, {"session": "x" * 201}, {"metadata": {"turn_count": 3}}, {"title": "x" * 5000}):
        with pytest.raises(errors.InvalidArgument):
            await client.start_session("g", **given)  # type: ignore[arg-type]
    with pytest.raises(errors.NodeNotFound):
        await said(client, "nobody")
    assert await said(client) == []


async def test_a_session_that_others_have_written_to_is_read_as_far_as_it_makes_sense(client: AsyncClient) -> None:
    for number, wrong in enumerate(
        ({"turn_count": 1e308}, {"turn_count": -3}, {"last_turn": "a\0b"}, {"last_turn": 5})
    ):
        given = {"session": f"s{number}", "last_time": "never", **wrong}
        await client.create_node("g", f"session:s{number}", type="session", properties=given)
        done = await client.append_turns("g", f"s{number}", ["hello"])
        assert done.session.turn_count == 1
    assert len([one async for one in client.list_sessions("g")]) == 4
    with pytest.raises(TypeError):
        await client.append_turns("g", "s0", "hello")


async def test_a_session_is_named_by_its_id_or_by_that_of_its_node(client: AsyncClient) -> None:
    begun = await client.start_session("g", "session:monday")
    assert (begun.session_id, begun.name) == ("monday", "graphs/g/nodes/session:monday")
    with pytest.raises(errors.NodeExists):
        await client.start_session("g", "monday")
    for named in ("session:monday", "monday", begun.name):
        await client.append_turns("g", named, [("Ann", f"I said it to {named}")])
    for named in ("session:monday", "monday"):
        assert len([turn async for turn in client.transcript("g", named)]) == 3
        told = await client.remember("g", f"Ann has a cat called {named}", session=named)
        assert told.node.properties["session"] == "monday"
        assert len([turn async for turn in client.list_nodes("g", filter={"types": ["turn"], "session": named})]) == 3
    with pytest.raises(errors.InvalidField, match="session"):
        await client.remember("g", "x", session="session:")
    with pytest.raises(errors.InvalidName, match="session_id"):
        await client.start_session("g", "session:")


async def test_the_node_of_a_session_whose_id_is_escaped_names_it(client: AsyncClient) -> None:
    begun = await client.start_session("g", "50% off")
    node = begun.name.rpartition("/")[2]
    assert node == "session:50%25 off"
    told = await client.remember("g", "Shoes are cheap", session=node)
    assert told.node.properties["session"] == "50% off"
