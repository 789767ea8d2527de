"""Memories of the contract: what is told as a node that keeps all limits, and what became of it."""

from datetime import UTC, datetime, timedelta

from google.protobuf.struct_pb2 import Struct
from google.protobuf.timestamp_pb2 import Timestamp

from loci.v1 import memory_service_pb2 as pb
from loci.v1.node_pb2 import Node
from loci_server.domain import nodes
from loci_server.domain.claims import SESSION, SPEAKER
from loci_server.domain.conversations import named_session
from loci_server.domain.ids import uuid7
from loci_server.domain.limits import (
    MAX_SESSION_ID_BYTES,
    MAX_SOURCE_BYTES,
    MAX_SPEAKER_BYTES,
    MAX_SUBJECT_BYTES,
    MAX_SUPERSEDED,
    MAX_TEXT_BYTES,
    MAX_TTL_SECONDS,
    MAX_TURNS,
    MAX_VALUE_BYTES,
    check_count,
)
from loci_server.domain.names import check_id, node_name
from loci_server.domain.structs import check_struct
from loci_server.domain.validation import check_node, check_text, check_timestamp, check_type
from loci_server.errors import InvalidField
from loci_server.memory.remember import Remembered, RememberedAs, Told, checked_supersedes
from loci_server.memory.sessions import KEPT, LAST_TIME, Said, turn_count
from loci_server.store.times import moment, timestamp

DEFAULT_TYPE = "fact"
DEFAULT_CONFIDENCE = 0.7
OUTCOMES = {
    RememberedAs.ADDED: pb.REMEMBER_OUTCOME_ADDED,
    RememberedAs.DUPLICATE: pb.REMEMBER_OUTCOME_DUPLICATE_OF,
    RememberedAs.SUPERSEDES: pb.REMEMBER_OUTCOME_SUPERSEDES,
}


def told(request: pb.RememberRequest, graph: str) -> Told:
    """What a request tells. Raises the typed error of the first bad field."""
    identity = check_id(request.node_id, "node_id") if request.node_id else uuid7()
    if not request.text.strip():
        raise InvalidField(field="text", detail="it is empty")
    session = named_session(request.session)
    if request.session and not session:
        raise InvalidField(field="session", detail="it names no session")
    check_text(session, "session", MAX_SESSION_ID_BYTES)
    check_text(request.speaker, "speaker", MAX_SPEAKER_BYTES)
    check_text(request.source, "source", MAX_SOURCE_BYTES)
    confidence = request.confidence if request.HasField("confidence") else DEFAULT_CONFIDENCE
    for name, value in (("importance", request.importance), ("confidence", confidence)):
        if not 0.0 <= value <= 1.0:
            raise InvalidField(field=name, detail="it must be from 0 to 1")
    check_metadata(request.metadata, frozenset((SESSION, SPEAKER)))
    check_count("supersedes", len(request.supersedes), MAX_SUPERSEDED, "memories")
    node = Node(
        name=node_name(graph, identity),
        type=request.type or DEFAULT_TYPE,
        label=request.label,
        text=request.text,
        properties=request.metadata,
        valid_from=request.valid_from,
        valid_to=request.valid_to,
    )
    for key, said in ((SESSION, session), (SPEAKER, request.speaker)):
        if said:
            node.properties.fields[key].string_value = said
    if request.HasField("event_time"):
        node.event_time.CopyFrom(request.event_time)
    if request.HasField("importance"):
        node.salience = request.importance
    expiration = expire_time(request)
    if expiration is not None:
        node.expire_time.CopyFrom(expiration)
    node.claim.SetInParent()
    if request.HasField("slot"):
        fill(node, request)
    node = nodes.complete(node)
    check_node(node, "")
    return Told(
        node,
        request.source or request.speaker,
        confidence,
        checked_supersedes(request.supersedes, graph, identity),
        session,
    )


