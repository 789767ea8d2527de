"""The facts of one slot in the order of fact time: where a new one belongs, and what becomes of the others.

A fact holds from its own time until the next one that contradicts it; until then, if that is to come, it is current.
What says of itself that it is over is history from the beginning and changes nothing else; two that contradict each
other at the same time are both contested. A fact that expires takes the place of none that lasts longer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from loci.v1.node_pb2 import Node
from loci_server.domain.claims import agree, contradict, moment_of
from loci_server.domain.dates import parse_validity
from loci_server.domain.items import StoredNode
from loci_server.domain.likeness import speaks_of_the_past

SECOND: Final = timedelta(seconds=1)
"""The precision of fact time."""
FIRST: Final = datetime(1000, 1, 1, tzinfo=UTC)
"""Earlier ends have no date of four digits, and are left open."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A memory that fills a slot. It holds from `start` until before `end` (None: it has not ended)."""

    message: Node
    start: datetime
    end: datetime | None
    over: bool
    """It says so itself."""

    @staticmethod
    def of(message: Node, now: datetime) -> "Fact":
        valid = parse_validity(message.valid_from, message.valid_to, "node")
        said = message.create_time if message.HasField("create_time") else None
        said = message.event_time if message.HasField("event_time") else said
        told_at = moment_of(said) if said is not None else now
        # A date is of whole seconds: where it is that of the telling, the telling says it more exactly.
        lower = valid.lower
        start = told_at if lower is None or lower == whole_second(told_at) else lower
        told = bool(message.claim.slot) and not message.claim.negated and speaks_of_the_past(message.text)
        ended = valid.upper is not None and valid.upper <= now and not message.claim.closed
        moment = message.claim.closed and message.valid_from == message.valid_to  # as `close` has it
        return Fact(message, start, start if moment else valid.upper, told or ended)

    def holds_at(self, time: datetime) -> bool:
        return self.start <= time and (self.end is None or self.end > time)


@dataclass(slots=True)
class Placement:
    """What a new fact is among the others, from its own time on."""

    start: datetime
    duplicate: StoredNode | None = None
    """It states what this one does, and nothing came in between."""
    superseded: list[StoredNode] = field(default_factory=list)
    """It takes their place from its own time on."""
    successor: StoredNode | None = None
    """This one took its place."""
    contested: list[StoredNode] = field(default_factory=list)
    """They contradict it at its own time, or it says of them that they are over."""


def place(new: Fact, others: Sequence[StoredNode], now: datetime) -> Placement:
    """Where a fact belongs among the others of its slot."""
    facts = [(Fact.of(other.message, now), other) for other in others]
    claim = new.message.claim
    rivals = [(fact, other) for fact, other in facts if not fact.over and contradict(claim, fact.message.claim)]
    result = Placement(new.start, duplicate=_duplicate(new, facts, rivals))
    if new.over:
        result.contested = [
            other for fact, other in facts if not fact.over and fact.holds_at(now) and agree(claim, fact.message.claim)
        ]
        return result
    result.contested = [other for fact, other in rivals if fact.start == new.start]
    if result.duplicate is None:
        result.superseded = [
            other
            for fact, other in rivals
            if fact.start < new.start and fact.holds_at(new.start) and lasts(new.message, other.message)
        ]
        later = [(fact.start, other.id, other) for fact, other in rivals if fact.start > new.start]
        result.successor = min(later)[-1] if later else None
    return result


def _duplicate(
    new: Fact, facts: Sequence[tuple[Fact, StoredNode]], rivals: Sequence[tuple[Fact, StoredNode]]
) -> StoredNode | None:
    """The last one that states the same of the same time."""
    found = []
    for fact, other in facts:
        if fact.over != new.over or not agree(new.message.claim, fact.message.claim):
            continue
        first, last = sorted((fact.start, new.start))
        between = any(first < rival.start <= last for rival, _ in rivals if rival.start != new.start)
        ended = fact.end is not None and fact.end <= new.start
        if new.over or not (between or ended):
            found.append((fact.start, other.id, other))
    return max(found)[-1] if found else None


def lasts(message: Node, other: Node) -> bool:
    """Whether a memory is there for as long as another one."""
    if not message.HasField("expire_time"):
        return True
    return other.HasField("expire_time") and other.expire_time.ToNanoseconds() <= message.expire_time.ToNanoseconds()


def close(message: Node, end: datetime, now: datetime) -> None:
    """Ends a memory before a time, as exactly as its own dates allow. If that time has come it is superseded."""
    message.superseded = end <= now
    if "/" in message.valid_from or end < FIRST:
        return
    valid = parse_validity(message.valid_from, message.valid_to, "node")
    if valid.upper is not None and valid.upper <= end:
        return
    last = end - SECOND
    if valid.lower is None or valid.lower < last:
        message.valid_to = date_of(last)
        message.claim.closed = True
    elif valid.lower <= end and message.valid_from == date_of(valid.lower):  # it held for less than a second
        message.valid_to = message.valid_from
        message.claim.closed = True


def begin(message: Node, start: datetime) -> None:
    """Has a memory without a beginning of its own begin when it took the place of others: until then they held."""
    if message.valid_from or start < FIRST:
        return
    valid = parse_validity("", message.valid_to, "node")
    if valid.upper is None or valid.upper > whole_second(start):
        message.valid_from = date_of(start)


def reopen(message: Node) -> None:
    """Takes back what `close` has done."""
    message.superseded = False
    if message.claim.closed:
        message.valid_to = ""
        message.claim.closed = False


def whole_second(time: datetime) -> datetime:
    return time.replace(microsecond=0)


def date_of(time: datetime) -> str:
    """As EDTF, to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def successor(memory: Node, others: Iterable[StoredNode], now: datetime) -> StoredNode | None:
    """The first of the facts of its slot that ends it."""
    own = Fact.of(memory, now)
    later = [
        (fact.start, other.id, other)
        for other in others
        if not (fact := Fact.of(other.message, now)).over
        and fact.start > own.start
        and contradict(memory.claim, other.message.claim)
        and lasts(other.message, memory)
    ]
    return min(later)[-1] if later else None
