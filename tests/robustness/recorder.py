"""Clients that write down all that they ask and are answered. They repeat what failed, under the same request id."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import grpc
from google.protobuf.duration_pb2 import Duration

from loci import errors
from loci.v1 import commit_service_pb2 as commits
from loci.v1 import edge_service_pb2 as edges
from loci.v1 import graph_service_pb2 as graphs
from loci.v1 import node_service_pb2 as nodes
from loci.v1.commit_service_pb2_grpc import CommitServiceStub
from loci.v1.edge_service_pb2_grpc import EdgeServiceStub
from loci.v1.graph_service_pb2_grpc import GraphServiceStub
from loci.v1.node_service_pb2_grpc import NodeServiceStub
from loci.v1.watch_service_pb2 import WATCH_START_NOW, WATCH_START_OLDEST, WatchRequest, WatchResponse
from loci.v1.watch_service_pb2_grpc import WatchServiceStub
from tests.robustness.history import LEFT, HeadRead, History, Listing, Read, Received, Stream, Watcher, Write

OPTIONS = (
    ("grpc.use_local_subchannel_pool", 1),  # a connection of its own, so that a fault hits one client
    ("grpc.initial_reconnect_backoff_ms", 50),
    ("grpc.min_reconnect_backoff_ms", 2_000),  # how long one try to connect may take
    ("grpc.max_reconnect_backoff_ms", 500),
    ("grpc.max_receive_message_length", 16 * 1024 * 1024),
    ("grpc.enable_retries", 0),
)
TRY_SECONDS = 20.0
PAUSE = 0.05
now = time.monotonic
T = TypeVar("T")


class Client:
    """One client: its connection, its key, and the record that it adds to."""

    def __init__(self, name: str, history: History, address: str, api_key: str) -> None:
        self.name = name
        self.history = history
        self._channel = grpc.aio.insecure_channel(address, options=OPTIONS)
        self._metadata = (("authorization", f"Bearer {api_key}"),)

    async def close(self) -> None:
        await self._channel.close()

    async def call(self, stub: Any, method: str, request: Any) -> Any:
        """One try. Raises the error of loci.errors."""
        try:
            call = getattr(stub(self._channel), method)
            response = await call(request, metadata=self._metadata, timeout=TRY_SECONDS)
        except grpc.RpcError as error:
            raise errors.from_rpc(error) from error
        if response is None:  # gRPC drops the message of a connection that breaks just after it
            raise errors.Unavailable("the connection broke before the answer was read", reason="")
        return response

    def stream(self, request: WatchRequest) -> Any:
        return WatchServiceStub(self._channel).Watch(request, metadata=self._metadata)

    async def write(self, write: Write, giving_up: Callable[[], bool] = lambda: False) -> None:
        """Sends it until it is answered or `giving_up`. It stands in the record before it is sent."""
        self.history.writes.append(write)
        stub, method, request = request_of(self.history.graph, write)
        while True:
            write.tries += 1
            try:
                response = await self.call(stub, method, request)
            except errors.LociError as error:
                if not is_unsure(error):
                    write.refusal, write.ended = error.reason or error.code, now()
                    return
            else:
                write.ended = now()
                write.revision, write.answers = answer_of(response)
                return
            if giving_up():
                return
            await asyncio.sleep(PAUSE)

    async def read_node(self, name: str) -> None:
        started = now()
        try:
            response = await self.call(NodeServiceStub, "GetNode", nodes.GetNodeRequest(name=name))
        except errors.NodeNotFound:
            found = None
        else:
            found = response.node
        self.history.reads.append(Read(self.name, started, now(), name, found))

    async def list_nodes(self) -> None:
        started = now()
        request = nodes.ListNodesRequest(parent=f"graphs/{self.history.graph}", page_size=1000)
        response = await self.call(NodeServiceStub, "ListNodes", request)
        assert not response.next_page_token, "a list is to be one page"
        self.history.listings.append(Listing(self.name, started, now(), "nodes", [*response.nodes]))

    async def list_edges(self) -> None:
        started = now()
        request = edges.ListEdgesRequest(parent=f"graphs/{self.history.graph}", page_size=1000)
        response = await self.call(EdgeServiceStub, "ListEdges", request)
        assert not response.next_page_token, "a list is to be one page"
        self.history.listings.append(Listing(self.name, started, now(), "edges", [*response.edges]))

    async def read_head(self) -> int:
        started = now()
        request = graphs.GetGraphRequest(name=f"graphs/{self.history.graph}")
        response = await self.call(GraphServiceStub, "GetGraph", request)
        self.history.heads.append(HeadRead(self.name, started, now(), response.graph.revision))
        return int(response.graph.revision)


class Watching:
    """One watcher at work: opens streams one after the other and records each message as it came."""

    def __init__(self, client: Client, watcher: Watcher, *, pause: float = 0.0) -> None:
        self.watcher = watcher
        self.token = ""
        self.covered = -1
        """It was told all up to here."""
        self.oldest = 0
        """Where the log begins, as the refusal of a stream told."""
        self.pause = pause
        """Seconds that it takes over each message."""
        self.history = client.history
        self._client = client
        self._enlist()

    def _enlist(self) -> None:
        self.history.watchers.append(self.watcher)

    def _take(self, message: WatchResponse) -> None:
        """Moves its place behind a message."""
        self.token, self.covered = message.resume_token, message.end_revision

    def _set_out(self, stream: Stream) -> None:
        """Prepares for a stream."""

    def _anew(self) -> Stream:
        """A stream for one that is behind what the log still holds."""
        return Stream(now(), after=self.oldest)

    async def follow(self, stream: Stream, *, until: Callable[[], bool] = lambda: False) -> None:
        """One stream, to its end, or until `until` says so behind a message."""
        self.watcher.streams.append(stream)
        self._set_out(stream)
        call = self._client.stream(self._request(stream))
        try:
            async for message in call:
                stream.received.append(Received(now(), message))
                self._take(message)
                if until():
                    stream.error = LEFT
                    return
                if self.pause:
                    await asyncio.sleep(self.pause)
        except grpc.RpcError as error:
            failure = errors.from_rpc(error)
            stream.error, stream.message = failure.reason or f"grpc {failure.code}", str(failure)
            self.token = failure.metadata.get("resume_token", self.token)
            self.oldest = int(failure.metadata.get("oldest", 0))
        finally:
            call.cancel()

    async def forever(self, first: Stream, *, until: Callable[[], bool] = lambda: False) -> None:
        """Stream after stream, each behind the last token; anew where the log has been compacted. Ends by being
        cancelled."""
        stream = first
        while True:
            await self.follow(stream, until=until)
            if stream.error == LEFT:
                return
            if stream.error == "REVISION_COMPACTED":
                stream = self._anew()
            elif self.token:
                stream = Stream(now(), token=self.token)
            else:
                stream = Stream(now(), after=stream.after, position=stream.position)
            if not self.watcher.streams[-1].received:
                await asyncio.sleep(PAUSE)

    def _request(self, stream: Stream) -> WatchRequest:
        request = WatchRequest(
            parent=f"graphs/{self._client.history.graph}",
            filter=self.watcher.filter,
            include_before=self.watcher.before,
            progress_interval=Duration(seconds=1),
        )
        if stream.token:
            request.resume_token = stream.token
        elif stream.after is not None:
            request.after_revision = stream.after
        else:
            request.position = WATCH_START_NOW if stream.position == "now" else WATCH_START_OLDEST
        return request


class Feeding(Watching):
    """One watcher of all graphs at work. `told`: how far it was told of the graphs of the record."""

    def __init__(self, client: Client, watcher: Watcher, *, pause: float = 0.0) -> None:
        super().__init__(client, watcher, pause=pause)
        self.told: dict[str, int] = {}
        self._behind: dict[str, dict[str, int]] = {}

    def _enlist(self) -> None:
        self.history.feeds.append(self.watcher)

    def _take(self, message: WatchResponse) -> None:
        for piece in message.commits:
            if not piece.partial:
                self.told = {**self.told, piece.graph: piece.revision}
            self._behind[piece.resume_token] = self.told
        self.token = message.resume_token
        self._behind[self.token] = self.told

    def _set_out(self, stream: Stream) -> None:
        self.told = self._behind.get(stream.token, {})

    def _anew(self) -> Stream:
        return Stream(now())

    def _request(self, stream: Stream) -> WatchRequest:
        request = super()._request(stream)
        request.parent = "graphs/-"
        return request


async def repeated(call: Callable[[], Awaitable[T]]) -> T:
    """Its answer, when it has a definite one."""
    while True:
        try:
            return await call()
        except errors.LociError as error:
            if not is_unsure(error):
                raise
        await asyncio.sleep(PAUSE)


def is_unsure(error: errors.LociError) -> bool:
    """Whether the call may or may not have been done, or may be asked again."""
    kinds = (errors.Unavailable, errors.DeadlineExceeded, errors.Cancelled, errors.ResourceExhausted)
    return isinstance(error, (*kinds, errors.WriteContention)) or (
        isinstance(error, errors.Internal) and not error.reason
    )


def request_of(graph: str, write: Write) -> tuple[Any, str, Any]:
    """Stub, method and request: one mutation goes by the method of its own."""
    same: dict[str, Any] = {"request_id": write.key, "note": write.key}
    parent = f"graphs/{graph}"
    mutation = write.mutations[0]
    match mutation.WhichOneof("mutation") if len(write.mutations) == 1 else "":
        case "create_node":
            created = nodes.CreateNodeRequest(parent=parent, node=mutation.create_node, **same)
            return NodeServiceStub, "CreateNode", created
        case "update_node":
            update = mutation.update_node
            updated = nodes.UpdateNodeRequest(
                node=update.node, update_mask=update.update_mask, allow_missing=update.allow_missing, **same
            )
            return NodeServiceStub, "UpdateNode", updated
        case "delete_node":
            delete = mutation.delete_node
            deleted = nodes.DeleteNodeRequest(name=delete.name, hard=delete.hard, **same)
            return NodeServiceStub, "DeleteNode", deleted
        case "rename_node":
            rename = mutation.rename_node
            renamed = nodes.RenameNodeRequest(name=rename.name, new_node_id=rename.new_node_id, **same)
            return NodeServiceStub, "RenameNode", renamed
        case "create_edge":
            joined = edges.CreateEdgeRequest(parent=parent, edge=mutation.create_edge, **same)
            return EdgeServiceStub, "CreateEdge", joined
        case "update_edge" if mutation.update_edge.edge.name:
            change = mutation.update_edge
            changed = edges.UpdateEdgeRequest(edge=change.edge, update_mask=change.update_mask, **same)
            return EdgeServiceStub, "UpdateEdge", changed
        case "delete_edge":
            return EdgeServiceStub, "DeleteEdge", edges.DeleteEdgeRequest(name=mutation.delete_edge.name, **same)
    together = commits.CommitRequest(parent=parent, mutations=write.mutations, **same)
    return CommitServiceStub, "Commit", together


def answer_of(response: Any) -> tuple[int, list[Any]]:
    """The revision of a write, and the items that the answer tells."""
    if isinstance(response, commits.CommitResponse):
        items: Sequence[Any] = [
            getattr(result, kind)
            for result in response.results
            if (kind := result.WhichOneof("result")) in ("node", "edge")
        ]
        return response.revision, [item for item in items if item.revision == response.revision]
    for name in ("node", "edge"):
        if name in response.DESCRIPTOR.fields_by_name:
            item = getattr(response, name)
            return item.revision, [item]
    return response.revision, []
