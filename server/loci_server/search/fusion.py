"""Fusion: from the rank lists of the arms to one.

Each arm's scores are brought to [0, 1] by min-max normalisation over its candidates and added with the arm's weight
(CombSUM; Fox and Shaw, 1994). A document that an arm did not find gets 0 from it. The arms always rank the same number
of candidates, whatever page is asked for, so the first k results do not depend on the page size.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Arm(StrEnum):
    """One way to find candidates."""

    LEXICAL = "lexical"
    SEMANTIC = "semantic"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document as one arm found it."""

    document: int
    score: float


@dataclass(slots=True)
class Ranked:
    """A document in the fused list, with its place (from 1) and score in each arm that found it."""

    document: int
    score: float = 0.0
    arms: dict[Arm, tuple[int, float]] = field(default_factory=dict)


def fuse(lists: Mapping[Arm, Sequence[Candidate]], weights: Mapping[Arm, float]) -> list[Ranked]:
    """All candidates, best first; equal scores in the order of their documents. Lists are best first."""
    fused: dict[int, Ranked] = {}
    total = sum(weights[arm] for arm in lists) or 1.0
    for arm, candidates in lists.items():
        if not candidates:
            continue
        high, low = candidates[0].score, candidates[-1].score
        spread = high - low
        share = weights[arm] / total
        for rank, candidate in enumerate(candidates, 1):
            ranked = fused.get(candidate.document)
            if ranked is None:
                ranked = fused[candidate.document] = Ranked(candidate.document)
            ranked.arms[arm] = rank, candidate.score
            ranked.score += share * ((candidate.score - low) / spread if spread > 0 else 1.0)
    return sorted(fused.values(), key=lambda ranked: (-ranked.score, ranked.document))
