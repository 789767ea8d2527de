"""Writes to a graph beside its log that happen once: a repeat gets the first answer."""

from collections.abc import Awaitable, Callable, Sequence

from loci_server.errors import ContentErased, RequestIdReused, WriteContention
from loci_server.store.handles import GraphHandle
from loci_server.store.items import FirstAnswer, Items, Repeated
from loci_server.store.notes import Note
from loci_server.store.places import ANSWER
from loci_server.writing.writer import WriteContext


async def write_once(
    items: Items,
    handle: GraphHandle,
    context: WriteContext,
    names: Sequence[str],
    answer: bytes,
    write: Callable[[Note], Awaitable[None]],
) -> FirstAnswer | None:
    """Has it written; `names` are told to the audit, `answer` is kept sealed. If it was written before, that answer,
    opened. Raises RequestIdReused, and what `write` raises."""
    context = context.keyed(handle.marks)
    sealed = None
    if context.request_hash is not None:
        sealed = handle.sealer.seal(ANSWER, context.request_hash, ANSWER, answer)
    audit = context.trail.row(names) if context.trail is not None else None
    try:
        await write(Note(context.request_hash, context.fingerprint, sealed, audit))
    except Repeated:
        return await first_answer(items, handle, context)
    if context.trail is not None:
        context.trail.written()
    return None


async def repeated(items: Items, handle: GraphHandle, context: WriteContext) -> FirstAnswer | None:
    """What was answered to the call when it came first, if it did; sealed."""
    context = context.keyed(handle.marks)
    return None if context.request_hash is None else await items.replay(handle, context.request_hash)


async def first_answer(items: Items, handle: GraphHandle, context: WriteContext) -> FirstAnswer:
    """`context` is keyed."""
    assert context.request_hash is not None
    found = await items.replay(handle, context.request_hash)
    if found is None:  # removed since, as it came of age
        raise WriteContention(retry_after=0.1)
    if found.fingerprint != context.fingerprint:
        raise RequestIdReused(field="request_id")
    if not found.answer:
        raise ContentErased(resource=handle.name)
    answer = handle.sealer.open(ANSWER, context.request_hash, ANSWER, found.answer)
    return FirstAnswer(found.revision, found.time, found.fingerprint, answer)
