"""Fusion: one list of several, the same whatever is asked of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loci_server.search.fusion import Arm, Candidate, Ranking, range_of

WEIGHTS = {Arm.LEXICAL: 1.0, Arm.SEMANTIC: 1.0}
LISTS = st.dictionaries(st.integers(0, 50), st.floats(-10, 10), max_size=30).map(
    lambda scores: [Candidate(id, score) for id, score in sorted(scores.items(), key=lambda item: (-item[1], item[0]))]
)


@given(LISTS, LISTS)
def test_every_candidate_is_ranked_once_with_its_place_in_each_arm(
    lexical: list[Candidate], semantic: list[Candidate]
) -> None:
    lists = {Arm.LEXICAL: lexical, Arm.SEMANTIC: semantic}
    ranking = Ranking(lists, WEIGHTS)
    assert sorted(ranking.documents) == sorted({candidate.document for candidate in [*lexical, *semantic]})
    for document in ranking.documents:
        assert 0 <= ranking.scores[document] <= 1 + 1e-9
        places = ranking.places(document)
        assert places.keys() == {arm for arm in lists if document in {c.document for c in lists[arm]}}
        for arm, place in places.items():
            assert lists[arm][place.rank - 1] == Candidate(document, place.score)
    order = [(-ranking.scores[document], document) for document in ranking.documents]
    assert order == sorted(order)


@given(LISTS)
def test_one_arm_alone_keeps_its_order(candidates: list[Candidate]) -> None:
    ranking = Ranking({Arm.LEXICAL: candidates}, WEIGHTS)
    scores = [ranking.places(document)[Arm.LEXICAL].score for document in ranking.documents]
    assert scores == pytest.approx(sorted(scores, reverse=True))


def test_scores_are_brought_to_one_scale_and_added() -> None:
    lexical = [Candidate(number, float(40 - number)) for number in range(1, 31)]
    semantic = [Candidate(31 - number, 0.9 - number / 100) for number in range(30)]
    scores = Ranking({Arm.LEXICAL: lexical, Arm.SEMANTIC: semantic}, WEIGHTS).scores
    assert scores[1] == pytest.approx((1 + 1 / 29 * 0) / 2)
    assert scores[30] == pytest.approx(28 / 29 / 2)
    assert scores[31] == pytest.approx(0.5)


def test_of_two_documents_the_second_is_not_worthless() -> None:
    found = Ranking({Arm.LEXICAL: [Candidate(1, 4.0), Candidate(2, 3.0)]}, WEIGHTS)
    assert found.scores == pytest.approx({1: 1.0, 2: 0.75})


def test_equal_scores_count_the_same() -> None:
    scores = Ranking({Arm.LEXICAL: [Candidate(number, 2.0) for number in range(30)]}, WEIGHTS).scores
    assert set(scores.values()) == {1.0}


def test_one_text_that_is_unlike_the_query_is_no_good_match() -> None:
    assert Ranking({Arm.SEMANTIC: [Candidate(1, -0.05)]}, WEIGHTS).scores == {1: 0.0}
    found = Ranking({Arm.SEMANTIC: [Candidate(1, -0.1), Candidate(2, -0.2)]}, WEIGHTS).scores
    assert found == pytest.approx({1: 0.5, 2: 0.0})


def test_a_graph_in_which_an_arm_failed_gains_nothing_by_it() -> None:
    lexical = [Candidate(number, 30.0 - number) for number in range(30)]
    ranges = {Arm.LEXICAL: range_of([lexical, lexical]), Arm.SEMANTIC: range_of([lexical])}
    failed = Ranking({Arm.LEXICAL: lexical}, WEIGHTS, ranges)
    assert failed.scores[0] == pytest.approx(0.5)


@pytest.mark.parametrize("score", [float("nan"), float("-inf")])
def test_scores_that_are_no_numbers_are_replaced_by_ranks(score: float) -> None:
    scores = Ranking(
        {Arm.LEXICAL: [Candidate(number, score if number == 2 else -number) for number in range(1, 4)]}, WEIGHTS
    ).scores
    assert scores == pytest.approx({1: 1.0, 2: 61 / 62, 3: 61 / 63})


def test_weights_are_shares() -> None:
    lists = {Arm.LEXICAL: [Candidate(1, 1.0)], Arm.SEMANTIC: [Candidate(2, 1.0)]}
    assert Ranking(lists, {Arm.LEXICAL: 3.0, Arm.SEMANTIC: 1.0}).scores == {1: 0.75, 2: 0.25}


def test_nothing_found_is_nothing() -> None:
    assert Ranking({}, WEIGHTS).documents == []
    assert Ranking({Arm.LEXICAL: []}, WEIGHTS).documents == []
