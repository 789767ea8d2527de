"""Watch over all graphs of a tenant."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from loci.v1 import watch_service_pb2 as pb
from loci_server.codec.feed_tokens import FeedTokens
from loci_server.crypto.envelope import Sealer
from loci_server.domain.names import ALL_GRAPHS
from loci_server.errors import Draining, InvalidField, InvalidResumeToken, RevisionCompacted, WatchTooSlow
from loci_server.services.call import Call, Encoded, ReaderStalled
from loci_server.services.responses import Response
from loci_server.store.feed import Moment
from loci_server.watch.ending import Ending
from loci_server.watch.feeds import Feeds
from loci_server.watch.filter import Filter
from loci_server.watch.subscription import MESSAGE_BYTES
from loci_server.watch.sweep import Passed, Standing


@dataclass(frozen=True, slots=True)
class StreamBounds:
    """What holds for every watch."""

    patience: float
    """Seconds that a message waits for its reader."""
    window: timedelta
    """For how long each commit can be watched."""
    longest: float
    """Seconds that a connection lasts; infinity: as long as it likes."""


class FeedStreams:
    """Streams of what happens in all graphs."""

    def __init__(self, feeds: Feeds, sealer: Sealer, bounds: StreamBounds) -> None:
        self._feeds = feeds
        self._sealer = sealer
        self._bounds = bounds

    async def watch(
        self, request: pb.WatchRequest, interval: float, call: Call
    ) -> AsyncGenerator[pb.WatchResponse | Encoded, None]:
        """Messages without an end. `interval`: seconds of quiet before one says how far it is."""
        tenant = call.principal.tenant_key
        filter = Filter.parse(request.filter, None)
        grants = call.principal.graphs
        tokens = FeedTokens(self._sealer, tenant, request.filter, grants)
        standing = beginning(request, tokens, await self._feeds.now(tenant), self._bounds.window)
        is_resumed = request.WhichOneof("start") == "resume_token"
        if is_resumed and not await self._feeds.knows(tenant, standing):
            raise InvalidResumeToken(field="resume_token")
        call.write_timeout = self._bounds.patience
        ending = Ending(call.draining, self._bounds.longest)
        last = tokens.encode(standing)
        try:
            yield pb.WatchResponse(resume_token=last)
            following = self._feeds.follow(
                tenant, standing, interval, ending, grants, before=request.include_before, facts=not filter.passes_all
            )
            async with aclosing(following) as ticks:
                async for tick in ticks:
                    for response in messages(tokens, filter, tick.passed, tick.standing, quiet=not tick.passed):
                        response.head.draining = ending.reached
                        last = response.head.resume_token
                        yield response.encoded()
                        if response.head.draining:
                            raise Draining(resume_token=last)
        except ReaderStalled:
            raise WatchTooSlow(seconds=f"{self._bounds.patience:g}", resume_token=last) from None


def beginning(request: pb.WatchRequest, tokens: FeedTokens, now: Moment, window: timedelta) -> Standing:
    """Where a watch begins. Raises InvalidField, InvalidResumeToken, RevisionCompacted."""
    start = datetime.now(UTC) - window
    match request.WhichOneof("start"):
        case "resume_token":
            standing = tokens.decode(request.resume_token)
            if standing.incarnation != now.incarnation or is_ahead(standing, now):
                raise InvalidResumeToken(field="resume_token")
            if standing.base_time < start:
                raise RevisionCompacted(resource=ALL_GRAPHS, oldest="")
            return standing
        case "after_revision":
            detail = "revisions are of one graph; of all graphs, begin now, with the oldest, or behind a resume_token"
            raise InvalidField(field="after_revision", detail=detail)
        case _:
            if request.position not in pb.WatchStart.values():
                raise InvalidField(field="position", detail="it is not a WatchStart")
            if request.position == pb.WATCH_START_OLDEST:
                return Standing(now.incarnation, None, now.time, oldest=start, witness=now.witness)
            return Standing(now.incarnation, now.snapshot, now.time, witness=now.witness)


def is_ahead(standing: Standing, now: Moment) -> bool:
    """Whether it has seen transactions that this database has yet to begin: it was put back to an earlier time."""
    seen = [snapshot for snapshot in (standing.base, standing.until) if snapshot is not None]
    return any(next_transaction(snapshot) > next_transaction(now.snapshot) for snapshot in seen)


def next_transaction(snapshot: str) -> int:
    return int(snapshot.split(":")[1])


def messages(
    tokens: FeedTokens, filter: Filter, passed: Sequence[Passed], end: Standing, *, quiet: bool
) -> list[Response]:
    """What of it is wanted, in messages of about MESSAGE_BYTES; none if there is nothing, unless it was `quiet`."""
    found: list[Response] = []
    response = Response()
    for one in passed:
        if one.event is not None:
            response.head.graph_events.append(one.event)
        elif one.entry is not None and (commit := filter.of(one.entry)) is not None:
            response.add(commit, tokens.encode(one.standing))
        if response.size >= MESSAGE_BYTES:
            response.head.resume_token = tokens.encode(one.standing)
            found.append(response)
            response = Response()
    if quiet or response.size or response.head.graph_events:
        response.head.resume_token = tokens.encode(end)
        found.append(response)
    return found
