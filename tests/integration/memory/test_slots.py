"""A slot has one value at a time or several: what is newer takes the place, and what was is history, by the time of the
facts."""

from datetime import UTC, datetime, timedelta

import pytest

from loci import AsyncClient, as_of, slot
from loci.v1.memory_service_pb2 import RememberResponse
from loci.v1.node_pb2 import Claim
from tests.integration.memory.outcomes import ADDED, DUPLICATE, SUPERSEDES, lives, texts


@pytest.fixture(autouse=True)
async def graph(client: AsyncClient) -> None:
    await client.create_graph("g")


def names(answer: RememberResponse) -> list[str]:
    return [name.rsplit("/", 1)[1] for name in answer.superseded]


async def test_a_newer_fact_takes_the_place_and_the_old_is_history(client: AsyncClient) -> None:
    await lives(client, "Austin", "2019", id="austin")
    dallas = await lives(client, "Dallas", "2021", id="dallas")
    assert (dallas.outcome, names(dallas)) == (SUPERSEDES, ["austin"])
    austin = await client.get_node("g", "austin")
    assert austin.superseded
    assert austin.valid_to == "2020-12-31T23:59:59Z"
    assert await texts(client, "Where does Ann live?") == ["Ann lives in Dallas"]
    past = await client.recall("g", "Where does Ann live?", as_of=as_of(valid_at="2020"))
    assert [hit.node.text for hit in past.memories] == ["Ann lives in Austin"]
    assert set(await texts(client, "Where did Ann live in 2019?")) == {"Ann lives in Austin", "Ann lives in Dallas"}
    only = await client.recall("g", "Ann lives", filter={"superseded": True})
    assert [hit.node.text for hit in only.memories] == ["Ann lives in Austin"]


async def test_as_of_a_time_one_fact_of_a_slot_holds(client: AsyncClient) -> None:
    spring, summer = datetime(2024, 3, 1, 12, 0, 0, 500_000, tzinfo=UTC), datetime(2024, 6, 1, tzinfo=UTC)
    await lives(client, "Austin", event_time=spring)
    dallas = await lives(client, "Dallas", event_time=summer)
    assert dallas.node.valid_from == "2024-06-01T00:00:00Z"
    last = await lives(client, "Reno")  # from when it is told on

    async def held(time: str) -> list[str]:
        found = await client.recall("g", "Where does Ann live?", as_of=as_of(valid_at=time))
        return sorted(hit.node.text.rsplit(" ", 1)[1] for hit in found.memories)

    assert await held("2024-04") == ["Austin"]
    assert await held("2020") == ["Austin"], "nobody said since when"
    assert await held("2024-06-01T00:00:00Z") == ["Dallas"]
    assert await held("2024-08") == ["Dallas"]
    assert await held(last.node.valid_from) == ["Reno"]
    assert await held("9000") == ["Reno"]
    late = await lives(client, "Rome", "2010")
    assert late.node.superseded
    assert (await client.get_node("g", dallas.node.name)).valid_from == "2024-06-01T00:00:00Z"
    assert await held("2012") == ["Rome"], "it held until Austin was told"
    assert await held("2024-04") == ["Austin"]
    assert await held("2005") == []


async def test_as_of_a_time_what_was_named_or_what_took_its_place_holds(client: AsyncClient) -> None:
    await client.remember("g", "The plan is to walk", id="old")
    when = datetime(2024, 6, 1, tzinfo=UTC)
    new = await client.remember("g", "The plan is to ride", supersedes=["old"], event_time=when)
    assert new.node.valid_from == "2024-06-01T00:00:00Z"
    for time, text in (("2024-05", "The plan is to walk"), ("2024-07", "The plan is to ride")):
        found = await client.recall("g", "the plan", as_of=as_of(valid_at=time))
        assert [hit.node.text for hit in found.memories] == [text]


async def test_facts_that_are_told_within_a_second_keep_their_order(client: AsyncClient) -> None:
    places = ["Austin", "Dallas", "Reno", "Austin", "Oslo", "Rome", "Austin"]
    for number, where in enumerate(places):
        told = await lives(client, where, id=f"n{number}")
        assert names(told) == ([f"n{number - 1}"] if number else [])
    assert await texts(client, "Where does Ann live?") == ["Ann lives in Austin"]


