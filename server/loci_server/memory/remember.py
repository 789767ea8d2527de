"""Remember: a memory is kept once, takes the place of what it makes out of date, and strengthens what it repeats."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from itertools import chain
from typing import Final

from loci.v1.commit_service_pb2 import CommitResponse, Mutation
from loci.v1.node_pb2 import Node
from loci_server.domain.claims import add_evidence, moment_of, sameness, slot_of
from loci_server.domain.conversations import session_id
from loci_server.domain.items import PRESENT, StoredNode
from loci_server.domain.names import node_name, parse_node
from loci_server.errors import InvalidField, NamedNodeNotFound, SupersessionCycle
from loci_server.memory.draft import MEMBERS, SUPERSEDES, Draft, supersession
from loci_server.memory.sessions import is_session
from loci_server.memory.timeline import Fact, Placement, begin, close, place
from loci_server.store.handles import GraphHandle
from loci_server.store.items import Claims, Items
from loci_server.writing.documents import claim_tokens
from loci_server.writing.writer import Plan, WriteContext, Writer

REACH: Final = 1000
"""Memories that are looked at for a cycle."""
OUTGOING: Final = 1


class RememberedAs(StrEnum):
    ADDED = "added"
    DUPLICATE = "duplicate"
    SUPERSEDES = "supersedes"


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be remembered: a node that keeps all limits and has its name, who says so, the ids of memories whose
    place it shall take, and the session that it was said in."""

    node: Node
    source: str
    confidence: float
    supersedes: Sequence[str] = ()
    session: str = ""


@dataclass(frozen=True, slots=True)
class Remembered:
    """The memory as it is now, what became of it, and why."""

    node: Node
    outcome: RememberedAs
    reason: str
    superseded: Sequence[str]
    revision: int


class Rememberer:
    """Decides what becomes of what is told, and commits it."""

    def __init__(self, items: Items, writer: Writer) -> None:
        self._items = items
        self._writer = writer

    async def remember(self, handle: GraphHandle, told: Told, context: WriteContext) -> Remembered:
        """One commit. Raises NamedNodeNotFound for a session or for what it shall supersede, InvalidField for what is
        no session, SupersessionCycle, NodeExists for an id that is taken, and what Writer.write does."""

        looks = self._writer.embeds_at_once or bool(told.node.claim.slot or told.supersedes)

        async def decided() -> Plan:
            nonlocal looks
            plan = await self._decide(handle, told, looks=looks)
            looks = True
            return plan

        response = await self._writer.decide(handle, decided, context)
        return outcome_of(told, response)

    async def _decide(self, handle: GraphHandle, told: Told, *, looks: bool) -> Plan:
        """Without a look, as if nothing like it were there: most memories are new, and the commit finds those that are
        not before it writes anything."""
        now = datetime.now(UTC)
        tokens = [claim_tokens(tokenizer, told.node) for tokenizer in handle.tokenizers]
        claims = await self._items.claims(handle, [*chain(*tokens)], MEMBERS) if looks else Claims()
        session = await self._session(handle, told.session)
        named = await self._named(handle, told)
        new = Fact.of(told.node, now)
        placement = placed(told, new, claims, tokens, now)
        await self._refuse_cycle(handle, told, placement, [stored.id for stored in named])
        current = [stored for stored in named if not stored.message.superseded]
        draft = Draft()
        if placement.duplicate is not None:
            memory = draft.of(placement.duplicate)
            repeat(memory, told, now)
        else:
            memory = Node()
            memory.CopyFrom(told.node)
            add_evidence(memory.claim, told.source, told.confidence, now)
            if new.over and told.node.claim.slot:
                close(memory, min(new.start, now), now)  # it was over when it was told
                memory.superseded = True
        if placement.successor is not None:
            start = Fact.of(placement.successor.message, now).start
            close(memory, start, now)
            if not placement.successor.message.valid_from:
                begin(draft.of(placement.successor), start)
        for stored in placement.superseded:
            close(draft.of(stored), placement.start, now)
        for stored in current:
            close(draft.of(stored), min(new.start, now), now)
        if placement.superseded:
            begin(memory, placement.start)
        elif current and placement.duplicate is None and not memory.superseded:
            begin(memory, min(new.start, now))
        for stored in placement.contested:
            contest(draft.of(stored), memory, told, now, mutual=not new.over)
        read = dict.fromkeys(session, PRESENT)
        read |= {stored.id: stored.revision for stored in (*named, *draft.before.values())}
        return Plan(
            [*mutations(handle.graph_id, memory, placement, named, draft)],
            nodes=read,
            tokens={token: claims.holders.get(token, 0) for token in chain(*tokens)},
        )

    async def _session(self, handle: GraphHandle, session: str) -> list[str]:
        """The id of the node of the session, if one was named. Raises NamedNodeNotFound, InvalidField."""
        if not session:
            return []
        identity = session_id(session)
        stored = (await self._items.stored_nodes(handle, [identity]))[identity]
        if stored is None:
            raise NamedNodeNotFound(field="session", resource=node_name(handle.graph_id, identity))
        if not is_session(stored.message):
            raise InvalidField(field="session", detail="the node of that name is not a session")
        return [identity]

    async def _named(self, handle: GraphHandle, told: Told) -> list[StoredNode]:
        found = await self._items.stored_nodes(handle, sorted(set(told.supersedes)))
        for place_, identity in enumerate(told.supersedes):
            if found[identity] is None:
                field_ = f"supersedes[{place_}]"
                raise NamedNodeNotFound(field=field_, resource=node_name(handle.graph_id, identity))
        return [stored for stored in found.values() if stored is not None]

    async def _refuse_cycle(self, handle: GraphHandle, told: Told, placement: Placement, named: Sequence[str]) -> None:
        """Raises SupersessionCycle if one of the named took, in however many steps, the place of the memory, or is what
        takes the memory's own."""
        above = {stored.id for stored in (placement.duplicate, placement.successor) if stored is not None}
        told_as = placement.duplicate.message if placement.duplicate is not None else told.node
        known, frontier = set(named), list(named) if above else []
        while frontier and len(known) <= REACH:
            if not above.isdisjoint(known):
                raise SupersessionCycle(resource=told_as.name)
            nothing = None, None, None, None
            arguments = frontier, OUTGOING, [SUPERSEDES], *nothing, sorted(known), None, REACH, REACH
            rows = await self._items.fetch("expand", handle, *arguments)
            frontier = sorted({row["other"] for row in rows} - known)
            known.update(frontier)


