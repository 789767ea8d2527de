"""The order of one answer, as a function of the constants.

    score = (fused · substance + activation) · person · time · period · recency · …

Each arm's share of `fused` is linear in its score, 1 for its best candidate. Where its 0 lies the answer does not tell;
one number for each arm and question, it follows from the scores of the whole head (least squares), and what is left
over shows whether the formula is that of the server.

What the head holds, and what its members pass on to their neighbours, stays as the server had it. The weight of the
semantic arm changes both so much that it has to be asked for by each value. `temporal` and `substance` are recomputed
for each hit's own score alone; all other constants are exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from loci_server.search.fusion import Arm
from loci_server.search.profiles import BALANCED, THEN
from loci_server.search.shaping import TELLS_WHEN, Boost
from tools.crossvalidate.answers import Answer, Hit

FUSED: Final = (Arm.LEXICAL, Arm.SEMANTIC, Arm.TEMPORAL)
DECIMALS: Final = 9
"""Scores that agree so far are equal; the server's order decides between them."""
Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Constants:
    """What is tuned; the defaults are those of the server's default profile."""

    semantic: float = BALANCED.semantic / BALANCED.lexical
    """Weight of the arm against that of the lexical arm: only their ratio counts."""
    temporal: float = THEN / BALANCED.lexical
    """The same of the temporal arm."""
    graph: float = BALANCED.graph
    recency: float = BALANCED.recency
    period: float = BALANCED.temporal
    """What was said in or is about the time that is asked for gains so much (Profile.temporal)."""
    time: float = TELLS_WHEN
    person: float = 1.0
    """Exponent of the factor."""
    substance: float = 1.0
    """Exponent of the factor over its mean in the head: how much activation counts beside it is `graph`'s matter."""

    def weight(self, arm: Arm) -> float:
        return {Arm.LEXICAL: 1.0, Arm.SEMANTIC: self.semantic, Arm.TEMPORAL: self.temporal}[arm]


SHIPPED: Final = Constants()


class Recomputed:
    """One answer."""

    def __init__(self, answer: Answer, semantic: float = SHIPPED.semantic) -> None:
        """`semantic`: the weight by which it was asked for; all else was as it is shipped."""
        self.asked = replace(SHIPPED, semantic=semantic)
        self.head = [hit for hit in answer.hits if hit.shaped]
        self.behind = [hit for hit in answer.hits if not hit.shaped]
        """They keep their places: they were not shaped."""
        self._arms = [Part(self.head, arm, best(answer, arm)) for arm in FUSED if arm in answer.arms]
        self._activation = np.array([hit.arms.get(Arm.GRAPH, 0.0) for hit in self.head])
        self._person = self._factor(Boost.PERSON)
        self._substance = self._factor(Boost.SUBSTANCE)
        self._fixed = self._factor(Boost.SALIENCE) * self._factor(Boost.FUTURE) * self._factor(Boost.DIVERSITY)
        # These three gain in proportion to their constants.
        self._time = (self._factor(Boost.TIME) - 1) / SHIPPED.time
        self._period = (self._factor(Boost.PERIOD) - 1) / SHIPPED.period
        self._recency = (self._factor(Boost.RECENCY) - 1) / SHIPPED.recency
        self._find_ranges()

    def order(self, constants: Constants) -> list[int]:
        """Places in the server's order, best first."""
        scores = self.scores(constants).round(DECIMALS)
        best: list[int] = np.argsort(-scores, kind="stable").tolist()
        return best + list(range(len(best), len(best) + len(self.behind)))

    def scores(self, constants: Constants) -> Vector:
        """Of the head, in the server's order."""
        fused = self._total(constants, [part.share() for part in self._arms])
        around = self._level * (self._substance / self._level) ** constants.substance
        activation = self._activation * (constants.graph / SHIPPED.graph)
        found: Vector = (fused * around + activation) * self._factors(constants)
        return found

    def effective(self, constants: Constants) -> Constants:
        """The constants as far as this answer depends on them; the others as the server had them."""
        return replace(constants, **self._idle)

    @cached_property
    def error(self) -> float:
        """How far the scores by the constants that the server had are from its own, at most."""
        given = np.array([hit.score for hit in self.head])
        return float(np.abs(self.scores(self.asked) - given).max(initial=0.0))

    @property
    def agrees(self) -> bool:
        """Whether the constants that the server had give its order, and its scores."""
        return self.error < 10**-DECIMALS and self.order(self.asked) == list(range(len(self.head) + len(self.behind)))

    @cached_property
    def _idle(self) -> dict[str, float]:
        """The constants that nothing in this answer depends on."""
        moves = {
            "temporal": any(part.arm is Arm.TEMPORAL for part in self._arms),
            "graph": self._activation.any(),
            "time": self._time.any(),
            "period": self._period.any(),
            "recency": self._recency.any(),
            "person": (self._person != 1).any(),
            "substance": (self._substance != 1).any(),
        }
        return {name: getattr(self.asked, name) for name, does in moves.items() if not does}

    def _find_ranges(self) -> None:
        """What each arm's score loses for each unit below its best."""
        given = np.array([hit.score for hit in self.head]) / self._factors(self.asked)
        lost = (
            self._total(self.asked, [part.found for part in self._arms]) - (given - self._activation) / self._substance
        )
        total = sum(self.asked.weight(part.arm) for part in self._arms)
        columns = [part.below * self.asked.weight(part.arm) / total for part in self._arms]
        if columns:
            slopes = np.linalg.lstsq(np.array(columns).T, lost, rcond=None)[0]
            for part, slope in zip(self._arms, slopes, strict=True):
                part.slope = float(slope)

    def _total(self, constants: Constants, shares: Sequence[Vector]) -> Vector:
        weights = [constants.weight(part.arm) for part in self._arms]
        total = sum(weights) or 1.0
        found = np.zeros(len(self.head))
        for weight, share in zip(weights, shares, strict=True):
            found += weight / total * share
        return found

    def _factors(self, constants: Constants) -> Vector:
        """All that multiplies the whole."""
        gains = (1 + constants.time * self._time) * (1 + constants.period * self._period)
        found: Vector = self._fixed * gains * (1 + constants.recency * self._recency) * self._person**constants.person
        return found

    def _factor(self, boost: Boost) -> Vector:
        return np.array([hit.boosts.get(boost, 1.0) for hit in self.head])

    @cached_property
    def _level(self) -> float:
        """The geometric mean of the substance."""
        return float(np.exp(np.log(self._substance).mean())) if self.head else 1.0


class Part:
    """What one arm gave to the head. `slope`: what its share loses for each unit below its best."""

    def __init__(self, head: Sequence[Hit], arm: Arm, best: float) -> None:
        self.arm = arm
        self.slope = 0.0
        self.found = np.array([float(arm in hit.arms) for hit in head])
        self.below = np.array([best - hit.arms.get(arm, best) for hit in head])

    def share(self) -> Vector:
        """Between 0, also for what it did not find, and 1."""
        share: Vector = self.found - self.slope * self.below
        return share


def best(answer: Answer, arm: Arm) -> float:
    """The highest score that the arm gave. What leads an arm is rarely behind the head, and hardly ever behind that."""
    return max((hit.arms[arm] for hit in answer.hits if arm in hit.arms), default=0.0)