async def test_what_comes_back_is_current_again(client: AsyncClient) -> None:
    await lives(client, "Austin", id="first")
    await lives(client, "Dallas", id="second")
    back = await lives(client, "Austin", id="third")
    assert (back.outcome, names(back)) == (SUPERSEDES, ["second"])
    assert await texts(client, "Where does Ann live?") == ["Ann lives in Austin"]
    history = [node async for node in client.list_nodes("g", filter={"superseded": True})]
    assert {node.name.rsplit("/", 1)[1] for node in history} == {"first", "second"}


async def test_what_is_learned_late_does_not_replace_the_present(client: AsyncClient) -> None:
    await lives(client, "Dallas", "2021", id="dallas")
    late = await lives(client, "Austin", "2018", id="austin")
    assert late.outcome == ADDED
    assert late.node.superseded
    assert late.reason == "it is of the past; what is current stays"
    assert late.node.valid_to == "2020-12-31T23:59:59Z"
    between = await lives(client, "Houston", "2019", id="houston")
    assert between.node.superseded
    assert between.node.valid_to == "2020-12-31T23:59:59Z"
    assert (await client.get_node("g", "austin")).valid_to == "2018-12-31T23:59:59Z"
    assert await texts(client, "Where does Ann live?") == ["Ann lives in Dallas"]


@pytest.mark.parametrize(
    "text", ["Ann used to live in Austin", "Ann no longer lives in Austin", "Ann formerly lived in Austin"]
)
async def test_what_used_to_be_does_not_replace_the_present(client: AsyncClient, text: str) -> None:
    await lives(client, "Dallas", id="dallas")
    told = await lives(client, "Austin", text=text)
    assert told.outcome == ADDED
    assert told.node.superseded
    assert not names(told)
    assert not (await client.get_node("g", "dallas")).superseded
    assert await texts(client, "Where does Ann live?") == ["Ann lives in Dallas"]
    ended = await lives(client, "Boston", "2001", valid_to="2003")
    assert ended.node.superseded
    assert ended.node.valid_to == "2003"


async def test_sources_that_contradict_each_other_make_both_contested(client: AsyncClient) -> None:
    await lives(client, "Austin", "2020", id="austin", source="bob", confidence=0.8)
    other = await lives(client, "Dallas", "2020", id="dallas", source="eve", confidence=0.6)
    assert other.outcome == ADDED
    assert other.node.claim.contested
    austin = await client.get_node("g", "austin")
    assert austin.claim.contested
    assert not austin.superseded
    assert austin.claim.belief == pytest.approx(0.8 * 0.4 / (1 - 0.48))
    assert other.node.claim.belief == pytest.approx(0.6 * 0.2 / (1 - 0.48))
    assert set(await texts(client, "Where does Ann live?")) == {"Ann lives in Austin", "Ann lives in Dallas"}
    over = await lives(client, "Austin", text="Ann used to live in Austin", source="kim")
    assert over.node.superseded
    doubted = (await client.get_node("g", "austin")).claim
    assert [piece.source for piece in doubted.evidence if piece.against] == ["eve", "kim"]


async def test_a_context_tells_what_is_of_the_past_and_what_is_contested(client: AsyncClient) -> None:
    await lives(client, "Austin", "2019", id="austin")
    await lives(client, "Dallas", "2021", id="dallas", source="bob")
    await lives(client, "Houston", "2021", id="houston", source="eve")
    answer = await client.recall("g", "Where did Ann live in 2019?", max_tokens=200)
    assert answer.context.text.splitlines()[1:] == [
        "[austin] Ann lives in Austin (valid 2019/2020-12-31T23:59:59Z, superseded)",
        "[dallas] Ann lives in Dallas (valid 2021/.., contested)",
        "[houston] Ann lives in Houston (valid 2021/.., contested)",
    ]


async def test_a_slot_with_several_values_keeps_them_all(client: AsyncClient) -> None:
    def likes(value: str, *, negated: bool = False) -> object:
        return slot("likes", value, subject="Ann", multivalued=True, negated=negated)

    for value in ("tea", "jazz"):
        answer = await client.remember("g", f"Ann likes {value}", slot=likes(value))  # type: ignore[arg-type]
        assert answer.outcome == ADDED
    same = await client.remember("g", "Ann is fond of tea", slot=likes("tea"))  # type: ignore[arg-type]
    assert (same.outcome, same.node.text) == (DUPLICATE, "Ann likes tea")
    assert same.reason == "a memory states the same value of the slot"
    no = await client.remember("g", "Ann does not like tea", slot=likes("tea", negated=True))  # type: ignore[arg-type]
    assert no.outcome == SUPERSEDES
    assert set(await texts(client, "Ann like")) == {"Ann likes jazz", "Ann does not like tea"}


