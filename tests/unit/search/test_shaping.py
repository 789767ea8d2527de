"""Boosts are bounded, told, and never bury a much better match."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loci.v1.node_pb2 import Node
from loci_server.search.activation import Surroundings
from loci_server.search.profiles import BALANCED, PROFILES, ProfileName
from loci_server.search.shaping import Asked, Boost, Opened, diversified, opened, shape

NOW = datetime(2030, 1, 1, tzinfo=UTC)
ASKED = Asked("what did Ann buy", NOW, past=False)


def candidate(document: int, text: str, fused: float, *, days: float = 0.0, salience: float = 0.5) -> Opened:
    node = Node(text=text, salience=salience)
    node.event_time.FromDatetime(NOW - timedelta(days=days))
    return opened(document, node, len(text.split()), fused)


def order(items: list[Opened]) -> list[int]:
    return [item.document for item in items]


def test_of_equals_the_recent_the_salient_and_the_telling_come_first() -> None:
    pairs = [
        (candidate(2, "Ann bought a boat.", 0.5, days=1), candidate(1, "Ann bought a boat.", 0.5, days=100)),
        (candidate(2, "Ann bought a boat.", 0.5, salience=0.9), candidate(1, "Ann bought a boat.", 0.5, salience=0.1)),
        (candidate(2, "Ann bought a boat.", 0.5), candidate(1, "Ann bought a boat?", 0.5)),
    ]
    for better, other in pairs:
        assert order(shape([other, better], ASKED, BALANCED)) == [2, 1]


def test_a_question_about_the_asker_prefers_who_speaks_of_themselves() -> None:
    told, advice = candidate(2, "I bought my boat.", 0.5), candidate(1, "Buying a boat is easy.", 0.5)
    asked = replace(ASKED, text="what did I buy")
    first = shape([advice, told], asked, BALANCED)
    assert order(first) == [2, 1]
    assert Boost.PERSON in advice.boosts
    assert Boost.PERSON not in told.boosts
    assert order(shape([advice, told], ASKED, BALANCED)) == [1, 2], "asked about another"


def test_a_text_of_another_language_is_not_judged_by_english_pronouns() -> None:
    german = candidate(1, "Ich habe ein Boot gekauft.", 0.5)
    shape([german], replace(ASKED, text="what did I buy"), BALANCED)
    assert Boost.PERSON not in german.boosts


def test_asked_when_a_text_that_names_a_time_comes_first() -> None:
    told, other = candidate(2, "Ann bought it on Monday.", 0.5), candidate(1, "Ann bought it for Bob.", 0.5)
    assert order(shape([other, told], replace(ASKED, text="When did Ann buy it?"), BALANCED)) == [2, 1]
    assert Boost.TIME in told.boosts
    assert order(shape([other, told], ASKED, BALANCED)) == [1, 2]


def test_what_was_said_later_counts_less_only_if_the_time_was_told() -> None:
    later, before = candidate(1, "It is.", 0.5, days=-30), candidate(2, "It is.", 0.5, days=300)
    assert order(shape([later, before], ASKED, BALANCED)) == [1, 2]
    assert order(shape([later, before], replace(ASKED, past=True), BALANCED)) == [2, 1]
    assert later.boosts[Boost.FUTURE] < 1


@given(
    st.text(max_size=80),
    st.floats(-4000, 4000),
    st.floats(0, 1),
    st.sampled_from(sorted(PROFILES)),
    st.booleans(),
)
def test_no_boosts_bury_a_match_that_is_many_times_better(
    text: str, days: float, salience: float, name: ProfileName, past: bool
) -> None:
    weak = candidate(1, "I and my own long words " * 40, 0.01, days=0, salience=1.0)
    strong = candidate(2, text, 1.0, days=days, salience=salience)
    asked = Asked("what did I buy", NOW, past=past)
    assert order(shape([weak, strong], asked, PROFILES[name])) == [2, 1]


def test_the_factors_that_are_told_make_the_score() -> None:
    item = candidate(1, "Ann bought a boat. Why?", 0.5, days=3, salience=0.8)
    shape([item], ASKED, BALANCED)
    product = 0.5
    for factor in item.boosts.values():
        product *= factor
    assert item.score == pytest.approx(product)
    assert 1.0 not in item.boosts.values()


def test_coverage_makes_room_for_what_stands_elsewhere() -> None:
    links = {0: [(1, 1.0)], 1: [(0, 1.0)]}
    around = Surroundings([1, 2, 3], links)
    items = shape([candidate(1, "a b", 0.9), candidate(2, "a b", 0.8), candidate(3, "a b", 0.75)], ASKED, BALANCED)
    assert order(diversified(items, around, 0.2)) == [1, 3, 2]
    assert items[1].boosts[Boost.DIVERSITY] == pytest.approx(0.8)
