"""Fusion: from the rank lists of the arms to one.

Each arm's scores are brought to [0, 1] by min-max normalisation over its candidates and added with the arm's weight
(CombSUM; Fox and Shaw, 1994). A document that an arm did not find gets 0 from it. The arms always rank the same number
of candidates, whatever page is asked for, so the first k results do not depend on the page size.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple


class Arm(StrEnum):
    """One way to find candidates."""

    LEXICAL = "lexical"
    SEMANTIC = "semantic"


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

    def __init__(self, lists: Mapping[Arm, Sequence[Candidate]], weights: Mapping[Arm, float]) -> None:
        self._lists = lists
        self.scores = combined(lists, weights)
        # Two stable sorts by plain keys cost a third of one by pairs.
        self.documents = sorted(sorted(self.scores), key=self.scores.__getitem__, reverse=True)

    def places(self, document: int) -> dict[Arm, Place]:
        """The place of a document in each arm that found it."""
        return {arm: places[document] for arm, places in self._places.items() if document in places}

    @cached_property
    def _places(self) -> dict[Arm, dict[int, Place]]:
        return {
            arm: {document: Place(rank, score) for rank, (document, score) in enumerate(candidates, 1)}
            for arm, candidates in self._lists.items()
        }


def combined(lists: Mapping[Arm, Sequence[Candidate]], weights: Mapping[Arm, float]) -> dict[int, float]:
    """The fused score of each document, at most 1. Lists are best first."""
    scores: dict[int, float] = {}
    total = sum(weights[arm] for arm in lists) or 1.0
    for arm, candidates in lists.items():
        if not candidates:
            continue
        low, share = candidates[-1].score, weights[arm] / total
        spread = candidates[0].score - low
        for document, score in candidates:
            gained = share * ((score - low) / spread if spread > 0 else 1.0)
            scores[document] = scores.get(document, 0.0) + gained
    return scores
