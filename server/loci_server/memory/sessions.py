"""Sessions: conversations whose turns are kept in their order."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from google.protobuf.struct_pb2 import Struct
from google.protobuf.timestamp_pb2 import Timestamp

from loci.v1.commit_service_pb2 import CommitResponse, Mutation, NodeUpdate
from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci_server.crypto.tokens import Marks, Tokenizer
from loci_server.domain.claims import SESSION as SESSION_KEY
from loci_server.domain.claims import SPEAKER as SPEAKER_KEY
from loci_server.domain.conversations import (
    IN_SESSION,
    NEXT,
    PERSON,
    SESSION_TYPE,
    SPEAKER,
    TURN,
    session_id,
    speaker_id,
)
from loci_server.domain.ids import uuid7
from loci_server.domain.items import StoredNode
from loci_server.domain.names import node_name
from loci_server.domain.structs import canonical_scalar
from loci_server.errors import InvalidField, NodeNotFound
from loci_server.memory.transcripts import READ_AT_ONCE, Position, Transcript
from loci_server.store.handles import GraphHandle
from loci_server.store.items import Items
from loci_server.store.times import timestamp
from loci_server.writing.writer import Plan, WriteContext, Writer

TURN_COUNT: Final = "turn_count"
LAST_TURN: Final = "last_turn"
LAST_TIME: Final = "last_time"
KEPT: Final = frozenset((SESSION_KEY, TURN_COUNT, LAST_TURN, LAST_TIME))
"""Properties that a session's node keeps for itself."""
MOST_TURNS: Final = 2**53


@dataclass(frozen=True, slots=True)
class Said:
    """A turn to be appended."""

    text: str
    speaker: str
    metadata: Struct
    event_time: Timestamp | None


@dataclass(frozen=True, slots=True)
class Appended:
    nodes: Sequence[Node]
    session: Node
    revision: int


class Sessions:
    """Sessions of open graphs."""

    def __init__(self, items: Items, writer: Writer) -> None:
        self._items = items
        self._writer = writer

    async def start(self, handle: GraphHandle, node: Node, context: WriteContext) -> Node:
        """The node of a new session. Raises NodeExists, and what Writer.write does."""
        response = await self._writer.write(handle, [Mutation(create_node=node)], context)
        return response.results[0].node

    async def append(
        self, handle: GraphHandle, identity: str, turns: Sequence[Said], context: WriteContext
    ) -> Appended:
        """Adds turns to the end, in one commit. Raises NodeNotFound, InvalidField for what is no session, and what
        Writer.write does."""

        async def decided() -> Plan:
            stored = await self._session(handle, identity)
            return await self._appending(handle, stored, turns)

        response = await self._writer.decide(handle, decided, context)
        return appended(response, len(turns))

    async def transcript(self, handle: GraphHandle, identity: str, after: Position | None, size: int) -> list[Position]:
        """At most `size` turns behind a place. Raises as `append`."""
        stored = await self._session(handle, identity)
        found: list[Position] = []
        transcript = self._transcript(handle, stored.message)
        if transcript is not None:
            async with aclosing(transcript.behind(after, size)) as positions:
                async for position in positions:
                    found.append(position)
                    if len(found) == size:
                        break
        return found

    async def _session(self, handle: GraphHandle, identity: str) -> StoredNode:
        stored = (await self._items.stored_nodes(handle, [identity]))[identity]
        if stored is None:
            raise NodeNotFound(resource=node_name(handle.graph_id, identity))
        if not is_session(stored.message):
            raise InvalidField(field="name", detail="the node is not a session")
        return stored

    async def _appending(self, handle: GraphHandle, session: StoredNode, turns: Sequence[Said]) -> Plan:
        now = timestamp(datetime.now(UTC))
        people, unknown = await self._people(handle, {turn.speaker for turn in turns if turn.speaker})
        last, count = await self._end(handle, session.message)
        nodes = [turn_node(handle.graph_id, session.message, turn, now) for turn in turns]
        mutations = [Mutation(create_node=node) for node in nodes]
        mutations.append(Mutation(update_node=moved_on(session.message, nodes[-1], count + len(nodes))))
        for speaker in unknown:
            person = Node(name=node_name(handle.graph_id, people[speaker]), type=PERSON, label=speaker)
            mutations.append(Mutation(create_node=person))
        for turn, node in zip(turns, nodes, strict=True):
            own = node.name.rsplit("/", 1)[1]
            ends = [(own, IN_SESSION, session.id)]
            if turn.speaker:
                ends.append((own, SPEAKER, people[turn.speaker]))
            if last is not None:
                ends.append((last, NEXT, own))
            last = own
            mutations += [Mutation(create_edge=Edge(source=s, relation=r, target=t)) for s, r, t in ends]
        return Plan(mutations, nodes={session.id: session.revision})

    async def _people(self, handle: GraphHandle, speakers: Collection[str]) -> tuple[dict[str, str], list[str]]:
        """The ids of the speakers' nodes, and the speakers that have none yet.

        Ids are in clear, so that of a new one is keyed; an import may have made one with the name itself.
        """
        keyed = {speaker: keyed_speaker(handle.marks, speaker) for speaker in speakers}
        named = {speaker: speaker_id(speaker) for speaker in speakers}
        ids = sorted({*keyed.values(), *named.values()})
        there = {row["id"] for row in await self._items.fetch("existing_nodes", handle, ids)} if ids else set()
        people = {one: named[one] if named[one] in there else keyed[one] for one in speakers}
        return people, sorted(one for one in speakers if people[one] not in there)

    async def _end(self, handle: GraphHandle, session: Node) -> tuple[str | None, int]:
        """The last turn, if there is one still, and how many there are."""
        fields = session.properties.fields
        count = turn_count(session)
        last = fields[LAST_TURN].string_value if LAST_TURN in fields else ""
        last = "" if "\0" in last else last
        if last and await self._items.fetch("existing_nodes", handle, [last]):
            return last, count
        end: Position | None = None
        transcript = self._transcript(handle, session)
        if transcript is not None:  # once: the turn that follows is its last one then
            async for position in transcript.behind(None, READ_AT_ONCE):
                end = position
        return (end.last.id, max(count, end.told)) if end is not None else (None, count)

    def _transcript(self, handle: GraphHandle, session: Node) -> Transcript | None:
        tokens = session_tokens(handle.tokenizers, session)
        return Transcript(self._items, handle, tokens) if tokens else None


