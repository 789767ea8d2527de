"""A server over a real socket with small servicers, and a client that sends and sees bytes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status

from loci.v1 import bulk_service_pb2, commit_service_pb2, node_service_pb2
from loci_server.errors import CredentialExpired, CredentialInvalid
from loci_server.identity.principal import Principal, Scope
from loci_server.rpc.call import Call
from loci_server.rpc.pipeline import Pipeline
from loci_server.rpc.server import Listener
from loci_server.settings import Settings

NODES: ServiceDescriptor = node_service_pb2.DESCRIPTOR.services_by_name["NodeService"]
BULK: ServiceDescriptor = bulk_service_pb2.DESCRIPTOR.services_by_name["BulkService"]
COMMITS: ServiceDescriptor = commit_service_pb2.DESCRIPTOR.services_by_name["CommitService"]
GET_NODE = "/loci.v1.NodeService/GetNode"
CREATE_NODE = "/loci.v1.NodeService/CreateNode"
EXPORT = "/loci.v1.BulkService/Export"
IMPORT = "/loci.v1.BulkService/Import"

Behaviour = Callable[[Any, Call], Any]


def principal(tenant: int, *scopes: Scope) -> Principal:
    return Principal(tenant_key=tenant, tenant_id=f"t{tenant}", key_id=1, scopes=frozenset(scopes))


class Keys:
    """An authenticator that knows a few keys; `slow-` ones are found only by asking."""

    def __init__(self) -> None:
        self.known = {
            "reader": principal(1, Scope.READ),
            "writer": principal(1, Scope.WRITE),
            "operator": principal(9, Scope.OPERATOR),
            "writing-operator": principal(1, Scope.OPERATOR, Scope.WRITE),
            "other": principal(2, Scope.WRITE),
        }

    def revoke(self, key: str) -> None:
        del self.known[key]

    def cached(self, key: str) -> Principal | None:
        return self.known.get(key)

    async def authenticate(self, key: str, peer: str) -> Principal:
        await asyncio.sleep(0)
        if key == "expired":
            raise CredentialExpired
        if not key.startswith("slow-") or not peer.startswith("ipv4:127.0.0.1:"):
            raise CredentialInvalid
        return self.known[key.removeprefix("slow-")]


class Servicer:
    """Answers every method with what a test gave for it, and with an empty message otherwise."""

    def __init__(self, service: ServiceDescriptor, behaviours: Mapping[str, Behaviour]) -> None:
        for method in service.methods:
            given = behaviours.get(method.name)
            if method.server_streaming:
                setattr(self, method.name, given or _no_messages)
            else:
                setattr(self, method.name, given or _empty(method.output_type._concrete_class))


def _empty(kind: type[Message]) -> Behaviour:
    async def answer(request: Message, call: Call) -> Message:
        return kind()

    return answer


async def _no_messages(request: Any, call: Call) -> AsyncIterator[Message]:
    return
    yield


@dataclass
class Span:
    method: str
    trace_id: str = "5c0ffee0" * 4
    ended: list[tuple[str, str | None]] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    def end(self, status_code: str, reason: str | None) -> None:
        self.ended.append((status_code, reason))
        self.done.set()


class Observer:
    """Remembers every call."""

    def __init__(self) -> None:
        self.spans: list[Span] = []

    def start_call(self, method: str, metadata: Sequence[tuple[str, str | bytes]]) -> Span:
        self.spans.append(Span(method))
        return self.spans[-1]


class Client:
    """Calls methods by name with bytes."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self.channel = channel

    def unary(self, method: str, request: bytes | Message = b"", key: str | None = "writer", **options: Any) -> Any:
        return self.channel.unary_unary(method)(_bytes(request), metadata=_metadata(key), **options)

    def stream(self, method: str, request: bytes | Message = b"", key: str | None = "writer", **options: Any) -> Any:
        return self.channel.unary_stream(method)(_bytes(request), metadata=_metadata(key), **options)

    def both(self, method: str, key: str | None = "writer", **options: Any) -> Any:
        return self.channel.stream_stream(method)(metadata=_metadata(key), **options)


@dataclass
class Running:
    """A server and a client of it."""

    client: Client
    listener: Listener
    pipeline: Pipeline
    observer: Observer
    port: int
    keys: Keys

    async def refused(self, call: Any) -> "Refusal":
        """The error of a call that must fail."""
        try:
            if not hasattr(call, "read"):
                await call
            else:
                while await call.read() is not grpc.aio.EOF:
                    pass
        except grpc.aio.AioRpcError as error:
            return Refusal(error)
        raise AssertionError("the call was answered")


class Refusal:
    """A failed call, read as a client would."""

    def __init__(self, error: grpc.aio.AioRpcError) -> None:
        self.code = error.code().name
        self.message = error.details()
        self.trailers = tuple(error.trailing_metadata())
        self.status = Status()
        for key, value in self.trailers:
            if key == "grpc-status-details-bin":
                self.status.MergeFromString(value)

    @property
    def info(self) -> ErrorInfo:
        return self.detail(ErrorInfo)

    @property
    def reason(self) -> str:
        return self.info.reason

    def detail(self, kind: type[Any]) -> Any:
        for packed in self.status.details:
            if packed.Is(kind.DESCRIPTOR):
                found = kind()
                packed.Unpack(found)
                return found
        raise AssertionError(f"no {kind.__name__} in {self.status}")


@asynccontextmanager
async def serving(
    nodes: Mapping[str, Behaviour] | None = None,
    bulk: Mapping[str, Behaviour] | None = None,
    **settings: Any,
) -> AsyncIterator[Running]:
    """A listener with NodeService and BulkService on a free port."""
    told = Settings(**{"port": 0, "host": "127.0.0.1", **settings})
    observer = Observer()
    keys = Keys()
    pipeline = Pipeline(told, keys, observer)
    listener = Listener(told, pipeline, [(NODES, Servicer(NODES, nodes or {})), (BULK, Servicer(BULK, bulk or {}))])
    port = await listener.start()
    try:
        async with grpc.aio.insecure_channel(
            f"127.0.0.1:{port}", options=[("grpc.use_local_subchannel_pool", 1)]
        ) as channel:
            yield Running(Client(channel), listener, pipeline, observer, port, keys)
    finally:
        await listener.drain(0.1)


def _bytes(request: bytes | Message) -> bytes:
    return request if isinstance(request, bytes) else request.SerializeToString()


def _metadata(key: str | None) -> tuple[tuple[str, str], ...]:
    return (("authorization", f"Bearer {key}"),) if key else ()
