"""From the scores of the arms to the order of the hits: what the texts, the times and the neighbours say besides.

    score = (fused · substance + activation) · person · time · period · recency · salience · future

Each factor is bounded, so that none can bury a much better match. The constants were tuned with those of the profiles.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from math import log1p
from typing import Final

from loci.v1.node_pb2 import Node
from loci_server.domain.salience import NEUTRAL, UNUSED, HalfLives, Salience, Uses, salience
from loci_server.search.activation import Source, Surroundings, activation
from loci_server.search.profiles import Profile
from loci_server.search.times import Period, mentioned
from loci_server.search.traits import about_the_asker, asks_when, first_person, is_english, names_time, questions
from loci_server.store.times import moment

ASKING: Final = 0.15
"""What a text that only asks loses."""
LENGTH: Final = 0.1
LONGEST: Final = 1000
"""Terms; a longer text gains no more by its length."""
OTHER_PERSON: Final = 0.45
"""What is left of a text in which nobody speaks of themselves, for a question about the asker."""
FIRST_PERSON: Final = 0.05
"""Share of words in the first person that makes a text wholly one's own."""
TELLS_WHEN: Final = 0.4
"""What a text that names a time gains, for a question that asks when."""
SAID_THEN: Final = 0.4
ABOUT_THEN: Final = 0.6
"""Shares of what a profile gives to the time that is asked for."""
LOOKED_AT_FOR_TIMES: Final = 400
"""Characters of a text."""
RECENT_DAYS: Final = 40.0
"""Age at which half of the recency is gone (hyperbolic, as forgetting is; Wixted and Ebbesen, 1991)."""
FUTURE: Final = 0.3
FUTURE_DAYS: Final = 1.0
"""What was said later than this after the query's time counts for less; clocks and days are not exact."""
GAIN: Final = 2.0
POWER: Final = 1.5
BRIEF: Final = 30
"""Terms; a text of this length passes on half of what a single word would: a long one says more of itself."""
SOURCES: Final = 48
DAY: Final = timedelta(days=1)
USUAL_HALF_LIVES: Final = HalfLives()


class Boost(StrEnum):
    RECENCY = "recency"
    SALIENCE = "salience"
    PERSON = "person"
    TIME = "time"
    PERIOD = "period"
    SUBSTANCE = "substance"
    FUTURE = "future"
    DIVERSITY = "diversity"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of a question."""

    text: str
    time: datetime
    past: bool
    """Whether the time was told: what was said later is then not known yet."""
    periods: Sequence[Period] = ()
    """The times that it names."""


@dataclass(slots=True)
class Opened:
    """A candidate whose node is opened. `length`: of its document, in terms."""

    document: int
    node: Node
    length: int
    fused: float
    substance: float
    """A text that only asks answers less; a longer one says more."""
    activation: float = 0.0
    about: bool = False
    """Whether it names a time that the question names."""
    score: float = 0.0
    boosts: dict[Boost, float] = field(default_factory=dict)
    uses: Uses = UNUSED
    """As they are now; unknown where an earlier state is searched."""
    salience: Salience | None = None
    """At the query's time; None until it is shaped."""

    @property
    def said(self) -> str:
        return self.node.text or self.node.label


def opened(document: int, node: Node, length: int, fused: float, uses: Uses = UNUSED) -> Opened:
    substance = (1 - ASKING * questions(node.text or node.label)) * (1 + LENGTH * log1p(min(length, LONGEST)))
    return Opened(document, node, length, fused, substance, uses=uses)


def activated(
    head: Sequence[Opened], surroundings: Surroundings, scores: Mapping[int, float], profile: Profile
) -> dict[int, float]:
    """What the first of the head pass on to the documents around them."""
    sources = [
        Source(item.document, item.fused * item.substance, profile.graph * GAIN * BRIEF / (item.length + BRIEF))
        for item in head[:SOURCES]
    ]
    return activation(surroundings, sources, scores, POWER)


def shape(
    items: Sequence[Opened], asked: Asked, profile: Profile, half_lives: HalfLives = USUAL_HALF_LIVES
) -> list[Opened]:
    """The candidates with their scores and boosts, best first; equal ones in the order of their documents."""
    own, when = about_the_asker(asked.text), asks_when(asked.text)
    for item in items:
        half_life = half_lives.of(item.node.type)
        item.salience = salience(item.node.salience, moment_of(item.node), item.uses, asked.time, half_life)
        boosts = {
            Boost.SUBSTANCE: item.substance,
            Boost.PERSON: person(item.said) if own else 1.0,
            Boost.TIME: 1 + TELLS_WHEN if when and names_time(item.said) else 1.0,
            Boost.PERIOD: period(item, asked, profile) if asked.periods else 1.0,
            Boost.SALIENCE: 1 + profile.salience * (item.salience.value - NEUTRAL),
            **timely(item.node, asked, profile),
        }
        item.score = item.fused * boosts[Boost.SUBSTANCE] + item.activation
        for boost, factor in boosts.items():
            if boost is not Boost.SUBSTANCE:
                item.score *= factor
        item.boosts = {boost: factor for boost, factor in boosts.items() if factor != 1.0}
    return sorted(items, key=lambda item: (-item.score, item.document))


def person(said: str) -> float:
    own = first_person(said)
    if not own and not is_english(said):
        return 1.0
    return OTHER_PERSON + (1 - OTHER_PERSON) * min(1.0, own / FIRST_PERSON)


def period(item: Opened, asked: Asked, profile: Profile) -> float:
    """What was said in the time that is asked for, and what is about it."""
    said = moment_of(item.node)
    then = any(each.lower <= said < each.upper for each in asked.periods)
    return 1 + profile.temporal * (SAID_THEN * then + ABOUT_THEN * item.about)


def names_a_time_of(item: Opened, asked: Asked) -> bool:
    """Whether a text names a time that the question names. Takes some 0.1 ms, and 5 ms where every word is a time."""
    named = mentioned(item.said[:LOOKED_AT_FOR_TIMES], moment_of(item.node))
    return any(one.lower < other.upper and other.lower < one.upper for one in named for other in asked.periods)


def moment_of(node: Node) -> datetime:
    return moment(node.event_time if node.HasField("event_time") else node.create_time)


def timely(node: Node, asked: Asked, profile: Profile) -> dict[Boost, float]:
    """Recency, and whether the node was not known yet."""
    age = (asked.time - moment_of(node)) / DAY
    if asked.past and age < -FUTURE_DAYS:
        return {Boost.FUTURE: FUTURE}
    return {Boost.RECENCY: 1 + profile.recency / (1 + abs(age) / RECENT_DAYS)}


def diversified(items: Sequence[Opened], surroundings: Surroundings, share: float) -> list[Opened]:
    """The order in which each hit has taken `share` of the score of those beside it that come later."""
    rest = list(items)
    found: list[Opened] = []
    beside = {item.document: surroundings.around(item.document).keys() for item in items} if share else {}
    while rest and share:
        best = max(rest, key=lambda item: (item.score, -item.document))
        rest.remove(best)
        found.append(best)
        for item in rest:
            if item.document in beside[best.document] or best.document in beside[item.document]:
                item.score *= 1 - share
                item.boosts[Boost.DIVERSITY] = item.boosts.get(Boost.DIVERSITY, 1.0) * (1 - share)
    return found or rest
