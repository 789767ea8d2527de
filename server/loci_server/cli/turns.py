"""Conversations in the format `turns`, as nodes and edges.

`turns.jsonl` has one turn a line, in the order they were said:

    {"graph", "session", "id", "speaker", "time" (RFC 3339), "text"}

Each value of `graph` becomes a graph of Loci. A turn becomes a node of type `turn` with the turn's id, a session the
node `session:ID`, a speaker the node `speaker:NAME` of type `person`. Edges: NEXT from a turn to the one after it in
the session, IN_SESSION to its session, SPEAKER to its speaker. Nothing here touches a file but `read_turns`.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from loci_server.cli.jsonl import BadLine, read_objects, text_field, time_field
from loci_server.domain.conversations import (
    IN_SESSION,
    NEXT,
    PERSON,
    SESSION_TYPE,
    SPEAKER,
    TURN,
    escaped,
    percent,
    session_id,
    speaker_id,
)

if TYPE_CHECKING:
    from loci.v1.edge_pb2 import Edge
    from loci.v1.node_pb2 import Node

FILE = "turns.jsonl"
RESERVED = ("session:", "speaker:")
MAX_ID_BYTES = 256
MAX_GRAPH_ID_BYTES = 128
NO_GRAPH_IDS = ("-", ".", "..")
"""What the server refuses as the id of a graph."""
FORMAT_VERSION = b"turns/1"


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker said at once."""

    graph: str
    session: str
    id: str
    speaker: str
    """Empty: nobody is known to have said it."""
    time: datetime
    text: str


def turns_file(place: Path) -> Path:
    """The file of a data set, which may be given as its folder."""
    return place / FILE if place.is_dir() else place


def read_turns(path: Path) -> Iterator[Turn]:
    """The turns of a file, in its order. Raises BadLine with file and line."""
    seen: dict[tuple[str, str], int] = {}
    for line, found in read_objects(path):
        turn = Turn(
            graph=text_field(found, "graph", path, line),
            session=text_field(found, "session", path, line),
            id=text_field(found, "id", path, line),
            speaker=text_field(found, "speaker", path, line, empty=True),
            time=time_field(found, "time", path, line),
            text=text_field(found, "text", path, line, empty=True),
        )
        first = seen.setdefault((turn.graph, turn.id), line)
        if first != line:
            raise BadLine(path, line, f"the turn {turn.id!r} is already in line {first}")
        if wrong := _wrong_ids(turn):
            raise BadLine(path, line, wrong)
        yield turn


def by_graph(turns: Iterable[Turn]) -> dict[str, list[Turn]]:
    """The turns of each graph, in their order."""
    found: dict[str, list[Turn]] = {}
    for turn in turns:
        found.setdefault(turn.graph, []).append(turn)
    return found


def nodes(turns: Sequence[Turn]) -> "Iterator[Node]":
    """The nodes of the turns of one graph: sessions, speakers, then turns."""
    from loci import node

    sessions: dict[str, Turn] = {}
    for turn in turns:
        sessions.setdefault(turn.session, turn)
    for session, first in sessions.items():
        yield node(session_id(session), type=SESSION_TYPE, properties={"session": session}, event_time=first.time)
    for speaker in _speakers(turns):
        yield node(speaker_id(speaker), type=PERSON, label=speaker)
    for turn in turns:
        yield node(
            turn_id(turn.id),
            type=TURN,
            label=turn.speaker,
            text=turn.text,
            event_time=turn.time,
            properties={"session": turn.session, "speaker": turn.speaker},
        )


def edges(turns: Sequence[Turn]) -> "Iterator[Edge]":
    """The edges of the turns of one graph."""
    from loci import edge

    before: dict[str, Turn] = {}
    for turn in turns:
        yield edge(turn_id(turn.id), IN_SESSION, session_id(turn.session))
        if turn.speaker:
            yield edge(turn_id(turn.id), SPEAKER, speaker_id(turn.speaker))
        if turn.session in before:
            yield edge(turn_id(before[turn.session].id), NEXT, turn_id(turn.id))
        before[turn.session] = turn


def items(turns: Sequence[Turn]) -> "Iterator[Node | Edge]":
    """All of one graph in an order that can be imported: an edge comes after the nodes at it."""
    yield from nodes(turns)
    yield from edges(turns)


def item_count(turns: Sequence[Turn]) -> int:
    """How many items there are, without making them."""
    sessions = len({turn.session for turn in turns})
    spoken = sum(1 for turn in turns if turn.speaker)
    count = len(turns)
    return sessions + len(_speakers(turns)) + count + count + spoken + (count - sessions)


def import_id(turns: Sequence[Turn], chunk_size: int) -> str:
    """The same for the same turns, so that the server knows an import that it has had."""
    digest = hashlib.sha256(FORMAT_VERSION + b" by %d" % chunk_size)
    for turn in turns:
        for part in (turn.graph, turn.session, turn.id, turn.speaker, turn.time.isoformat(), turn.text):
            encoded = part.encode()
            digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return f"turns-{digest.hexdigest()[:32]}"


def turn_id(turn: str) -> str:
    """The id of the turn's node: the turn's own, but for what an id cannot hold."""
    return escaped(turn)


def graph_id(graph: str, prefix: str = "") -> str:
    made = prefix + escaped(graph)
    return percent(made) if made in NO_GRAPH_IDS else made


def _speakers(turns: Sequence[Turn]) -> list[str]:
    return list(dict.fromkeys(turn.speaker for turn in turns if turn.speaker))


def _wrong_ids(turn: Turn) -> str | None:
    """What no escaping can mend."""
    if turn.id.startswith(RESERVED):
        return f"'id' must not begin with {' or '.join(map(repr, RESERVED))}: sessions and speakers have such ids"
    lengths = {
        "graph": (graph_id(turn.graph), MAX_GRAPH_ID_BYTES),
        "id": (turn_id(turn.id), MAX_ID_BYTES),
        "session": (session_id(turn.session), MAX_ID_BYTES),
        "speaker": (speaker_id(turn.speaker), MAX_ID_BYTES),
    }
    for field, (made, limit) in lengths.items():
        if len(made.encode()) > limit:
            return f"{field!r} is too long: as an id it would have more than {limit} bytes"
    return None
