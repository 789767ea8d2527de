"""Bytes to messages, inside the pipeline and after the caller is known.

grpc.aio answers UNKNOWN with the name of an internal class when its own deserializer fails, and would parse up to
16 MiB for callers who have no credential. So it hands the bytes through and they are read here.
"""

import asyncio
from collections.abc import Callable

import grpc
from google.protobuf.message import Message

from loci_server.errors import IDLE_LIMIT, StreamIdle, UndecodableMessage


def decoded(kind: type[Message], raw: bytes) -> Message:
    """Raises UndecodableMessage for bytes that are not such a message."""
    try:
        return kind.FromString(raw)
    except Exception as error:
        raise UndecodableMessage(message=kind.DESCRIPTOR.full_name) from error


class Requests:
    """The messages of a stream of requests, as `read` makes them of bytes; what it raises is raised where a bad one
    stands."""

    def __init__(
        self,
        context: grpc.aio.ServicerContext[bytes, bytes],
        read: Callable[[bytes], Message],
        patience: float | None = None,
    ) -> None:
        """`patience`: seconds to wait for one, after which StreamIdle is raised; None: for ever."""
        self._context = context
        self._read = read
        self._patience = patience

    def __aiter__(self) -> "Requests":
        return self

    async def __anext__(self) -> Message:
        try:
            async with asyncio.timeout(self._patience):
                raw = await self._context.read()
        except TimeoutError:
            raise StreamIdle(seconds=f"{self._patience:g}", name=IDLE_LIMIT) from None
        if raw is grpc.aio.EOF:
            raise StopAsyncIteration
        return self._read(raw)
