# Generated from loci/_async/watches.py by `python -m tools.unasync`: change that file, not this one.
"""Watch: every commit of a graph, in order, once, over cut connections and restarts."""

import time
from collections.abc import Iterator, Sequence

import grpc
from google.protobuf.duration_pb2 import Duration

from loci.errors import LociError, Unavailable, from_rpc
from loci.names import completed, graph_name
from loci.retries import stream_pause
from loci.v1 import watch_service_pb2 as service
from loci.v1.change_pb2 import ChangeKind
from loci.values import enum_value
from loci.watching import Kind, Start, WatchBook

from .runtime import sleep
from .transport import Calls, Transport


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
        request = service.WatchRequest(
            parent=graph_name(graph),
            filter=service.WatchFilter(
                node_types=node_types,
                relations=relations,
                names=[completed(graph, name) for name in names],
                kinds=[enum_value(ChangeKind, "CHANGE_KIND_", kind) for kind in kinds],
            ),
            include_before=include_before,
        )
        interval = Duration()
        interval.FromMilliseconds(round(progress_interval * 1000))
        request.progress_interval.CopyFrom(interval)
        if resume_token:
            request.resume_token = resume_token
        elif after_revision is not None:
            request.after_revision = after_revision
        else:
            request.position = enum_value(service.WatchStart, "WATCH_START_", start)
        return Watch(self._transport, request, timeout)


class Watch:
    """The commits of one watch. `resume_token` goes on behind the last one that was given out."""

    def __init__(self, transport: Transport, request: service.WatchRequest, timeout: float | None) -> None:
        self._transport = transport
        self._request = request
        self._timeout = timeout
        self._book = WatchBook(request.resume_token)

    @property
    def resume_token(self) -> str:
        """Keep it to go on in another process. Empty before the first message of the server."""
        return self._book.resume_token

    @property
    def revision(self) -> int:
        """All commits up to here were given out, or did not pass the filter."""
        return self._book.revision

    def __iter__(self) -> Iterator[service.CommitChanges]:
        """Raises WatchGap if the server left something out, and what cannot be bridged."""
        attempt, moved_at = 0, time.monotonic()
        while True:
            self._book.connect()
            if self._book.resume_token:
                self._request.resume_token = self._book.resume_token
            call = self._transport.server_stream("WatchService/Watch", self._request, service.WatchResponse, None)
            failure: LociError = Unavailable("the server ended the stream", reason="")
            try:
                for response in call:
                    attempt, moved_at = 0, time.monotonic()
                    for commit in self._book.take(response):
                        yield commit
                    self._book.passed(response)
            except grpc.RpcError as error:
                failure = from_rpc(error)
                failure.__cause__ = error
            finally:
                call.cancel()
            attempt += 1
            pause = stream_pause(failure, attempt)
            late = self._timeout is not None and time.monotonic() - moved_at > self._timeout
            if pause is None or late:
                raise failure
            sleep(pause)
