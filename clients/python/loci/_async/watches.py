"""Watch: every commit of a graph, or of all, in order, once, over cut connections and restarts."""

import logging
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from typing import Any, Generic, Protocol, TypeVar

import grpc
from google.protobuf.duration_pb2 import Duration

from loci.credential import Metadata
from loci.errors import LociError, Unavailable, from_rpc
from loci.names import completed, graph_name
from loci.retries import stream_pause
from loci.v1 import watch_service_pb2 as service
from loci.v1.change_pb2 import ChangeKind
from loci.values import enum_value, made
from loci.watching import FeedBook, FeedItem, Kind, Start, WatchBook

from .runtime import received, sleep
from .transport import Calls, Transport

Told = TypeVar("Told", covariant=True)
Value = TypeVar("Value")
WARN_AT = 3
"""Tries without a message."""
log = logging.getLogger("loci.watch")


class Watches(Calls):
    """WatchService."""

    def watch(
        self,
        graph: str,
        *,
        start: Start = "now",
        after_revision: int | None = None,
        resume_token: str = "",
        node_types: Sequence[str] = (),
        relations: Sequence[str] = (),
        names: Sequence[str] = (),
        kinds: Sequence[Kind] = (),
        include_before: bool = False,
        progress_interval: float = 15.0,
        timeout: float | None = None,
    ) -> "Watch":
        """The commits of a graph from a point on, as they happen; iterate the result.

        It begins behind `resume_token`, or behind `after_revision`, or at `start`. Cut connections and restarts of the
        server are bridged; what cannot be (RevisionCompacted, GraphNotFound, …) is raised. `node_types`, `relations`,
        `names` (`nodes/ann`) and `kinds` choose changes. `include_before`: with what was there before each change.
        `timeout`: seconds to go on trying without a message; default for ever.
        """
        if graph == "-":
            raise ValueError("`-` is no graph: watch_all tells of all of them")
        named = [completed(graph, name) for name in listed("names", names)]
        filter = watch_filter(node_types, relations, named, kinds)
        request = watch_request(graph_name(graph), filter, include_before, progress_interval)
        begin(request, start, resume_token)
        if after_revision is not None and not resume_token:
            request.after_revision = after_revision
        return Watch(self._transport, request, timeout)

    def watch_all(
        self,
        *,
        start: Start = "now",
        resume_token: str = "",
        node_types: Sequence[str] = (),
        relations: Sequence[str] = (),
        names: Sequence[str] = (),
        kinds: Sequence[Kind] = (),
        include_before: bool = False,
        progress_interval: float = 15.0,
        timeout: float | None = None,
    ) -> "WatchAll":
        """The commits of all graphs of the tenant, for mirrors and indexes; iterate the result.

        The commits of each graph are in order; graphs come as they come. Between them stand GraphEvents: a graph was
        made, deleted, or is back (read it anew then). One token says where all of it stands. `names` are full names;
        the rest is as for `watch`.
        """
        filter = watch_filter(node_types, relations, names, kinds)
        request = watch_request("graphs/-", filter, include_before, progress_interval)
        begin(request, start, resume_token)
        return WatchAll(self._transport, request, timeout)


def watch_filter(
    node_types: Sequence[str], relations: Sequence[str], names: Sequence[str], kinds: Sequence[Kind]
) -> service.WatchFilter:
    return made(
        service.WatchFilter,
        node_types=listed("node_types", node_types),
        relations=listed("relations", relations),
        names=listed("names", names),
        kinds=[enum_value(ChangeKind, "CHANGE_KIND_", kind, "kinds") for kind in listed("kinds", kinds)],
    )


def listed(argument: str, values: Sequence[Value]) -> Sequence[Value]:
    """Raises TypeError for a single string, whose letters would be taken for values."""
    if isinstance(values, str):
        raise TypeError(f"{argument} must be a list of strings, not a string")
    return values


def watch_request(
    parent: str, filter: service.WatchFilter, include_before: bool, progress_interval: float
) -> service.WatchRequest:
    interval = Duration()
    interval.FromMilliseconds(round(progress_interval * 1000))
    return service.WatchRequest(parent=parent, filter=filter, include_before=include_before, progress_interval=interval)


def begin(request: service.WatchRequest, start: Start, resume_token: str) -> None:
    if resume_token:
        request.resume_token = resume_token
    else:
        request.position = enum_value(service.WatchStart, "WATCH_START_", start, "start")


class Book(Protocol[Told]):
    """What a watch keeps between messages."""

    resume_token: str

    def connect(self) -> None: ...
    def take(self, response: service.WatchResponse) -> Iterator[Told]: ...
    def passed(self, response: service.WatchResponse) -> None: ...


