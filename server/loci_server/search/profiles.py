"""Profiles: what a search weighs its findings by.

The numbers of BALANCED were tuned on conversations with known answers, and are within noise of what cross-validation
over these chooses (docs/retrieval.md); the others differ from it in what their names say.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from loci_server.search.fusion import Arm

THEN: Final = 0.1
"""Share of the temporal arm: what was said then and does not match otherwise comes behind what does."""


class ProfileName(StrEnum):
    BALANCED = "balanced"
    STRICT = "strict"
    FUZZY = "fuzzy"
    RECENCY = "recency"
    COVERAGE = "coverage"


@dataclass(frozen=True, slots=True)
class Profile:
    """Weights of the arms, and how far each boost may go. All are at least 0."""

    lexical: float = 1.0
    semantic: float = 1.0
    """Shares of the arms' scores, each brought to [0, 1]."""
    graph: float = 1.0
    """How much activation from neighbours adds."""
    recency: float = 0.8
    """By how much the most recent is lifted above the oldest, as a share of its score."""
    temporal: float = 0.5
    """By how much what was said in, and is about, the time that the query names is lifted, as a share of its score."""
    salience: float = 0.25
    """By how much the most salient is lifted above the least, as a share of its score."""
    diversity: float = 0.0
    """What a hit takes from the score of later hits that stand beside it, as a share of their score."""

    @property
    def arms(self) -> Mapping[Arm, float]:
        return {Arm.LEXICAL: self.lexical, Arm.SEMANTIC: self.semantic, Arm.TEMPORAL: THEN if self.temporal else 0.0}


BALANCED: Final = Profile()
PROFILES: Final[Mapping[ProfileName, Profile]] = {
    ProfileName.BALANCED: BALANCED,
    ProfileName.STRICT: replace(BALANCED, semantic=0.3, graph=0.0, temporal=0.0, recency=0.0),
    ProfileName.FUZZY: replace(BALANCED, lexical=0.3, semantic=1.0),
    ProfileName.RECENCY: replace(BALANCED, recency=3.0),
    ProfileName.COVERAGE: replace(BALANCED, diversity=0.15),
}
