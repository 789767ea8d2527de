"""Other constants give the order that the server would give under them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loci.v1.node_pb2 import Node
from loci.v1.search_service_pb2 import SearchHit
from loci_server.codec.searches import hit_message
from loci_server.search import shaping
from loci_server.search.fusion import Arm, Candidate, Place, Ranking
from loci_server.search.profiles import BALANCED, THEN, Profile
from loci_server.search.searcher import Hit as ServerHit
from loci_server.search.shaping import Asked, Boost, Opened, opened, shape
from loci_server.search.times import Period
from tools.crossvalidate.answers import Answer, Hit, hit_of
from tools.crossvalidate.recomputed import SHIPPED, Constants, Recomputed

NOW = datetime(2030, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
ASKED = Asked("When did I buy the boat?", NOW, past=True, periods=[Period(NOW - 40 * DAY, NOW - 20 * DAY)])
TEXTS = (
    "I bought my boat on Monday.",
    "Buying a boat is easy.",
    "Did you buy it?",
    "We sailed to the island, and back.",
)
DOCUMENTS = 30
LISTS = {
    Arm.LEXICAL: [Candidate(number, 9.0 / number) for number in range(3, 25)],
    Arm.SEMANTIC: [Candidate(number, number / 40 - 0.1) for number in range(DOCUMENTS, 0, -1)],
    Arm.TEMPORAL: [Candidate(number, 1.0) for number in (4, 8, 15, 29)],
}


def served(profile: Profile = BALANCED, temporal: float = THEN) -> tuple[list[Opened], Ranking]:
    """What the server's own code makes of it."""
    weights = {**profile.arms, Arm.TEMPORAL: temporal}
    fused = Ranking(LISTS, weights)
    items = [item(document, fused.scores[document]) for document in range(1, DOCUMENTS + 1)]
    for each in items:
        each.activation = profile.graph * (each.document % 5) / 20
        each.about = each.document % 3 == 0
    fused.add(Arm.GRAPH, [Candidate(each.document, each.activation) for each in items if each.activation])
    return shape(items, ASKED, profile), fused


def item(document: int, fused: float) -> Opened:
    node = Node(name=f"graphs/g/nodes/{document}", text=TEXTS[document % len(TEXTS)])
    node.event_time.FromDatetime(NOW - (3 * document - 5) * DAY)
    return opened(document, node, 7 * document, fused)


@cache
def answer(profile: Profile = BALANCED) -> Answer:
    """As it comes from the server."""
    items, fused = served(profile)
    messages = [
        hit_message(ServerHit(each.node, each.score, fused.places(each.document), each.boosts, each.salience), True)
        for each in items
    ]
    return Answer([hit_of(message) for message in messages], frozenset(LISTS))


def turns(found: Answer, constants: Constants) -> list[str]:
    return [found.hits[place].turn for place in Recomputed(found).order(constants)]


def test_the_shipped_constants_give_the_order_and_the_scores_of_the_server() -> None:
    assert Recomputed(answer()).agrees


@pytest.mark.parametrize(
    ("constants", "profile"),
    [
        (Constants(semantic=0.5), replace(BALANCED, semantic=0.5)),
        (Constants(semantic=2.0, graph=0.5), replace(BALANCED, semantic=2.0, graph=0.5)),
        (Constants(recency=0.0), replace(BALANCED, recency=0.0)),
        (Constants(recency=1.6, period=1.0), replace(BALANCED, recency=1.6, temporal=1.0)),
        (Constants(graph=0.0, period=0.25), replace(BALANCED, graph=0.0, temporal=0.25)),
    ],
)
def test_others_give_what_the_server_gives_by_such_a_profile(constants: Constants, profile: Profile) -> None:
    items, _ = served(profile)
    assert turns(answer(), constants) == [str(each.document) for each in items]
    assert np.sort(Recomputed(answer()).scores(constants)) == pytest.approx(sorted(each.score for each in items))


def test_an_answer_by_another_weight_of_the_semantic_arm_agrees_by_that_weight() -> None:
    found = answer(replace(BALANCED, semantic=1.4))
    assert Recomputed(found, semantic=1.4).agrees
    assert not Recomputed(found).agrees


