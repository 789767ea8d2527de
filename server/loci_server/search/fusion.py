"""Fusion: from the rank lists of the arms to one.

Each arm's scores are brought to [0, 1] by min-max normalisation over its candidates and added with the arm's weight
(CombSUM; Fox and Shaw, 1994; of short lists the least possible score is the minimum: Bruch, Gai and Ingber, 2023). A
document that an arm did not find gets 0 from it. The arms always rank the same number of candidates, whatever page is
asked for, so the first k results do not depend on the page size.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from math import isfinite
from typing import Final, NamedTuple

FEW: Final = 20
"""Candidates; fewer do not show how far the scores of an arm reach."""
RANK: Final = 60
"""The constant of reciprocal-rank fusion."""


class Arm(StrEnum):
    """One way to find candidates."""

    LEXICAL = "lexical"
    SEMANTIC = "semantic"
    GRAPH = "graph"
    TEMPORAL = "temporal"
    RERANKER = "reranker"


class Candidate(NamedTuple):
    """A document as one arm found it."""

    document: int
    score: float


class Place(NamedTuple):
    """Where an arm put a document: its rank, from 1, and the arm's own score."""

    rank: int
    score: float


class Ranking:
    """All candidates of all arms, best first; equal scores in the order of their documents."""

    def __init__(
        self,
        lists: Mapping[Arm, Sequence[Candidate]],
        weights: Mapping[Arm, float],
        ranges: Mapping[Arm, "Range"] | None = None,
    ) -> None:
        """`ranges`: of each arm's scores, where other lists are ranked beside these; default: of these alone. The arms
        in it share the weight: a graph in which one of them failed gains nothing by it."""
        self._lists = dict(lists)
        if ranges is None:
            ranges = {arm: range_of([candidates]) for arm, candidates in lists.items()}
        self.scores = combined(lists, weights, ranges)
        # Two stable sorts by plain keys cost a third of one by pairs.
        self.documents = sorted(sorted(self.scores), key=self.scores.__getitem__, reverse=True)

    def add(self, arm: Arm, candidates: Sequence[Candidate]) -> None:
        """The list of an arm that ran after the fusion, for `places`."""
        self._lists[arm] = candidates

    def places(self, document: int) -> dict[Arm, Place]:
        """The place of a document in each arm that found it."""
        return {
            arm: Place(index + 1, self._lists[arm][index].score)
            for arm, indexes in self._indexes.items()
            if (index := indexes.get(document)) is not None
        }

    @cached_property
    def _indexes(self) -> dict[Arm, dict[int, int]]:
        """Where each document stands in the lists."""
        return {
            arm: {document: index for index, (document, _) in enumerate(candidates)}
            for arm, candidates in self._lists.items()
        }


class Range(NamedTuple):
    """The scores that count as 0 and as 1."""

    low: float
    high: float


def range_of(lists: Sequence[Sequence[Candidate]]) -> Range:
    """The range of one arm's lists, each best first.

    The least score counts as 0; of a few candidates 0 itself, which is the least that an arm can give: two documents
    are not the best and the worst.
    """
    found = [candidates for candidates in lists if candidates]
    if not found:
        return Range(0.0, 1.0)
    low = min(candidates[-1].score for candidates in found)
    high = max(candidates[0].score for candidates in found)
    if sum(map(len, found)) < FEW:
        low, high = min(low, 0.0), max(high, 0.0)  # one text that is unlike the query is no good match
    return Range(low, high)


def combined(
    lists: Mapping[Arm, Sequence[Candidate]], weights: Mapping[Arm, float], ranges: Mapping[Arm, Range]
) -> dict[int, float]:
    """The fused score of each document, at most 1. Lists are best first."""
    scores: dict[int, float] = {}
    total = sum(weights[arm] for arm in ranges) or 1.0
    for arm, candidates in lists.items():
        share = weights[arm] / total
        for (document, _), gained in zip(candidates, normalised(candidates, ranges[arm]), strict=True):
            scores[document] = scores.get(document, 0.0) + share * gained
    return scores


def normalised(candidates: Sequence[Candidate], within: Range) -> list[float]:
    """Scores between 0 and 1. In place of scores that are no numbers stand reciprocal ranks (Cormack, Clarke and
    Büttcher, 2009)."""
    if within.high == within.low:
        return [1.0 if within.high > 0 else 0.0] * len(candidates)
    if not isfinite(sum((score for _, score in candidates), within.low + within.high)):
        return [(RANK + 1) / (RANK + rank) for rank in range(1, len(candidates) + 1)]
    spread = within.high - within.low
    return [(score - within.low) / spread for _, score in candidates]