async def test_slots_of_others_are_others(client: AsyncClient) -> None:
    await lives(client, "Austin")
    bob = await client.remember("g", "Bob lives in Dallas", slot=slot("lives_in", "Dallas", subject="Bob"))
    work = await client.remember("g", "Ann works in Dallas", slot=slot("works_in", "Dallas", subject="Ann"))
    assert (bob.outcome, work.outcome) == (ADDED, ADDED)


async def test_a_fact_that_is_to_come_leaves_the_present_as_it_is(client: AsyncClient) -> None:
    await lives(client, "Austin", "2020", id="austin")
    later = await lives(client, "Berlin", "9001-03", id="berlin")
    assert (later.outcome, later.reason) == (ADDED, "its time is to come; what is current stays until then")
    austin = await client.get_node("g", "austin")
    assert (austin.superseded, austin.valid_to) == (False, "9001-02-28T23:59:59Z")
    assert set(await texts(client, "Where does Ann live?")) == {"Ann lives in Austin", "Ann lives in Berlin"}
    denver = await lives(client, "Denver", "2024", id="denver")
    assert (denver.outcome, names(denver)) == (SUPERSEDES, ["austin"])
    assert not denver.node.superseded
    assert set(await texts(client, "Where does Ann live?")) == {"Ann lives in Denver", "Ann lives in Berlin"}


async def test_what_ended_by_its_own_date_is_not_current(client: AsyncClient) -> None:
    await lives(client, "Austin", "2019", id="austin")
    await client.update_node("g", "austin", valid_to="2020")
    assert await texts(client, "Where does Ann live?") == []
    assert await texts(client, "Where did Ann live in 2019?") == ["Ann lives in Austin"]


async def test_what_expires_takes_the_place_of_nothing_that_lasts(client: AsyncClient) -> None:
    await lives(client, "Oslo", id="oslo")
    stay = await lives(client, "Paris", expires=timedelta(days=7))
    assert (stay.outcome, names(stay)) == (ADDED, [])
    assert set(await texts(client, "Where does Ann live?")) == {"Ann lives in Oslo", "Ann lives in Paris"}
    longer = await lives(client, "Rome", expires=timedelta(days=9))
    assert names(longer) == [stay.node.name.rsplit("/", 1)[1]]


@pytest.mark.parametrize("hard", [False, True])
async def test_when_a_fact_is_forgotten_what_it_replaced_is_current_again(client: AsyncClient, hard: bool) -> None:
    for where, since in (("Austin", "2019"), ("Dallas", "2021"), ("Reno", "2023")):
        await lives(client, where, since, id=where.lower())
    await client.forget("g", ["dallas"], hard=hard)
    austin = await client.get_node("g", "austin")
    assert (austin.superseded, austin.valid_to) == (True, "2022-12-31T23:59:59Z"), "Reno is what ended it now"
    await client.forget("g", filter={"types": ["fact"], "create_time": (None, None), "superseded": False}, hard=hard)
    austin = await client.get_node("g", "austin")
    assert (austin.superseded, austin.valid_to, austin.claim.closed) == (False, "", False)
    assert await texts(client, "Where does Ann live?") == ["Ann lives in Austin"]


async def test_what_was_said_against_others_is_forgotten_with_it(client: AsyncClient) -> None:
    await lives(client, "Austin", "2020", id="austin", source="bob", confidence=0.8)
    await lives(client, "Dallas", "2020", id="dallas", source="eve", confidence=0.6)
    await client.forget("g", ["dallas"], hard=True)
    claim = (await client.get_node("g", "austin")).claim
    assert [(piece.source, piece.against) for piece in claim.evidence] == [("bob", False)]
    assert (claim.contested, claim.belief) == (False, pytest.approx(0.8))


async def test_a_text_of_the_past_without_a_slot_is_a_memory_like_others(client: AsyncClient) -> None:
    for text in (
        "I worked out at the gym with Maria",
        "We decided to no longer use MongoDB",
        "Tom used to ride bicycles",
    ):
        told = await client.remember("g", text)
        assert not told.node.superseded
        assert text in await texts(client, text)


async def test_another_text_drops_the_claim_of_the_one_before(client: AsyncClient) -> None:
    await lives(client, "Austin", id="austin")
    changed = await client.update_node("g", "austin", text="Ann lives in Boston")
    assert not changed.HasField("claim")
    assert (await lives(client, "Austin")).outcome == ADDED