def fill(node: Node, request: pb.RememberRequest) -> None:
    """The claim of a slot. Raises InvalidField, LimitExceeded."""
    slot = request.slot
    if not slot.name:
        raise InvalidField(field="slot.name", detail="it is empty")
    check_type(slot.name, "slot.name")
    check_text(slot.subject, "slot.subject", MAX_SUBJECT_BYTES)
    check_text(slot.value, "slot.value", MAX_VALUE_BYTES)
    if not slot.value and len(request.text.encode()) > MAX_VALUE_BYTES:
        raise InvalidField(field="slot.value", detail=f"give one: the text is longer than {MAX_VALUE_BYTES} bytes")
    node.claim.slot = slot.name.lower()
    node.claim.subject = slot.subject or request.speaker
    node.claim.value = slot.value or request.text
    node.claim.multivalued = slot.multivalued
    node.claim.negated = slot.negated


def expire_time(request: pb.RememberRequest) -> Timestamp | None:
    """Raises InvalidField."""
    now = datetime.now(UTC)
    match request.WhichOneof("expiration"):
        case "expire_time":
            check_timestamp(request.expire_time, "expire_time")
            if moment(request.expire_time) <= now:
                raise InvalidField(field="expire_time", detail="it has passed")
            return request.expire_time
        case "ttl":
            seconds, nanos = request.ttl.seconds, request.ttl.nanos
            if not (1 <= seconds <= MAX_TTL_SECONDS and 0 <= nanos < 1_000_000_000):
                raise InvalidField(field="ttl", detail="it must be from 1 second to 100 years")
            return timestamp(now + timedelta(seconds=seconds, microseconds=nanos // 1000))
    return None


def check_metadata(metadata: Struct, kept: frozenset[str], field: str = "metadata") -> None:
    """Raises InvalidField for a key that has a meaning of its own, and what check_struct raises."""
    check_struct(metadata, field)
    for key in sorted(kept):
        if key in metadata.fields:
            raise InvalidField(field=field, detail=f"the key `{key}` is not free")


def remembered(found: Remembered) -> pb.RememberResponse:
    return pb.RememberResponse(
        node=found.node,
        outcome=OUTCOMES[found.outcome],
        reason=found.reason,
        superseded=found.superseded,
        revision=found.revision,
    )


def checked_session(request: pb.StartSessionRequest) -> str:
    """The id of a session to begin. Raises InvalidName, LimitExceeded, InvalidField."""
    given = named_session(request.session_id)
    identity = check_id(given, "session_id", MAX_SESSION_ID_BYTES) if request.session_id else uuid7()
    check_metadata(request.metadata, KEPT)
    if request.HasField("start_time"):
        check_timestamp(request.start_time, "start_time")
    return identity


def said(request: pb.AppendTurnsRequest) -> list[Said]:
    """Raises InvalidField, LimitExceeded."""
    if not request.turns:
        raise InvalidField(field="turns", detail="give at least one")
    check_count("turns", len(request.turns), MAX_TURNS, "turns")
    found = []
    for place, turn in enumerate(request.turns):
        field = f"turns[{place}]"
        if not turn.text.strip():
            raise InvalidField(field=f"{field}.text", detail="it is empty")
        check_text(turn.text, f"{field}.text", MAX_TEXT_BYTES)
        check_text(turn.speaker, f"{field}.speaker", MAX_SPEAKER_BYTES)
        check_metadata(turn.metadata, frozenset((SESSION, SPEAKER)), f"{field}.metadata")
        if turn.HasField("event_time"):
            check_timestamp(turn.event_time, f"{field}.event_time")
        time = turn.event_time if turn.HasField("event_time") else None
        found.append(Said(turn.text, turn.speaker, turn.metadata, time))
    return found


def session_message(node: Node) -> pb.Session:
    """The session of a node. Of imported ones it is not known how many turns there are."""
    fields = node.properties.fields
    session = pb.Session(name=node.name, title=node.label)
    if SESSION in fields:
        session.session_id = fields[SESSION].string_value
    session.turn_count = turn_count(node)
    if node.HasField("event_time"):
        session.start_time.CopyFrom(node.event_time)
    if LAST_TIME in fields:
        try:
            session.last_time.FromJsonString(fields[LAST_TIME].string_value)
        except ValueError:
            session.ClearField("last_time")
    for key, value in fields.items():
        if key not in KEPT:
            session.metadata.fields[key].CopyFrom(value)
    return session
