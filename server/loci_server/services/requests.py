"""What the servicers of nodes, edges and commits share in reading their requests."""

from collections.abc import Sequence
from typing import Protocol, cast

from google.protobuf.message import Message

from loci_server.codec.writes import checked_note, fingerprint, request_hash
from loci_server.domain.limits import MAX_BATCH_NAMES, PAGE_BYTES, check_count
from loci_server.domain.row import Row
from loci_server.errors import InvalidField
from loci_server.services.call import Call
from loci_server.writing.writer import WriteContext


class RepeatableRequest(Protocol):
    request_id: str


class WriteRequest(RepeatableRequest, Protocol):
    note: str


def context(request: WriteRequest, call: Call) -> WriteContext:
    """Who writes, and how the call is known when it comes again. Raises LimitExceeded."""
    hashed = request_hash(request.request_id)
    return WriteContext(
        call.principal.key_id,
        hashed,
        fingerprint(cast(Message, request)) if hashed is not None else None,
        checked_note(request.note),
        call.trail,
    )


def beside(request: RepeatableRequest, call: Call) -> WriteContext:
    """The same of a write beside the log, which has no note. Raises LimitExceeded."""
    hashed = request_hash(request.request_id)
    known = fingerprint(cast(Message, request)) if hashed is not None else None
    return WriteContext(call.principal.key_id, hashed, known, trail=call.trail)


def check_batch(count: int) -> None:
    if count == 0:
        raise InvalidField(field="names", detail="give at least one")
    check_count("names", count, MAX_BATCH_NAMES, "names")


def end_of_page(rows: Sequence[Row], size: int, column: str) -> Row | None:
    """The last row of a page behind which there may be more: of `size` + 1 rows that were asked for the last but one,
    or the one whose `column` reached the size at which the database ends a page."""
    if len(rows) > size:
        return rows[size - 1]
    full = sum(len(row[column] or b"") for row in rows) >= PAGE_BYTES
    return rows[-1] if rows and full else None


def own_id(parent: str, graph: str, identity: str, field: str) -> str:
    if graph != parent:
        raise InvalidField(field=field, detail="it names another graph than the parent")
    return identity
