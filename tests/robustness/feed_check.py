"""What a watcher of all graphs was told of one of them, as if it had watched that one alone."""

from collections.abc import Iterator
from typing import NamedTuple

from loci.v1.watch_service_pb2 import GRAPH_EVENT_KIND_CREATED, CommitChanges, GraphEventKind, WatchResponse
from tests.robustness.history import LEFT, Received, Stream, Watcher
from tests.robustness.verdicts import Broken, Violation


class Told(NamedTuple):
    """Where a watcher stands at a token."""

    begun: float
    """When it opened the stream that the token is of, or the one that it resumed, without a token."""
    revision: int | None
    """It was told up to here; None: nothing of this graph."""


def projected(feed: Watcher, graph: str, *, compacted: bool) -> Watcher:
    """Each commit is a message of its own, which says what it covers, as those of one graph do: up to where the watcher
    was told. That a token covers more than that shows when a stream goes on behind it. Not `compacted`: refusals as
    compacted are about another graph."""
    places: dict[str, Told] = {}
    streams = [_stream(stream, f"graphs/{graph}", places) for stream in feed.streams]
    for stream in streams:
        if stream.error == "REVISION_COMPACTED" and not compacted:
            stream.error = LEFT
    return Watcher(f"{feed.name} of {graph}", feed.filter, feed.before, streams)


def _stream(stream: Stream, graph: str, places: dict[str, Told]) -> Stream:
    """`places`: where each token goes on, of those so far. Before the first commit of the graph that is no place,
    though this stream tells it from one: its log may have lost its beginning when another stream goes on there."""
    first = next((piece.revision for piece in _pieces(stream, graph)), None)
    start = places.get(stream.token)
    begun, place = (stream.opened, None) if start is None else start
    anew = place is None and (start is not None or not stream.token)
    is_told = place is not None
    if place is None and first is not None:
        place = first - 1
    found = Stream(
        stream.opened,
        "" if anew else stream.token,
        error=stream.error,
        message=stream.message,
        begun=begun if anew else None,
    )
    for received in stream.received:
        for token, piece in _steps(received.message):
            after = place
            told = [piece] if piece is not None and piece.graph == graph else []
            if told and not told[0].partial:
                place = told[0].revision
            is_told = is_told or bool(told)
            places[token] = Told(begun, place if is_told else None)
            if place is not None and after is not None:
                message = WatchResponse(resume_token=token, after_revision=after, end_revision=place, commits=told)
                found.received.append(Received(received.at, message))
    return found


def _steps(message: WatchResponse) -> Iterator[tuple[str, CommitChanges | None]]:
    """Each commit with its token; and the token of the message."""
    for piece in message.commits:
        yield piece.resume_token, piece
    yield message.resume_token, None


def _pieces(stream: Stream, graph: str) -> Iterator[CommitChanges]:
    for received in stream.received:
        yield from (piece for piece in received.message.commits if piece.graph == graph)


def misreported(feed: Watcher, graph: str) -> Iterator[Violation]:
    """What it was told wrongly of a graph that was made while the tenant was there, and never deleted."""
    for number, stream in enumerate(feed.streams):
        where = f"{feed.name} of {graph}, stream {number}"
        made = False
        for received in stream.received:
            for event in received.message.graph_events:
                if event.graph != f"graphs/{graph}":
                    continue
                made = True
                if event.kind != GRAPH_EVENT_KIND_CREATED or event.revision:
                    what = f"told as {GraphEventKind.Name(event.kind)} behind {event.revision}"
                    yield Violation(Broken.CONSISTENT, where, what)
            first = any(p.graph == f"graphs/{graph}" and p.revision == 1 for p in received.message.commits)
            if first and not made and not stream.token:
                yield Violation(Broken.RELIABLE, where, "nobody said that the graph was made")
