"""The measures of retrieval, against examples worked out by hand."""

import math

import pytest

from loci_server.cli.measures import (
    Outcome,
    all_found,
    by_category,
    distinct,
    ndcg,
    percentile,
    recall,
    summarize,
)

RANKING = ["a", "b", "c", "d", "e"]


def outcome(turns: list[str], gold: set[str], category: str = "x") -> Outcome:
    """One where the session of a turn is its first letter."""
    sessions = distinct(turn[0] for turn in turns)
    return Outcome(category, turns, sessions, frozenset(gold), frozenset(turn[0] for turn in gold))


def test_recall_is_the_share_of_the_gold_among_the_first_k() -> None:
    assert recall(RANKING, {"b", "d", "z"}, 3) == pytest.approx(1 / 3)
    assert recall(RANKING, {"b", "d", "z"}, 4) == pytest.approx(2 / 3)
    assert recall(RANKING, {"b"}, 2) == 1
    assert recall([], {"b"}, 2) == 0


def test_all_found_is_one_only_if_nothing_is_missing() -> None:
    assert all_found(RANKING, {"a", "c"}, 3) == 1
    assert all_found(RANKING, {"a", "d"}, 3) == 0
    assert all_found(RANKING, {"a", "z"}, 5) == 0


def test_ndcg_of_a_perfect_ranking_is_one() -> None:
    assert ndcg(RANKING, {"a", "b", "c"}) == pytest.approx(1)


def test_ndcg_discounts_by_the_logarithm_of_the_rank() -> None:
    # Gold at ranks 2 and 5: DCG = 1/log2(3) + 1/log2(6); the ideal has them at ranks 1 and 2: 1 + 1/log2(3).
    expected = (1 / math.log2(3) + 1 / math.log2(6)) / (1 + 1 / math.log2(3))
    assert ndcg(RANKING, {"b", "e"}) == pytest.approx(expected)
    assert expected == pytest.approx(0.6241, abs=1e-4)


def test_ndcg_compares_with_what_fits_into_the_first_k() -> None:
    gold = {f"g{number}" for number in range(20)}
    assert ndcg([f"g{number}" for number in range(10)], gold, 10) == pytest.approx(1)
    assert ndcg([*RANKING, "g1"], {"g1"}, 5) == 0


def test_a_session_stands_where_its_first_turn_was_found() -> None:
    found = outcome(["a1", "b1", "a2", "c1", "b2"], {"a2", "c1"})
    assert found.sessions == ["a", "b", "c"]
    scores = found.scores([2, 3])
    assert scores["session_all@2"] == 0
    assert scores["session_all@3"] == 1
    assert scores["turn_recall@3"] == 0.5
    assert scores["turn_all@3"] == 0
    assert scores["session_ndcg@10"] == pytest.approx((1 + 1 / math.log2(4)) / (1 + 1 / math.log2(3)))


def test_each_query_counts_the_same_whatever_it_asks_for() -> None:
    many = outcome(["a1", "a2", "a3", "a4"], {"a1", "a2", "a3", "a4"})
    none = outcome(["b1"], {"c1"})
    summary = summarize([many, none], [4])
    assert summary.queries == 2
    assert summary.scores["turn_recall@4"] == 0.5
    assert summary.scores["session_all@4"] == 0.5


def test_categories_are_measured_alone() -> None:
    found = by_category([outcome(["a1"], {"a1"}, "two"), outcome(["a1"], {"b1"}, "one")], [1])
    assert [(name, summary.scores["turn_all@1"]) for name, summary in found.items()] == [("one", 0), ("two", 1)]


def test_nothing_measured_is_not_an_error() -> None:
    assert summarize([], [5]).queries == 0


def test_percentiles_are_values_that_occurred() -> None:
    assert percentile([4, 1, 3, 2], 50) == 2
    assert percentile([4, 1, 3, 2], 95) == 4
    assert percentile([7], 50) == 7