def is_session(node: Node) -> bool:
    return node.type == SESSION_TYPE and SESSION_KEY in node.properties.fields


def session_tokens(tokenizers: Iterable[Tokenizer], session: Node) -> list[int]:
    """The token that all that was said in a session has, by each tokenizer; none of a node that is none."""
    fields = session.properties.fields
    value = canonical_scalar(fields[SESSION_KEY]) if SESSION_KEY in fields else None
    return [] if value is None else [tokenizer.property(SESSION_KEY, value) for tokenizer in tokenizers]


def turn_count(session: Node) -> int:
    """As the session's node tells it, which anybody may write."""
    fields = session.properties.fields
    told = fields[TURN_COUNT].number_value if TURN_COUNT in fields else 0.0
    return int(told) if 0 <= told <= MOST_TURNS else 0


def keyed_speaker(marks: Marks, speaker: str) -> str:
    """The id of the node of a speaker, which tells nothing of the name."""
    return f"speaker:{marks.mark(b'speaker/' + speaker.encode()).hex()}"


def turn_node(graph: str, session: Node, said: Said, now: Timestamp) -> Node:
    node = Node(name=node_name(graph, f"turn:{uuid7()}"), type=TURN, label=said.speaker, text=said.text)
    node.properties.CopyFrom(said.metadata)
    node.properties.fields[SESSION_KEY].CopyFrom(session.properties.fields[SESSION_KEY])
    if said.speaker:
        node.properties.fields[SPEAKER_KEY].string_value = said.speaker
    node.event_time.CopyFrom(said.event_time if said.event_time is not None else now)
    return node


def moved_on(session: Node, last: Node, count: int) -> NodeUpdate:
    """The session's node after turns were appended."""
    update = NodeUpdate(node=Node(name=session.name))
    fields = update.node.properties.fields
    fields[TURN_COUNT].number_value = count
    fields[LAST_TURN].string_value = last.name.rsplit("/", 1)[1]
    fields[LAST_TIME].string_value = last.event_time.ToJsonString()
    update.update_mask.paths.extend(f"properties.{key}" for key in (TURN_COUNT, LAST_TURN, LAST_TIME))
    return update


def appended(response: CommitResponse, count: int) -> Appended:
    nodes = [result.node for result in response.results[: count + 1]]
    return Appended(nodes[:count], nodes[count], response.revision)


def new_session(graph: str, identity: str, title: str, metadata: Struct, start: Timestamp) -> Node:
    node = Node(name=node_name(graph, session_id(identity)), type=SESSION_TYPE, label=title, event_time=start)
    node.properties.CopyFrom(metadata)
    node.properties.fields[SESSION_KEY].string_value = identity
    return node
