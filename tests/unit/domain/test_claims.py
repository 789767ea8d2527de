"""What memories state: when two are the same, and what evidence comes to."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loci.v1.node_pb2 import Claim, Node
from loci_server.domain.claims import add_evidence, agree, contradict, sameness, settle, slot_of
from loci_server.domain.likeness import canonical, speaks_of_the_past
from loci_server.domain.limits import MAX_EVIDENCE

NOW = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I'm allergic to the peanuts.", "i am allergic to peanut"),
        ("She doesn’t like tea; can't!", "she doe not like tea can not"),
        ("Who's there?", "who is there ?"),
        ("Ann's dog", "ann's dog"),
        ("It costs 5% of $3.50", "it cost 5 % of $ 3.50"),
        ("NASA flies", "NASA fly"),
        ("Caf\u0065\u0301", "café"),
        ("  two\n lines ", "two line"),
        ("…!", "...!"),
        ("hepatitis A", "hepatiti A"),
        ("A cat", "cat"),
        ("2*3 is 6", "2 * 3 is 6"),
        ("a_b", "a_b"),
    ],
)
def test_the_form_in_which_words_are_compared(text: str, words: str) -> None:
    assert canonical(text) == words


@given(st.text(max_size=60))
def test_the_form_is_found_for_any_text_and_spaces_around_it_do_not_matter(text: str) -> None:
    assert canonical(f"  {text}\n") == canonical(text)


def test_a_very_long_text_is_compared_by_every_character() -> None:
    long = "The cats " * 1000
    assert canonical(long) == long.strip()
    assert canonical(long) != canonical(long.lower())


@pytest.mark.parametrize(
    ("text", "past"),
    [
        ("Ann used to live in Austin", True),
        ("Ann no longer works there", True),
        ("She doesn't live there anymore", True),
        ("Where did she use to work?", True),
        ("Ann formerly lived in Austin", True),
        ("Ann lived in Austin", True),
        ("Ann is used to the cold", False),
        ("I'm used to the cold", False),
        ("Ann used to live in Austin and lives in Dallas now", False),
        ("Ann has lived in Austin since 2019", False),
        ("Ann moved to Dallas", False),
        ("He lived up to his promise", False),
        ("Bob, formerly known as Robert, lives in Rome", False),
        ("It worked: he lives in Rome", False),
        ("n't " * 5000, False),
        ("Ann lives in Austin", False),
    ],
)
def test_what_is_over_says_so_by_set_phrases(text: str, past: bool) -> None:
    assert speaks_of_the_past(text) is past


def claim(value: str, **fields: bool) -> Claim:
    return Claim(slot="s", value=value, **fields)


@pytest.mark.parametrize(
    ("one", "other", "same", "against"),
    [
        (claim("Austin"), claim("austin"), True, False),
        (claim("Austin"), claim("Dallas"), False, True),
        (claim("Austin"), claim("Austin", negated=True), False, True),
        (claim("Austin"), claim("Dallas", negated=True), False, False),
        (claim("Austin", negated=True), claim("Dallas", negated=True), False, False),
        (claim("tea", multivalued=True), claim("jazz", multivalued=True), False, False),
        (claim("tea", multivalued=True), claim("tea", multivalued=True, negated=True), False, True),
    ],
)
def test_claims_of_a_slot_agree_or_contradict_each_other(one: Claim, other: Claim, same: bool, against: bool) -> None:
    assert (agree(one, other), agree(other, one)) == (same, same)
    assert (contradict(one, other), contradict(other, one)) == (against, against)


def test_belief_combines_independent_sources_for_and_against() -> None:
    found = Claim()
    settle(found)
    assert (found.belief, found.contested) == (0.0, False)
    add_evidence(found, "a", 0.5, NOW)
    add_evidence(found, "b", 0.5, NOW)
    assert found.belief == pytest.approx(0.75)
    add_evidence(found, "c", 0.5, NOW, against=True)
    assert found.belief == pytest.approx(0.75 * 0.5 / (1 - 0.375))
    assert found.contested
    sure = Claim()
    add_evidence(sure, "a", 1.0, NOW)
    add_evidence(sure, "b", 1.0, NOW, against=True)
    assert (sure.belief, sure.contested) == (0.0, True)


def test_of_each_source_the_strongest_and_the_last_word_count() -> None:
    found = Claim()
    add_evidence(found, "a", 0.9, NOW)
    add_evidence(found, "a", 0.2, NOW + timedelta(days=1))
    add_evidence(found, "a", 0.2, NOW - timedelta(days=1))
    assert [(piece.source, piece.confidence) for piece in found.evidence] == [("a", 0.9)]
    assert found.evidence[0].time.ToDatetime(tzinfo=UTC) == NOW + timedelta(days=1)


def test_evidence_is_bounded_and_the_oldest_goes() -> None:
    found = Claim()
    for number in range(MAX_EVIDENCE + 3):
        add_evidence(found, f"s{number}", 0.1, NOW + timedelta(days=number))
    assert len(found.evidence) == MAX_EVIDENCE
    assert found.evidence[0].source == "s3"


def test_an_episode_has_its_time_and_its_session() -> None:
    fact, episode = Node(type="fact", text="x"), Node(type="episode", text="x")
    for node in (fact, episode):
        node.properties["session"] = "s1"
    before = [sameness(fact), sameness(episode)]
    for node in (fact, episode):
        node.properties["session"] = "s2"
    assert sameness(fact) == before[0]
    assert sameness(episode) != before[1]
    before = [sameness(fact), sameness(episode)]
    for node in (fact, episode):
        node.event_time.FromDatetime(NOW)
    assert (sameness(fact) == before[0], sameness(episode) == before[1]) == (True, False)


def test_the_name_of_a_slot_is_the_same_in_any_case() -> None:
    one, other = claim("Austin"), claim("Dallas")
    other.slot = "S"
    assert slot_of(one) == slot_of(other)


def test_the_same_words_are_the_same_whatever_slot_they_fill() -> None:
    plain, filled = Node(type="fact", text="x"), Node(type="fact", text="x", claim=claim("x"))
    assert sameness(plain) == sameness(filled)
