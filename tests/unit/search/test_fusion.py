"""Fusion: one list of several, the same whatever is asked of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loci_server.search.fusion import Arm, Candidate, Ranking

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
    lexical = [Candidate(1, 30.0), Candidate(2, 20.0), Candidate(3, 10.0)]
    semantic = [Candidate(3, 0.9), Candidate(1, 0.5), Candidate(4, 0.1)]
    ranking = Ranking({Arm.LEXICAL: lexical, Arm.SEMANTIC: semantic}, WEIGHTS)
    assert ranking.scores == pytest.approx({1: 0.75, 3: 0.5, 2: 0.25, 4: 0.0})
    assert ranking.documents == [1, 3, 2, 4]


def test_weights_are_shares() -> None:
    lists = {Arm.LEXICAL: [Candidate(1, 1.0)], Arm.SEMANTIC: [Candidate(2, 1.0)]}
    assert Ranking(lists, {Arm.LEXICAL: 3.0, Arm.SEMANTIC: 1.0}).scores == {1: 0.75, 2: 0.25}


def test_nothing_found_is_nothing() -> None:
    assert Ranking({}, WEIGHTS).documents == []
    assert Ranking({Arm.LEXICAL: []}, WEIGHTS).documents == []
