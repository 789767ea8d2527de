"""BulkService."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from loci.v1 import bulk_service_pb2 as pb
from loci.v1.edge_pb2 import Edge
from loci_server.codec.page_tokens import PageTokens
from loci_server.codec.standings import standing_message
from loci_server.domain.items import Kind
from loci_server.domain.limits import DEFAULT_EXPORT_PAGE_SIZE, MAX_EXPORT_PAGE_SIZE, bounded
from loci_server.domain.names import parse_graph, parse_node
from loci_server.domain.row import Row
from loci_server.errors import IDLE_LIMIT, Draining, InvalidField, RevisionInFuture, StreamIdle
from loci_server.services.call import Call
from loci_server.services.requests import end_of_page
from loci_server.store.handles import GraphHandle, Handles
from loci_server.store.log import Log, open_change
from loci_server.store.past import Past
from loci_server.store.uses import NodeUses
from loci_server.writing.chunks import PreparedChunk
from loci_server.writing.importer import Importer, canonical


class BulkServicer:
    """Moves whole graphs in and out."""

    def __init__(
        self, handles: Handles, log: Log, past: Past, importer: Importer, uses: NodeUses, tokens: PageTokens
    ) -> None:
        self._handles = handles
        self._log = log
        self._past = past
        self._importer = importer
        self._uses = uses
        self._tokens = tokens

    async def Import(self, requests: AsyncIterator[pb.ImportRequest], call: Call) -> AsyncIterator[pb.ImportResponse]:
        arrivals = Arrivals(requests, call.idle_timeout)
        header = await arrivals.first()
        if header is None or header.WhichOneof("request") != "header":
            raise InvalidField(field="header", detail="the first message must be a header")
        graph = parse_graph(header.header.parent, "header.parent")
        handle = await self._handles.get(call.principal.tenant_key, graph)
        import_id, options = header.header.import_id, canonical(header.header.options)
        state = await self._importer.begin(handle, import_id, options)
        yield pb.ImportResponse(state=state)
        upcoming: asyncio.Task[tuple[pb.ImportItems, PreparedChunk] | None] | None = None

        def make_next_ready() -> asyncio.Task[tuple[pb.ImportItems, PreparedChunk] | None]:
            nonlocal upcoming
            if upcoming is None:
                upcoming = asyncio.create_task(self._next(handle, options, arrivals))
            return upcoming

        draining = asyncio.create_task(call.draining.wait())
        try:
            while True:
                following = make_next_ready()
                await arrivals.wait(following, draining)
                if draining.done():  # what was written is acknowledged; the client goes on elsewhere
                    raise Draining
                if (current := following.result()) is None:
                    return
                upcoming = None
                items, chunk = current
                # While the database writes one chunk the next is made ready.
                result = await self._importer.apply(
                    handle,
                    import_id,
                    options,
                    items,
                    chunk,
                    call.principal.key_id,
                    call.trail,
                    meanwhile=make_next_ready,
                )
                yield pb.ImportResponse(chunk=result)
        finally:
            tasks = [task for task in (upcoming, draining) if task is not None]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _next(
        self, handle: GraphHandle, options: pb.ImportOptions, arrivals: "Arrivals"
    ) -> tuple[pb.ImportItems, PreparedChunk] | None:
        request = await arrivals.next()
        if request is None:
            return None
        if request.WhichOneof("request") != "items":
            raise InvalidField(field="items", detail="every message after the header must be a chunk")
        check_chunk(request.items)
        return request.items, await self._importer.prepare(handle, options, request.items.items)

    async def ImportChunk(self, request: pb.ImportChunkRequest, call: Call) -> pb.ImportChunkResponse:
        graph = parse_graph(request.parent, "parent")
        check_chunk(request.items)
        handle = await self._handles.get(call.principal.tenant_key, graph)
        options = canonical(request.options)
        await self._importer.begin(handle, request.import_id, options)
        chunk = await self._importer.prepare(handle, options, request.items.items)
        result = await self._importer.apply(
            handle, request.import_id, options, request.items, chunk, call.principal.key_id, call.trail
        )
        return pb.ImportChunkResponse(chunk=result)

    async def GetImport(self, request: pb.GetImportRequest, call: Call) -> pb.GetImportResponse:
        handle = await self._handles.get(call.principal.tenant_key, parse_graph(request.parent, "parent"))
        return pb.GetImportResponse(**{"import": await self._importer.state(handle, request.import_id)})

    async def Export(self, request: pb.ExportRequest, call: Call) -> AsyncIterator[pb.ExportResponse]:
        tenant = call.principal.tenant_key
        handle = await self._handles.get(tenant, parse_graph(request.parent, "parent"))
        size = bounded("page_size", request.page_size, 1, MAX_EXPORT_PAGE_SIZE, DEFAULT_EXPORT_PAGE_SIZE)
        cursor = self._tokens.decode(tenant, request, request.page_token, Cursor.decode)
        if cursor is None:
            cursor = await self._start(handle, request.revision)
        while True:
            rows = await self._past.fetch(
                "list_at", handle, cursor.kind, None, None, cursor.after, size + 1, cursor.revision
            )
            response = pb.ExportResponse(revision=cursor.revision)
            items = [exported(handle, cursor.kind, row, request.include_embeddings) for row in rows[:size]]
            response.items.extend(await self._living(handle, cursor, items))
            if cursor.kind is Kind.NODE and not request.revision:
                await self._add_standings(handle, response.items)
            following = cursor.following(rows, size)
            if following is not None:
                response.next_page_token = self._tokens.encode(tenant, request, following.encode())
            if response.items or following is None:
                yield response
            if following is None:
                return
            if call.draining.is_set():
                raise Draining
            cursor = following

    async def _start(self, handle: GraphHandle, revision: int) -> "Cursor":
        current = await self._log.head(handle)
        if revision < 0:
            raise InvalidField(field="revision", detail="it must not be negative")
        if revision > current:
            raise RevisionInFuture(field="revision", revision=current)
        return Cursor(Kind.NODE, revision or current, "")

    async def _living(self, handle: GraphHandle, cursor: "Cursor", items: Sequence[pb.BulkItem]) -> list[pb.BulkItem]:
        """The items without edges that end at a node which has expired: it was not exported, whether or not it has been
        removed by now."""
        if cursor.kind is Kind.NODE:
            return [*items]
        ends = sorted({end for item in items for end in (item.edge.source, item.edge.target)})
        rows = await self._past.fetch("expired_at", handle, ends, cursor.revision)
        expired = {row["id"] for row in rows}
        return [item for item in items if expired.isdisjoint((item.edge.source, item.edge.target))]

    async def _add_standings(self, handle: GraphHandle, items: Sequence[pb.BulkItem]) -> None:
        """What is known of the nodes as they are now; of earlier states nobody knows it."""
        by_id = {parse_node(item.node.name)[1]: item for item in items}
        for identity, known in (await self._uses.standings(handle, sorted(by_id))).items():
            told = standing_message(known.uses)
            if told is not None:
                by_id[identity].standing.CopyFrom(told)


class Arrivals:
    """The messages of an import. Time counts while one is waited for and nothing is written or made ready."""

    def __init__(self, requests: AsyncIterator[pb.ImportRequest], patience: float | None) -> None:
        self._requests = requests
        self._patience = patience
        self._is_awaited = False

    async def first(self) -> pb.ImportRequest | None:
        """None: there is none. Raises StreamIdle."""
        try:
            async with asyncio.timeout(self._patience):
                return await self.next()
        except TimeoutError:
            raise self._idle() from None

    async def next(self) -> pb.ImportRequest | None:
        """None: there are no more."""
        self._is_awaited = True
        try:
            return await anext(self._requests, None)
        finally:
            self._is_awaited = False

    async def wait(self, *tasks: asyncio.Future[Any]) -> None:
        """Until one of them is done. Raises StreamIdle when no message has come for too long meanwhile."""
        while not (await asyncio.wait(tasks, timeout=self._patience, return_when=asyncio.FIRST_COMPLETED))[0]:
            if self._is_awaited:
                raise self._idle()

    def _idle(self) -> StreamIdle:
        return StreamIdle(seconds=f"{self._patience:g}", name=IDLE_LIMIT)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where an export stands."""

    kind: Kind
    revision: int
    after: str

    def encode(self) -> bytes:
        return f"{int(self.kind)}/{self.revision}/{self.after}".encode()

    @classmethod
    def decode(cls, position: bytes) -> "Cursor":
        """Raises ValueError."""
        kind, revision, after = position.decode().split("/", 2)
        return cls(Kind(int(kind)), int(revision), after)

    def following(self, rows: Sequence[Row], size: int) -> "Cursor | None":
        """The cursor behind a page of `size` rows, of which one more was read if there is one."""
        if (last := end_of_page(rows, size, "image")) is not None:
            return Cursor(self.kind, self.revision, last["id"])
        return Cursor(Kind.EDGE, self.revision, "") if self.kind is Kind.NODE else None


def check_chunk(items: pb.ImportItems) -> None:
    if items.sequence < 1:
        raise InvalidField(field="items.sequence", detail="chunks are numbered from 1")
    if not items.items:
        raise InvalidField(field="items.items", detail="give at least one")


def exported(handle: GraphHandle, kind: Kind, row: Row, embeddings: bool) -> pb.BulkItem:
    """Raises ContentUnreadable."""
    message = open_change(handle, kind, row)
    if isinstance(message, Edge):
        return pb.BulkItem(edge=message)
    if not embeddings:
        message.ClearField("embedding")
    return pb.BulkItem(node=message)
