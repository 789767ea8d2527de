"""Calls with bytes to any method, and all that came back."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.rpc.status_pb2 import Status

from tests.fuzz.methods import Method, services
from tests.refusals import DETAILS

ANSWER = {
    f"/{service.full_name}/{method.name}": GetMessageClass(method.output_type)
    for service in services()
    for method in service.methods
}
SECONDS = 30.0
WATCH_SECONDS = 5.0
MAX_ANSWERS = 20


@dataclass(frozen=True, slots=True)
class Exchange:
    """A call and its end. Of a watch only the first message is read."""

    method: Method
    messages: Sequence[bytes]
    code: str
    status: Status = field(default_factory=Status)
    answers: Sequence[Message] = ()
    raw: bytes = b""
    """Every byte that the caller could see, of messages and of metadata."""


class Caller:
    """Calls over one channel."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._channel = channel

    async def call(self, method: Method, messages: Sequence[bytes], key: str | None) -> Exchange:
        while True:
            ended = await self._call(method, messages, key)
            if not (method.asks_many and ended.code == "INTERNAL" and not ended.status.details):
                return ended  # else grpc.aio wrote to a stream that the server was just ending, and lost its reason

    async def _call(self, method: Method, messages: Sequence[bytes], key: str | None) -> Exchange:
        metadata = (("authorization", f"Bearer {key}"),) if key is not None else ()
        options: dict[str, Any] = {"metadata": metadata, "timeout": WATCH_SECONDS if method.endless else SECONDS}
        call: Any
        answers: list[bytes] = []
        if method.asks_many:
            call = self._channel.stream_stream(method.path)(**options)
            await self._in_step(call, messages, answers)
        elif method.answers_many:
            call = self._channel.unary_stream(method.path)(messages[0], **options)
            await self._read(call, 1 if method.endless else MAX_ANSWERS, answers)
        else:
            call = self._channel.unary_unary(method.path)(messages[0], **options)
            if await call.code() is grpc.StatusCode.OK:
                answers.append(await call)
        if method.answers_many and len(answers) == (1 if method.endless else MAX_ANSWERS):
            call.cancel()
            return self._ended(method, messages, answers, "OK", "", ())
        code = await call.code()
        return self._ended(method, messages, answers, code.name, await call.details(), await call.trailing_metadata())

    async def _in_step(self, call: Any, messages: Sequence[bytes], answers: list[bytes]) -> None:
        """A message, its answer, and so on: grpc.aio loses the reason if it writes to a stream that has ended."""
        try:
            for raw in messages:
                await call.write(raw)
                answer = await call.read()
                if answer is grpc.aio.EOF:
                    return
                answers.append(answer)
            await call.done_writing()
            while (answer := await call.read()) is not grpc.aio.EOF:
                answers.append(answer)
        except (grpc.aio.AioRpcError, asyncio.InvalidStateError):
            return  # its status says more

    async def _read(self, call: Any, count: int, answers: list[bytes]) -> None:
        try:
            while len(answers) < count and (raw := await call.read()) is not grpc.aio.EOF:
                answers.append(raw)
        except grpc.aio.AioRpcError:
            return  # its status says more

    def _ended(
        self, method: Method, messages: Sequence[bytes], answers: list[bytes], code: str, message: str, metadata: Any
    ) -> Exchange:
        status, seen = Status(), [*answers, (message or "").encode()]
        for name, value in metadata or ():
            seen.append(value if isinstance(value, bytes) else value.encode())
            if name == DETAILS:
                status.ParseFromString(value)
        parsed = [ANSWER[method.path].FromString(raw) for raw in answers]
        return Exchange(method, messages, code, status, parsed, b"\n".join(seen))