class Messages(Generic[Told]):
    """The messages of the server, over cut connections."""

    def __init__(
        self, transport: Transport, request: service.WatchRequest, timeout: float | None, book: Book[Told]
    ) -> None:
        self._transport = transport
        self._request = request
        self._timeout = timeout
        self._book = book
        self._call: Any = None
        self._responses: Any = None
        self._attempt, self._moved_at = 0, 0.0
        self._shown: Metadata = ()
        self._may_renew = True
        """Once between two messages: a new token that is refused, too, may be followed by yet another one for ever."""
        self._first: service.WatchResponse | None = None

    async def peek(self) -> service.WatchResponse:
        """The message that `take` gives next. Raises what cannot be bridged."""
        if self._first is None:
            self._first = await self.take()
        return self._first

    async def take(self) -> service.WatchResponse:
        """The next message. The one before is done with. Raises what cannot be bridged."""
        if (first := self._first) is not None:
            self._first = None
            return first
        self._moved_at = time.monotonic()  # what the reader did meanwhile is no waiting
        while True:
            failure: LociError = Unavailable("the server ended the stream", reason="")
            try:
                if self._call is None:
                    self._connect()
                response: service.WatchResponse | None = await anext(self._responses, None)
            except grpc.RpcError as error:
                response = None
                failure = from_rpc(error)
                failure.__cause__ = error
            if response is not None:
                self._attempt, self._may_renew = 0, True
                return response
            self.cancel()
            await self._rest_after(failure)

    def cancel(self) -> None:
        """Ends the call."""
        if self._call is not None:
            self._call.cancel()
            self._call = None

    def _connect(self) -> None:
        """Behind what was given out."""
        self._book.connect()
        if self._book.resume_token:
            self._request.resume_token = self._book.resume_token
        self._shown = self._transport.connection.credential.metadata
        self._call = self._transport.server_stream(
            "WatchService/Watch", self._request, service.WatchResponse, None, self._shown
        )
        self._responses = aiter(received(self._call))

    async def _rest_after(self, failure: LociError) -> None:
        """Returns when it can be tried again; raises the failure if it cannot."""
        if self._may_renew and self._transport.connection.credential.renewed(failure, self._shown) is not None:
            self._may_renew = False
            return
        self._attempt += 1
        pause = stream_pause(failure, self._attempt)
        late = self._timeout is not None and time.monotonic() - self._moved_at > self._timeout
        if pause is None or late:
            raise failure
        if self._attempt == WARN_AT:
            log.warning("no connection (%s); the watch goes on as soon as there is one", failure.reason or failure.code)
        await sleep(pause)


class Stream(Generic[Told]):
    """What is told by one watch. `resume_token` goes on behind the last commit that was given out."""

    def __init__(
        self, transport: Transport, request: service.WatchRequest, timeout: float | None, book: Book[Told]
    ) -> None:
        self._transport = transport
        self._request = request
        self._timeout = timeout
        self._book = book
        self._opened: Messages[Told] | None = None
        self._begun = False
        """The server has told something: every stream from here on goes on behind that."""

    @property
    def resume_token(self) -> str:
        """Keep it to go on in another process. Empty before the first message of the server."""
        return self._book.resume_token

    async def ready(self) -> None:
        """Returns once the server has begun: whatever is written then will be told. Call it before you iterate, which
        goes on with the same stream; without it, a watch begins when it is iterated. Raises what cannot be bridged."""
        if self._begun:
            return
        messages = self._messages()
        try:
            await self._begin(messages)
        except BaseException:
            messages.cancel()
            raise
        self._opened, self._begun = messages, True

    async def __aiter__(self) -> AsyncGenerator[Told, None]:
        """Raises WatchGap if the server left something out, and what cannot be bridged."""
        messages, self._opened = self._opened or self._messages(), None
        try:
            while True:
                response = await messages.take()
                self._begun = True
                for told in self._book.take(response):
                    yield told
                self._book.passed(response)
        finally:
            messages.cancel()

    def _messages(self) -> Messages[Told]:
        return Messages(self._transport, self._request, self._timeout, self._book)

    async def _begin(self, messages: Messages[Told]) -> None:
        """Waits for the first message. It is kept for the iteration, unless it only says where the watch stands."""
        first = await messages.peek()
        if not first.commits and not first.graph_events:
            for _ in self._book.take(await messages.take()):
                pass
            self._book.passed(first)


class Watch(Stream[service.CommitChanges]):
    """The commits of one graph."""

    def __init__(self, transport: Transport, request: service.WatchRequest, timeout: float | None) -> None:
        after = request.after_revision if request.HasField("after_revision") else None
        self._place = WatchBook(request.resume_token, after, dense=not request.filter.ByteSize())
        super().__init__(transport, request, timeout, self._place)

    @property
    def revision(self) -> int:
        """All commits up to here were given out, or did not pass the filter."""
        return self._place.revision


class WatchAll(Stream[FeedItem]):
    """The commits of all graphs, and what became of these."""

    def __init__(self, transport: Transport, request: service.WatchRequest, timeout: float | None) -> None:
        dense = not request.filter.ByteSize()
        super().__init__(transport, request, timeout, FeedBook(request.resume_token, dense=dense))
