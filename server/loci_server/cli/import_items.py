"""Imports a file of items, as `loci export` writes it."""

import contextlib
import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal

from loci_server.cli.failures import Failed, describe
from loci_server.cli.jsonl import BadLine, objects
from loci_server.cli.output import Output, remark
from loci_server.cli.parsing import STDIN
from loci_server.cli.progress import bars
from loci_server.cli.session import Session

if TYPE_CHECKING:
    from loci import Client, ImportSummary
    from loci.errors import BadItems
    from loci.v1.bulk_service_pb2 import BulkItem

SHOWN_ERRORS = 20


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to import a file."""

    create: bool
    import_id: str | None
    on_error: Literal["abort", "skip"]
    on_conflict: Literal["fail", "keep", "replace"]
    keep_times: bool
    chunk_size: int


class ItemFile:
    """The items of an open file, and in which line each stood."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._name = name
        self._lines = array("Q")

    def __iter__(self) -> "Iterator[BulkItem]":
        """Raises BadLine."""
        from google.protobuf.json_format import ParseDict, ParseError

        from loci.v1.bulk_service_pb2 import BulkItem

        for number, found in objects(self._file, self._name):
            try:
                item = ParseDict(dict(found), BulkItem())
            except (ParseError, ValueError, RecursionError) as error:
                raise BadLine(self._name, number, str(error).partition(" Available Fields")[0]) from None
            kind = item.WhichOneof("item")
            if kind is None:
                raise BadLine(self._name, number, 'neither {"node": …} nor {"edge": …}')
            # What the server said of the original holds no more for the copy.
            getattr(item, kind).ClearField("etag")
            getattr(item, kind).ClearField("revision")
            self._lines.append(number)
            yield item

    def place(self, index: int) -> str:
        """`file:line` of the item that was given as the index-th, from 0."""
        return f"{self._name}:{self._lines[index]}"


def import_file(session: Session, graph: str, path: Path, options: ImportOptions) -> None:
    """Imports a file, or standard input for `-`, and says how it went. Raises Failed, LociError."""
    from loci.errors import BadItems
    from loci.retries import new_request_id

    import_id = options.import_id or new_request_id()
    with _opened(path) as file, bars() as drawn:
        bar = drawn.add(f"importing into {graph}", _size(file))
        items = ItemFile(file, "standard input" if path == STDIN else str(path))

        readable = iter(items)
        first = list(islice(readable, 1))
        if options.create:  # not before something could be read
            create_if_missing(session.client, graph)
        done: ImportSummary | None = None

        def show(so_far: "ImportSummary") -> None:
            nonlocal done
            done = so_far
            bar.show(file.tell() if file.seekable() else 0, f"{so_far.node_count} nodes, {so_far.edge_count} edges")

        try:
            summary = session.client.import_items(
                graph,
                chain(first, readable),
                import_id=import_id,
                on_error=options.on_error,
                on_conflict=options.on_conflict,
                keep_times=options.keep_times,
                chunk_size=options.chunk_size,
                progress=show,
                timeout=session.options.timeout,
            )
        except BaseException as error:
            if done is not None:
                remark(f"What is imported stays; take up the rest with --import-id {import_id}")
            if isinstance(error, BadItems):
                raise Failed(bad_items(error, items, done)) from error
            raise
    report(session.output, graph, summary)
    for failure in summary.errors[:SHOWN_ERRORS]:
        remark(f"{items.place(failure.index)}: {describe(failure.error)}")
    if len(summary.errors) > SHOWN_ERRORS:
        remark(f"and {len(summary.errors) - SHOWN_ERRORS} more")


def report(output: Output, graph: str, summary: "ImportSummary") -> None:
    """How an import went."""
    if output.as_json:
        output.json(
            {
                "graph": graph,
                "import_id": summary.import_id,
                "node_count": summary.node_count,
                "edge_count": summary.edge_count,
                "kept_count": summary.kept_count,
                "failed_count": summary.failed_count,
                "skipped_chunk_count": summary.skipped_chunk_count,
                "revision": summary.revision,
            }
        )
        return
    counts = [f"{summary.node_count} nodes and {summary.edge_count} edges"]
    if summary.kept_count:
        counts.append(f"{summary.kept_count} were there already")
    if summary.failed_count:
        counts.append(f"{summary.failed_count} left out")
    if summary.skipped_chunk_count:
        counts.append(f"{summary.skipped_chunk_count} chunks had been imported before")
    print(f"{graph}: {', '.join(counts)}")


def create_if_missing(client: "Client", graph: str) -> None:
    from loci.errors import GraphExists

    with contextlib.suppress(GraphExists):
        client.create_graph(graph)


def bad_items(error: "BadItems", items: ItemFile, done: "ImportSummary | None") -> str:
    """Which lines are to be mended. `done` is what was acknowledged before the chunk that was refused."""
    bad = [f"{items.place(failure.index)}: {describe(failure.error)}" for failure in error.items]
    if not bad:
        start = _items_before(done)
        place = "" if start is None else f" The chunk begins at {items.place(start)}."
        return f"{error}{place} --on-error skip leaves bad items out"
    more = " There are more in this chunk." if len(bad) > 1 else ""
    taken = "; --on-conflict keep or replace says what to do with ids that are taken" if "_EXISTS" in bad[0] else ""
    return f"{bad[0]}{more} Nothing of the chunk was written; --on-error skip leaves bad items out{taken}"


def _items_before(done: "ImportSummary | None") -> int | None:
    """How many items were acknowledged; None if an earlier run had some of them, which says not how many."""
    if done is None:
        return 0
    if done.skipped_chunk_count:
        return None
    return done.node_count + done.edge_count + done.kept_count + done.failed_count


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    if path == STDIN:
        yield sys.stdin.buffer
        return
    with path.open("rb") as file:
        yield file


def _size(file: BinaryIO) -> float | None:
    if not file.seekable():
        return None
    end = file.seek(0, 2)
    file.seek(0)
    return end
