"""WatchService."""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

from loci.v1 import watch_service_pb2 as pb
from loci_server.codec.resume_tokens import ResumeTokens
from loci_server.crypto.envelope import Sealer
from loci_server.domain.names import ALL_GRAPHS, parse_graph
from loci_server.errors import (
    Draining,
    InvalidField,
    InvalidResumeToken,
    RevisionCompacted,
    RevisionInFuture,
    WatchTooSlow,
)
from loci_server.services.call import Call, Encoded, ReaderStalled
from loci_server.services.feed import FeedStreams, StreamBounds
from loci_server.services.responses import Response
from loci_server.store.handles import GraphHandle, Handles
from loci_server.store.log import END, LAST, OLDEST, Log, Place, Start
from loci_server.watch.ending import Ending
from loci_server.watch.entries import Entry
from loci_server.watch.filter import Filter
from loci_server.watch.subscription import Step, Watcher
from loci_server.watch.tailer import Message, Tailer
from loci_server.watch.tailers import Tailers

DEFAULT_INTERVAL = 15.0
MIN_INTERVAL, MAX_INTERVAL = 1.0, 60.0


class Wanted(NamedTuple):
    """Where a watch is to begin, as its request says it."""

    field: str
    """Of the request."""
    revision: int | None
    """Or LAST, or OLDEST."""
    ordinal: int = END
    written: int | None = None
    """When that revision was, if a token says so: in microseconds since 1970; 0: there was none yet."""


class WatchServicer:
    """Tells what changes."""

    def __init__(
        self,
        handles: Handles,
        log: Log,
        tailers: Tailers,
        streams: FeedStreams,
        sealer: Sealer,
        bounds: StreamBounds,
    ) -> None:
        self._handles = handles
        self._log = log
        self._tailers = tailers
        self._streams = streams
        self._sealer = sealer
        self._bounds = bounds

    async def Watch(self, request: pb.WatchRequest, call: Call) -> AsyncIterator[pb.WatchResponse | Encoded]:
        interval = progress_interval(request)
        if request.parent == ALL_GRAPHS:
            async with aclosing(self._streams.watch(request, interval, call)) as responses:
                async for response in responses:
                    try:
                        yield response
                    except ReaderStalled as stalled:
                        await responses.athrow(stalled)
            return
        watcher, tokens = await self._begun(request, interval, call)
        # It may be quiet for days: neither the request nor what was told last is kept meanwhile.
        del request
        found: Sequence[Entry] = ()
        try:
            while True:
                for step in watcher.steps(found):
                    # Kept before it is sent: one that waits for a stalled reader reaches it ahead of the error.
                    ends = watcher.ending.reached
                    told = written(tokens, watcher.tailer, step, draining=ends)
                    yield Encoded(told.raw)
                    if ends:
                        raise Draining(resume_token=told.token)
                    del step, told
                found = ()
                if (news := watcher.news()) is not None:
                    await news
                found = await watcher.read()
        except ReaderStalled:
            raise WatchTooSlow(seconds=f"{self._bounds.patience:g}", resume_token=told.token) from None
        finally:
            try:
                await watcher.aclose()
            finally:
                await self._tailers.close(watcher.tailer)

    async def _begun(self, request: pb.WatchRequest, interval: float, call: Call) -> tuple[Watcher, ResumeTokens]:
        """A watcher, whose tailer is open, and its tokens. Raises GraphNotFound, and what `beginning` and
        `check` do."""
        tenant = call.principal.tenant_key
        graph = parse_graph(request.parent, "parent")
        filter = Filter.parse(request.filter, graph)
        handle = await self._handles.get(tenant, graph)
        tokens = ResumeTokens(self._sealer, tenant, handle.graph_key, request.filter)
        wanted = beginning(request, tokens)
        start = await self._log.start(handle, datetime.now(UTC) - self._bounds.window, wanted.revision)
        check(wanted, start, handle)
        place = Place(start.revision, wanted.ordinal)
        call.write_timeout = self._bounds.patience
        ending = Ending(call.draining, self._bounds.longest)
        self._tailers.stir_at(call.draining)
        tailer = await self._tailers.open(handle, before=request.include_before)
        return Watcher(tailer, place, start.written, filter, interval, ending), tokens


def beginning(request: pb.WatchRequest, tokens: ResumeTokens) -> Wanted:
    """Where a watch is to begin. Raises InvalidField, InvalidResumeToken."""
    match request.WhichOneof("start"):
        case "resume_token":
            place, written = tokens.decode(request.resume_token)
            return Wanted("resume_token", place.revision, place.ordinal, written)
        case "after_revision":
            if request.after_revision < 0:
                raise InvalidField(field="after_revision", detail="it must not be negative")
            return Wanted("after_revision", request.after_revision)
        case _:
            if request.position not in pb.WatchStart.values():
                raise InvalidField(field="position", detail="it is not a WatchStart")
            return Wanted("position", OLDEST if request.position == pb.WATCH_START_OLDEST else LAST)


def check(wanted: Wanted, start: Start, handle: GraphHandle) -> None:
    """Raises RevisionInFuture, RevisionCompacted, InvalidResumeToken."""
    if start.revision > start.bounds.revision:
        raise RevisionInFuture(field=wanted.field, revision=start.bounds.revision)
    if start.revision < start.bounds.since:
        raise RevisionCompacted(resource=handle.name, oldest=start.bounds.since)
    if wanted.written is not None and wanted.written != start.written:
        if start.revision and not start.written:  # its month is dropped in this moment
            raise RevisionCompacted(resource=handle.name, oldest=start.bounds.since)
        raise InvalidResumeToken(field="resume_token")  # another revision had this number when it was read


def progress_interval(request: pb.WatchRequest) -> float:
    """Seconds. Raises InvalidField."""
    if not request.HasField("progress_interval"):
        return DEFAULT_INTERVAL
    seconds = request.progress_interval.seconds + request.progress_interval.nanos / 1e9
    if not MIN_INTERVAL <= seconds <= MAX_INTERVAL:
        raise InvalidField(field="progress_interval", detail=f"give {MIN_INTERVAL:g} to {MAX_INTERVAL:g} seconds")
    return seconds


def written(tokens: ResumeTokens, tailer: Tailer, step: Step, *, draining: bool) -> Message:
    """Of a step."""
    if draining or not step.told:
        return encoded(tokens, step, draining=draining)
    return tailer.shared((tokens.stream, step.start, step.end), partial(encoded, tokens, step))


def encoded(tokens: ResumeTokens, step: Step, *, draining: bool = False) -> Message:
    response = message(tokens, step)
    response.head.draining = draining
    return Message(response.encoded().raw, response.head.resume_token)


def message(tokens: ResumeTokens, step: Step) -> Response:
    token = tokens.encode(step.end, step.written)
    head = pb.WatchResponse(resume_token=token, after_revision=covered(step.start), end_revision=covered(step.end))
    response = Response(head)
    for told in step.told:
        response.add(told.commit, tokens.encode(told.end, told.written))
    return response


def covered(place: Place) -> int:
    """The last revision that is wholly before a place."""
    return place.revision if place == Place(place.revision) else place.revision - 1
