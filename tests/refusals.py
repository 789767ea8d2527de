"""Bytes to any method, and what the refusal says, read as another language would read it: from google.rpc.Status."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo
from google.rpc.status_pb2 import Status

DETAILS = "grpc-status-details-bin"


@dataclass(frozen=True, slots=True)
class Refusal:
    """How a call ended; `code` is "OK" if it was not refused."""

    code: str
    message: str = ""
    reason: str = ""
    domain: str = ""
    fields: Sequence[str] = ()
    raw: bytes = field(default=b"", repr=False)


def bearer(key: str) -> tuple[tuple[str, str | bytes], ...]:
    return (("authorization", f"Bearer {key}"),)


async def ask(
    channel: grpc.aio.Channel,
    path: str,
    request: Message | bytes | Sequence[Message],
    metadata: Sequence[tuple[str, str | bytes]],
    timeout: float = 60,
) -> Refusal:
    """Calls `path` (`NodeService/GetNode`); a list of messages is a stream of requests, sent one answer at a time."""
    name = f"/loci.v1.{path}"
    options: dict[str, Any] = {"metadata": tuple(metadata), "timeout": timeout}
    call: Any
    if isinstance(request, Message | bytes):
        raw = request if isinstance(request, bytes) else request.SerializeToString()
        if path in ("BulkService/Export", "AdminService/ExportAuditEntries"):
            call = channel.unary_stream(name)(raw, **options)
        else:
            call = channel.unary_unary(name)(raw, **options)
            return refusal(await call.code(), await call.details(), await call.trailing_metadata())
    else:
        call = channel.stream_stream(name)(**options)
        await send(call, [one.SerializeToString() for one in request])
    async for _ in drained(call):
        pass
    return refusal(await call.code(), await call.details(), await call.trailing_metadata())


async def send(call: Any, messages: Sequence[bytes]) -> None:
    """Writes a message, waits for its answer, and so on: grpc.aio loses the reason if it writes to a stream that has
    ended."""
    try:
        for raw in messages:
            await call.write(raw)
            if await call.read() is grpc.aio.EOF:
                return
        await call.done_writing()
    except (grpc.aio.AioRpcError, asyncio.InvalidStateError):
        return  # its status says more


async def drained(call: Any) -> AsyncIterator[bytes]:
    try:
        while (raw := await call.read()) is not grpc.aio.EOF:
            yield raw
    except grpc.aio.AioRpcError:
        return  # its status says more


def refusal(code: grpc.StatusCode, message: str | None, metadata: Any) -> Refusal:
    if code is grpc.StatusCode.OK:
        return Refusal("OK")
    status, info, fields = Status(), ErrorInfo(), []
    for key, value in metadata or ():
        if key == DETAILS:
            status.ParseFromString(value)
    for detail in status.details:
        if detail.Is(BadRequest.DESCRIPTOR):
            request = BadRequest()
            detail.Unpack(request)
            fields += [violation.field for violation in request.field_violations]
        detail.Unpack(info) if detail.Is(ErrorInfo.DESCRIPTOR) else None
    return Refusal(code.name, message or "", info.reason, info.domain, fields, status.SerializeToString())
