"""A hybrid search finds what stands beside its finds, tells what it weighed, and refuses weights that mean nothing."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from loci import AsyncClient, edge, errors, names, node
from loci.v1.search_service_pb2 import (
    ARM_STATE_OK,
    ARM_STATE_SKIPPED,
    SEARCH_ARM_GRAPH,
    SEARCH_ARM_LEXICAL,
    SEARCH_ARM_TEMPORAL,
    SEARCH_BOOST_DIVERSITY,
    SEARCH_BOOST_FUTURE,
    SEARCH_BOOST_PERIOD,
    SEARCH_BOOST_RECENCY,
    SearchResponse,
)

FRONTIER = 300
"""Nodes from which a step of a walk goes on."""
TALK = [
    "Did you get your new bicycle at last?",
    "Yes! It is the blue one from the shop by the harbour.",
    "Lovely. Does it have a basket?",
    "Two of them, and a bell.",
    "We should have dinner soon.",
    "Any evening but Thursday.",
]


@pytest.fixture(autouse=True)
async def graph(client: AsyncClient) -> str:
    """A talk, turn after turn, and much else."""
    await client.create_graph("g")
    turns = [node(f"t{number}", text=text) for number, text in enumerate(TALK)]
    following = [edge(f"t{number}", "NEXT", f"t{number + 1}") for number in range(len(TALK) - 1)]
    others = [node(f"o{number:02}", text=f"The weather of day {number} was fine.") for number in range(40)]
    await client.import_items("g", [*turns, *others, *following])
    return "g"


def ids(answer: SearchResponse) -> list[str]:
    return [names.id_of(hit.node.name) for hit in answer.hits]


async def test_an_answer_beside_its_question_is_found_without_a_common_word(client: AsyncClient) -> None:
    answer = await client.search("g", "bicycle", explain=True)
    assert ids(answer)[:2] == ["t0", "t1"]
    beside = answer.hits[1]
    assert [score.arm for score in beside.arm_scores] == [SEARCH_ARM_GRAPH]
    assert beside.arm_scores[0].rank == 1
    reports = {arm.arm: arm for arm in answer.arms}
    assert reports[SEARCH_ARM_GRAPH].state == ARM_STATE_OK
    assert reports[SEARCH_ARM_GRAPH].candidate_count == 3
    assert "t1" not in ids(await client.search("g", "bicycle", mode="lexical"))


async def test_without_the_graph_there_are_only_those_that_match(client: AsyncClient) -> None:
    strict: dict[str, Any] = {"profile": "strict"}
    for options in (strict, {"weights": {"graph": 0}}):
        answer = await client.search("g", "bicycle", **options)
        assert ids(answer) == ["t0"]
        assert {arm.arm: arm.state for arm in answer.arms}[SEARCH_ARM_GRAPH] == ARM_STATE_SKIPPED


async def test_neighbours_pass_the_filter_as_all_hits_do(client: AsyncClient) -> None:
    await client.create_node("g", "session", type="session")
    await client.create_edge("g", "t0", "IN", "session")
    await client.create_node("g", "other", type="note", text="Nothing in common.")
    await client.create_edge("g", "t0", "ABOUT", "other")
    assert "other" in ids(await client.search("g", "bicycle"))
    found = ids(await client.search("g", "bicycle", filter={"types": ["node"]}))
    assert "t1" in found
    assert "other" not in found


async def test_pages_with_neighbours_show_one_order(client: AsyncClient) -> None:
    whole = ids(await client.search("g", "bicycle weather", limit=100))
    assert len(whole) == len(set(whole)) >= 44
    found: list[str] = []
    token = ""
    while True:
        answer = await client.search("g", "bicycle weather", limit=3, page_token=token)
        found += ids(answer)
        if not (token := answer.next_page_token):
            break
    assert found == whole


async def test_edges_that_did_not_hold_then_are_not_followed(client: AsyncClient) -> None:
    await client.create_node("g", "firm", text="Nothing in common.")
    await client.create_edge("g", "t0", "BOUGHT_AT", "firm", valid_from="2010", valid_to="2015")
    assert "firm" in ids(await client.search("g", "bicycle"))
    assert "firm" in ids(await client.search("g", "bicycle", filter={"valid_at": "2012"}))
    assert "firm" not in ids(await client.search("g", "bicycle", filter={"valid_at": "2024"}))


async def test_what_very_much_hangs_on_passes_nothing_on(client: AsyncClient) -> None:
    await client.create_node("g", "hub", type="place", label="Harbour")
    await client.import_items("g", [edge(f"o{number:02}", "AT", "hub") for number in range(40)])
    await client.create_edge("g", "t0", "AT", "hub")
    assert "o00" in ids(await client.search("g", "bicycle", limit=100))
    more = [node(f"p{number:02}", text=f"Fog on day {number}.") for number in range(40)]
    await client.import_items("g", [*more, *(edge(f"p{number:02}", "AT", "hub") for number in range(40))])
    assert ids(await client.search("g", "bicycle", limit=100)) == ["t0", "t1", "t2", "t3"]


async def test_a_walk_that_leaves_nodes_out_says_so(client: AsyncClient) -> None:
    for count, cut in ((FRONTIER // 10, False), (1, True)):
        finds = [node(f"b{count}-{number}", text=f"Beacon of hill {number}.") for number in range(count)]
        beside = [node(f"{find.name}-{number}", text=f"Field {number}.") for find in finds for number in range(10)]
        links = [edge(near.name.rpartition("-")[0], f"R{number % 10}", near.name) for number, near in enumerate(beside)]
        await client.import_items("g", [*finds, *beside, *links])
        answer = await client.search("g", "beacon")
        (graph,) = [arm for arm in answer.arms if arm.arm == SEARCH_ARM_GRAPH]
        assert graph.state == ARM_STATE_OK
        assert (answer.truncated, "300" in graph.reason) == (cut, cut)


async def test_the_last_time_that_can_be_told_has_pages(client: AsyncClient) -> None:
    last = datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    first = await client.search("g", "weather", limit=5, query_time=last)
    second = await client.search("g", "weather", limit=5, query_time=last, page_token=first.next_page_token)
    assert len({*ids(first), *ids(second)}) == 10


async def test_recency_counts_from_the_query_time(client: AsyncClient) -> None:
    for year in (2001, 2011, 2021):
        await client.create_node("g", f"y{year}", text="A gale.", event_time=datetime(year, 6, 1, tzinfo=UTC))
    assert ids(await client.search("g", "gale"))[0] == "y2021"
    asked = await client.search("g", "gale", query_time=datetime(2011, 7, 1, tzinfo=UTC), explain=True)
    assert ids(asked) == ["y2011", "y2001", "y2021"]
    boosts = [{boost.boost: boost.factor for boost in hit.boosts} for hit in asked.hits]
    assert boosts[0][SEARCH_BOOST_RECENCY] > boosts[1][SEARCH_BOOST_RECENCY] > 1
    assert boosts[2][SEARCH_BOOST_FUTURE] < 1
    plain = await client.search("g", "gale", mode="lexical", explain=True)
    assert [score.arm for score in plain.hits[0].arm_scores] == [SEARCH_ARM_LEXICAL]
    assert not any(hit.boosts for hit in plain.hits)


async def test_a_time_in_the_query_finds_what_was_said_then_and_what_is_about_then(client: AsyncClient) -> None:
    said = {
        "march": ("Ann came by with a cake.", datetime(2020, 3, 9, tzinfo=UTC)),
        "april": ("Ann came by with a pie.", datetime(2020, 4, 9, tzinfo=UTC)),
        "later": ("In March 2020 Ann came by.", datetime(2022, 7, 1, tzinfo=UTC)),
        "other": ("Bob painted the fence.", datetime(2020, 3, 20, tzinfo=UTC)),
    }
    for id, (text, time) in said.items():
        await client.create_node("g", id, type="said", text=text, event_time=time)
    only: Any = {"types": ["said"]}
    answer = await client.search("g", "Who came by in March 2020?", filter=only, explain=True)
    assert set(ids(answer)[:2]) == {"march", "later"}
    assert ids(answer)[-1] == "other", "it was said then, and matches by nothing else"
    assert SEARCH_ARM_TEMPORAL in {score.arm for score in answer.hits[-1].arm_scores}
    told = {names.id_of(hit.node.name): {boost.boost for boost in hit.boosts} for hit in answer.hits}
    assert SEARCH_BOOST_PERIOD in told["march"] & told["later"]
    assert SEARCH_BOOST_PERIOD not in told["april"]
    month = datetime(2020, 4, 20, tzinfo=UTC)
    asked = await client.search("g", "Who came by last month?", filter=only, query_time=month)
    assert ids(asked)[0] == "march"
    without = await client.search("g", "Who came by in March 2020?", filter=only, weights={"temporal": 0})
    assert "other" not in ids(without)


async def test_a_query_without_a_time_says_that_the_arm_was_not_used(client: AsyncClient) -> None:
    reports = {arm.arm: arm for arm in (await client.search("g", "bicycle")).arms}
    assert reports[SEARCH_ARM_TEMPORAL].state == ARM_STATE_SKIPPED
    assert "names no time" in reports[SEARCH_ARM_TEMPORAL].reason


async def test_recency_puts_what_is_new_before_what_matches_a_little_better(client: AsyncClient) -> None:
    now = datetime(2024, 6, 1, tzinfo=UTC)
    await client.create_node("g", "old", text="A gale broke the mast.", event_time=datetime(2019, 6, 1, tzinfo=UTC))
    new = "A gale came up over the bay, and we took the boat in."
    await client.create_node("g", "new", text=new, event_time=datetime(2024, 5, 31, tzinfo=UTC))
    asked: Any = {"query_time": now, "filter": {"types": ["node"]}}
    assert ids(await client.search("g", "gale mast", **asked))[:2] == ["old", "new"]
    assert ids(await client.search("g", "gale mast", profile="recency", **asked))[:2] == ["new", "old"]
    recalled = await client.recall("g", "gale mast", profile="recency", query_time=now)
    assert names.id_of(recalled.memories[0].node.name) == "new"


async def test_fuzzy_puts_what_means_the_same_before_what_has_the_words(client: AsyncClient) -> None:
    meaning: tuple[str, list[float]] = ("mine", [1.0, 0.0])
    await client.create_node("g", "words", text="The car is in the car park.", embedding=("mine", [0.0, 1.0]))
    await client.create_node("g", "means", text="An automobile was bought.", embedding=("mine", [0.9, 0.1]))
    await client.create_node("g", "other", text="Rain fell.", embedding=("mine", [0.5, 0.9]))
    strict = await client.search("g", "car", profile="strict", query_embedding=meaning)
    assert ids(strict)[:2] == ["words", "means"]
    fuzzy = await client.search("g", "car", profile="fuzzy", query_embedding=meaning)
    assert ids(fuzzy)[0] == "means"


async def test_coverage_puts_what_stands_elsewhere_before_more_of_one_place(client: AsyncClient) -> None:
    said = {"first": "The harbour at dawn, part 1.", "second": "The harbour at dawn, part 2."}
    told = [node(id, type="said", text=text) for id, text in said.items()]
    elsewhere = node("elsewhere", type="said", text="The harbour at dawn, from afar.", salience=0.2)
    await client.import_items("g", [*told, elsewhere, edge("first", "NEXT", "second")])
    asked: Any = {"filter": {"types": ["said"]}, "explain": True}
    balanced = await client.search("g", "harbour dawn", **asked)
    assert ids(balanced)[-1] == "elsewhere"
    covering = await client.search("g", "harbour dawn", profile="coverage", **asked)
    assert ids(covering)[1] == "elsewhere"
    boosts = [{boost.boost for boost in hit.boosts} for hit in covering.hits]
    assert [SEARCH_BOOST_DIVERSITY in found for found in boosts] == [False, False, True]


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"weights": {"lexical": -0.1}}, "weights.lexical"),
        ({"weights": {"semantic": 11}}, "weights.semantic"),
        ({"weights": {"recency": float("nan")}}, "weights.recency"),
        ({"weights": {"lexical": 0, "semantic": 0}}, "weights"),
        ({"mode": "lexical", "profile": "fuzzy"}, "profile"),
        ({"mode": "lexical", "weights": {"lexical": 1}}, "weights"),
    ],
)
async def test_weights_that_mean_nothing_are_refused(
    client: AsyncClient, options: Mapping[str, Any], field: str
) -> None:
    with pytest.raises(errors.InvalidField) as caught:
        await client.search("g", "bicycle", **options)
    assert [violation.field for violation in caught.value.violations] == [field]


async def test_what_names_the_same_is_found_without_a_common_word(client: AsyncClient) -> None:
    await client.create_node("g", "seen", text="We saw the bicycle that Maria Vogel restored.")
    await client.create_node("g", "told", text="Maria Vogel closes her workshop for good.")
    await client.create_node("g", "person", label="Maria Vogel", text="A retired teacher.")
    answer = await client.search("g", "restored bicycle", explain=True)
    assert {"told", "person"} <= set(ids(answer))
    for hit in answer.hits:
        if names.id_of(hit.node.name) in ("told", "person"):
            assert [score.arm for score in hit.arm_scores] == [SEARCH_ARM_GRAPH]
    await client.update_node("g", "told", text="Nobody closes a workshop for good.")
    assert "told" not in ids(await client.search("g", "restored bicycle"))


async def test_what_everything_names_links_nothing(client: AsyncClient) -> None:
    await client.create_node("g", "seen", text="We saw the bicycle that Maria Vogel restored.")
    await client.import_items("g", [node(f"m{number:02}", text=f"Maria Vogel, day {number}.") for number in range(64)])
    assert not [id for id in ids(await client.search("g", "restored bicycle", limit=100)) if id.startswith("m")]


async def test_what_is_about_a_time_is_found_without_a_common_word(client: AsyncClient) -> None:
    asked = {"query_time": datetime(2031, 4, 10, tzinfo=UTC), "explain": True}
    said = datetime(2031, 1, 5, tzinfo=UTC)
    await client.create_node("g", "launch", text="The launch is on 2031-05-03.", event_time=said)
    answer = await client.search("g", "Anything planned for next month?", **asked)
    assert ids(answer) == ["launch"]
    assert [score.arm for score in answer.hits[0].arm_scores] == [SEARCH_ARM_TEMPORAL]
    await client.update_node("g", "launch", text="The launch is four weeks from now.", event_time=said)
    assert ids(await client.search("g", "Anything planned for next month?", **asked)) == []
    await client.update_node("g", "launch", event_time=datetime(2031, 4, 9, tzinfo=UTC))
    assert ids(await client.search("g", "Anything planned for next month?", **asked)) == ["launch"]


async def test_a_time_that_counts_from_an_event_is_looked_up(client: AsyncClient) -> None:
    trip, kettle, scarf = (datetime(2031, *day, 12, tzinfo=UTC) for day in ((5, 20), (5, 6), (2, 6)))
    await client.create_node("g", "trip", text="Today is the birthday trip to Oslo!", event_time=trip)
    await client.create_node("g", "scarf", text="She bought a scarf.", event_time=scarf)
    await client.create_node("g", "kettle", text="She bought a kettle.", event_time=kettle)
    asked = {"explain": True, "query_time": datetime(2031, 6, 1, tzinfo=UTC)}
    answer = await client.search("g", "What was bought two weeks before the birthday trip?", **asked)
    boosts = {names.id_of(hit.node.name): {boost.boost for boost in hit.boosts} for hit in answer.hits}
    assert SEARCH_BOOST_PERIOD in boosts["kettle"]
    assert SEARCH_BOOST_PERIOD not in boosts["scarf"]
    assert {arm.arm: arm.state for arm in answer.arms}[SEARCH_ARM_TEMPORAL] == ARM_STATE_OK
    unknown = await client.search("g", "What was bought two weeks before the total eclipse?", **asked)
    assert {arm.arm: arm.state for arm in unknown.arms}[SEARCH_ARM_TEMPORAL] == ARM_STATE_SKIPPED


async def test_the_time_of_an_event_stays_the_same_over_all_pages(client: AsyncClient) -> None:
    trip, kettle = datetime(2031, 5, 20, 12, tzinfo=UTC), datetime(2031, 5, 6, 12, tzinfo=UTC)
    await client.create_node("g", "trip", text="Today is the birthday trip to Oslo!", event_time=trip)
    await client.create_node("g", "kettle", text="She bought a kettle.", event_time=kettle)
    asked: Any = {"explain": True, "query_time": datetime(2031, 6, 1, tzinfo=UTC), "weights": {"recency": 0}}
    query = "What was bought two weeks before the birthday trip?"
    first = await client.search("g", query, limit=1, **asked)
    await client.update_node("g", "trip", event_time=datetime(2029, 5, 20, tzinfo=UTC))
    second = await client.search("g", query, limit=50, page_token=first.next_page_token, **asked)
    (hit,) = (hit for hit in (*first.hits, *second.hits) if names.id_of(hit.node.name) == "kettle")
    assert SEARCH_BOOST_PERIOD in {boost.boost for boost in hit.boosts}


async def test_what_has_no_text_comes_by_its_label_only(client: AsyncClient) -> None:
    await client.create_node("g", "ann", type="person", label="Ann")
    await client.import_items("g", [edge(f"t{number}", "SAID_BY", "ann") for number in range(len(TALK))])
    assert ids(await client.search("g", "Which bicycle did Ann get?"))[0] == "t0"
    assert "ann" in ids(await client.search("g", "Ann"))
