"""Coordinate search for constants, and what it gives on conversations that it has not seen."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from tools.crossvalidate.asked import MEASURES, Asked, Scores
from tools.crossvalidate.recomputed import SHIPPED, Constants

GOAL: Final = [MEASURES.index("turn_recall@10"), MEASURES.index("session_all@10")]
"""The constants are chosen by the mean of these, over both data sets."""
LEAST: Final = 1e-9
"""A gain."""
VALUES: Final[Mapping[str, Sequence[float]]] = {
    "graph": (0.0, 0.5, 0.75, 1.0, 1.5, 2.0),
    "substance": (0.0, 0.5, 1.0, 1.5, 2.0),
    "person": (0.0, 0.5, 1.0, 1.5, 2.0),
    "recency": (0.0, 0.4, 0.8, 1.2, 1.6),
    "time": (0.0, 0.2, 0.4, 0.6, 0.8),
    "period": (0.0, 0.25, 0.5, 0.75, 1.0),
    "temporal": (0.0, 0.05, 0.1, 0.2, 0.4),
}
NO_FOLD: Final = -1
FACTORS: Final = ("person", "time", "substance", "recency", "period")
PLAIN: Final = Constants(
    semantic=SHIPPED.semantic, temporal=0.0, graph=0.0, recency=0.0, period=0.0, time=0.0, person=0.0, substance=0.0
)
"""Where each search begins: the sum of words and meaning. The shipped constants know all of the data."""


def tuned(
    goal: Callable[[Constants], float], values: Mapping[str, Sequence[float]] = VALUES, start: Constants = PLAIN
) -> Constants:
    """The constants that reach most, one after the other, until none of them gains by another value."""
    best, reached = start, goal(start)
    before = None
    while best != before:
        before = best
        for name, choices in values.items():
            for value in choices:
                other = replace(best, **{name: value})
                found = goal(other)
                if found > reached + LEAST:
                    best, reached = other, found
    return best


def goal(sets: Sequence[Asked], without: int = NO_FOLD) -> Callable[[Constants], float]:
    """What constants reach in the questions that are not of one fold."""
    return lambda constants: reached(each.scores(constants)[each.fold != without] for each in sets)


def reached(scores: Iterable[Scores]) -> float:
    """The mean over data sets, each by the mean of its questions."""
    return float(np.mean([each[:, GOAL].mean() for each in scores]))


@dataclass(frozen=True, slots=True)
class CrossValidated:
    """The constants of each fold, chosen on the others, and what they give on it."""

    constants: Sequence[Constants]
    scores: Mapping[str, Scores]
    """Of each data set; each question by the constants that were chosen without its fold."""


def cross_validated(
    sets: Sequence[Asked], folds: int, values: Mapping[str, Sequence[float]] = VALUES
) -> CrossValidated:
    chosen = [tuned(goal(sets, without=fold), values) for fold in range(folds)]
    scores = {
        each.name: np.array([each.scores(chosen[fold])[place] for place, fold in enumerate(each.fold)]) for each in sets
    }
    return CrossValidated(chosen, scores)


def on_all(sets: Sequence[Asked], values: Mapping[str, Sequence[float]] = VALUES) -> Constants:
    """Tuned on all that there is."""
    return tuned(goal(sets), values)


@dataclass(frozen=True, slots=True)
class Difference:
    mean: float
    error: float
    """Standard error of the mean; nan of a single conversation."""


def difference(asked: Asked, first: Scores, second: Scores, measures: Sequence[int]) -> Difference:
    """What `first` gains over `second` in the mean of some measures: the mean over conversations, each by the mean of
    its questions."""
    gained: dict[str, list[float]] = {}
    gains = (first - second)[:, measures].mean(axis=1)
    for conversation, gain in zip(asked.conversations, gains, strict=True):
        gained.setdefault(conversation, []).append(float(gain))
    means = np.array([np.mean(gains) for gains in gained.values()])
    error = float(means.std(ddof=1) / len(means) ** 0.5) if len(means) > 1 else float("nan")
    return Difference(float(means.mean()), error)


def mean(differences: Sequence[Difference]) -> Difference:
    """Of several data sets, each counting the same."""
    count = len(differences)
    error = sum(each.error**2 for each in differences) ** 0.5 / count
    return Difference(sum(each.mean for each in differences) / count, error)
