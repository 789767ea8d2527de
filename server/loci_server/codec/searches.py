"""Searches of the contract: how they are asked, and how their hits and reports are told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp

from loci.v1 import search_service_pb2 as pb
from loci.v1.filter_pb2 import NodeFilter
from loci.v1.node_pb2 import Node
from loci_server.codec.filters import accepts
from loci_server.domain.dates import parse_validity
from loci_server.domain.likeness import speaks_of_the_past
from loci_server.domain.validation import check_timestamp
from loci_server.errors import InvalidField
from loci_server.memory.saliences import salience_message
from loci_server.search.arms import ArmResult, State
from loci_server.search.fusion import Arm
from loci_server.search.profiles import PROFILES, Profile, ProfileName
from loci_server.search.searcher import Hit
from loci_server.search.shaping import Asked, Boost
from loci_server.search.times import mentioned
from loci_server.store.times import moment

ARMS = {arm: pb.SearchArm.Value(f"SEARCH_ARM_{arm.name}") for arm in Arm}
BOOSTS = {boost: pb.SearchBoost.Value(f"SEARCH_BOOST_{boost.name}") for boost in Boost}
STATES = {State.OK: pb.ARM_STATE_OK, State.SKIPPED: pb.ARM_STATE_SKIPPED, State.FAILED: pb.ARM_STATE_FAILED}
PROFILE_NAMES = {
    pb.SEARCH_PROFILE_UNSPECIFIED: ProfileName.BALANCED,
    **{pb.SearchProfile.Value(f"SEARCH_PROFILE_{name.name}"): name for name in ProfileName},
}
WEIGHTS = {"lexical": 10, "semantic": 10, "graph": 10, "recency": 1, "salience": 1, "diversity": 1, "temporal": 1}
"""The largest of each of the SearchWeights."""


LOOKED_AT = 1000
"""Characters of a query that are read for times."""


def profile(given: pb.SearchProfile.ValueType, weights: pb.SearchWeights) -> Profile:
    """A profile, with the weights that are given in place of its own. Raises InvalidField."""
    if given not in PROFILE_NAMES:
        raise InvalidField(field="profile", detail="it is not a SearchProfile")
    own = {}
    for name, most in WEIGHTS.items():
        if weights.HasField(name):  # type: ignore[arg-type]
            own[name] = value = getattr(weights, name)
            if not 0 <= value <= most:  # NaN is not
                raise InvalidField(field=f"weights.{name}", detail=f"it must be from 0 to {most}")
    result = replace(PROFILES[PROFILE_NAMES[given]], **own)
    if not result.lexical and not result.semantic:
        raise InvalidField(field="weights", detail="lexical and semantic are both 0: nothing would be found")
    return result


def asked(query: str, time: Timestamp | None) -> Asked:
    """A question, asked at a time that was told or now. Raises InvalidField."""
    if time is None:
        at = datetime.now(UTC)
    else:
        check_timestamp(time, "query_time")
        at = moment(time)
    return Asked(query, at, time is not None, mentioned(query[:LOOKED_AT], at))


def at(question: Asked, time: datetime) -> Asked:
    """The question as it was asked then: its pages are those of one moment."""
    return replace(question, time=time, periods=mentioned(question.text[:LOOKED_AT], time))


def accepts_memories(filter: NodeFilter, now: datetime | None) -> Callable[[Node], bool]:
    """As `accepts`, and a memory carries text. `now`: only what is current then passes; None: what is past does,
    too."""
    passes = accepts(filter)
    return lambda node: bool(node.text) and (now is None or is_current(node, now)) and passes(node)


def is_current(node: Node, now: datetime) -> bool:
    """Whether nothing took the place of a memory, and it has not ended, if it fills a slot."""
    if node.superseded:
        return False
    if not node.claim.slot or not (node.valid_to or "/" in node.valid_from):
        return True
    end = parse_validity(node.valid_from, node.valid_to, "node").upper
    return end is None or end > now


def asks_for_the_past(question: Asked) -> bool:
    """Whether a question names a time that is over, or asks what used to be."""
    return speaks_of_the_past(question.text) or any(period.upper <= question.time for period in question.periods)


def hit_message(hit: Hit, explain: bool) -> pb.SearchHit:
    message = pb.SearchHit(node=hit.node, score=hit.score)
    if explain:
        for arm, (rank, score) in hit.places.items():
            message.arm_scores.add(arm=ARMS[arm], rank=rank, score=score)
        for boost, factor in hit.boosts.items():
            message.boosts.add(boost=BOOSTS[boost], factor=factor)
        if hit.salience is not None:
            message.salience.CopyFrom(salience_message(hit.node.name, hit.salience, hit.uses))
    return message


def report(result: ArmResult, pending: int) -> pb.ArmReport:
    """How an arm fared. `pending`: documents that the semantic arm cannot see yet."""
    return pb.ArmReport(
        arm=ARMS[result.arm],
        state=STATES[result.state],
        candidate_count=len(result.candidates),
        reason=result.reason,
        pending_count=pending if result.arm is Arm.SEMANTIC else 0,
    )
