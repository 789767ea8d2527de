"""A gRPC server on a real socket that records what it is sent and answers as it is told."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.protobuf.any_pb2 import Any as Packed
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2, status_pb2

from loci.connection import CONTRACT as MODULES
from loci.errors import from_status
from loci_server.rpc.errors import PUSHBACK, pushback

NOTHING = object()
"""An answer whose message was lost with its connection: a good end without one."""


@dataclass(frozen=True)
class Call:
    """One call that arrived."""

    method: str
    request: Any
    metadata: Mapping[str, str]
    remaining: float
    """Seconds that its deadline leaves."""


@dataclass
class StandIn:
    """Answers are taken from `answers[method]` in order, the last one again and again: a message, a status, NOTHING, or
    None, which is never to answer."""

    address: str = ""
    calls: list[Call] = field(default_factory=list)
    answers: dict[str, list[Any]] = field(default_factory=dict)
    streams: dict[str, Callable[[Any, grpc.aio.ServicerContext], AsyncIterator[Message]]] = field(default_factory=dict)

    def will(self, method: str, *answers: Any) -> None:
        self.answers[method] = list(answers)

    def sent(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    async def unary(self, method: str, response_type: type[Message], request: Message, context: Any) -> Any:
        self._record(method, request, context)
        planned = self.answers.get(method) or [response_type()]
        answer = planned.pop(0) if len(planned) > 1 else planned[0]
        if answer is None:
            await asyncio.get_running_loop().create_future()
        if isinstance(answer, status_pb2.Status):
            await abort(context, answer)
        assert isinstance(answer, Message) or answer is NOTHING
        return answer

    async def stream(self, method: str, request: Any, context: Any) -> AsyncIterator[Message]:
        self._record(method, None if hasattr(request, "__aiter__") else request, context)
        async for answer in self.streams[method](request, context):
            yield answer

    def _record(self, method: str, request: Any, context: Any) -> None:
        metadata = dict(context.invocation_metadata())
        self.calls.append(Call(method, request, metadata, context.time_remaining()))


@asynccontextmanager
async def running(credentials: Any = None, port: int = 0) -> AsyncIterator[StandIn]:
    """The server, on a free port of 127.0.0.1."""
    stand_in = StandIn()
    server = grpc.aio.server()
    for module in MODULES:
        for service in module.DESCRIPTOR.services_by_name.values():
            handlers = {method.name: _handler(stand_in, method) for method in service.methods}
            server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service.full_name, handlers),))
    address = f"127.0.0.1:{port}"
    bound = server.add_secure_port(address, credentials) if credentials else server.add_insecure_port(address)
    stand_in.address = f"127.0.0.1:{bound}"
    await server.start()
    try:
        yield stand_in
    finally:
        await server.stop(None)


def failure(
    code: grpc.StatusCode,
    reason: str | None = None,
    *,
    message: str = "it failed",
    retry_after: float | None = None,
    details: tuple[Message, ...] = (),
    **metadata: str,
) -> status_pb2.Status:
    """A google.rpc.Status as the server sends it."""
    found: list[Message] = list(details)
    if reason is not None:
        found.append(error_details_pb2.ErrorInfo(reason=reason, domain="loci.dev", metadata=metadata))
    if retry_after is not None:
        delay = Duration()
        delay.FromNanoseconds(int(retry_after * 1e9))
        found.append(error_details_pb2.RetryInfo(retry_delay=delay))
    status = status_pb2.Status(code=code.value[0], message=message)
    for detail in found:
        packed = Packed()
        packed.Pack(detail)
        status.details.append(packed)
    return status


async def abort(context: Any, status: status_pb2.Status) -> None:
    code = next(code for code in grpc.StatusCode if code.value[0] == status.code)
    trailing: list[tuple[str, str | bytes]] = []
    if status.details:
        trailing.append(("grpc-status-details-bin", status.SerializeToString()))
    retry_after = from_status(status).retry_after
    if code is grpc.StatusCode.RESOURCE_EXHAUSTED and retry_after is not None:  # as the server does
        trailing.append((PUSHBACK, pushback(retry_after)))
    await context.abort(code, status.message, trailing_metadata=tuple(trailing))


def _handler(stand_in: StandIn, method: Any) -> grpc.RpcMethodHandler:
    name = f"{method.containing_service.name}/{method.name}"
    request_type: Any = GetMessageClass(method.input_type)
    response_type: Any = GetMessageClass(method.output_type)
    coding = {
        "request_deserializer": request_type.FromString,
        "response_serializer": response_type.SerializeToString,
    }

    async def unary(request: Message, context: Any) -> AsyncIterator[Message]:
        answer = await stand_in.unary(name, response_type, request, context)
        if answer is not NOTHING:
            yield answer

    async def stream(request: Any, context: Any) -> AsyncIterator[Message]:
        async for answer in stand_in.stream(name, request, context):
            yield answer

    if method.client_streaming:
        return grpc.stream_stream_rpc_method_handler(stream, **coding)
    if method.server_streaming:
        return grpc.unary_stream_rpc_method_handler(stream, **coding)
    return grpc.unary_stream_rpc_method_handler(unary, **coding)  # a stream may end without a message