async def test_times_at_the_edges_are_good(client: AsyncClient) -> None:
    await client.remember("g", "The first thing", id="a")
    first = datetime(1, 1, 1, tzinfo=UTC)
    await client.remember("g", "The second thing", supersedes=["a"], event_time=first)
    await lives(client, "Austin")
    await lives(client, "Dallas", event_time=first)
    await lives(client, "Reno", "9999")


async def test_names_of_slots_do_not_differ_by_case(client: AsyncClient) -> None:
    old = await client.remember("g", "Ann lives in Austin", slot=slot("Lives_In", "Austin", subject="Ann"))
    new = await client.remember("g", "Ann lives in Dallas", slot=slot("LIVES_IN", "Dallas", subject="Ann"))
    assert list(new.superseded) == [old.node.name]
    assert (old.node.claim.slot, new.node.claim.slot) == ("lives_in", "lives_in")
    claim = Claim(subject="Ann", slot="Lives_in", value="Reno")
    await client.create_node("g", "reno", type="fact", text="Ann lives in Reno", claim=claim)
    last = await lives(client, "Oslo")
    assert set(names(last)) == {"reno", new.node.name.rsplit("/", 1)[1]}


async def test_without_a_slot_it_is_the_one_that_fills_a_slot(client: AsyncClient) -> None:
    filled = await lives(client, "Austin", source="bob")
    plain = await client.remember("g", "Ann lives in Austin.", source="eve")
    assert (plain.outcome, plain.node.name) == (DUPLICATE, filled.node.name)
    assert [piece.source for piece in plain.node.claim.evidence] == ["bob", "eve"]
    await lives(client, "Dallas")
    assert (await client.remember("g", "Ann lives in Austin")).outcome == ADDED, "that one is history"
    home = slot("home", "Austin", subject="Ann")
    other = await client.remember("g", "Ann lives in Dallas", slot=home)
    assert other.outcome == ADDED, "another slot is another memory"
    assert (await client.remember("g", "Bob is not here", slot=slot("here", negated=True))).outcome == ADDED
    assert (await client.remember("g", "Bob is not here")).outcome == ADDED, "that one says that it is not so"


async def test_with_a_slot_it_is_the_one_without_which_then_fills_it(client: AsyncClient) -> None:
    plain = await client.remember("g", "Ann lives in Austin", source="bob")
    filled = await lives(client, "Austin", source="eve")
    assert (filled.outcome, filled.node.name) == (DUPLICATE, plain.node.name)
    assert (filled.node.claim.slot, filled.node.claim.value, filled.node.claim.subject) == ("lives_in", "Austin", "Ann")
    assert [piece.source for piece in filled.node.claim.evidence] == ["bob", "eve"]
    moved = await lives(client, "Dallas")
    assert list(moved.superseded) == [plain.node.name]


async def test_one_that_gets_a_slot_takes_its_place_in_the_order(client: AsyncClient) -> None:
    await lives(client, "Oslo", "2001", id="oslo")
    await client.remember("g", "Ann lives in Austin", id="austin")
    filled = await lives(client, "Austin")
    assert (filled.outcome, names(filled)) == (DUPLICATE, ["oslo"])
    assert await texts(client, "Where does Ann live?") == ["Ann lives in Austin"]
    assert [edge.target async for edge in client.list_edges("g")] == ["oslo"]


async def test_one_without_a_slot_stays_as_it_is_if_another_value_came_in_between(client: AsyncClient) -> None:
    plain = await client.remember("g", "Ann lives in Austin", id="plain")
    await lives(client, "Dallas", id="dallas")
    back = await lives(client, "Austin")
    assert (back.outcome, names(back)) == (SUPERSEDES, ["dallas"])
    assert back.node.name != plain.node.name
    assert not (await client.get_node("g", "plain")).claim.slot


async def test_what_was_over_when_it_was_told_is_found_as_of_no_later_time(client: AsyncClient) -> None:
    told = datetime(2025, 6, 1, tzinfo=UTC)
    past = (await lives(client, "Rome", text="Ann lived in Rome", event_time=told)).node
    assert (past.superseded, past.valid_to) == (True, "2025-05-31T23:59:59Z")
    await lives(client, "Graz", "2025-01")
    for time, places in (("2030", ["Ann lives in Graz"]), ("2024", ["Ann lived in Rome"])):
        answer = await client.recall("g", "Where does Ann live?", as_of=as_of(valid_at=time))
        assert [hit.node.text for hit in answer.memories] == places
