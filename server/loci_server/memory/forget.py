"""Forget: memories go by name or by filter, in one commit, softly or without a trace; a session with its turns."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from loci.v1.commit_service_pb2 import CommitResponse, Mutation, NodeDelete
from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci_server.domain.conversations import IN_SESSION, SESSION_TYPE
from loci_server.domain.items import Kind, StoredNode
from loci_server.domain.limits import MAX_FORGOTTEN, MAX_PAGE_SIZE
from loci_server.domain.names import node_name
from loci_server.errors import ContentUnreadable, LimitExceeded
from loci_server.memory.draft import supersession
from loci_server.memory.mending import mended
from loci_server.memory.sessions import session_tokens
from loci_server.memory.transcripts import TYPES
from loci_server.search.turns import Scan, Turns
from loci_server.store.handles import GraphHandle
from loci_server.store.items import Items
from loci_server.store.log import open_change
from loci_server.store.rows import stored_node
from loci_server.writing.writer import Plan, WriteContext, Writer

OPENED_AT_ONCE = 100
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Selection:
    """What shall go: a loci.node_filter, and the proof on opened nodes."""

    filter: tuple[object, ...]
    accepts: Callable[[Node], bool]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """The names of what went, or would go."""

    names: Sequence[str]
    missing: Sequence[str] = ()
    edges: int = 0
    more: bool = False
    revision: int = 0


class Forgetter:
    """Deletes memories of open graphs."""

    def __init__(self, items: Items, writer: Writer, turns: Turns) -> None:
        self._items = items
        self._writer = writer
        self._scanning = turns

    async def by_ids(
        self, handle: GraphHandle, ids: Sequence[str], context: WriteContext, *, hard: bool, dry_run: bool
    ) -> Forgotten:
        """A session goes behind its turns. At most MAX_FORGOTTEN nodes, as `selected`. Raises what Writer.write
        does."""
        if dry_run:
            there = await self._there(handle, ids, hard)
            going = await self._going(handle, ids, there, MAX_FORGOTTEN + 1, hard)
            names = [node_name(handle.graph_id, identity) for identity in going[:MAX_FORGOTTEN]]
            missing = [node_name(handle.graph_id, identity) for identity in ids if identity not in there]
            return Forgotten(names, missing, more=len(going) > MAX_FORGOTTEN)

        async def decided(limit: int) -> Plan:
            there = await self._there(handle, ids, hard)
            going = await self._going(handle, ids, there, limit, hard)
            found = await self._items.stored_nodes(handle, sorted(going))
            gone = [stored for stored in found.values() if stored is not None]
            missing = [identity for identity in ids if identity not in there]
            return await self._plan(handle, going, gone, hard, missing)

        done = forgotten(await self._as_many(handle, decided, context))
        told = {*done.names, *done.missing}
        return replace(done, more=any(node_name(handle.graph_id, identity) not in told for identity in ids))

    async def selected(
        self, handle: GraphHandle, selection: Selection, context: WriteContext, *, hard: bool, dry_run: bool
    ) -> Forgotten:
        """At most MAX_FORGOTTEN memories; fewer where they have very many edges. Raises what Writer.write does."""
        if dry_run:
            found = await self._selected(handle, selection, MAX_FORGOTTEN + 1)
            names = [node_name(handle.graph_id, stored.id) for stored in found[:MAX_FORGOTTEN]]
            return Forgotten(names, more=len(found) > MAX_FORGOTTEN)

        async def decided(limit: int) -> Plan:
            found = await self._selected(handle, selection, limit)
            return await self._plan(handle, [stored.id for stored in found], found, hard)

        done = forgotten(await self._as_many(handle, decided, context))
        return replace(done, more=bool(await self._selected(handle, selection, 1)))

    async def _as_many(
        self, handle: GraphHandle, decided: Callable[[int], Awaitable[Plan]], context: WriteContext
    ) -> CommitResponse:
        """Commits what is decided of at most MAX_FORGOTTEN nodes, or of as many as one commit can take."""
        limit = MAX_FORGOTTEN
        while True:
            try:
                return await self._writer.decide(handle, partial(decided, limit), context)
            except LimitExceeded:  # of edges, or of the answer
                if limit == 1:
                    raise
                limit //= 2

    async def _plan(
        self,
        handle: GraphHandle,
        ids: Sequence[str],
        gone: Sequence[StoredNode],
        hard: bool,
        missing: Sequence[str] = (),
    ) -> Plan:
        """The deletions, and what becomes of other memories by them. What is missing is deleted twice, by which
        `forgotten` knows it, also when the call is repeated."""
        mend = await mended(self._items, handle, gone, datetime.now(UTC))
        mutations = deletions(handle, [*ids, *missing, *missing], hard)
        mutations += [Mutation(update_node=update) for update in mend.updates()]
        mutations += [supersession(source, target) for source, target in mend.superseded]
        read = {stored.id: stored.revision for stored in (*gone, *mend.before.values())}
        if not hard:  # a hard delete sees what has expired and is not removed yet
            read |= dict.fromkeys(missing, 0)
        return Plan(mutations, nodes=read)

    async def _going(
        self, handle: GraphHandle, ids: Sequence[str], there: Mapping[str, str], limit: int, hard: bool
    ) -> list[str]:
        """The first `limit` of those that are there, each session behind its turns."""
        found: dict[str, None] = {}
        for identity in ids:
            if identity not in there:
                continue
            if there[identity] == SESSION_TYPE:
                async with aclosing(self._turns(handle, identity, hard)) as turns:
                    async for turn in turns:
                        found[turn] = None
                        if len(found) == limit:
                            return [*found]
            found[identity] = None
            if len(found) == limit:
                break
        return [*found]

    async def _turns(self, handle: GraphHandle, session: str, hard: bool) -> AsyncGenerator[str]:
        """The ids of the turns of a session; if `hard`, also of those that are gone but not from the log."""
        tokens = await self._tokens(handle, session, hard)
        after = ""
        while tokens:
            rows = await self._items.fetch("session_turns", handle, tokens, TYPES, after, MAX_PAGE_SIZE)
            for row in rows:
                yield row["id"]
            if len(rows) < MAX_PAGE_SIZE:
                break
            after = rows[-1]["id"]
        after = ""
        while hard:
            rows = await self._items.fetch("lost_sources", handle, session, IN_SESSION, TYPES, after, MAX_PAGE_SIZE)
            lost = [row["id"] for row in rows]
            for _, identity in sorted(await self._items.traces(handle, Kind.NODE, lost)) if lost else ():
                yield identity
            if len(rows) < MAX_PAGE_SIZE:
                break
            after = lost[-1]

    async def _tokens(self, handle: GraphHandle, session: str, hard: bool) -> list[int]:
        """Of what the turns of a session have any, also if only the log still tells what it was."""
        stored = (await self._items.stored_nodes(handle, [session]))[session]
        node: Node | Edge | None = stored.message if stored is not None else None
        if node is None and hard:
            for row in await self._items.fetch("last_image", handle, Kind.NODE, session):
                node = open_change(handle, Kind.NODE, row)
        return session_tokens(handle.tokenizers, node) if isinstance(node, Node) else []

    async def _there(self, handle: GraphHandle, ids: Sequence[str], hard: bool) -> Mapping[str, str]:
        """The types of those of which there is something; of what is gone the log may hold something."""
        versions = await self._items.node_versions(handle, ids)
        found = {identity: stored.message.type for identity, stored in versions.items()}
        absent = [identity for identity in ids if identity not in found]
        if hard and absent:
            traces = await self._items.traces(handle, Kind.NODE, absent)
            found |= {identity: type_ for (_, identity), type_ in traces.items()}
        return found

    async def _selected(self, handle: GraphHandle, selection: Selection, limit: int) -> list[StoredNode]:
        """The first memories that pass, in order of id. Reads by turns, as searches do that compare."""
        found: list[StoredNode] = []
        scan = Scan(handle.tenant_key, asyncio.get_running_loop().time())
        after = ""
        while len(found) < limit:
            async with self._scanning.turn(scan):
                rows = await self._items.fetch("list_nodes", handle, selection.filter, after, MAX_PAGE_SIZE)
                for place, row in enumerate(rows):
                    if place % OPENED_AT_ONCE == OPENED_AT_ONCE - 1:
                        await asyncio.sleep(0)
                    try:
                        stored = stored_node(handle, row)
                    except ContentUnreadable:
                        log.warning("a node does not open and is not forgotten by a filter")
                        continue
                    if stored.message.text and selection.accepts(stored.message):
                        found.append(stored)
            if not rows:
                break
            after = rows[-1]["id"]
        return found[:limit]


def forgotten(response: CommitResponse) -> Forgotten:
    """What went by a commit, also by one of a call that was made before."""
    told = Counter(result.deleted for result in response.results if result.WhichOneof("result") == "deleted")
    return Forgotten(
        [name for name, times in told.items() if times == 1],
        [name for name, times in told.items() if times > 1],
        edges=sum(result.affected_edge_count for result in response.results),
        revision=response.revision,
    )


def deletions(handle: GraphHandle, ids: Sequence[str], hard: bool) -> list[Mutation]:
    names = [node_name(handle.graph_id, identity) for identity in ids]
    return [Mutation(delete_node=NodeDelete(name=name, hard=hard, allow_missing=True)) for name in names]