def placed(told: Told, new: Fact, claims: Claims, tokens: Sequence[Sequence[int]], now: datetime) -> Placement:
    """Where it belongs among those that say the same, and among those of its slot. `tokens`: of its claim, by each
    tokenizer of the graph."""
    own = sameness(told.node)
    same = [stored for stored in claims.of(one[0] for one in tokens) if sameness(stored.message) == own]
    living = [stored for stored in same if new.over or not stored.message.superseded]
    if not told.node.claim.slot:
        living = [stored for stored in living if not stored.message.claim.negated]
        living.sort(key=lambda stored: bool(stored.message.claim.slot))  # those without a slot first
        return Placement(new.start, duplicate=living[0] if living else None)
    slot = slot_of(told.node.claim)
    members = [each for each in claims.of(one[1] for one in tokens) if slot_of(each.message.claim) == slot]
    found = place(new, members, now)
    if found.duplicate is not None or new.over:
        return found
    for stored in living:
        if not stored.message.claim.slot:
            filled = filling(stored, told)
            if place(new, [*members, filled], now).duplicate is filled:
                there = place(Fact.of(filled.message, now), members, now)
                return replace(there, duplicate=filled)
    return found


def filling(stored: StoredNode, told: Told) -> StoredNode:
    """A memory that filled no slot, with that of what is told."""
    message = Node()
    message.CopyFrom(stored.message)
    claim = told.node.claim
    message.claim.subject, message.claim.slot, message.claim.value = claim.subject, claim.slot, claim.value
    message.claim.multivalued, message.claim.negated = claim.multivalued, claim.negated
    if not message.valid_from and not message.valid_to:
        message.valid_from, message.valid_to = told.node.valid_from, told.node.valid_to
    return replace(stored, message=message)


