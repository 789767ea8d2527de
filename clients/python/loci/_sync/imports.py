# Generated from loci/_async/imports.py by `python -m tools.unasync`: change that file, not this one.
"""Import: any number of items in acknowledged chunks, each applied exactly once, over cut connections."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import grpc

from loci import values
from loci.connection import seconds
from loci.credential import Metadata
from loci.errors import LociError, Unavailable, from_rpc
from loci.importing import CHUNK_BYTES, ImportBook, ImportSummary, Item, OnConflict, OnError, bulk_item, header
from loci.names import graph_name
from loci.retries import new_request_id, stream_pause
from loci.v1 import bulk_service_pb2 as service

from .runtime import Queue, Source, each, received, sleep
from .transport import Calls

PATIENCE = 60.0
"""Seconds to go on trying without any progress."""
CONNECTION_LIFETIMES = 5
"""A stream is renewed after this many times the patience, so that even this call has a deadline."""


class Imports(Calls):
    """BulkService, inwards."""

    def import_items(
        self,
        graph: str,
        items: Source[Item],
        *,
        import_id: str | None = None,
        on_error: OnError = "abort",
        on_conflict: OnConflict = "fail",
        keep_times: bool = False,
        chunk_size: int = 1000,
        progress: Callable[[ImportSummary], None] | None = None,
        timeout: float | None = None,
    ) -> ImportSummary:
        """Writes nodes and edges, in chunks that are each one commit. Nodes must come before the edges at them.

        A cut connection is taken up again by itself. To go on in another process, give the same `import_id`, items
        and `chunk_size` again: what the server has is not sent again. `on_error`: "abort" raises BadItems, "skip"
        leaves bad items out and names them in the summary. `on_conflict`: what to do with an id that is taken.
        `progress` is called after each chunk. `timeout`: seconds to go on trying without progress, default 60.
        """
        if not 1 <= chunk_size <= 10_000:
            raise ValueError("chunk_size must be from 1 to 10,000")
        import_id = import_id or new_request_id()
        first = header(graph, import_id, on_error, on_conflict, keep_times)
        book = ImportBook(import_id, strict=on_error == "abort")
        run = _Run(book, _chunks(graph, items, chunk_size), progress)
        patience = PATIENCE if timeout is None else seconds(timeout)
        credential = self._transport.connection.credential
        attempt, may_renew = 1, True
        while True:
            acknowledged = book.summary.chunk_count
            failure: LociError = Unavailable("the server ended the stream early", reason="")
            shown = credential.metadata
            try:
                self._stream(first, run, patience * CONNECTION_LIFETIMES, shown)
            except _SourceFailed as own:
                raise own.error from own.error.__cause__
            except grpc.RpcError as error:
                failure = book.located(from_rpc(error))
                failure.__cause__ = failure.__cause__ or error
            if run.is_complete:
                return book.summary  # all is acknowledged, however the connection ended
            attempt, may_renew = (1, True) if book.summary.chunk_count > acknowledged else (attempt + 1, may_renew)
            if may_renew and credential.renewed(failure, shown) is not None:
                may_renew = False
                continue
            pause = stream_pause(failure, attempt)
            if pause is None or time.monotonic() + pause > run.moved_at + patience:
                raise failure
            sleep(pause)

    def get_import(self, graph: str, import_id: str, *, timeout: float | None = None) -> service.ImportState:
        """How far an import has come. Raises ImportNotFound."""
        request = values.made(service.GetImportRequest, parent=graph_name(graph), import_id=import_id)
        response = self._transport.unary("BulkService/GetImport", request, service.GetImportResponse, timeout)
        state: service.ImportState = getattr(response, "import")
        return state

    def _stream(self, first: service.ImportRequest, run: _Run, timeout: float, shown: Metadata) -> None:
        """One connection."""
        queue: Queue[service.ImportRequest | None] = Queue()
        queue.put(first)
        call = self._transport.both_streams(
            "BulkService/Import", _taken(queue), service.ImportRequest, service.ImportResponse, timeout, shown
        )
        try:
            for response in received(call):
                for request in run.answered(response):
                    queue.put(request)
                if run.is_complete:
                    queue.put(None)
        finally:
            call.cancel()
            queue.put(None)


class _SourceFailed(Exception):
    """The giver of items failed with an error of gRPC, which must not be taken for one of the import's own call."""

    def __init__(self, error: grpc.RpcError) -> None:
        self.error = error


class _Run:
    """The source of chunks and the book, which outlive the connections."""

    def __init__(
        self,
        book: ImportBook,
        chunks: Iterator[list[service.BulkItem]],
        progress: Callable[[ImportSummary], None] | None,
    ) -> None:
        self._book = book
        self._chunks = chunks
        self._progress = progress
        self._exhausted = False
        self.moved_at = time.monotonic()

    @property
    def is_complete(self) -> bool:
        return self._exhausted and self._book.is_empty

    def answered(self, response: service.ImportResponse) -> list[service.ImportRequest]:
        """Takes an answer and gives the messages that may be sent now."""
        if response.HasField("state"):
            self._book.connected(response.state)
        else:
            self._book.acknowledge(response.chunk)
            self.moved_at = time.monotonic()
            if self._progress is not None:
                self._progress(self._book.summary)
        while not self._exhausted and self._book.has_room:
            try:
                items = next(self._chunks, None)
            except grpc.RpcError as error:
                raise _SourceFailed(error) from error
            self.moved_at = time.monotonic()
            if items is None:
                self._exhausted = True
            else:
                self._book.add(items)
        return self._book.sendable()


def _taken(queue: Queue[service.ImportRequest | None]) -> Iterator[service.ImportRequest]:
    while (request := queue.get()) is not None:
        yield request


def _chunks(graph: str, items: Source[Item], chunk_size: int) -> Iterator[list[service.BulkItem]]:
    chunk: list[service.BulkItem] = []
    size = 0
    for given in each(items):
        item = bulk_item(graph, given)
        chunk.append(item)
        size += item.ByteSize()
        if len(chunk) == chunk_size or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
