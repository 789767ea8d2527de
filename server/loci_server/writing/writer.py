"""Commits: read what the mutations touch, decide, seal, and write it in one statement.

No connection is held while the server thinks: the statement proves, under the graph's lock, that what was read still
stands. If it does not, the commit is decided anew, a few times; local writers then take turns per graph.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field, replace
from weakref import WeakValueDictionary

from loci.v1.commit_service_pb2 import CommitResponse, EdgeDelete, Mutation, NodeDelete, Precondition
from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci_server.audit.trail import Trail
from loci_server.crypto.tokens import Marks
from loci_server.domain import commit
from loci_server.domain.items import Kind, Loaded, NodeChange, Outcome
from loci_server.domain.limits import MAX_MESSAGE_BYTES
from loci_server.domain.names import edge_name, node_name
from loci_server.errors import (
    ContentErased,
    LimitExceeded,
    LociError,
    PreconditionFailed,
    QuotaExceeded,
    RequestIdReused,
    WriteContention,
)
from loci_server.store.handles import GraphHandle
from loci_server.store.items import CommitRows, Conflict, Items, OtherFields, Repeated, Traits
from loci_server.store.numbers import Numbers
from loci_server.store.places import ANSWER, NOTE, note_identity
from loci_server.store.rows import Document, edge_row, node_row
from loci_server.writing.answers import stamped, unstamped
from loci_server.writing.documents import analysed, in_new_document, property_tokens
from loci_server.writing.fairness import Fairness
from loci_server.writing.quotas import Quotas, room
from loci_server.writing.vectors import Vectors

MAX_ATTEMPTS = 8
MAX_INCIDENT_EDGES = 10_000
EXPIRED_AT_ONCE = 100
NOBODY = 0
MOVED_ON = "the graph is not at the revision that they name"
"""Writes what the server does by itself."""
MAX_ANSWER_BYTES = MAX_MESSAGE_BYTES - 256 * 1024


@dataclass(frozen=True, slots=True)
class WriteContext:
    """Who writes, and how the call is known when it is repeated."""

    actor: int
    request_hash: bytes | None = None
    fingerprint: bytes | None = None
    note: str = ""
    trail: Trail | None = None
    """How the write is left in the audit; None: not at all."""

    def keyed(self, marks: Marks) -> "WriteContext":
        """As it is stored: under a key of the graph, so that a dump tells nothing of requests."""
        if self.request_hash is None or self.fingerprint is None:
            return self
        return replace(self, request_hash=marks.mark(self.request_hash), fingerprint=marks.mark(self.fingerprint))


@dataclass(frozen=True, slots=True)
class Plan:
    """What to commit, and what that was decided by: nodes with their revisions (0: absent; PRESENT: any), and how many
    nodes have some tokens of claims. If any of that is not so any more, it is decided anew."""

    mutations: Sequence[Mutation]
    preconditions: Sequence[Precondition] = ()
    nodes: Mapping[str, int] = field(default_factory=dict)
    tokens: Mapping[int, int] = field(default_factory=dict)


class Writer:
    """The one way in which single calls change nodes and edges."""

    def __init__(
        self,
        items: Items,
        numbers: Numbers,
        vectors: Vectors,
        queued: Callable[[], None],
        committed: Callable[[GraphHandle], None],
        quotas: Quotas | None = None,
    ) -> None:
        self._items = items
        self._numbers = numbers
        self._vectors = vectors
        self._queued = queued
        self._quotas = quotas
        self._committed = committed
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    @property
    def embeds_at_once(self) -> bool:
        """Whether a commit of one short text computes its vector first: a try that fails costs that."""
        return self._vectors.computes_at_once

    async def write(
        self,
        handle: GraphHandle,
        mutations: Sequence[Mutation],
        context: WriteContext,
        preconditions: Sequence[Precondition] = (),
    ) -> CommitResponse:
        """Commits the mutations; all or none. Raises the typed error of what cannot be done, WriteContention when
        others keep changing the same items, RequestIdReused."""
        commit.check_shape(mutations, preconditions)
        plan = Plan(mutations, preconditions)

        async def decided() -> Plan:
            return plan

        return await self.decide(handle, decided, context)

    async def decide(
        self, handle: GraphHandle, decided: Callable[[], Awaitable[Plan]], context: WriteContext
    ) -> CommitResponse:
        """Commits what is decided, which is asked for anew when others have changed what it was decided by. Raises as
        `write`, and what `decided` raises."""
        context = context.keyed(handle.marks)
        met: set[str] = set()
        for attempt in range(MAX_ATTEMPTS):
            async with self._turn(handle, attempt):
                try:
                    plan = await decided()
                    blind = not attempt and not plan.preconditions and is_lone_create(plan.mutations)
                    wanted = (
                        commit.Needs() if blind else commit.needs(handle.graph_id, plan.mutations, plan.preconditions)
                    )
                    wanted.edges |= met
                    loaded = await self._load(handle, wanted)
                    outcome = commit.apply(handle.graph_id, plan.mutations, plan.preconditions, loaded)
                except LociError:
                    first = await self._first_answer(handle, context)
                    if first is None:
                        raise
                    return first
                if outcome.empty:
                    return await self._nothing_to_do(handle, outcome, context)
                try:
                    return await self._commit(handle, plan, outcome, context)
                except QuotaExceeded:
                    first = await self._first_answer(handle, context)
                    if first is None:
                        raise
                    return first
                except Repeated:
                    first = await self._first_answer(handle, context)
                    if first is not None:
                        return first
                except OtherFields:
                    handle = await self._items.reopened(handle)
                except Conflict:
                    if await self._moved_on(handle, outcome):
                        first = await self._first_answer(handle, context)
                        if first is None:
                            raise PreconditionFailed(field="preconditions", detail=MOVED_ON) from None
                        return first
                    # Ids that edges got from renamed nodes: one of them may be what was met.
                    met.update(change.id for change in outcome.edges)
                    # What has expired has its id until it is removed.
                    await self.expire(handle, [change.id for change in outcome.nodes])
        raise WriteContention(retry_after=0.1)

    async def expire(self, handle: GraphHandle, ids: Sequence[str] | None = None) -> bool:
        """Hard-deletes nodes that have expired: of these ids, or the first that are found. True if there may be
        more. Raises GraphNotFound."""
        expired = await self._items.expired_nodes(handle, ids, EXPIRED_AT_ONCE)
        if not expired:
            return False
        edges = await self._items.incident_edges(handle, [node.id for node in expired], MAX_INCIDENT_EDGES)
        if len(edges) == MAX_INCIDENT_EDGES and len(expired) > 1:
            del expired[1:]
            edges = await self._items.incident_edges(handle, [expired[0].id], MAX_INCIDENT_EDGES)
        if len(edges) == MAX_INCIDENT_EDGES:  # some of its edges first
            loaded = Loaded(edges={edge.id: edge for edge in edges})
            names = [edge_name(handle.graph_id, edge.id) for edge in edges]
            mutations = [Mutation(delete_edge=EdgeDelete(name=name, hard=True)) for name in names]
        else:
            loaded = Loaded(nodes={node.id: node for node in expired}, incident=edges)
            names = [node_name(handle.graph_id, node.id) for node in expired]
            mutations = [Mutation(delete_node=NodeDelete(name=name, hard=True)) for name in names]
        outcome = commit.apply(handle.graph_id, mutations, (), loaded)
        while True:
            try:
                await self._commit(handle, Plan(mutations), outcome, WriteContext(NOBODY))
                return True
            except Conflict:  # somebody else was at it, or has given one of them an edge: it is met again
                return True
            except OtherFields:
                handle = await self._items.reopened(handle)

    async def _load(self, handle: GraphHandle, wanted: commit.Needs) -> Loaded:
        loaded = Loaded()
        loaded.nodes = await self._items.stored_nodes(handle, sorted(wanted.nodes))
        loaded.edges = await self._items.stored_edges(handle, sorted(wanted.edges))
        for kind, hard, found in (
            (Kind.NODE, wanted.erased_nodes, loaded.nodes),
            (Kind.EDGE, wanted.erased_edges, loaded.edges),
        ):
            absent = sorted(identity for identity in hard if found.get(identity) is None)
            if absent:
                loaded.traces |= await self._items.traces(handle, kind, absent)
        present = [node for node in wanted.incident if loaded.nodes.get(node) is not None]
        if present:
            loaded.incident = await self._items.incident_edges(handle, present, MAX_INCIDENT_EDGES + 1)
            if len(loaded.incident) > MAX_INCIDENT_EDGES:
                raise LimitExceeded(
                    field="edges of the node",
                    actual=f"more than {MAX_INCIDENT_EDGES}",
                    limit=MAX_INCIDENT_EDGES,
                    unit="edges",
                )
        return loaded

    async def _commit(self, handle: GraphHandle, plan: Plan, outcome: Outcome, context: WriteContext) -> CommitResponse:
        response = unstamped(handle.graph_id, outcome)
        check_answer(response)
        rows = await self._rows(handle, plan, outcome, context, response)
        async with room(self._quotas, handle, rows.traits):
            done = await self._items.commit(handle, rows)
        if context.trail is not None:
            context.trail.written()
        self._committed(handle)
        if rows.traits.embeds:
            self._queued()
        return stamped(response, done.revision, done.time)

    async def _nothing_to_do(self, handle: GraphHandle, outcome: Outcome, context: WriteContext) -> CommitResponse:
        """The answer of a commit that changes nothing. It is kept, as there may be something to do by the time that the
        call is repeated."""
        first = await self._first_answer(handle, context)
        if first is not None:
            return first
        if await self._moved_on(handle, outcome):
            raise PreconditionFailed(field="preconditions", detail=MOVED_ON)
        response = unstamped(handle.graph_id, outcome)
        if context.request_hash is not None and context.fingerprint is not None:
            answer = sealed_answer(handle, context.request_hash, response)
            if not await self._items.remember(handle, context.request_hash, context.fingerprint, answer):
                first = await self._first_answer(handle, context)
        return first or response

    async def _moved_on(self, handle: GraphHandle, outcome: Outcome) -> bool:
        """Whether the graph has left the revision that was asked for."""
        expected = outcome.graph_revision
        return expected is not None and expected != await self._items.revision(handle)

    async def _first_answer(self, handle: GraphHandle, context: WriteContext) -> CommitResponse | None:
        """The answer that this call got when it was first made: what it did then may be why it cannot be done now."""
        if context.request_hash is None:
            return None
        found = await self._items.replay(handle, context.request_hash)
        if found is None:
            return None
        if found.fingerprint != context.fingerprint:
            raise RequestIdReused(field="request_id")
        if not found.answer:
            raise ContentErased(resource=handle.name)
        first = handle.sealer.open(ANSWER, context.request_hash, ANSWER, found.answer)
        return stamped(CommitResponse.FromString(first), found.revision, found.time)

    async def _rows(
        self, handle: GraphHandle, plan: Plan, outcome: Outcome, context: WriteContext, response: CommitResponse
    ) -> CommitRows:
        changes = [in_new_document(change, handle.fields) for change in outcome.nodes]
        count = len(changes) + len(outcome.edges)
        numbers = await self._numbers.take(count + len(changes))
        images, documents = numbers[:count], numbers[count:]
        fairness = Fairness()
        prepared = []
        for change, number in zip(changes, documents, strict=True):
            await fairness.spend(change.message.ByteSize() if change.message else 0)
            prepared.append(await self._document(handle, change, number))
        vectors = await self._vectors.inline(handle, changes, prepared)
        traits = Traits(tokens=plan.tokens, search_version=handle.fields_version)
        expectations = [(each.kind, each.id, each.revision) for each in outcome.expectations]
        expectations += [(Kind.NODE, identity, revision) for identity, revision in plan.nodes.items()]
        nodes, edges = [], []
        for change, image, document in zip(changes, images, vectors.documents, strict=False):
            await fairness.spend(change.message.ByteSize() if change.message else 0)
            tokens = self._tokens(handle, change.message)
            nodes.append(node_row(handle, change, image, document, tokens))
            traits.node(change, document, tokens, nodes[-1])
        for edge_change, image in zip(outcome.edges, images[len(nodes) :], strict=True):
            await fairness.spend(edge_change.message.ByteSize() if edge_change.message else 0)
            tokens = self._tokens(handle, edge_change.message)
            edges.append(edge_row(handle, edge_change, image, tokens))
            traits.edge(edge_change, tokens, edges[-1])
        answer = None
        if context.request_hash is not None:
            answer = sealed_answer(handle, context.request_hash, response)
        note = None
        if context.note:
            note = handle.sealer.seal(NOTE, note_identity(images[0]), NOTE, context.note.encode())
        return CommitRows(
            context.actor,
            context.request_hash,
            context.fingerprint,
            answer,
            note,
            nodes,
            edges,
            vectors.rows,
            expectations,
            outcome.graph_revision,
            traits,
            context.trail.row(touched(handle.graph_id, outcome)) if context.trail is not None else None,
        )

    async def _document(self, handle: GraphHandle, change: NodeChange, number: int) -> Document | None:
        if change.message is None or not change.new_document:
            return None
        terms = await analysed(handle.tokenizer, handle.fields, change.message)
        return Document(number, terms, embed=False) if terms is not None else None

    def _tokens(self, handle: GraphHandle, message: Node | Edge | None) -> Sequence[int]:
        return property_tokens(handle.tokenizer, message) if message is not None else ()

    def _turn(self, handle: GraphHandle, attempt: int) -> AbstractAsyncContextManager[object]:
        if attempt == 0:
            return nullcontext()
        lock = self._turns.get(handle.graph_key)
        if lock is None:
            lock = self._turns[handle.graph_key] = asyncio.Lock()
        return lock


def touched(graph: str, outcome: Outcome) -> list[str]:
    """Names of what a commit writes or removes; of what it renames both."""
    found: list[str] = []
    for node in outcome.nodes:
        found.append(node_name(graph, node.id))
        if node.stored is not None and node.stored.id != node.id:
            found.append(node_name(graph, node.stored.id))
    found.extend(edge_name(graph, edge.id) for edge in outcome.edges)
    return found


def sealed_answer(handle: GraphHandle, request_hash: bytes, response: CommitResponse) -> bytes:
    return handle.sealer.seal(ANSWER, request_hash, ANSWER, response.SerializeToString())


def check_answer(response: CommitResponse) -> None:
    """Raises LimitExceeded for an answer that could not be sent: better before the commit than after it."""
    size = response.ByteSize()
    if size > MAX_ANSWER_BYTES:
        raise LimitExceeded(field="mutations", actual=size, limit=MAX_ANSWER_BYTES, unit="bytes of answer")


def is_lone_create(mutations: Sequence[Mutation]) -> bool:
    """A single new node: whether its id is free, the unique key tells."""
    return len(mutations) == 1 and mutations[0].WhichOneof("mutation") == "create_node"
