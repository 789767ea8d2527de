"""Remember keeps a memory once, never merges what differs, and says what it did and why."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from loci import AsyncClient, errors, slot
from tests.integration.memory.outcomes import ADDED, DUPLICATE, SUPERSEDES, lives, texts
from tests.server import new_tenant, running_server


@pytest.fixture(autouse=True)
async def graph(client: AsyncClient) -> None:
    await client.create_graph("g")


async def test_a_memory_has_what_it_was_given(client: AsyncClient) -> None:
    when = datetime(2031, 2, 3, 4, 5, tzinfo=UTC)
    await client.start_session("g", "s1")
    answer = await client.remember(
        "g",
        "Likes green tea",
        id="tea",
        type="preference",
        session="s1",
        speaker="Ann",
        event_time=when,
        valid_from="2031",
        metadata={"cups": 2},
        importance=0.9,
        source="chat",
        confidence=0.5,
    )
    assert (answer.outcome, answer.reason) == (ADDED, "nothing like it was there")
    node = await client.get_node("g", "tea")
    assert answer.node == node
    assert (node.type, node.text, node.valid_from, node.salience) == ("preference", "Likes green tea", "2031", 0.9)
    assert dict(node.properties) == {"cups": 2, "session": "s1", "speaker": "Ann"}
    assert node.event_time.ToDatetime(tzinfo=UTC) == when
    assert [(piece.source, piece.confidence) for piece in node.claim.evidence] == [("chat", 0.5)]
    assert node.claim.belief == pytest.approx(0.5)
    plain = (await client.remember("g", "Owns a kettle")).node
    assert (plain.type, plain.salience, plain.claim.belief) == ("fact", 0.5, pytest.approx(0.7))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("I am allergic to peanuts.", "I am allergic to peanuts."),
        ("I am allergic to peanuts.", "I'm allergic to the peanuts"),
        ("Ann likes cats", "Ann likes a cat!"),
        ("The meeting is at 10:30", "the meeting is at 10:30."),
    ],
)
async def test_the_same_words_are_remembered_once(client: AsyncClient, first: str, second: str) -> None:
    kept = await client.remember("g", first)
    again = await client.remember("g", second)
    assert (kept.outcome, again.outcome) == (ADDED, DUPLICATE)
    assert again.node.name == kept.node.name
    assert again.node.text == first


async def test_the_same_words_are_remembered_once_where_their_vectors_are_computed_first(database_url: str) -> None:
    async with running_server(database_url, LOCI_EMBEDDER="minilm") as server, new_tenant(server) as client:
        await client.create_graph("g")
        told = [await client.remember("g", text) for text in ("Ann likes cats", "Ann likes a cat!")]
        assert [answer.outcome for answer in told] == [ADDED, DUPLICATE]
        assert told[1].node.name == told[0].node.name


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Ann is allergic to peanuts", "Ann is not allergic to peanuts"),
        ("Ann is allergic to peanuts", "Ann isn't allergic to peanuts"),
        ("Ann likes tea", "Ann dislikes tea"),
        ("Ann lives in Austin", "Ann lives in Boston"),
        ("Ann lives in Austin", "Ann lived in Austin"),
        ("Ann likes Bob", "Bob likes Ann"),
        ("It costs 5", "It costs 50"),
        ("It costs 1.5", "It costs 15"),
        ("Ann likes Apple", "Ann likes apple"),
        ("Ann came", "Ann came?"),
        ("Ann always comes", "Ann never comes"),
        ("Works with Dr Lee", "Works with Dr Li"),
        ("Meet at 10:30", "Meet at 10:31"),
        ("The university is old", "The universe is old"),
    ],
)
async def test_what_differs_is_never_merged(client: AsyncClient, first: str, second: str) -> None:
    assert (await client.remember("g", first)).outcome == ADDED
    assert (await client.remember("g", second)).outcome == ADDED


async def test_the_same_words_of_others_or_of_another_kind_are_others(client: AsyncClient) -> None:
    when = datetime(2031, 1, 1, tzinfo=UTC)
    await client.start_session("g", "s")
    seen = [
        await client.remember("g", "Likes tea", **given)  # type: ignore[arg-type]
        for given in (
            {},
            {"speaker": "Ann"},
            {"speaker": "Bob"},
            {"type": "goal"},
            {"type": "episode", "event_time": when},
            {"type": "episode", "event_time": when + timedelta(days=1)},
            {"type": "episode", "event_time": when, "session": "s"},
        )
    ]
    assert [answer.outcome for answer in seen] == [ADDED] * 7
    again = await client.remember("g", "Likes tea", type="episode", event_time=when, session="s")
    assert (again.outcome, again.node.name) == (DUPLICATE, seen[-1].node.name)


async def test_several_sources_raise_belief_and_one_source_counts_once(client: AsyncClient) -> None:
    first = await client.remember("g", "The bridge is closed", source="radio", confidence=0.5)
    again = await client.remember("g", "The bridge is closed", source="radio", confidence=0.5)
    other = await client.remember("g", "The bridge is closed", source="paper", confidence=0.6)
    beliefs = [answer.node.claim.belief for answer in (first, again, other)]
    assert beliefs == pytest.approx([0.5, 0.5, 1 - 0.5 * 0.4])
    assert [piece.source for piece in other.node.claim.evidence] == ["radio", "paper"]
    assert not other.node.claim.contested


async def test_a_repetition_adds_what_was_not_known(client: AsyncClient) -> None:
    soon = timedelta(hours=1)
    first = await client.remember("g", "Likes tea", metadata={"a": 1, "b": 1}, expires=soon, importance=0.3)
    again = await client.remember("g", "Likes tea", metadata={"b": 2, "c.d": 3}, expires=2 * soon, importance=0.8)
    assert dict(again.node.properties) == {"a": 1, "b": 1, "c.d": 3}
    assert again.reason == "a memory has the same text; other values of its metadata were kept"
    assert again.node.salience == 0.8
    assert again.node.expire_time.ToDatetime() - first.node.expire_time.ToDatetime() > soon / 2
    assert not (await client.remember("g", "Likes tea")).node.HasField("expire_time")


async def test_a_repeated_call_gets_the_first_answer(client: AsyncClient) -> None:
    first = await client.remember("g", "Likes tea", request_id="r1")
    again = await client.remember("g", "Likes tea", request_id="r1")
    assert again == first
    assert first.outcome == ADDED
    dallas = slot("lives_in", "Dallas", subject="Ann")
    await client.remember("g", "Ann lives in Austin", slot=slot("lives_in", "Austin", subject="Ann"))
    moved = await client.remember("g", "Ann lives in Dallas", slot=dallas, request_id="r2")
    assert moved.outcome == SUPERSEDES
    assert await client.remember("g", "Ann lives in Dallas", slot=dallas, request_id="r2") == moved
    with pytest.raises(errors.RequestIdReused):
        await client.remember("g", "Likes coffee", request_id="r1")


async def test_many_who_tell_the_same_at_once_make_one_memory(client: AsyncClient) -> None:
    answers = await asyncio.gather(
        *(client.remember("g", "The door is green", source=f"s{number}") for number in range(8))
    )
    assert sorted(answer.outcome for answer in answers) == [ADDED, *[DUPLICATE] * 7]
    assert len({answer.node.name for answer in answers}) == 1
    (node,) = [found async for found in client.list_nodes("g")]
    assert len(node.claim.evidence) == 8


async def test_what_takes_the_place_of_another_is_told(client: AsyncClient) -> None:
    old = await client.remember("g", "The plan is to walk", id="old")
    new = await client.remember("g", "The plan is to ride", supersedes=["old"])
    assert (new.outcome, list(new.superseded), new.reason) == (SUPERSEDES, [old.node.name], "as it was asked for")
    assert await texts(client, "the plan") == ["The plan is to ride"]
    edges = [(edge.source, edge.relation, edge.target) async for edge in client.list_edges("g")]
    assert edges == [(new.node.name.rsplit("/", 1)[1], "SUPERSEDES", "old")]
    with pytest.raises(errors.NodeNotFound):
        await client.remember("g", "The plan is to fly", supersedes=["nobody"])


async def test_supersession_goes_in_no_circle(client: AsyncClient) -> None:
    await client.remember("g", "Plan one", id="a")
    await client.remember("g", "Plan two", id="b", supersedes=["a"])
    await client.remember("g", "Plan three", id="c", supersedes=["b"])
    with pytest.raises(errors.InvalidArgument):
        await client.remember("g", "Plan four", id="d", supersedes=["d"])
    with pytest.raises(errors.SupersessionCycle):
        await client.remember("g", "Plan three", supersedes=["c"])
    first = await client.remember("g", "Plan one")  # a is superseded: this is another memory
    assert first.outcome == ADDED
    assert not first.node.name.endswith("/a")


async def test_a_fact_cannot_take_the_place_of_what_took_its_own(client: AsyncClient) -> None:
    await lives(client, "Dallas", "2021", id="dallas")
    with pytest.raises(errors.SupersessionCycle):
        await lives(client, "Austin", "2018", supersedes=["dallas"])
    assert (await client.get_graph("g")).revision == 1
    await client.remember("g", "Plan one", id="one")
    with pytest.raises(errors.SupersessionCycle) as caught:
        await client.remember("g", "Plan one", supersedes=["one"])
    assert caught.value.resource == "graphs/g/nodes/one"


async def test_what_is_history_already_stays_as_it_ended(client: AsyncClient) -> None:
    await client.remember("g", "Plan one", id="a")
    await client.remember("g", "Plan two", id="b", supersedes=["a"])
    ended = await client.get_node("g", "a")
    late = await client.remember("g", "Plan three", id="c", supersedes=["a"])
    assert (late.outcome, list(late.superseded)) == (ADDED, [])
    assert late.reason == "what it was to take the place of was history already, and stays as it was"
    assert await client.get_node("g", "a") == ended
    edges = {(edge.source, edge.target) async for edge in client.list_edges("g", filter={"relations": ["SUPERSEDES"]})}
    assert edges == {("b", "a"), ("c", "a")}
    await client.forget("g", ["b"])
    assert (await client.get_node("g", "a")).superseded, "the other one still has its place"
    again = await client.remember("g", "Plan three", supersedes=["a"])
    assert again.outcome == DUPLICATE


async def test_a_session_must_have_been_begun(client: AsyncClient) -> None:
    with pytest.raises(errors.NodeNotFound) as caught:
        await client.remember("g", "Likes tea", session="monday")
    assert [violation.field for violation in caught.value.violations] == ["session"]
    assert caught.value.resource == "graphs/g/nodes/session:monday"
    with pytest.raises(errors.NodeNotFound) as caught:
        await client.remember("g", "Likes tea", supersedes=["nobody"])
    assert [violation.field for violation in caught.value.violations] == ["supersedes[0]"]
    assert [found async for found in client.list_nodes("g")] == []
    await client.start_session("g", "monday")
    assert (await client.remember("g", "Likes tea", session="monday", request_id="r")).outcome == ADDED
    await client.delete_node("g", "session:monday")
    assert (await client.remember("g", "Likes tea", session="monday", request_id="r")).outcome == ADDED


async def test_a_session_is_a_node_of_that_kind(client: AsyncClient) -> None:
    await client.create_node("g", "session:note", type="note", text="no session", properties={"session": "note"})
    await client.create_node("g", "session:bare", type="session")
    for session in ("note", "bare"):
        with pytest.raises(errors.InvalidArgument) as caught:
            await client.remember("g", "Likes tea", session=session)
        assert [violation.field for violation in caught.value.violations] == ["session"]


async def test_nothing_is_remembered_of_a_session_that_goes_meanwhile(client: AsyncClient) -> None:
    for number in range(10):
        session = f"s{number}"
        await client.start_session("g", session)
        told, gone = await asyncio.gather(
            asyncio.gather(
                *(client.remember("g", f"Likes tea {number} {part}", session=session) for part in range(4)),
                return_exceptions=True,
            ),
            client.forget("g", [f"session:{session}"]),
        )
        for one in told:
            if isinstance(one, BaseException):
                assert isinstance(one, errors.NodeNotFound)
            else:
                assert one.revision < gone.revision


async def test_what_is_told_must_be_good(client: AsyncClient) -> None:
    refused = {
        "text": {"text": " "},
        "node_id": {"id": "a\nb"},
        "type": {"type": "no type"},
        "session": {"session": "x" * 201},
        "speaker": {"speaker": "x" * 241},
        "valid_from": {"valid_from": "yesterday"},
        "metadata": {"metadata": {"session": "s"}},
        "importance": {"importance": 1.5},
        "confidence": {"confidence": -0.1},
        "source": {"source": "x" * 257},
        "ttl": {"expires": timedelta(0)},
        "expire_time": {"expires": datetime(2001, 1, 1, tzinfo=UTC)},
        "slot.name": {"slot": "no slot"},
        "slot.value": {"slot": slot("s", "x" * 1025)},
        "slot.subject": {"slot": slot("s", subject="x" * 257)},
        "supersedes[0]": {"supersedes": [""]},
        "supersedes": {"supersedes": [f"n{number}" for number in range(17)]},
    }
    for field, given in refused.items():
        try:
            with pytest.raises(errors.InvalidArgument) as caught:
                await client.remember("g", **({"text": "Likes tea"} | given))  # type: ignore[arg-type]
        except ValueError:
            assert field == "supersedes[0]"  # the client says so itself
            continue
        assert field in str(caught.value), field
    assert [found async for found in client.list_nodes("g")] == []
    await client.remember("g", "Likes tea", id="taken")
    with pytest.raises(errors.NodeExists):
        await client.remember("g", "Likes coffee", id="taken")
