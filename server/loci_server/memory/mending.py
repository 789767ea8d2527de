"""What becomes of other memories when some are forgotten: those whose place they took come back, and what they said for
or against others goes with them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from loci.v1.node_pb2 import Node
from loci_server.domain.claims import contradict, settle, slot_of
from loci_server.domain.items import StoredEdge, StoredNode
from loci_server.memory.draft import MEMBERS, SUPERSEDES, Draft
from loci_server.memory.timeline import Fact, close, reopen, successor
from loci_server.store.handles import GraphHandle
from loci_server.store.items import Items
from loci_server.writing.documents import claim_tokens

EDGES: Final = 10_000


@dataclass(slots=True)
class Mended(Draft):
    """`superseded`: the pairs of those who now took the place of others."""

    superseded: list[tuple[str, str]] = field(default_factory=list)


async def mended(items: Items, handle: GraphHandle, gone: Sequence[StoredNode], now: datetime) -> Mended:
    """What changes when these memories go."""
    result = Mended()
    ids = {stored.id for stored in gone}
    facts = [stored for stored in gone if stored.message.claim.slot]
    members = await _members(items, handle, facts, ids)
    for stored in await _orphans(items, handle, ids) if gone else ():
        memory = result.of(stored)
        reopen(memory)
        next_one = successor(memory, members.get(slot_of(memory.claim), ()), now) if memory.claim.slot else None
        if next_one is not None:
            close(memory, Fact.of(next_one.message, now).start, now)
            result.superseded.append((next_one.id, stored.id))
    for fact in facts:
        for other in members.get(slot_of(fact.message.claim), ()):
            _withdraw(result, fact.message, other, members[slot_of(other.message.claim)])
    return result


async def _members(
    items: Items, handle: GraphHandle, facts: Sequence[StoredNode], gone: Collection[str]
) -> Mapping[tuple[str, ...], Sequence[StoredNode]]:
    """What stays in the slots of those that go."""
    tokens = {claim_tokens(each, stored.message)[1] for each in handle.tokenizers for stored in facts}
    claims = await items.claims(handle, sorted(tokens), MEMBERS) if tokens else None
    found: dict[tuple[str, ...], list[StoredNode]] = {slot_of(stored.message.claim): [] for stored in facts}
    for nodes in claims.nodes.values() if claims is not None else ():
        for stored in nodes:
            if stored.id not in gone:
                found.setdefault(slot_of(stored.message.claim), []).append(stored)
    return found


async def _orphans(items: Items, handle: GraphHandle, gone: Collection[str]) -> list[StoredNode]:
    """Those whose place only these took."""
    taken = {edge.message.target for edge in await _supersessions(items, handle, gone) if edge.message.source in gone}
    taken -= set(gone)
    others = await _supersessions(items, handle, taken)
    held = {edge.message.target for edge in others if edge.message.source not in gone}
    found = await items.stored_nodes(handle, sorted(taken - held))
    return [stored for stored in found.values() if stored is not None]


async def _supersessions(items: Items, handle: GraphHandle, ids: Collection[str]) -> list[StoredEdge]:
    edges = await items.incident_edges(handle, sorted(ids), EDGES) if ids else []
    return [edge for edge in edges if edge.message.relation == SUPERSEDES]


def _withdraw(result: Mended, gone: Node, other: StoredNode, members: Sequence[StoredNode]) -> None:
    """What the sources of a memory that goes said against another one, unless others of theirs still do."""
    against = {piece.source for piece in other.message.claim.evidence if piece.against}
    sources = {piece.source for piece in gone.claim.evidence if not piece.against} & against
    for member in members:
        if member.id != other.id and contradict(member.message.claim, other.message.claim):
            sources -= {piece.source for piece in member.message.claim.evidence if not piece.against}
    if not sources:
        return
    claim = result.of(other).claim
    kept = [piece for piece in claim.evidence if not (piece.against and piece.source in sources)]
    del claim.evidence[:]
    claim.evidence.extend(kept)
    settle(claim)
