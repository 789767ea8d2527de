"""Claims: what memories state, when two state the same or contradict each other, and how far evidence carries one."""

from collections.abc import Iterable
from datetime import UTC, datetime
from math import prod
from typing import Final

from google.protobuf.timestamp_pb2 import Timestamp

from loci.v1.node_pb2 import Claim, Evidence, Node
from loci_server.domain.likeness import canonical
from loci_server.domain.limits import MAX_EVIDENCE

SESSION: Final = "session"
SPEAKER: Final = "speaker"
"""Properties of what was said."""
EPISODES: Final = frozenset({"episode", "turn"})
"""Types of memories that happened at one time: the same words at another time are another memory."""


def sameness(node: Node) -> tuple[str, ...]:
    """Equal for memories that say the same: of one type, from one speaker, in the same words. Whether they fill the
    same slot is another question.

    What happened has its time, too; what is said in a session belongs to it.
    """
    happened = node.type in EPISODES
    properties = node.properties.fields
    return (
        node.type,
        properties[SPEAKER].string_value if SPEAKER in properties else "",
        properties[SESSION].string_value if happened and SESSION in properties else "",
        str(node.event_time.ToNanoseconds()) if happened and node.HasField("event_time") else "",
        node.label,
        canonical(node.text),
    )


def slot_of(claim: Claim) -> tuple[str, ...]:
    """Equal for claims that fill the same slot, in whatever case its name is written: of a slot that can have several
    values, with the same value."""
    value = canonical(claim.value) if claim.multivalued else ""
    return canonical(claim.subject), claim.slot.lower(), "each" if claim.multivalued else "one", value


def contradict(one: Claim, other: Claim) -> bool:
    """Whether two claims of one slot cannot both hold at a time."""
    same = canonical(one.value) == canonical(other.value)
    if one.negated != other.negated:
        return same
    return not same and not one.negated and not one.multivalued


def agree(one: Claim, other: Claim) -> bool:
    """Whether two claims of one slot state the same."""
    return one.negated == other.negated and canonical(one.value) == canonical(other.value)


def add_evidence(claim: Claim, source: str, confidence: float, time: datetime, *, against: bool = False) -> None:
    """Adds what a source says. Of each source the last word counts; of more than 64 pieces the oldest goes."""
    said = [piece for piece in claim.evidence if piece.source == source and piece.against == against]
    if said:
        piece = said[0]
        piece.confidence = max(piece.confidence, confidence)
    else:
        if len(claim.evidence) >= MAX_EVIDENCE:
            oldest = min(range(len(claim.evidence)), key=lambda place: claim.evidence[place].time.ToNanoseconds())
            del claim.evidence[oldest]
        piece = claim.evidence.add(source=source, confidence=confidence, against=against)
    if not piece.HasField("time") or moment_of(piece.time) < time:
        piece.time.FromDatetime(time)
    settle(claim)


def settle(claim: Claim) -> None:
    """Computes belief and contested from the evidence, as node.proto says."""
    support = carried(piece for piece in claim.evidence if not piece.against)
    doubt = carried(piece for piece in claim.evidence if piece.against)
    both = 1 - support * doubt
    claim.belief = support * (1 - doubt) / both if both > 0 else 0.0
    claim.contested = support > 0 and doubt > 0


def carried(pieces: Iterable[Evidence]) -> float:
    """How far independent pieces of evidence carry together: 1 - product of (1 - confidence)."""
    return 1 - prod(1 - piece.confidence for piece in pieces)


def moment_of(stamp: Timestamp) -> datetime:
    return stamp.ToDatetime(tzinfo=UTC)
