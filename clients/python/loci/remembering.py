"""Builds what is remembered from plain Python."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TypeAlias

from google.protobuf.duration_pb2 import Duration

from loci.v1.memory_service_pb2 import RememberRequest, Slot, Turn

from . import names, values
from .retries import new_request_id
from .values import Json

Expiration: TypeAlias = datetime | timedelta | None


def slot(name: str, value: str = "", *, subject: str = "", multivalued: bool = False, negated: bool = False) -> Slot:
    """What a fact fills: `slot("lives_in", "Austin", subject="Ann")`. The subject is the speaker by default, the value
    the text. `multivalued`: the subject can have several at once; `negated`: the value is not so."""
    return values.made(Slot, name=name, value=value, subject=subject, multivalued=multivalued, negated=negated)


def turn(
    text: str, speaker: str = "", *, event_time: datetime | None = None, metadata: Mapping[str, Json] | None = None
) -> Turn:
    """What one speaker says at once, by default now."""
    return values.made(
        Turn,
        text=text,
        speaker=speaker,
        event_time=values.optional_timestamp(event_time, "event_time"),
        metadata=values.optional_struct(metadata, "metadata"),
    )


def turn_message(given: Turn | tuple[str, str] | str) -> Turn:
    """A turn, a pair of speaker and text, or a text."""
    match given:
        case Turn():
            return given
        case str():
            return turn(given)
        case (str(speaker), str(text)):
            return turn(text, speaker)
    raise TypeError("turns: give texts, pairs of speaker and text, or turns")


def session_name(graph: str, session: str) -> str:
    """The name of a session's node, of its id, the id of its node, or its name."""
    if not isinstance(session, str):
        raise TypeError(f"session: give a str, not {values.kind_of(session)}")
    values.text(session, "session")
    if session.startswith("graphs/"):
        return names.node_name(graph, session)
    if session.startswith("session:"):
        return names.node_name(graph, session)
    return names.node_name(graph, "session:" + session.replace("%", "%25").replace("/", "%2F"))


def remember_request(
    graph: str,
    text: str,
    *,
    id: str = "",
    type: str = "",
    label: str = "",
    session: str = "",
    speaker: str = "",
    event_time: datetime | None = None,
    valid_from: str = "",
    valid_to: str = "",
    metadata: Mapping[str, Json] | None = None,
    expires: Expiration = None,
    importance: float | None = None,
    slot: Slot | str | None = None,
    source: str = "",
    confidence: float | None = None,
    supersedes: Iterable[str] = (),
    request_id: str | None = None,
    note: str | None = None,
) -> RememberRequest:
    """One memory. The parameters are those of the client's `remember`."""
    request = values.made(
        RememberRequest,
        {"node_id": "id"},
        parent=names.graph_name(graph),
        text=text,
        node_id=id,
        type=type,
        label=label,
        session=session,
        speaker=speaker,
        event_time=values.optional_timestamp(event_time, "event_time"),
        valid_from=valid_from,
        valid_to=valid_to,
        metadata=values.optional_struct(metadata, "metadata"),
        importance=importance,
        slot=values.made(Slot, {"name": "slot"}, name=slot) if isinstance(slot, str) else slot,
        source=source,
        confidence=confidence,
        supersedes=[names.node_name(graph, other) for other in values.listed(supersedes, "supersedes")],
        request_id=request_id or new_request_id(),
        note=note or "",
    )
    match expires:
        case timedelta():
            ttl = Duration()
            ttl.FromTimedelta(expires)
            request.ttl.CopyFrom(ttl)
        case datetime():
            request.expire_time.CopyFrom(values.timestamp(expires, "expires"))
        case None:
            pass
        case _:
            raise TypeError(f"expires: give a datetime or a timedelta, not {values.kind_of(expires)}")
    return request
