"""How much a memory matters at a moment.

    salience = ½ + importance + use + boost + feedback, kept within 0 and 1

    importance   (i − ½) · r(a) for an importance i above ½; i − ½ for one below
    use          ¼ · U / (U + 4)
    boost        ½ · b, with b from −1 to 1
    feedback     ¼ · (helpful − unhelpful) / (helpful + unhelpful + 4)

What is retained after a time t is r(t) = 1 / (1 + t/h): hyperbolic, as forgetting is (Wixted and Ebbesen, 1991), with
the half-life h of the memory's type. a is the time since the memory was said, or last recalled if that is later: a
recall is a rehearsal. U is the sum of r over the ages of all recalls, as in the base level of ACT-R (Anderson and
Schooler, 1991); of the recalls are kept their number, the first and the last, and those between are taken to lie
evenly there (after Petrov, 2006):

    U = r(t) + r(T) + (n − 2) · mean of r over [t, T],   mean = h/(T − t) · ln((h + T)/(h + t))

Nothing else comes of time, and nothing that was computed before goes into it: however often and whenever it is
computed, it is what it is at its moment. What lifts a memory without anybody having said so fades; what lowers it, and
what somebody said by boost or feedback, stays. So ½ is what a memory has of which nothing is known, at any age.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log
from types import MappingProxyType
from typing import Final

NEUTRAL: Final = 0.5
USE: Final = 0.25
FEEDBACK: Final = 0.25
BOOST: Final = 0.5
"""How far each part may go."""
HALF_USED: Final = 4.0
"""Fresh recalls that give half of what recalls can give."""
HALF_JUDGED: Final = 4.0
"""The same of judgements that agree."""
DAY: Final = timedelta(days=1)

OTHERS: Final = "*"
HALF_LIVES: Final[Mapping[str, float]] = MappingProxyType(
    {
        **{"turn": 30.0, "episode": 30.0},
        **{"note": 90.0, "goal": 90.0, OTHERS: 90.0},
        "decision": 180.0,
        **{"fact": 365.0, "preference": 365.0},
    }
)
"""Days, by type; `*` for all others."""


class HalfLives:
    """Half-lives of types in days. `own` stand in place of HALF_LIVES."""

    def __init__(self, own: Mapping[str, float] = HALF_LIVES) -> None:
        self._days = {**HALF_LIVES, **own}

    def of(self, type: str) -> float:
        return self._days.get(type) or self._days[OTHERS]


@dataclass(frozen=True, slots=True)
class Uses:
    """What is known of a node besides what it says."""

    count: int = 0
    first: datetime | None = None
    last: datetime | None = None
    boost: float = 0.0
    helpful: int = 0
    unhelpful: int = 0


UNUSED: Final = Uses()


@dataclass(frozen=True, slots=True)
class Salience:
    """Its parts; `value` is from 0 to 1."""

    importance: float
    use: float
    boost: float
    feedback: float
    half_life: float
    """In days."""

    @property
    def value(self) -> float:
        return min(1.0, max(0.0, NEUTRAL + self.importance + self.use + self.boost + self.feedback))


def salience(importance: float, said: datetime, uses: Uses, now: datetime, half_life: float) -> Salience:
    """That of a memory to which an importance of 0 to 1 was given, of a type with a half-life in days, at the time
    `now`. What came after it counts as having come just then."""
    above = importance - NEUTRAL
    if above > 0:
        touched = said if uses.last is None else max(said, uses.last)
        above *= retained(age(touched, now), half_life)
    used = strength(uses, now, half_life)
    judged = uses.helpful + uses.unhelpful
    return Salience(
        above,
        USE * used / (used + HALF_USED),
        BOOST * uses.boost,
        FEEDBACK * (uses.helpful - uses.unhelpful) / (judged + HALF_JUDGED),
        half_life,
    )


def strength(uses: Uses, now: datetime, half_life: float) -> float:
    """The sum of what is retained of each recall; from 0 to their number."""
    if not uses.count or uses.first is None or uses.last is None:
        return 0.0
    last, first = age(uses.last, now), age(uses.first, now)
    if uses.count == 1:
        return retained(last, half_life)
    ends = retained(last, half_life) + retained(first, half_life)
    return ends + (uses.count - 2) * mean_retained(last, first, half_life)


def mean_retained(last: float, first: float, half_life: float) -> float:
    """Over the ages from `last` to `first`."""
    span = first - last
    if span < 1e-6 * half_life:  # where the quotient would be of two roundings
        return retained(last, half_life)
    return half_life / span * log((half_life + first) / (half_life + last))


def retained(days: float, half_life: float) -> float:
    return 1 / (1 + days / half_life)


def age(moment: datetime, now: datetime) -> float:
    """In days, at least 0."""
    return max(0.0, (now - moment) / DAY)
