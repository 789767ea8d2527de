"""What keys of a graph make of its content, made anew by those in use: the terms of documents, the tokens of properties
and claims, and the rotation of vectors.

Nothing is embedded again: a vector is turned back by the key before and turned by the new one. What does not open has
no terms and no tokens any more.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci_server.domain.items import Kind
from loci_server.errors import ContentUnreadable
from loci_server.jobs.resealing import Stage
from loci_server.store import places
from loci_server.store.derived_data import DerivedData
from loci_server.store.handles import GraphHandle, Handles
from loci_server.store.key_rotations import KeyRotation
from loci_server.store.rows import Terms, array_literal, array_of_counts
from loci_server.writing.documents import analysed, property_tokens
from loci_server.writing.fairness import Fairness

STEP = 100
"""Items of one transaction, for which commits to the graph wait."""
VECTORS = 200
ASKED = "asked"


class Derived(IntEnum):
    """What is made anew, in this order, after the stages of `resealing`."""

    TERMS = max(Stage) + 1
    NODE_TOKENS = max(Stage) + 2
    EDGE_TOKENS = max(Stage) + 3
    VECTORS = max(Stage) + 4
    POSTINGS = max(Stage) + 5


LAST = max(Derived)


@dataclass(frozen=True, slots=True)
class Step:
    """What came of some rows: the place behind them (None: there are no more), how many were found, how many of these
    changed, and how many did not open."""

    place: str | None
    found: int = 0
    changed: int = 0
    unreadable: int = 0
    waits: bool = False
    """For another job."""


class Rederiving:
    """Does a step at a time. `asked` is called when the lexical index has something to clear."""

    def __init__(self, data: DerivedData, handles: Handles, asked: Callable[[], None]) -> None:
        self._data = data
        self._handles = handles
        self._asked = asked

    async def step(self, rotation: KeyRotation, handle: GraphHandle, stage: int, place: str) -> Step:
        """The rows behind a place of a stage. `handle` has the keys of the rotation in use."""
        generation = rotation.version & 1
        match stage:
            case Derived.TERMS:
                return await self._terms(handle, generation, place)
            case Derived.NODE_TOKENS:
                return await self._tokens(handle, Kind.NODE, generation, place)
            case Derived.EDGE_TOKENS:
                return await self._tokens(handle, Kind.EDGE, generation, place)
            case Derived.VECTORS:
                return await self._vectors(handle, generation, place)
        if not await self._data.postings_cleared(handle, ask=not place):
            self._asked()
            return Step(ASKED, waits=True)
        return Step(None)

    async def _terms(self, handle: GraphHandle, generation: int, place: str) -> Step:
        found = await self._data.old_documents(handle, generation, int(place or 0), STEP)
        if not found:
            return Step(None)
        rows = []
        fairness = Fairness()
        for row in found:
            await fairness.spend(len(row["content"]))
            terms = await self._terms_of(handle, row["id"], row["content"])
            counts = array_of_counts(terms.frequencies.values(), terms.length)
            mentions = array_literal(terms.mentions) if terms.mentions else None
            spelled = "{" + ",".join(terms.frequencies) + "}"
            rows.append((row["doc_no"], row["revision"], terms.length, spelled, counts, mentions))
        if not await self._data.store_documents(handle, generation, rows):
            await self._handles.refresh(handle.tenant_key, handle.graph_id)
            return Step(place)
        return Step(str(found[-1]["doc_no"]), len(found), len(found))

    async def _terms_of(self, handle: GraphHandle, identity: str, content: bytes) -> Terms:
        try:
            node = Node.FromString(handle.sealer.open(places.NODE, identity.encode(), places.CONTENT, content))
        except ContentUnreadable:
            return Terms({})
        return await analysed(handle.tokenizer, handle.fields, node) or Terms({})

    async def _tokens(self, handle: GraphHandle, kind: Kind, generation: int, place: str) -> Step:
        found = await self._data.old_tokens(handle, kind, generation, place, STEP)
        if not found:
            return Step(None)
        rows = []
        fairness = Fairness()
        for row in found:
            await fairness.spend(len(row["content"]))
            tokens = tokens_of(handle, kind, row["id"], row["content"])
            rows.append((row["id"], row["revision"], array_literal(tokens)))
        if not await self._data.store_tokens(handle, kind, rows):
            await self._handles.refresh(handle.tenant_key, handle.graph_id)
            return Step(place)
        return Step(found[-1]["id"], 0, len(found))

    async def _vectors(self, handle: GraphHandle, generation: int, place: str) -> Step:
        after = [int(part) for part in place.split(":")] if place else [0, 0, -2]
        found = await self._data.old_vectors(handle, generation, after, VECTORS)
        if not found:
            return Step(None)
        before = next(rotation for rotation in handle.rotations if rotation.generation != generation)
        fairness = Fairness()
        rows: list[tuple[object, ...]] = []
        for row in found:
            await fairness.spend(4 * len(row["embedding"]))
            stored = np.array([row["embedding"]], dtype=np.float32)
            turned = handle.rotation.apply(before.undo(stored))[0].tolist()
            rows.append((row["doc_no"], row["model_key"], row["chunk"], turned, generation))
        await self._data.store_vectors(handle, rows, [row["row_xmin"] for row in found])
        last = found[-1]
        return Step(f"{last['model_key']}:{last['doc_no']}:{last['chunk']}", len(found), len(found))


def tokens_of(handle: GraphHandle, kind: Kind, identity: str, content: bytes) -> Sequence[int]:
    """Of a node or an edge; none of what does not open."""
    place = places.NODE if kind is Kind.NODE else places.EDGE
    try:
        opened = handle.sealer.open(place, identity.encode(), places.CONTENT, content)
    except ContentUnreadable:
        return ()
    message = Node.FromString(opened) if kind is Kind.NODE else Edge.FromString(opened)
    return property_tokens(handle.tokenizer, message)