@pytest.mark.parametrize("weight", [0.0, 0.05, 0.4])
def test_the_weight_of_the_temporal_arm_is_recomputed(weight: float) -> None:
    items, _ = served(temporal=weight)
    assert turns(answer(), Constants(temporal=weight)) == [str(each.document) for each in items]


def test_what_a_named_time_gains_is_recomputed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = answer()
    monkeypatch.setattr(shaping, "TELLS_WHEN", 0.1)
    items, _ = served()
    assert turns(found, Constants(time=0.1)) == [str(each.document) for each in items]


def test_an_exponent_of_zero_leaves_a_factor_out(monkeypatch: pytest.MonkeyPatch) -> None:
    found = answer()
    monkeypatch.setattr(shaping, "OTHER_PERSON", 1.0)
    items, _ = served()
    assert turns(found, Constants(person=0.0)) == [str(each.document) for each in items]


def test_substance_keeps_its_level_at_every_exponent() -> None:
    """So that an exponent does not change how much activation counts beside it."""
    hits = [hit("a", Boost.SUBSTANCE, 1.2), hit("b", Boost.SUBSTANCE, 1.8)]
    recomputed = Recomputed(Answer(hits, frozenset({Arm.LEXICAL})))
    for exponent in (0.0, 0.5, 2.0):
        first, second = recomputed.scores(Constants(substance=exponent))
        assert first * second == pytest.approx(1.2 * 1.8)
        assert second / first == pytest.approx((1.8 / 1.2) ** exponent)


@given(st.floats(0, 2), st.floats(0, 2))
def test_what_stands_behind_the_head_stays_there(semantic: float, graph: float) -> None:
    found = answer()
    behind = [Hit(f"behind {number}", 0.0, {}, {}, shaped=False) for number in range(3)]
    longer = Answer([*found.hits, *behind], found.arms)
    assert turns(longer, Constants(semantic=semantic, graph=graph))[-3:] == [each.turn for each in behind]


def test_equal_scores_keep_the_order_of_the_server() -> None:
    hits = [hit(name, Boost.PERSON, 1.0) for name in "bca"]
    assert turns(Answer(hits, frozenset({Arm.LEXICAL})), Constants(recency=0.0)) == ["b", "c", "a"]


def test_what_an_arm_likes_best_may_stand_behind_the_head() -> None:
    found = answer()
    hits = [replace(each, shaped=each.turn != "30") for each in found.hits]
    hits.sort(key=lambda each: not each.shaped)
    assert [each.turn for each in hits if not each.shaped] == ["30"]
    assert Recomputed(Answer(hits, found.arms)).agrees


def test_an_answer_depends_only_on_what_moves_it() -> None:
    plain = Recomputed(Answer([hit("a", Boost.RECENCY, 1.5), hit("b", Boost.RECENCY, 1.2)], frozenset({Arm.LEXICAL})))
    other = Constants(temporal=0.3, graph=0.0, recency=0.1, period=0.0, time=0.0, person=0.0, substance=0.0)
    assert plain.effective(other) == Constants(recency=0.1)
    assert Recomputed(answer()).effective(other) == other


def test_a_score_that_is_made_in_another_way_is_told() -> None:
    found = answer()
    wrong = [replace(each, score=each.score * (1 + 0.01 * place)) for place, each in enumerate(found.hits)]
    assert not Recomputed(Answer(wrong, found.arms)).agrees


def test_an_empty_answer_has_an_order() -> None:
    empty = Recomputed(Answer([], frozenset({Arm.LEXICAL, Arm.SEMANTIC})))
    assert empty.agrees
    assert empty.order(SHIPPED) == []


def test_a_hit_without_salience_is_not_of_the_head() -> None:
    assert not hit_of(SearchHit(node=Node(name="graphs/g/nodes/a"), score=0.5)).shaped
    shaped = SearchHit(node=Node(name="graphs/g/nodes/a"), score=0.5)
    shaped.salience.value = 0.5
    assert hit_of(shaped).shaped


def hit(turn: str, boost: Boost, factor: float) -> Hit:
    """One that the lexical arm found, as good as any other."""
    place = Place(1, 3.0)
    return Hit(turn, factor, {Arm.LEXICAL: place.score}, {boost: factor}, shaped=True)
