"""Measures of a ranking against what should have been found. Pure; the definitions are those of information retrieval.

A ranking is a list of ids, best first, each at most once. `gold` is the set of ids that answer the query, not empty.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

NDCG_AT = 10


def recall(ranking: Sequence[str], gold: Collection[str], k: int) -> float:
    """Share of the gold among the first k."""
    wanted = set(gold)
    return len(wanted.intersection(ranking[:k])) / len(wanted)


def all_found(ranking: Sequence[str], gold: Collection[str], k: int) -> float:
    """1 if all of the gold is among the first k, else 0."""
    return float(set(gold) <= set(ranking[:k]))


def ndcg(ranking: Sequence[str], gold: Collection[str], k: int = NDCG_AT) -> float:
    """Normalized discounted cumulative gain with gains of 0 and 1: DCG is the sum of 1 / log2(rank + 1).

    Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques, 2002.
    """
    wanted = set(gold)
    gained = sum(_discount(rank) for rank, item in enumerate(ranking[:k], start=1) if item in wanted)
    ideal = sum(_discount(rank) for rank in range(1, min(len(wanted), k) + 1))
    return gained / ideal


def distinct(items: Iterable[str]) -> list[str]:
    """Each item once, where it first stood: the ranking of sessions that follows from one of turns."""
    return list(dict.fromkeys(items))


@dataclass(frozen=True, slots=True)
class Outcome:
    """One query: what was found and what should have been."""

    category: str
    turns: Sequence[str]
    sessions: Sequence[str]
    """Distinct, in the order in which their first turn was found."""
    gold: frozenset[str]
    gold_sessions: frozenset[str]
    packed: frozenset[str] | None = None
    """Turns that are whole in the context; None: none was asked for."""
    budget: int = 0
    """Tokens of the context."""

    def scores(self, cuts: Sequence[int]) -> dict[str, float]:
        """Each measure by its name; `cuts` are the k."""
        found: dict[str, float] = {}
        for k in cuts:
            found[f"turn_recall@{k}"] = recall(self.turns, self.gold, k)
        for k in cuts:
            found[f"turn_all@{k}"] = all_found(self.turns, self.gold, k)
        found[f"ndcg@{NDCG_AT}"] = ndcg(self.turns, self.gold)
        for k in cuts:
            found[f"session_all@{k}"] = all_found(self.sessions, self.gold_sessions, k)
        found[f"session_ndcg@{NDCG_AT}"] = ndcg(self.sessions, self.gold_sessions)
        if self.packed is not None:
            found[f"packed_recall@{self.budget}"] = len(self.gold & self.packed) / len(self.gold)
        return found


@dataclass(frozen=True, slots=True)
class Summary:
    """Mean scores of a group of queries."""

    queries: int
    scores: Mapping[str, float]


def summarize(outcomes: Sequence[Outcome], cuts: Sequence[int]) -> Summary:
    """The mean of each measure, each query counting the same (macro-average)."""
    scored = [outcome.scores(cuts) for outcome in outcomes]
    names = scored[0] if scored else {}
    return Summary(len(scored), {name: math.fsum(scores[name] for scores in scored) / len(scored) for name in names})


def by_category(outcomes: Sequence[Outcome], cuts: Sequence[int]) -> dict[str, Summary]:
    """A summary of each category, in order of its name."""
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(outcome.category, []).append(outcome)
    return {category: summarize(groups[category], cuts) for category in sorted(groups)}


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least so many percent of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def _discount(rank: int) -> float:
    return 1 / math.log2(rank + 1)
