"""Sends bytes to any method, and judges the answer."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import grpc
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status

from loci.v1.errors_pb2 import ErrorReason
from loci_server.rpc.errors import DETAILS, DOMAIN
from tests.fuzz.methods import Method

SECONDS = 30.0
"""That an answer may take. Longer is a failure: the deadline that then comes is the client's and has no details."""
ENDLESS_SECONDS = 0.5
CUT_OFF = "Internal error from Core"
"""What grpc.aio itself says, as INTERNAL, when it wrote to a stream that the server had ended: it does not wait for the
server's reason. It is asked for again, a message at a time."""
MAX_ANSWERS = 100
REASONS = frozenset(ErrorReason.keys())
NEVER = frozenset(
    {"UNKNOWN", "INTERNAL", "DATA_LOSS", "UNAVAILABLE", "UNIMPLEMENTED", "DEADLINE_EXCEEDED", "CANCELLED"}
)
"""Codes that no message may cause."""


@dataclass(frozen=True, slots=True)
class Case:
    """One call: its method, and its messages as bytes (one, unless the method asks for a stream)."""

    method: Method
    messages: Sequence[bytes]

    def text(self) -> str:
        """As a file of the corpus has it."""
        return "\n".join((self.method.path, *(raw.hex() for raw in self.messages))) + "\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """How a call ended. `reason` is that of the ErrorInfo, "" without one."""

    code: str
    message: str = ""
    reason: str = ""
    domain: str = ""

    @property
    def complaint(self) -> str | None:
        """What is wrong with it, or None. The contract: a known code, and ErrorInfo with a reason of the enum."""
        if self.code == "OK":
            return None
        if self.code in NEVER:
            return f"{self.code}: {self.message}"
        if self.domain != DOMAIN or f"ERROR_REASON_{self.reason}" not in REASONS:
            return f"{self.code} without a reason: {self.message}"
        return None


class Caller:
    """Calls over one channel."""

    def __init__(self, channel: grpc.aio.Channel, key: str) -> None:
        self._channel = channel
        self._metadata = (("authorization", f"Bearer {key}"),)

    async def call(self, case: Case) -> Answer:
        try:
            await self._run(case)
        except grpc.aio.AioRpcError as error:
            if case.method.asks_many and error.details() == CUT_OFF:
                return await self._call_in_step(case)
            if case.method.endless and error.code() is grpc.StatusCode.DEADLINE_EXCEEDED:
                return Answer("OK")  # the deadline that we gave, as nothing else ends it
            return answered(error.code(), error.details(), error.trailing_metadata())
        return Answer("OK")

    async def _run(self, case: Case) -> None:
        method, options = case.method, {"metadata": self._metadata, "timeout": SECONDS}
        if method.endless:
            options["timeout"] = ENDLESS_SECONDS
        if not method.answers_many:
            await self._channel.unary_unary(method.path)(case.messages[0], **options)
            return
        stream: Any
        if method.asks_many:
            stream = self._channel.stream_stream(method.path)(sent(case.messages), **options)
        else:
            stream = self._channel.unary_stream(method.path)(case.messages[0], **options)
        answers = 0
        async for _ in stream:
            answers += 1
            if answers == MAX_ANSWERS:
                stream.cancel()
                return

    async def _call_in_step(self, case: Case) -> Answer:
        stream: Any = self._channel.stream_stream(case.method.path)(metadata=self._metadata, timeout=SECONDS)
        try:
            for raw in case.messages:
                await stream.write(raw)
                if await stream.read() is grpc.aio.EOF:
                    break
            await stream.done_writing()
            while await stream.read() is not grpc.aio.EOF:
                pass
        except (grpc.aio.AioRpcError, asyncio.InvalidStateError):
            pass  # its status says more
        status = await stream.code()
        if status is grpc.StatusCode.OK:
            return Answer("OK")
        return answered(status, await stream.details(), await stream.trailing_metadata())


async def sent(messages: Sequence[bytes]) -> AsyncIterator[bytes]:
    for raw in messages:
        yield raw
        await asyncio.sleep(0)


def answered(code: grpc.StatusCode, message: str | None, metadata: Any) -> Answer:
    info, status = ErrorInfo(), Status()
    for key, value in metadata or ():
        if key == DETAILS:
            status.ParseFromString(value)
    if status.details:
        status.details[0].Unpack(info)
    return Answer(code.name, message or "", info.reason, info.domain)