def repeat(memory: Node, told: Told, now: datetime) -> None:
    """A memory is told again: who says so counts as evidence, metadata that it did not have is added, and it lives as
    long and matters as much as the more lasting and the weightier of both."""
    add_evidence(memory.claim, told.source, told.confidence, now)
    for key, value in told.node.properties.fields.items():
        if key not in memory.properties.fields:
            memory.properties.fields[key].CopyFrom(value)
    memory.salience = max(memory.salience, told.node.salience)
    if memory.HasField("expire_time"):
        if not told.node.HasField("expire_time"):
            memory.ClearField("expire_time")
        elif told.node.expire_time.ToNanoseconds() > memory.expire_time.ToNanoseconds():
            memory.expire_time.CopyFrom(told.node.expire_time)


def contest(other: Node, memory: Node, told: Told, now: datetime, *, mutual: bool) -> None:
    """Who tells one of two that contradict each other speaks against the other."""
    if mutual:
        for piece in other.claim.evidence:
            if not piece.against:
                said = piece.time.ToDatetime(tzinfo=UTC) if piece.HasField("time") else now
                add_evidence(memory.claim, piece.source, piece.confidence, said, against=True)
    add_evidence(other.claim, told.source, told.confidence, now, against=True)


def mutations(
    graph: str, memory: Node, placement: Placement, named: Sequence[StoredNode], draft: Draft
) -> list[Mutation]:
    """The memory first, then what changes by it, then the edges."""
    _, identity = parse_node(memory.name)
    duplicate = placement.duplicate is not None
    found = [] if duplicate else [Mutation(create_node=memory)]
    found += [Mutation(update_node=update) for update in draft.updates(identity)]
    for stored in [*placement.superseded, *named]:
        if stored.id != identity:
            found.append(supersession(identity, stored.id))
    if placement.successor is not None:
        found.append(supersession(parse_node(placement.successor.message.name)[1], identity))
    return found


def outcome_of(told: Told, response: CommitResponse) -> Remembered:
    """What the answer of the commit says: the first answer of a repeated call says the same again."""
    node = response.results[0].node
    superseded = [
        result.node.name
        for result in response.results[1:]
        if result.WhichOneof("result") == "node" and result.node.superseded and not node.superseded
    ]
    if node.create_time.ToNanoseconds() != response.commit_time.ToNanoseconds():
        outcome, reason = RememberedAs.DUPLICATE, why_duplicate(told, node)
    elif superseded:
        outcome = RememberedAs.SUPERSEDES
        reason = "it is newer than what it takes the place of" if told.node.claim.slot else "as it was asked for"
    else:
        outcome, reason = RememberedAs.ADDED, why_added(told, node)
    return Remembered(node, outcome, reason, superseded, response.revision)


def why_duplicate(told: Told, node: Node) -> str:
    if told.node.text == node.text:
        reason = "a memory has the same text"
    elif sameness(told.node) == sameness(node):
        reason = "a memory has the same words, but for case, punctuation, articles or endings"
    else:
        reason = "a memory states the same value of the slot"
    fields = node.properties.fields
    if any(key in fields and fields[key] != value for key, value in told.node.properties.fields.items()):
        reason += "; other values of its metadata were kept"
    return reason


def why_added(told: Told, node: Node) -> str:
    if node.superseded:
        return "it is of the past; what is current stays"
    if told.supersedes:
        return "what it was to take the place of was history already, and stays as it was"
    if node.claim.slot and Fact.of(node, moment_of(node.create_time)).start > moment_of(node.create_time):
        return "its time is to come; what is current stays until then"
    if node.claim.contested:
        return "another memory contradicts it at the same time; both are contested"
    return "nothing like it was there"


def checked_supersedes(names: Sequence[str], graph: str, own: str) -> list[str]:
    """The ids of memories of the graph. Raises InvalidName, InvalidField."""
    found = []
    for place_, name in enumerate(names):
        field_ = f"supersedes[{place_}]"
        other, identity = parse_node(name, field_)
        if other != graph:
            raise InvalidField(field=field_, detail="it names another graph than the parent")
        if identity == own:
            raise InvalidField(field=field_, detail="it is the memory itself")
        found.append(identity)
    return found
